/**
 * The public state of one sale, and how an event of its stream changes it. Pure.
 *
 * A snapshot stands at some `seq`; events after it are folded in one by one. What was seen already
 * is dropped. A hole in the numbers is never bridged: the caller fetches a new snapshot.
 */
import { compare, fromFen, raise, toFen, type Money } from '@/kit/money'

export interface LiveBid {
  bidNo: number
  seq: number
  code: string
  amount: Money
  /** Market time, milliseconds. */
  at: number
}

export interface LiveState {
  seq: number
  status: string
  startPrice: Money
  /** The increment in force at the present price. */
  increment: Money
  /** The least amount that counts now, as the server says it. */
  nextAmount: Money
  /** The highest bid, or null while there is none. */
  price: Money | null
  leader: string | null
  bidNo: number
  startsAt: number | null
  freeEndsAt: number | null
  endsAt: number | null
  extensionCount: number
  /** Why the sale was suspended or called off, and in which words. */
  reason: string | null
  note: string | null
  /** Newest first. */
  bids: readonly LiveBid[]
  /** The last extension that was seen while watching. */
  extended: { count: number; addedMs: number; seq: number } | null
}

/** An event: when it happened, the state after it, and the bid where it is one. */
export type LiveEvent = Omit<LiveState, 'startPrice' | 'bids' | 'extended'> & { at: number; bid: LiveBid | null }

export type Folded = { kind: 'next' | 'seen'; state: LiveState } | { kind: 'gap'; state: LiveState }

/** Enough for the price line of a long sale; the whole record is read page by page elsewhere. */
const KEPT_BIDS = 500

export function withBids(bids: readonly LiveBid[], more: readonly LiveBid[]): LiveBid[] {
  const byNumber = new Map<number, LiveBid>()
  for (const bid of [...bids, ...more]) byNumber.set(bid.bidNo, bid)
  return [...byNumber.values()].sort((left, right) => right.bidNo - left.bidNo).slice(0, KEPT_BIDS)
}

function extension(before: LiveState, event: LiveEvent): LiveState['extended'] {
  if (event.extensionCount <= before.extensionCount || event.endsAt === null || before.endsAt === null) {
    return before.extended
  }
  return { count: event.extensionCount, addedMs: event.endsAt - before.endsAt, seq: event.seq }
}

export function fold(state: LiveState, event: LiveEvent): Folded {
  if (event.seq <= state.seq) return { kind: 'seen', state }
  if (event.seq > state.seq + 1) return { kind: 'gap', state }
  const { at: _at, bid, ...after } = event
  return {
    kind: 'next',
    state: {
      ...after,
      startPrice: state.startPrice,
      bids: bid === null ? state.bids : withBids(state.bids, [bid]),
      extended: extension(state, event),
    },
  }
}

/** The base that a raise is measured from: the price, or the start price before the first bid. */
export function base(state: LiveState): Money {
  return state.price ?? state.startPrice
}

/** Resulting amounts 1, 2, 5 and 10 steps up (or from the start price on). */
export function ladder(state: LiveState): Money[] {
  return [0, 1, 4, 9].map((steps) => raise(state.nextAmount, state.increment, steps))
}

/** What stands against an amount, by the rules that the page knows: too low, or between two steps. */
export function flawOf(state: LiveState, amount: Money): { kind: 'too_low' } | { kind: 'off_ladder'; lower: Money; higher: Money } | null {
  if (compare(amount, state.nextAmount) < 0) return { kind: 'too_low' }
  const step = toFen(state.increment)
  const above = (toFen(amount) - toFen(state.nextAmount)) / step
  const lower = fromFen(toFen(state.nextAmount) + above * step)
  return lower === amount ? null : { kind: 'off_ladder', lower, higher: raise(lower, state.increment) }
}
