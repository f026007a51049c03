import { describe, expect, it } from 'vitest'

import { aBid, aBidEvent, anEvent, aSale, aSaleWithBids, yuan } from '../support/sales'
import { faceOf } from '@/features/auctions/live/face'
import { answeredByProxy, basisOf, flawOf, fold, ladder, withBids, type LiveEvent } from '@/features/auctions/live/fold'

describe('folding', () => {
  it('takes a bid: price, leader, number, next amount and list move together', () => {
    const before = aSaleWithBids(['7K3'])
    const { kind, state } = fold(before, aBidEvent(before, '9QF'))
    expect(kind).toBe('next')
    expect([state.seq, state.price, state.nextAmount, state.leader, state.bidNo]).toEqual([
      11, '1810000.00', '1820000.00', '9QF', 2,
    ])
    expect(state.bids.map((bid) => bid.bidNo)).toEqual([2, 1])
  })

  it('drops what it has seen and leaves the state as it was', () => {
    const before = aSale()
    const { kind, state } = fold(before, anEvent(before, { seq: 10, status: 'cancelled' }))
    expect(kind).toBe('seen')
    expect(state).toBe(before)
  })

  it('refuses to jump over a hole in the numbers', () => {
    const before = aSale()
    const { kind, state } = fold(before, anEvent(before, { seq: 12, status: 'cancelled' }))
    expect(kind).toBe('gap')
    expect(state).toBe(before)
  })

  it('remembers by how much the end moved', () => {
    const before = aSale({ extensionCount: 2 })
    const { state } = fold(before, anEvent(before, { endsAt: 2_252_000, extensionCount: 3 }))
    expect(state.extended).toEqual({ count: 3, addedMs: 252_000, seq: 11 })
    expect(state.endsAt).toBe(2_252_000)
  })

  it('takes the state of a kind that it does not know, and goes on', () => {
    const before = aSaleWithBids(['7K3'])
    const { kind, state } = fold(before, anEvent(before, { kind: 'invented_later', status: 'resting', calls: 2 }))
    expect([kind, state.status, state.calls, state.bids.length]).toEqual(['next', 'resting', 2, 1])
  })

  it('strikes what was keyed in wrongly, with the automatic bids that answered it, and hides nothing', () => {
    const before = aSaleWithBids(['7K3', 'A', 'B'])
    const event = anEvent(before, { kind: 'bid_corrected', struckFrom: 2, price: yuan('1800000.00'), leader: '7K3' })
    const { state } = fold(before, event)
    expect(state.bids.map((bid) => [bid.bidNo, bid.struck])).toEqual([[3, true], [2, true], [1, false]])
    expect([state.price, state.leader]).toEqual(['1800000.00', '7K3'])
    expect(basisOf(state)).not.toBe(basisOf(before))
  })

  it('knows when a lot without an end by the clock has ended, and keeps it', () => {
    const before = aSaleWithBids(['7K3'], { status: 'on_the_block', endsAt: null })
    const sold = fold(before, anEvent(before, { kind: 'knocked_down', status: 'awarded', at: 1_234_000 })).state
    expect([before.endedAt, sold.endedAt, faceOf(sold, 1_300_000).at]).toEqual([null, 1_234_000, 1_234_000])
    expect(fold(sold, anEvent(sold, { kind: 'told_later', at: 1_240_000 })).state.endedAt).toBe(1_234_000)
  })

  it('keeps what was last said of the sale itself', () => {
    const before = aSale()
    const told = fold(before, anEvent(before, { kind: 'postponed', endsAt: 2_300_000 })).state
    const later = fold(told, aBidEvent(told, 'A')).state
    expect([told.announced?.kind, later.announced?.kind, later.extended]).toEqual(['postponed', 'postponed', null])
  })

  it('knows a bid that an automatic one answered in the same instant', () => {
    const mine = aBid(1, 'A', '100.00')
    const theirs = { ...aBid(2, 'B', '110.00'), via: 'proxy', at: mine.at }
    expect(answeredByProxy([theirs, mine], 1)).toBe(true)
    expect(answeredByProxy([{ ...theirs, at: mine.at + 1 }, mine], 1)).toBe(false)
    expect(answeredByProxy([{ ...theirs, code: 'A' }, mine], 1)).toBe(false)
  })

  it('gives the same list whether a bid came with the snapshot or by the stream', () => {
    const bids = [aBid(2, 'B', '2.00'), aBid(1, 'A', '1.00')]
    expect(withBids(bids, [aBid(2, 'B', '2.00')])).toEqual(bids)
  })

  it('is the same from any snapshot on, though the stream repeats itself', () => {
    const events: LiveEvent[] = []
    let all = aSale()
    for (let turn = 0; turn < 30; turn += 1) {
      const event = aBidEvent(all, turn % 2 ? 'A' : 'B')
      events.push(event)
      all = fold(all, event).state
    }
    for (let start = 0; start < events.length; start += 7) {
      let state = events.slice(0, start).reduce((before, event) => fold(before, event).state, aSale())
      for (const event of events.slice(Math.max(0, start - 3))) state = fold(state, event).state
      expect(state).toEqual(all)
    }
  })
})

describe('the next amounts', () => {
  it('begin at the start price while nobody has bid', () => {
    expect(ladder(aSale())).toEqual(['1800000.00', '1810000.00', '1840000.00', '1890000.00'])
  })

  it('show resulting amounts 1, 2, 5 and 10 steps above the price', () => {
    const sale = aSale({ price: yuan('2180000.00'), nextAmount: yuan('2190000.00') })
    expect(ladder(sale)).toEqual(['2190000.00', '2200000.00', '2230000.00', '2280000.00'])
  })

  it('are too low below the next one, and between two steps name both neighbours', () => {
    const sale = aSale({ price: yuan('2180000.00'), nextAmount: yuan('2190000.00') })
    expect(flawOf(sale, yuan('2189999.99'))).toEqual({ kind: 'too_low' })
    expect(flawOf(sale, yuan('2190000.00'))).toBeNull()
    expect(flawOf(sale, yuan('3190000.00'))).toBeNull()
    expect(flawOf(sale, yuan('2195000.00'))).toEqual({ kind: 'off_ladder', lower: '2190000.00', higher: '2200000.00' })
  })
})
