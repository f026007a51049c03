/** The terms of a re-auction: those of the sale before it, but for the start price, the deposit and the reserve. Pure. */
import type { Auction, NewTerms } from '@/api/shapes'
import type { Money } from '@/kit/money'

/** Envelopes name their custodians anew: such a sale is not repeated from a form of three fields. */
export function repeatable(auction: Auction): boolean {
  return auction.sealed === null
}

/** `reserve`: announced as before, or secret; null: none. */
export function termsAgain(auction: Auction, changed: { start: Money; deposit: Money; reserve: Money | null }): NewTerms {
  const { price, day } = auction
  return {
    start_price: changed.start,
    deposit: changed.deposit,
    reserve_price: changed.reserve,
    reserve_secret: !auction.has_reserve || auction.reserve_price === null,
    ladder: auction.ladder.map((step) => ({ from_price: step.from_price.amount, increment: step.increment.amount })),
    free_seconds: auction.free_seconds,
    window_seconds: auction.window_seconds,
    format: auction.format,
    close: auction.close,
    session_profile: auction.session_profile,
    extensions_max: auction.extensions_max,
    jump_cap_bp: auction.jump_cap_bp,
    jump_confirm_steps: auction.jump_confirm_steps,
    jump_confirm_bp: auction.jump_confirm_bp,
    price: { kind: price.kind, royalty_bp: price.royalty_bp, entry_fee: price.entry_fee?.amount ?? null, years: price.years },
    call_seconds: auction.call_seconds,
    proxy_allowed: auction.proxy_allowed,
    priority: auction.priority,
    priority_seconds: auction.priority_seconds,
    joint_allowed: auction.joint_allowed,
    late_minutes: auction.late_minutes,
    day: day && { starts_local: day.starts_local, ends_local: day.ends_local },
    rounds_max: auction.rounds_max,
  }
}
