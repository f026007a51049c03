import { describe, expect, it } from 'vitest'

import { aSale, aSaleWithBids } from '../support/sales'
import { standing, type Me } from '@/features/auctions/live/standing'

const NOW = 1_000_000
const bidder: Me = { registrationId: 'r', status: 'qualified', code: '9QF' }
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
    const me = { registrationId: 'r', status, code: null }
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

describe('afterwards', () => {
  it('winner, loser and visitor each read their own words', () => {
    const sale = aSaleWithBids(['A', '9QF'], { status: 'awarded' })
    expect(head(sale, { ...bidder, status: 'winner' }, NOW)).toEqual(['won', 'ended', false])
    expect(head(sale, { registrationId: 'q', status: 'not_winner', code: 'A' }, NOW)).toEqual(['lost', 'ended', false])
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
