/** From the shapes of the API to the state of the live page. The only file that knows both. */
import type { Receipt } from './bid'
import { withBids, type LiveBid, type LiveEvent, type LiveState, type Skipped } from './fold'
import type { Me } from './standing'
import type { Auction, AuctionEvent, BidLine, BidReceipt, MyStanding } from '@/api/shapes'
import { instant } from '@/kit/dates'
import { asMoney } from '@/kit/money'

const at = (text: string | null): number | null => (text === null ? null : instant(text))

export function bidOf(line: BidLine): LiveBid {
  return {
    bidNo: line.bid_no,
    seq: line.seq,
    code: line.bidder_code,
    amount: asMoney(line.amount.amount),
    at: instant(line.at),
    via: line.via,
    struck: line.struck,
  }
}

export function liveState(auction: Auction, bids: readonly BidLine[]): LiveState {
  return {
    seq: auction.seq,
    status: auction.status,
    priceKind: auction.price.kind,
    startPrice: asMoney(auction.start_price.amount),
    increment: asMoney(auction.increment.amount),
    price: auction.current_price && asMoney(auction.current_price.amount),
    leader: auction.current_bidder_code,
    winner: auction.winner_code,
    bidNo: auction.bid_no,
    nextAmount: asMoney(auction.next_amount.amount),
    startsAt: at(auction.starts_at),
    freeEndsAt: at(auction.free_ends_at),
    endsAt: at(auction.ends_at),
    endedAt: at(auction.ended_at),
    extensionCount: auction.extension_count,
    calls: auction.calls,
    warnsUntil: at(auction.warns_until),
    continuesAt: at(auction.continues_at),
    priorityUntil: at(auction.priority_until),
    announced: auction.announcement && {
      kind: auction.announcement.kind,
      at: instant(auction.announcement.at),
      reason: auction.announcement.reason,
      note: auction.announcement.note,
    },
    bids: withBids([], bids.map(bidOf)),
    extended: null,
  }
}

export function meOf(standing: MyStanding): Me {
  return { registrationId: standing.registration_id, status: standing.status, code: standing.bidder_code, hasBid: standing.bids > 0 }
}

export function receiptOf(bid: BidReceipt): Receipt {
  return { amount: asMoney(bid.amount.amount), bidNo: bid.bid_no, seq: bid.seq }
}

/** An event of the stream; null for one that cannot be read, which then shows as a gap and is fetched. */
export function eventOf(data: string): LiveEvent | null {
  try {
    const event = JSON.parse(data) as AuctionEvent
    const placed = event.kind === 'bid_placed'
    const price = event.current_price && asMoney(event.current_price.amount)
    if (placed && (price === null || event.current_bidder_code === null)) return null
    return {
      kind: event.kind,
      at: instant(event.at),
      seq: event.seq,
      status: event.status,
      increment: asMoney(event.increment.amount),
      nextAmount: asMoney(event.next_amount.amount),
      price,
      leader: event.current_bidder_code,
      winner: event.winner_code,
      bidNo: event.bid_no,
      startsAt: at(event.starts_at),
      freeEndsAt: at(event.free_ends_at),
      endsAt: at(event.ends_at),
      extensionCount: event.extension_count,
      calls: event.calls,
      warnsUntil: at(event.warns_until),
      continuesAt: at(event.continues_at),
      priorityUntil: at(event.priority_until),
      struckFrom: event.struck_from,
      reason: event.reason,
      note: event.note,
      bid:
        placed && price !== null && event.current_bidder_code !== null
          ? {
              bidNo: event.bid_no,
              seq: event.seq,
              code: event.current_bidder_code,
              amount: price,
              at: instant(event.at),
              via: event.via ?? 'web',
              struck: false,
            }
          : null,
    }
  } catch {
    return null
  }
}

export interface Heartbeat {
  serverAt: number
  seq: number | null
}

export function heartbeatOf(data: string): Heartbeat | null {
  try {
    const body = JSON.parse(data) as Record<string, unknown>
    if (typeof body['server_at'] !== 'string') return null
    return { serverAt: instant(body['server_at']), seq: typeof body['seq'] === 'number' ? body['seq'] : null }
  } catch {
    return null
  }
}

export function skippedOf(data: string): Skipped | null {
  try {
    const { first_seq: first, last_seq: last } = JSON.parse(data) as Record<string, unknown>
    return typeof first === 'number' && typeof last === 'number' ? { first, last } : null
  } catch {
    return null
  }
}
