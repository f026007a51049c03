import { describe, expect, it } from 'vitest'

import { aSale, aSaleWithBids } from '../support/sales'
import { faceOf } from '@/features/auctions/live/face'
import { mayLeaveMaximum, standing, type Me } from '@/features/auctions/live/standing'

const NOW = 1_000_000
const bidder: Me = { registrationId: 'r', status: 'qualified', code: '9QF', hasBid: false }
const head = (...args: Parameters<typeof standing>) => {
  const { headline, area, open } = standing(...args)
  return [headline, area, open]
}

describe('before bidding', () => {
  it.each([
    ['noticed', 'announced', 'wait'],
    ['registration_open', 'registration_open', 'register'],
    ['registration_closed', 'registration_closed', 'wait'],
    ['ready', 'ready', 'wait'],
  ])('a visitor of a %s sale reads %s', (status, headline, area) => {
    expect(head(aSale({ status }), null, NOW)).toEqual([headline, area, false])
  })

  it.each(['registered', 'qualifying', 'qualified_pending_deposit'])('somebody who is %s sees the steps', (status) => {
    const me = { registrationId: 'r', status, code: null, hasBid: false }
    expect(head(aSale({ status: 'registration_closed' }), me, NOW)).toEqual(['registration_closed', 'register', false])
  })

  it('a qualified bidder waits with the code in hand and cannot bid yet', () => {
    expect(head(aSale({ status: 'ready' }), bidder, NOW)).toEqual(['qualified_waiting', 'wait', false])
  })
})

describe('while bids are taken', () => {
  it('a visitor watches, and cannot bid', () => {
    expect(head(aSale({ status: 'free_bidding' }), null, NOW)).toEqual(['free_bidding', 'watch', false])
    expect(head(aSaleWithBids(['A']), null, NOW)).toEqual(['timed_bidding', 'watch', false])
  })

  it('a bidder who has not bid reads the phase', () => {
    expect(head(aSaleWithBids(['A']), bidder, NOW)).toEqual(['timed_bidding', 'bid', true])
  })

  it('the highest bidder leads, in words and not in red, and cannot raise himself', () => {
    const result = standing(aSaleWithBids(['A', '9QF']), bidder, NOW)
    expect(result).toEqual({ headline: 'leading', tone: 'lead', area: 'bid', open: false })
  })

  it('whoever bid and no longer leads is outbid', () => {
    const result = standing(aSaleWithBids(['9QF', 'A']), bidder, NOW)
    expect(result).toEqual({ headline: 'outbid', tone: 'outbid', area: 'bid', open: true })
  })

  it('whoever bid longer ago than the bids at hand is outbid too', () => {
    const sale = aSaleWithBids(['9QF', 'A', 'B'])
    const cut = { ...sale, bids: sale.bids.slice(0, 2) }
    expect(head(cut, { ...bidder, hasBid: true }, NOW)).toEqual(['outbid', 'bid', true])
    expect(head(cut, bidder, NOW)).toEqual(['timed_bidding', 'bid', true])
    // Where all bids are at hand, they say it: his only one was struck.
    const struck = aSaleWithBids(['A', 'B'])
    expect(head(struck, { ...bidder, hasBid: true }, NOW)).toEqual(['timed_bidding', 'bid', true])
  })

  it('zero on the screen waits for the system and closes nothing', () => {
    expect(head(aSaleWithBids(['A', '9QF']), bidder, 2_000_000)).toEqual(['closing', 'bid', true])
    expect(head(aSale(), null, 2_000_000)).toEqual(['closing', 'watch', false])
  })

  it('a disqualified bidder only watches, though a code was given', () => {
    expect(head(aSale(), { ...bidder, status: 'disqualified' }, NOW)).toEqual(['timed_bidding', 'watch', false])
  })

  it('a suspended sale takes nothing', () => {
    expect(head(aSaleWithBids(['9QF'], { status: 'suspended' }), bidder, NOW)).toEqual(['suspended', 'wait', false])
  })
})

describe('in a hall, between days, and while a right of first refusal is open', () => {
  it('a bidder may bid until the hammer, whatever the clock', () => {
    const sale = aSaleWithBids(['A'], { status: 'on_the_block', endsAt: null })
    expect(head(sale, bidder, NOW)).toEqual(['on_the_block', 'bid', true])
    expect(head(aSaleWithBids(['9QF', 'A'], { status: 'on_the_block', endsAt: null }), bidder, NOW)).toEqual(['outbid', 'bid', true])
  })

  it('an adjourned sale takes no bid, but a maximum for the next day', () => {
    const sale = aSaleWithBids(['A'], { status: 'adjourned' })
    expect(head(sale, bidder, NOW)).toEqual(['adjourned', 'wait', false])
    expect([mayLeaveMaximum(sale, bidder), mayLeaveMaximum(sale, null)]).toEqual([true, false])
  })

  it('the price is found and who led is told that it may yet be taken', () => {
    const sale = aSaleWithBids(['A', '9QF'], { status: 'priority_pending' })
    expect(head(sale, bidder, NOW)).toEqual(['priority_leading', 'wait', false])
    expect(head(sale, null, NOW)).toEqual(['priority_pending', 'wait', false])
  })

  it('who led has not won where the right was used', () => {
    const sale = aSaleWithBids(['A', '9QF'], { status: 'awarded', winner: 'H7' })
    expect(head(sale, bidder, NOW)).toEqual(['lost', 'ended', false])
    expect(head(sale, { registrationId: 'h', status: 'qualified', code: 'H7', hasBid: false }, NOW)).toEqual(['won', 'ended', false])
  })

  it('the clock shows calls in a hall, and what is waited for elsewhere', () => {
    const face = (change: Parameters<typeof aSale>[0]) => faceOf(aSale(change), NOW)
    expect(face({ status: 'on_the_block', warnsUntil: 5 })).toEqual({ label: 'calls', until: 5, at: null })
    expect(face({ status: 'adjourned', continuesAt: 7 })).toEqual({ label: 'untilContinues', until: 7, at: null })
    expect(face({ status: 'priority_pending', priorityUntil: 8 })).toEqual({ label: 'untilPriority', until: 8, at: null })
    expect(face({ status: 'ready', startsAt: NOW + 1 })).toEqual({ label: 'untilStart', until: NOW + 1, at: null })
    expect(face({ status: 'awarded' })).toEqual({ label: 'time', until: null, at: 2_000_000 })
  })
})

describe('afterwards', () => {
  it('winner, loser and visitor each read their own words', () => {
    const sale = aSaleWithBids(['A', '9QF'], { status: 'awarded' })
    expect(head(sale, { ...bidder, status: 'winner' }, NOW)).toEqual(['won', 'ended', false])
    expect(head(sale, { registrationId: 'q', status: 'not_winner', code: 'A', hasBid: false }, NOW)).toEqual(['lost', 'ended', false])
    expect(head(sale, null, NOW)).toEqual(['sold', 'ended', false])
  })

  it('a sale that passed in or was called off says so', () => {
    expect(head(aSale({ status: 'passed_in' }), bidder, NOW)).toEqual(['passed_in', 'ended', false])
    expect(head(aSale({ status: 'cancelled' }), null, NOW)).toEqual(['cancelled', 'ended', false])
  })

  it('a state that a later server invents is not guessed at', () => {
    expect(head(aSale({ status: 'rofr_pending' }), bidder, NOW)).toEqual(['unknown', 'wait', false])
  })
})
