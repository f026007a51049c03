/** Where a viewer stands in a sale: the headline, its tone, and what the bid area offers. Pure. */
import type { LiveState } from './fold'

/** My own way into the sale, as the server tells it to me alone. */
export interface Me {
  registrationId: string | null
  /** The registration's state, or null where there is no registration. */
  status: string | null
  code: string | null
  /** Whether I had bid when this was asked: my last bid may lie further back than the bids at hand. */
  hasBid: boolean
}

export type Headline =
  | 'announced'
  | 'registration_open'
  | 'registration_closed'
  | 'ready'
  | 'qualified_waiting'
  | 'free_bidding'
  | 'timed_bidding'
  | 'on_the_block'
  | 'sealing'
  | 'opening'
  | 'adjourned'
  | 'priority_pending'
  | 'priority_leading'
  | 'leading'
  | 'outbid'
  | 'closing'
  | 'suspended'
  | 'won'
  | 'lost'
  | 'sold'
  | 'passed_in'
  | 'cancelled'
  | 'unknown'

/**
 * What the area below the headline holds: `bid` the ladder, `register` the steps of the way in,
 * `watch` why one only watches, `wait` words, `envelope` the way to the sealed offer, `ended` the outcome.
 */
export type BidArea = 'bid' | 'register' | 'watch' | 'wait' | 'envelope' | 'ended'

export type Tone = 'plain' | 'active' | 'lead' | 'outbid' | 'extend' | 'done'

export interface Standing {
  headline: Headline
  tone: Tone
  area: BidArea
  /** Whether bids may be sent now, as far as this page knows; the server has the last word. */
  open: boolean
}

const BIDDING = new Set(['free_bidding', 'timed_bidding', 'on_the_block'])
/** States in which a maximum may be left with the market. */
const TAKES_PROXIES = new Set([...BIDDING, 'ready', 'adjourned'])
const PHASES: Record<string, Headline> = {
  free_bidding: 'free_bidding',
  timed_bidding: 'timed_bidding',
  on_the_block: 'on_the_block',
}
const BEFORE: Record<string, Headline> = {
  noticed: 'announced',
  registration_open: 'registration_open',
  registration_closed: 'registration_closed',
  ready: 'ready',
}
/** Registrations that may bid. */
const QUALIFIED = new Set(['qualified'])
const OUT = new Set(['waived', 'disqualified', 'not_winner'])

export function isBidding(status: string): boolean {
  return BIDDING.has(status)
}

/** Whether this registration still has steps before it. */
export function onTheWay(me: Me | null): boolean {
  return me?.status != null && !QUALIFIED.has(me.status) && !OUT.has(me.status) && me.status !== 'winner'
}

export function mayBid(me: Me | null): boolean {
  return me?.code != null && me.status !== null && QUALIFIED.has(me.status)
}

/** Whether this viewer may leave a maximum now, as far as this page knows. */
export function mayLeaveMaximum(state: LiveState, me: Me | null): boolean {
  return TAKES_PROXIES.has(state.status) && mayBid(me)
}

function ended(state: LiveState, me: Me | null): Standing | null {
  switch (state.status) {
    case 'awarded': {
      const mine = me?.code != null
      // Who led has not won where a right of first refusal was used.
      if (mine && ((state.winner ?? state.leader) === me.code || me.status === 'winner')) {
        return { headline: 'won', tone: 'lead', area: 'ended', open: false }
      }
      return { headline: mine ? 'lost' : 'sold', tone: 'done', area: 'ended', open: false }
    }
    case 'passed_in':
      return { headline: 'passed_in', tone: 'done', area: 'ended', open: false }
    case 'cancelled':
      return { headline: 'cancelled', tone: 'done', area: 'ended', open: false }
    default:
      return null
  }
}

/** Whether a bid of mine stands: among the bids at hand, or further back, as was asked before. */
function hasBid(state: LiveState, me: Me | null): boolean {
  if (state.bids.some((bid) => bid.code === me?.code && !bid.struck)) return true
  return me?.hasBid === true && (state.bids.at(-1)?.bidNo ?? 1) > 1
}

function bidding(state: LiveState, me: Me | null, now: number): Standing {
  const open = mayBid(me)
  const area: BidArea = open ? 'bid' : onTheWay(me) ? 'register' : 'watch'
  // Zero on the screen closes nothing: the area stays open until the server says otherwise.
  if (state.endsAt !== null && now >= state.endsAt) return { headline: 'closing', tone: 'extend', area, open }
  // Nobody raises himself: who leads has nothing to send.
  if (open && state.leader === me?.code) return { headline: 'leading', tone: 'lead', area, open: false }
  if (open && hasBid(state, me)) return { headline: 'outbid', tone: 'outbid', area, open }
  return { headline: PHASES[state.status] ?? 'timed_bidding', tone: 'active', area, open }
}

/** Begun, and no bids are taken by the ladder. */
function between(state: LiveState, me: Me | null): Standing | null {
  switch (state.status) {
    case 'suspended':
      return { headline: 'suspended', tone: 'extend', area: 'wait', open: false }
    case 'adjourned':
      return { headline: 'adjourned', tone: 'plain', area: 'wait', open: false }
    case 'priority_pending': {
      const leads = me?.code != null && state.leader === me.code
      return { headline: leads ? 'priority_leading' : 'priority_pending', tone: 'extend', area: 'wait', open: false }
    }
    case 'sealing':
      return { headline: 'sealing', tone: 'active', area: onTheWay(me) ? 'register' : 'envelope', open: false }
    case 'opening':
      return { headline: 'opening', tone: 'extend', area: 'envelope', open: false }
    default:
      return null
  }
}

/** `now` is market time in milliseconds. */
export function standing(state: LiveState, me: Me | null, now: number): Standing {
  const over = ended(state, me)
  if (over) return over
  const waiting = between(state, me)
  if (waiting) return waiting
  if (isBidding(state.status)) return bidding(state, me, now)
  const headline = BEFORE[state.status]
  if (headline === undefined) return { headline: 'unknown', tone: 'plain', area: 'wait', open: false }
  if (mayBid(me)) return { headline: 'qualified_waiting', tone: 'lead', area: 'wait', open: false }
  const area: BidArea = onTheWay(me) || state.status === 'registration_open' ? 'register' : 'wait'
  return { headline, tone: headline === 'registration_open' ? 'active' : 'plain', area, open: false }
}
