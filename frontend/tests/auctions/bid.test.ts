import { describe, expect, it } from 'vitest'

import { aBid, yuan } from '../support/sales'
import type { Problem } from '@/api/problems'
import { CHOOSING, meaningOf, needsRetyping, next, readMeaning, settledByStream, type BidHappening, type BidState } from '@/features/auctions/live/bid'
import { priceLine } from '@/features/auctions/live/chart'

const amount = yuan('2190000.00')
const chosen: BidHappening = { kind: 'chosen', amount, basis: '42/2180000.00', retype: false }
const problem = { code: 'bid_below_minimum', status: 409 } as Problem
const after = (...happenings: BidHappening[]) => happenings.reduce<BidState>(next, CHOOSING)

describe('a bid', () => {
  it('always takes two steps: nothing is sent by choosing', () => {
    expect(after({ kind: 'confirmed', key: 'k' })).toEqual(CHOOSING)
    expect(after(chosen).step).toBe('confirming')
    expect(after(chosen, { kind: 'confirmed', key: 'k' })).toMatchObject({ step: 'sending', amount, key: 'k' })
  })

  it('goes stale when the price moves, keeps its amount, and cannot be confirmed then', () => {
    const stale = after(chosen, { kind: 'price_moved', basis: '43/2190000.00' })
    expect(stale).toMatchObject({ step: 'confirming', amount, stale: true })
    expect(next(stale, { kind: 'confirmed', key: 'k' })).toBe(stale)
  })

  it('may be kept at the same amount against the new price, by a press of its own', () => {
    const kept = after(chosen, { kind: 'price_moved', basis: '43/2190000.00' }, { kind: 'kept', basis: '43/2190000.00', retype: true })
    expect(kept).toMatchObject({ step: 'confirming', amount, stale: false, retype: true })
  })

  it('does not go stale by the bid that it was chosen against', () => {
    expect(after(chosen, { kind: 'price_moved', basis: '42/2180000.00' })).toMatchObject({ stale: false })
  })

  it('without an answer is unknown, never failed, and cannot be dropped', () => {
    const unknown = after(chosen, { kind: 'confirmed', key: 'k' }, { kind: 'no_answer' })
    expect(unknown).toMatchObject({ step: 'sending', unknown: true, key: 'k' })
    expect(next(unknown, { kind: 'back' })).toBe(unknown)
    expect(next(unknown, chosen)).toBe(unknown)
  })

  it('keeps amount and key when the session ended meanwhile', () => {
    const state = after(chosen, { kind: 'confirmed', key: 'k' }, { kind: 'signed_out' })
    expect(state).toMatchObject({ step: 'sending', amount, key: 'k', signIn: true })
  })

  it('ends accepted with its receipt, or refused with the reason', () => {
    const receipt = { amount, bidNo: 43, seq: 60 }
    expect(after(chosen, { kind: 'confirmed', key: 'k' }, { kind: 'accepted', receipt })).toEqual({ step: 'accepted', receipt })
    expect(after(chosen, { kind: 'confirmed', key: 'k' }, { kind: 'refused', problem })).toEqual({
      step: 'refused',
      amount,
      problem,
    })
  })

  it('comes back after a reload as unknown, with its key', () => {
    expect(after({ kind: 'resumed', amount, jump: false, key: 'k' })).toMatchObject({ step: 'sending', unknown: true, key: 'k', amount })
  })

  it('is settled by the stream only where code and amount are ours', () => {
    const sending = after(chosen, { kind: 'confirmed', key: 'k' })
    expect(settledByStream(sending, [aBid(43, '7K3', amount)], '9QF')).toBeNull()
    expect(settledByStream(sending, [aBid(43, '9QF', '2200000.00')], '9QF')).toBeNull()
    expect(settledByStream(sending, [aBid(43, '9QF', amount, 60)], '9QF')).toEqual({ amount, bidNo: 43, seq: 60 })
    expect(settledByStream(sending, [{ ...aBid(43, '9QF', amount), struck: true }], '9QF')).toBeNull()
    expect(settledByStream(CHOOSING, [aBid(43, '9QF', amount)], '9QF')).toBeNull()
  })
})

describe('a large jump', () => {
  it('that the server wants confirmed is typed once more, at the same amount, and then sent as meant', () => {
    const asked = after(chosen, { kind: 'confirmed', key: 'k' }, { kind: 'jump_unconfirmed', basis: '42/2180000.00' })
    expect(asked).toMatchObject({ step: 'confirming', amount, retype: true, stale: false })
    expect(next(asked, { kind: 'confirmed', key: 'l' })).toMatchObject({ step: 'sending', amount, jump: true, key: 'l' })
  })

  it('is remembered through a reload, since the same key carries the same body', () => {
    expect(readMeaning(meaningOf(amount, true))).toEqual({ amount, jump: true })
    expect(readMeaning(meaningOf(amount, false))).toEqual({ amount, jump: false })
    expect(readMeaning('2190000.00 nonsense')).toBeNull()
    expect(readMeaning('')).toBeNull()
  })
})

describe('the guard against slips', () => {
  const step = yuan('10000.00')
  const base = yuan('2180000.00')

  it('lets five steps pass and stops at more', () => {
    expect(needsRetyping(yuan('2230000.00'), base, step)).toBe(false)
    expect(needsRetyping(yuan('2230000.01'), base, step)).toBe(true)
  })

  it('stops a fifth of the price though the steps are coarse, and an extra zero always', () => {
    expect(needsRetyping(yuan('120.00'), yuan('100.00'), yuan('10.00'))).toBe(false)
    expect(needsRetyping(yuan('130.00'), yuan('100.00'), yuan('10.00'))).toBe(true)
    expect(needsRetyping(yuan('21900000.00'), base, step)).toBe(true)
  })
})

describe('the price line', () => {
  it('is absent before the first bid', () => {
    expect(priceLine(yuan('100.00'), [])).toBeNull()
  })

  it('steps from the start price to the last bid', () => {
    const line = priceLine(yuan('100.00'), [aBid(2, 'B', '200.00'), aBid(1, 'A', '150.00')])
    expect(line).toEqual({ path: 'M0 100V50H50V0H100', lastY: 0, low: '100.00', high: '200.00' })
  })

  it('leaves out what was struck', () => {
    const struck = { ...aBid(2, 'B', '900.00'), struck: true }
    expect(priceLine(yuan('100.00'), [struck, aBid(1, 'A', '150.00')])?.high).toBe('150.00')
  })

  it('is a flat line in the middle when the only bid is the start price', () => {
    expect(priceLine(yuan('100.00'), [aBid(1, 'A', '100.00')])?.path).toBe('M0 50V50H100')
  })
})
