import type { LiveBid, LiveState } from '@/features/auctions/live/fold'
import { asMoney } from '@/kit/money'

export const yuan = asMoney

export function aBid(bidNo: number, code: string, amount: string, seq = bidNo): LiveBid {
  return { bidNo, seq, code, amount: yuan(amount), at: 1_000_000 + bidNo * 1000 }
}

export function aSale(change: Partial<LiveState> = {}): LiveState {
  return {
    seq: 10,
    status: 'timed_bidding',
    startPrice: yuan('1800000.00'),
    increment: yuan('10000.00'),
    price: null,
    leader: null,
    bidNo: 0,
    startsAt: 0,
    endsAt: 2_000_000,
    extensionCount: 0,
    reason: null,
    bids: [],
    extended: null,
    ...change,
  }
}

/** A sale with these bids, each one step above the last, by the codes given. */
export function aSaleWithBids(codes: string[], change: Partial<LiveState> = {}): LiveState {
  const bids = codes.map((code, index) => aBid(index + 1, code, `${1_800_000 + index * 10_000}.00`)).toReversed()
  return aSale({ bids, price: bids[0]?.amount ?? null, leader: bids[0]?.code ?? null, bidNo: bids.length, ...change })
}
