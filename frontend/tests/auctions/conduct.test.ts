import { expect, it } from 'vitest'

import { aBid, aSale, aSaleWithBids, yuan } from '../support/sales'
import { correctable, doubtOf, mayHammer, nextCall } from '@/features/auctions/hall/conduct'

const NOW = 1_000_000
const hall = (change: Parameters<typeof aSale>[0] = {}) => aSaleWithBids(['201'], { status: 'on_the_block', endsAt: null, ...change })
const floor = (bidNo: number, at: number, code = '201') => ({ ...aBid(bidNo, code, `${1_800_000 + bidNo * 10_000}.00`), via: 'floor', at })

it('calls come one after the other, none without a bid and none within a warning', () => {
  expect(nextCall(aSale({ status: 'on_the_block' }), NOW)).toBeNull()
  expect(nextCall(hall(), NOW)).toBe(1)
  expect(nextCall(hall({ calls: 1, warnsUntil: NOW + 1 }), NOW)).toBeNull()
  expect(nextCall(hall({ calls: 1, warnsUntil: NOW }), NOW)).toBe(2)
  expect(nextCall(hall({ calls: 3, warnsUntil: NOW }), NOW)).toBeNull()
})

it('the hammer waits for the third call and its warning', () => {
  expect(mayHammer(hall({ calls: 2, warnsUntil: NOW - 1 }), NOW)).toBe(false)
  expect(mayHammer(hall({ calls: 3, warnsUntil: NOW + 1 }), NOW)).toBe(false)
  expect(mayHammer(hall({ calls: 3, warnsUntil: NOW }), NOW)).toBe(true)
  expect(mayHammer(hall({ calls: 3, warnsUntil: NOW, status: 'awarded' }), NOW)).toBe(false)
})

it('the latest floor bid can be corrected until a person bids after it', () => {
  const keyed = floor(1, NOW)
  const answer = { ...aBid(2, '7K3', '1820000.00'), via: 'proxy', at: NOW }
  expect(correctable(hall({ bids: [keyed] }))).toBe(keyed)
  expect(correctable(hall({ bids: [answer, keyed] }))).toBe(keyed)
  expect(correctable(hall({ bids: [aBid(2, '7K3', '1820000.00'), keyed] }))).toBeNull()
  expect(correctable(hall({ bids: [{ ...keyed, struck: true }] }))).toBeNull()
  expect(correctable(hall({ bids: [keyed], status: 'awarded' }))).toBeNull()
})

it('an amount that cannot count is not sent, one far above is asked about', () => {
  const state = hall()
  expect(doubtOf(state, yuan('1800000.00'))).toBe('too_low')
  expect(doubtOf(state, yuan('1815000.00'))).toBe('off_ladder')
  expect(doubtOf(state, yuan('1850000.00'))).toBeNull()
  expect(doubtOf(state, yuan('18100000.00'))).toBe('far')
})
