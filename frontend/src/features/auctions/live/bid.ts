/**
 * One bid from the first press to its known outcome. Pure: a state and what happened give the next.
 *
 * The amount is frozen at the first press and never changes by itself. If the price moves, the
 * frozen amount is stale and has to be confirmed anew. Without an answer the outcome is unknown,
 * and stays so until the server, asked again with the same key, or the stream tells it.
 */
import type { LiveBid } from './fold'
import type { Problem } from '@/api/problems'
import { isMoney, riseTenths, toFen, type Money } from '@/kit/money'

export interface Receipt {
  amount: Money
  bidNo: number
  seq: number
}

export type BidState =
  | { step: 'choosing' }
  | { step: 'confirming'; amount: Money; basis: string; stale: boolean; retype: boolean }
  /** `jump`: that the amount was typed twice goes with it. */
  | { step: 'sending'; amount: Money; jump: boolean; key: string; unknown: boolean; signIn: boolean }
  | { step: 'accepted'; receipt: Receipt }
  | { step: 'refused'; amount: Money; problem: Problem }

export type BidHappening =
  /** `basis` is what the amount was chosen against (`basisOf`). */
  | { kind: 'chosen'; amount: Money; basis: string; retype: boolean }
  | { kind: 'price_moved'; basis: string }
  /** The same amount once more, against the price as it is now. */
  | { kind: 'kept'; basis: string; retype: boolean }
  | { kind: 'back' }
  | { kind: 'confirmed'; key: string }
  | { kind: 'no_answer' }
  | { kind: 'signed_out' }
  | { kind: 'accepted'; receipt: Receipt }
  | { kind: 'refused'; problem: Problem }
  /** The server wants a jump of this size to be meant: the amount is typed once more. */
  | { kind: 'jump_unconfirmed'; basis: string }
  /** Somebody else is signed in by now: this was not his intent. */
  | { kind: 'forgotten' }
  /** Found again after a reload. */
  | { kind: 'resumed'; amount: Money; jump: boolean; key: string }

export const CHOOSING: BidState = { step: 'choosing' }

/** How far above the price an amount may lie before it has to be typed again. House rule of the page. */
export const JUMP_STEPS = 5n
export const JUMP_TENTHS = 200n

/**
 * Whether an amount lies so far above `base` that a slip of the finger is likely. Stricter than the
 * market's own rule, which asks only where both limits are passed.
 */
export function needsRetyping(amount: Money, base: Money, increment: Money): boolean {
  const above = toFen(amount) - toFen(base)
  if (above > toFen(increment) * JUMP_STEPS) return true
  const tenths = riseTenths(base, amount)
  return tenths !== null && tenths > JUMP_TENTHS
}

function whileConfirming(state: Extract<BidState, { step: 'confirming' }>, happening: BidHappening): BidState {
  switch (happening.kind) {
    case 'price_moved':
      return happening.basis === state.basis ? state : { ...state, stale: true }
    case 'kept':
      return { ...state, basis: happening.basis, retype: happening.retype, stale: false }
    case 'confirmed':
      return state.stale
        ? state
        : { step: 'sending', amount: state.amount, jump: state.retype, key: happening.key, unknown: false, signIn: false }
    case 'back':
      return CHOOSING
    default:
      return state
  }
}

function whileSending(state: Extract<BidState, { step: 'sending' }>, happening: BidHappening): BidState {
  switch (happening.kind) {
    case 'no_answer':
      return { ...state, unknown: true }
    case 'signed_out':
      return { ...state, unknown: true, signIn: true }
    case 'accepted':
      return { step: 'accepted', receipt: happening.receipt }
    case 'refused':
      return { step: 'refused', amount: state.amount, problem: happening.problem }
    case 'jump_unconfirmed':
      return { step: 'confirming', amount: state.amount, basis: happening.basis, stale: false, retype: true }
    case 'forgotten':
      return CHOOSING
    default:
      return state
  }
}

export function next(state: BidState, happening: BidHappening): BidState {
  if (state.step === 'sending') return whileSending(state, happening)
  if (happening.kind === 'resumed') {
    const { amount, jump, key } = happening
    return { step: 'sending', amount, jump, key, unknown: true, signIn: false }
  }
  if (state.step === 'confirming') return whileConfirming(state, happening)
  if (happening.kind === 'chosen') {
    const { amount, basis, retype } = happening
    return { step: 'confirming', amount, basis, retype, stale: false }
  }
  return happening.kind === 'back' ? CHOOSING : state
}

/** What an intent means, for the storage that outlives a reload: the same key must carry the same body. */
export function meaningOf(amount: Money, jump: boolean): string {
  return jump ? `${amount} jump` : amount
}

export function readMeaning(what: string): { amount: Money; jump: boolean } | null {
  const [amount = '', jump] = what.split(' ')
  return isMoney(amount) && (jump === undefined || jump === 'jump') ? { amount, jump: jump === 'jump' } : null
}

/** The receipt for a pending amount, if the stream already shows that bid as ours. */
export function settledByStream(state: BidState, bids: readonly LiveBid[], code: string | null): Receipt | null {
  if (state.step !== 'sending' || code === null) return null
  const mine = bids.find((bid) => bid.code === code && bid.amount === state.amount && !bid.struck)
  return mine ? { amount: mine.amount, bidNo: mine.bidNo, seq: mine.seq } : null
}
