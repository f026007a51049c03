/**
 * The public state of one sale, and how an event of its stream changes it. Pure.
 *
 * A snapshot stands at some `seq`; events after it are folded in one by one. What was seen already
 * is dropped. A hole in the numbers is never bridged: the caller fetches a new snapshot.
 */
import { compare, raise, type Money } from '@/kit/money'

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
  increment: Money
  /** The highest bid, or null while there is none. */
  price: Money | null
  leader: string | null
  bidNo: number
  startsAt: number | null
  endsAt: number | null
  extensionCount: number
  /** Why the sale was suspended or called off, where the server said so. */
  reason: string | null
  /** Newest first. */
  bids: readonly LiveBid[]
  /** The last extension that was seen while watching. */
  extended: { count: number; addedMs: number; seq: number } | null
}

/** What an event says; whatever it leaves out stays as it was. */
export interface LiveEvent {
  seq: number
  status?: string
  price?: Money | null
  leader?: string | null
  bidNo?: number
  startsAt?: number | null
  endsAt?: number | null
  extensionCount?: number
  reason?: string | null
  bid?: LiveBid
}

export type Folded = { kind: 'next' | 'seen'; state: LiveState } | { kind: 'gap'; state: LiveState }

/** Enough for the price line of a long sale; the whole record is read page by page elsewhere. */
const KEPT_BIDS = 500

export function withBids(bids: readonly LiveBid[], more: readonly LiveBid[]): LiveBid[] {
  const byNumber = new Map<number, LiveBid>()
  for (const bid of [...bids, ...more]) byNumber.set(bid.bidNo, bid)
  return [...byNumber.values()].sort((left, right) => right.bidNo - left.bidNo).slice(0, KEPT_BIDS)
}

function extension(state: LiveState, endsAt: number | null, count: number, seq: number): LiveState['extended'] {
  if (count <= state.extensionCount || endsAt === null || state.endsAt === null) return state.extended
  return { count, addedMs: endsAt - state.endsAt, seq }
}

export function fold(state: LiveState, event: LiveEvent): Folded {
  if (event.seq <= state.seq) return { kind: 'seen', state }
  if (event.seq > state.seq + 1) return { kind: 'gap', state }
  const { bid } = event
  const endsAt = event.endsAt === undefined ? state.endsAt : event.endsAt
  const extensionCount = event.extensionCount ?? state.extensionCount
  return {
    kind: 'next',
    state: {
      ...state,
      seq: event.seq,
      status: event.status ?? state.status,
      price: bid?.amount ?? (event.price === undefined ? state.price : event.price),
      leader: bid?.code ?? (event.leader === undefined ? state.leader : event.leader),
      bidNo: bid?.bidNo ?? event.bidNo ?? state.bidNo,
      startsAt: event.startsAt === undefined ? state.startsAt : event.startsAt,
      endsAt,
      extensionCount,
      reason: event.reason === undefined ? state.reason : event.reason,
      bids: bid ? withBids(state.bids, [bid]) : state.bids,
      extended: extension(state, endsAt, extensionCount, event.seq),
    },
  }
}

/** The lowest amount that is taken now: the start price, or one step above the price. */
export function minimum(state: LiveState): Money {
  return state.price === null ? state.startPrice : raise(state.price, state.increment)
}

/** Resulting amounts 1, 2, 5 and 10 steps up (or from the start price on). */
export function ladder(state: LiveState): Money[] {
  const lowest = minimum(state)
  return [0, 1, 4, 9].map((steps) => raise(lowest, state.increment, steps))
}

export function isBelowMinimum(state: LiveState, amount: Money): boolean {
  return compare(amount, minimum(state)) < 0
}
