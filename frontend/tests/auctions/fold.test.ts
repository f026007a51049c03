import { describe, expect, it } from 'vitest'

import { aBid, aSale, aSaleWithBids, yuan } from '../support/sales'
import { fold, ladder, minimum, withBids } from '@/features/auctions/live/fold'

describe('folding', () => {
  it('takes a bid: price, leader, number and list move together', () => {
    const { kind, state } = fold(aSaleWithBids(['7K3']), { seq: 11, bid: aBid(2, '9QF', '1810000.00', 11) })
    expect(kind).toBe('next')
    expect([state.seq, state.price, state.leader, state.bidNo]).toEqual([11, '1810000.00', '9QF', 2])
    expect(state.bids.map((bid) => bid.bidNo)).toEqual([2, 1])
  })

  it('drops what it has seen and leaves the state as it was', () => {
    const before = aSale()
    const { kind, state } = fold(before, { seq: 10, status: 'cancelled' })
    expect(kind).toBe('seen')
    expect(state).toBe(before)
  })

  it('refuses to jump over a hole in the numbers', () => {
    const before = aSale()
    const { kind, state } = fold(before, { seq: 12, status: 'cancelled' })
    expect(kind).toBe('gap')
    expect(state).toBe(before)
  })

  it('remembers by how much the end moved', () => {
    const { state } = fold(aSale({ extensionCount: 2 }), { seq: 11, endsAt: 2_252_000, extensionCount: 3 })
    expect(state.extended).toEqual({ count: 3, addedMs: 252_000, seq: 11 })
    expect(state.endsAt).toBe(2_252_000)
  })

  it('keeps what an event does not mention, and takes an explicit nothing', () => {
    const { state } = fold(aSale({ reason: 'x' }), { seq: 11, status: 'suspended', endsAt: null })
    expect([state.status, state.endsAt, state.reason]).toEqual(['suspended', null, 'x'])
  })

  it('gives the same list whether a bid came with the snapshot or by the stream', () => {
    const bids = [aBid(2, 'B', '2.00'), aBid(1, 'A', '1.00')]
    expect(withBids(bids, [aBid(2, 'B', '2.00')])).toEqual(bids)
  })

  it('is the same from any snapshot on', () => {
    const events = Array.from({ length: 30 }, (_, index) => ({
      seq: 11 + index,
      bid: aBid(index + 1, index % 2 ? 'A' : 'B', `${1_800_000 + index * 10_000}.00`, 11 + index),
    }))
    const all = events.reduce((state, event) => fold(state, event).state, aSale())
    for (let start = 0; start < events.length; start += 7) {
      let state = events.slice(0, start).reduce((before, event) => fold(before, event).state, aSale())
      // The stream repeats the last three.
      for (const event of events.slice(Math.max(0, start - 3))) state = fold(state, event).state
      expect(state).toEqual(all)
    }
  })
})

describe('the next amount', () => {
  it('is the start price while nobody has bid', () => {
    expect(minimum(aSale())).toBe('1800000.00')
    expect(ladder(aSale())).toEqual(['1800000.00', '1810000.00', '1840000.00', '1890000.00'])
  })

  it('is one step above the price after that, and the ladder shows resulting amounts', () => {
    const sale = aSale({ price: yuan('2180000.00') })
    expect(minimum(sale)).toBe('2190000.00')
    expect(ladder(sale)).toEqual(['2190000.00', '2200000.00', '2230000.00', '2280000.00'])
  })
})
