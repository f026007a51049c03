import type { LiveBid, LiveEvent, LiveState } from '@/features/auctions/live/fold'
import { asMoney, raise } from '@/kit/money'

export const yuan = asMoney

export function aBid(bidNo: number, code: string, amount: string, seq = bidNo): LiveBid {
  return { bidNo, seq, code, amount: yuan(amount), at: 1_000_000 + bidNo * 1000, via: 'web', struck: false }
}

export function aSale(change: Partial<LiveState> = {}): LiveState {
  return {
    seq: 10,
    status: 'timed_bidding',
    priceKind: 'lump_sum',
    startPrice: yuan('1800000.00'),
    increment: yuan('10000.00'),
    nextAmount: yuan('1800000.00'),
    price: null,
    leader: null,
    winner: null,
    bidNo: 0,
    startsAt: 0,
    freeEndsAt: 1_500_000,
    endsAt: 2_000_000,
    endedAt: null,
    extensionCount: 0,
    calls: 0,
    warnsUntil: null,
    continuesAt: null,
    priorityUntil: null,
    announced: null,
    bids: [],
    extended: null,
    ...change,
  }
}

/** A sale with these bids, each one step above the last, by the codes given. */
export function aSaleWithBids(codes: string[], change: Partial<LiveState> = {}): LiveState {
  const bids = codes.map((code, index) => aBid(index + 1, code, `${1_800_000 + index * 10_000}.00`)).toReversed()
  const top = bids[0]
  if (!top) return aSale(change)
  const nextAmount = raise(top.amount, yuan('10000.00'))
  return aSale({ bids, price: top.amount, nextAmount, leader: top.code, bidNo: bids.length, ...change })
}

/** An event that follows the sale with these changes. */
export function anEvent(sale: LiveState, change: Partial<LiveEvent> = {}): LiveEvent {
  const { startPrice: _start, endedAt: _ended, priceKind: _kind, bids: _bids, extended: _extended, announced: _announced, ...state } = sale
  return { ...state, kind: 'told', at: 1_000_000, seq: sale.seq + 1, bid: null, struckFrom: null, reason: null, note: null, ...change }
}

export function aBidEvent(sale: LiveState, code: string): LiveEvent {
  const bid = aBid(sale.bidNo + 1, code, sale.nextAmount, sale.seq + 1)
  const nextAmount = raise(bid.amount, sale.increment)
  return anEvent(sale, { kind: 'bid_placed', bid, price: bid.amount, nextAmount, leader: code, bidNo: bid.bidNo })
}
