import { expect, it } from 'vitest'

import { aBid, aSale, aSaleWithBids, yuan } from '../support/sales'
import type { SaleSession, SessionLot } from '@/api/shapes'
import { correctable, doubtOf, mayHammer, nextCall } from '@/features/auctions/hall/conduct'
import { endedBetween, lotAfter, lotShown, scaleOf } from '@/features/auctions/hall/screen'

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

it('the big screen keeps a result until the next lot is opened', () => {
  const board = (turn: number | null, ...states: string[]) =>
    ({ turn, catalogue: states.map((status, index) => ({ lot_no: index + 1, status }) as SessionLot) }) as SaleSession
  const shown = (now: SaleSession, last: number | null) => lotShown(now, last)?.lot_no
  const before = board(1, 'on_the_block', 'ready', 'ready')
  const after = board(2, 'awarded', 'ready', 'ready')
  const last = endedBetween(before, after)
  expect([last, endedBetween(null, after), endedBetween(after, after)]).toEqual([1, null, null])
  expect([shown(before, null), shown(after, last), shown(after, null)]).toEqual([1, 1, 2])
  expect(shown(board(2, 'awarded', 'on_the_block', 'ready'), last)).toBe(2)
  expect(shown(board(null, 'awarded', 'passed_in', 'cancelled'), null)).toBe(3)
  const lot = lotShown(after, last)
  expect(lot && lotAfter(after, lot)?.lot_no).toBe(2)
  expect(['82', '86.5', '1,234.5', '12,345.6789'].map((text) => scaleOf(text.length))).toEqual(['huge', 'large', 'usual', 'small'])
})
