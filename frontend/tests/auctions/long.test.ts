/** A sale with tens of thousands of bids costs a page no more than one with fifty. */
import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { aBid, aBidEvent, aSale } from '../support/sales'
import { stage } from '../support/stage'
import { fold, KEPT_BIDS, type LiveBid, type LiveState } from '@/features/auctions/live/fold'
import BidHistory from '@/features/auctions/live/parts/BidHistory.vue'
import { ROWS } from '@/features/auctions/live/useOlderBids'
import '@/features/auctions/live/words'

const BIDS = 20_000

/** A sale in its twenty-thousandth bid, as a page has it that has watched all the while. */
let long: LiveState
beforeAll(() => {
  long = aSale()
  for (let turn = 0; turn < BIDS; turn += 1) long = fold(long, aBidEvent(long, turn % 2 ? 'A' : 'B')).state
})

describe('a long sale', () => {
  it('keeps a bounded part of its bids, the newest', () => {
    const { bids } = long
    expect([bids.length, bids[0]?.bidNo, bids.at(-1)?.bidNo]).toEqual([KEPT_BIDS, BIDS, BIDS - KEPT_BIDS + 1])
  })

  it('does not look at the bids that it has when the next one comes', () => {
    let looks = 0
    const watched = (bid: LiveBid): LiveBid => new Proxy(bid, { get: (of, name) => ((looks += 1), Reflect.get(of, name)) })
    const state = { ...long, bids: long.bids.map(watched) }
    fold(state, aBidEvent(state, 'C'))
    expect(looks).toBeLessThanOrEqual(1)
  })
})

describe('the rows of a long sale', () => {
  const real = globalThis.fetch
  let asked: string[]
  const line = (bidNo: number) => ({ bid_no: bidNo, seq: bidNo, bidder_code: 'A', amount: { amount: `${bidNo}.00`, currency: 'CNY' }, at: '2026-11-21T08:00:00Z', via: 'web', struck: false })

  beforeEach(() => {
    asked = []
    globalThis.fetch = (async (input: Request) => {
      const query = new URL(input.url).searchParams
      asked.push(query.toString())
      const top = Number(query.get('cursor') ?? BIDS)
      const limit = Number(query.get('limit'))
      const data = Array.from({ length: Math.min(limit, top) }, (_, index) => line(top - index))
      const next = top > limit ? String(top - limit) : null
      return Response.json({ data, next_cursor: next, has_more: next !== null })
    }) as typeof fetch
  })

  afterEach(() => {
    globalThis.fetch = real
  })

  it('are one page, whether the newest or older ones, and nothing is read before it is asked for', async () => {
    const { bids } = long
    const wrapper = stage(BidHistory, { auctionId: 'a1', bids, bidNo: BIDS, myCode: null, priceKind: 'lump_sum' })
    const numbers = () => wrapper.findAll('tbody tr').map((row) => Number(row.find('td').text()))
    const press = async (words: string) => {
      await wrapper.findAll('button').find((button) => button.text() === words)?.trigger('click')
      await flushPromises()
    }
    expect([numbers().length, numbers()[0], asked.length]).toEqual([ROWS, BIDS, 0])
    await press('更早的出价')
    expect([numbers().length, numbers()[0], numbers().at(-1)]).toEqual([ROWS, BIDS - ROWS, BIDS - 2 * ROWS + 1])
    await press('更早的出价')
    expect([numbers().length, numbers()[0]]).toEqual([ROWS, BIDS - 2 * ROWS])
    // New bids go on coming: what is read stands still.
    await wrapper.setProps({ bids: [aBid(BIDS + 1, 'C', '1.00'), ...bids], bidNo: BIDS + 1 })
    expect(numbers()[0]).toBe(BIDS - 2 * ROWS)
    await press('较新一页')
    expect(numbers()[0]).toBe(BIDS - ROWS)
    await press('回到最新')
    expect([numbers().length, numbers()[0]]).toEqual([ROWS, BIDS + 1])
    expect(asked).toEqual([`limit=${ROWS}`, `limit=${ROWS}&cursor=${BIDS - ROWS}`, `limit=${ROWS}&cursor=${BIDS - 2 * ROWS}`])
    wrapper.unmount()
  })

  it('say where bids are missing between two of them', () => {
    const wrapper = stage(BidHistory, { auctionId: 'a1', bids: [aBid(90, 'A', '9.00'), aBid(40, 'B', '4.00'), aBid(39, 'A', '3.00')], bidNo: 90, myCode: null, priceKind: 'lump_sum' })
    expect(wrapper.findAll('tr.missing').map((row) => row.text())).toEqual(['其间还有 49 次出价'])
    wrapper.unmount()
  })
})
