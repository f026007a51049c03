import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { watch } from 'vue'

import { within } from '../support/stage'
import { useLiveAuction } from '@/features/auctions/live/useLiveAuction'

const AT = '2026-11-21T08:00:00Z'
const money = (amount: string) => ({ amount, currency: 'CNY' })
const amountOf = (bidNo: number) => money(`${1_000_000 + bidNo * 100}.00`)
const real = globalThis.fetch

/** A market that holds one sale with so many bids; event `seq` 5 + n is bid n. */
class Market {
  bids = 20_000
  readonly asked: string[] = []
  private line: ReadableStreamDefaultController<Uint8Array> | null = null

  get seq(): number {
    return this.bids + 5
  }

  private standing(bidNo: number) {
    return {
      status: 'timed_bidding', current_price: amountOf(bidNo), current_bidder_code: `C${bidNo}`, increment: money('100.00'),
      next_amount: amountOf(bidNo + 1), winner_code: null, bid_no: bidNo, starts_at: AT, free_ends_at: AT, ends_at: AT, extension_count: 0,
      calls: 0, warns_until: null, continues_at: null, priority_until: null,
    }
  }

  private body(url: URL): unknown {
    if (url.pathname.endsWith('/bids')) {
      const limit = Number(url.searchParams.get('limit'))
      const data = Array.from({ length: Math.min(limit, this.bids) }, (_, index) => this.bids - index)
      return { data: data.map((no) => ({ bid_no: no, seq: no + 5, bidder_code: `C${no}`, amount: amountOf(no), at: AT, via: 'web', struck: false })), next_cursor: null, has_more: false }
    }
    if (url.pathname.endsWith('/a1')) return { ...this.standing(this.bids), seq: this.seq, price: { kind: 'lump_sum' }, start_price: money('1000000.00'), ended_at: null, announcement: null }
    return { market_at: AT, rate: 1 }
  }

  readonly fetch = (async (input: Request | string) => {
    const url = new URL(typeof input === 'string' ? input : input.url, 'http://localhost')
    if (url.pathname.endsWith('/stream')) return new Response(new ReadableStream({ start: (line) => void (this.line = line) }))
    if (url.pathname.startsWith('/v1/auctions')) this.asked.push(url.pathname + url.search)
    return Response.json(this.body(url))
  }) as typeof fetch

  tell(name: string, id: number, data: unknown): void {
    this.line?.enqueue(new TextEncoder().encode(`event: ${name}\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`))
  }

  /** So many more bids, of which the stream tells the latest only. */
  leap(count: number): void {
    const first = this.seq + 1
    this.bids += count
    if (count > 1) this.tell('skipped', this.seq - 1, { first_seq: first, last_seq: this.seq - 1 })
    this.tell('bid_placed', this.seq, { ...this.standing(this.bids), kind: 'bid_placed', seq: this.seq, at: AT, via: 'web', struck_from: null, reason: null, note: null, hash: '00' })
  }
}

describe('a sale as it happens', () => {
  let market: Market
  let open: { result: ReturnType<typeof useLiveAuction>; end: () => void }

  async function settle(milliseconds = 0): Promise<void> {
    await vi.advanceTimersByTimeAsync(milliseconds)
    await flushPromises()
    await flushPromises()
  }

  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    market = new Market()
    globalThis.fetch = market.fetch
    open = within(() => useLiveAuction('a1'))
    await settle(50)
  })

  afterEach(() => {
    open.end()
    vi.useRealTimers()
    globalThis.fetch = real
  })

  it('reads the newest bids of a long one, and not the others', () => {
    expect(market.asked.toSorted()).toEqual(['/v1/auctions/a1', '/v1/auctions/a1/bids?limit=200'])
    expect([open.result.state.value?.bidNo, open.result.state.value?.bids.length]).toEqual([20_000, 200])
  })

  it('shows the latest at once where events were left out, and reads the bids between them without a word', async () => {
    const { state, repairing } = open.result
    const prices: string[] = []
    let repairs = 0
    watch(state, (now) => prices.push(now?.price ?? ''), { flush: 'sync' })
    watch(repairing, () => (repairs += 1), { flush: 'sync' })
    const before = market.asked.length
    market.leap(40)
    await settle()
    expect([state.value?.bidNo, state.value?.leader, state.value?.bids[1]?.bidNo]).toEqual([20_040, 'C20040', 20_000])
    expect(market.asked.length).toBe(before)
    await settle(2000)
    expect(state.value?.bids.slice(0, 45).map((bid) => bid.bidNo)).toEqual(Array.from({ length: 45 }, (_, index) => 20_040 - index))
    expect(market.asked.length).toBe(before + 2)
    expect(repairs).toBe(0)
    // The price never went back, and nothing else was shown on the way.
    expect(prices).toEqual([...prices].toSorted())
  })

  it('reads once for all that was left out in a while, and loses nothing that came meanwhile', async () => {
    const { state } = open.result
    const before = market.asked.length
    for (let turn = 0; turn < 5; turn += 1) {
      market.leap(20)
      market.leap(1)
      await settle(50)
    }
    await settle(2000)
    expect(market.asked.length).toBe(before + 2)
    expect(state.value?.bids.map((bid) => bid.bidNo).slice(0, 120)).toEqual(Array.from({ length: 120 }, (_, index) => 20_105 - index))
    expect(state.value?.seq).toBe(market.seq)
  })

  it('takes a hole that nobody has named for what it is, and reads anew', async () => {
    const { state } = open.result
    market.bids += 7
    market.leap(1)
    await settle()
    expect([state.value?.bidNo, state.value?.bids[7]?.bidNo]).toEqual([20_008, 20_001])
  })
})
