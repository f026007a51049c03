/**
 * The public state of one sale, and how an event of its stream changes it. Pure.
 *
 * A snapshot stands at some `seq`; events after it are folded in one by one. What was seen already
 * is dropped. A hole in the numbers is never bridged: the caller fetches a new snapshot. Every event
 * carries the state after it, so a kind that this page does not know changes what it changes.
 */
import { compare, fromFen, raise, toFen, type Money } from '@/kit/money'

export interface LiveBid {
  bidNo: number
  seq: number
  code: string
  amount: Money
  /** Market time, milliseconds. */
  at: number
  /** How it came: web, floor, proxy, priority, or what a later server calls it. */
  via: string
  /** Keyed in wrongly on the floor, and corrected: shown, and counting for nothing. */
  struck: boolean
}

/** What was last said of the sale itself: why it stopped, moved or ended so. */
export interface Announcement {
  kind: string
  at: number
  reason: string | null
  note: string | null
}

export interface LiveState {
  seq: number
  status: string
  /** What the number that is bid means. */
  priceKind: string
  startPrice: Money
  /** The increment in force at the present price. */
  increment: Money
  /** The least amount that counts now, as the server says it. */
  nextAmount: Money
  /** The highest bid, or null while there is none. */
  price: Money | null
  leader: string | null
  /** Under which code it was awarded. */
  winner: string | null
  bidNo: number
  startsAt: number | null
  freeEndsAt: number | null
  endsAt: number | null
  /** When it ended, whoever or whatever ended it. */
  endedAt: number | null
  extensionCount: number
  /** The auctioneer's calls since the latest bid, and until when the latest one warns. */
  calls: number
  warnsUntil: number | null
  continuesAt: number | null
  priorityUntil: number | null
  announced: Announcement | null
  /** Newest first. */
  bids: readonly LiveBid[]
  /** The last extension that was seen while watching. */
  extended: { count: number; addedMs: number; seq: number } | null
}

/** An event: what happened when, the state after it, and the bid where it is one. */
export type LiveEvent = Omit<LiveState, 'priceKind' | 'startPrice' | 'endedAt' | 'bids' | 'extended' | 'announced'> & {
  kind: string
  at: number
  bid: LiveBid | null
  /** Of a correction: the first bid that is struck. */
  struckFrom: number | null
  reason: string | null
  note: string | null
}

/** Events that came too fast to be told, by their numbers. They are on record; the latest one follows. */
export interface Skipped {
  first: number
  last: number
}

export type Folded = { kind: 'next' | 'seen'; state: LiveState } | { kind: 'gap'; state: LiveState }

/** Enough for the price line of a long sale, and the most work that an event may cause; older bids are read page by page. */
export const KEPT_BIDS = 500
const ENDED = new Set(['awarded', 'passed_in', 'cancelled'])
const ANNOUNCING = new Set(['suspended', 'resumed', 'cancelled', 'adjourned', 'continued', 'postponed', 'passed_in'])

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

function bidsAfter(before: readonly LiveBid[], event: LiveEvent): readonly LiveBid[] {
  const from = event.struckFrom
  if (from !== null) return before.map((bid) => (bid.bidNo >= from ? { ...bid, struck: true } : bid))
  if (event.bid === null) return before
  // A bid is nearly always the next one: then there is nothing to look up, and nothing to sort.
  const newest = before[0]?.bidNo ?? 0
  return event.bid.bidNo > newest ? [event.bid, ...before.slice(0, KEPT_BIDS - 1)] : withBids(before, [event.bid])
}

export function fold(state: LiveState, event: LiveEvent): Folded {
  if (event.seq <= state.seq) return { kind: 'seen', state }
  if (event.seq > state.seq + 1) return { kind: 'gap', state }
  const { kind, at, bid: _bid, struckFrom: _struck, reason, note, ...after } = event
  return {
    kind: 'next',
    state: {
      ...after,
      priceKind: state.priceKind,
      startPrice: state.startPrice,
      endedAt: ENDED.has(event.status) ? (state.endedAt ?? at) : null,
      bids: bidsAfter(state.bids, event),
      extended: extension(state, event),
      announced: ANNOUNCING.has(kind) ? { kind, at, reason, note } : state.announced,
    },
  }
}

/**
 * Passes over events that were left out: the one that follows says how the sale stands, so nothing that is shown need wait.
 * What only the events between could tell (bids, words) is missing until it is read.
 */
export function leap(state: LiveState, skipped: Skipped): Folded {
  if (skipped.last <= state.seq) return { kind: 'seen', state }
  if (skipped.first > state.seq + 1) return { kind: 'gap', state }
  return { kind: 'next', state: { ...state, seq: skipped.last } }
}

/** A reading of the sale beside what the stream has told meanwhile: its bids and words are taken, and nothing goes back. */
export function merged(state: LiveState, read: LiveState): LiveState {
  const bids = withBids(state.bids, read.bids)
  if (read.seq >= state.seq) return { ...read, bids, extended: state.extended }
  const announced = (read.announced?.at ?? 0) > (state.announced?.at ?? 0) ? read.announced : state.announced
  return { ...state, bids, announced }
}

/** The base that a raise is measured from: the price, or the start price before the first bid. */
export function base(state: LiveState): Money {
  return state.price ?? state.startPrice
}

/** What an amount is chosen against: it changes with every bid, and where a correction takes one back. */
export function basisOf(state: LiveState): string {
  return `${state.bidNo}/${state.price ?? ''}`
}

/** Whether another's automatic bid answered the bid of this number in the same decision. */
export function answeredByProxy(bids: readonly LiveBid[], bidNo: number): boolean {
  const mine = bids.find((bid) => bid.bidNo === bidNo)
  return mine !== undefined && bids.some((bid) => bid.bidNo > bidNo && bid.via === 'proxy' && bid.at === mine.at && bid.code !== mine.code)
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
