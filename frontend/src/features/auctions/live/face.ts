/** What the clock of a sale shows: a countdown, the auctioneer's calls, or an instant in words. Pure. */
import type { LiveState } from './fold'
import { isBidding } from './standing'

export type FaceLabel = 'timeLeft' | 'untilStart' | 'untilContinues' | 'untilPriority' | 'untilSealed' | 'calls' | 'time'

export interface Face {
  label: FaceLabel
  /** Counted down to, in market milliseconds. */
  until: number | null
  /** Shown where nothing is counted down. */
  at: number | null
}

/** `now` is market time in milliseconds. */
export function faceOf(state: LiveState, now: number): Face {
  const { status, endsAt, startsAt } = state
  if (status === 'on_the_block') return { label: 'calls', until: state.warnsUntil, at: null }
  if (isBidding(status)) return { label: 'timeLeft', until: endsAt, at: null }
  if (status === 'adjourned') return { label: 'untilContinues', until: state.continuesAt, at: null }
  if (status === 'priority_pending') return { label: 'untilPriority', until: state.priorityUntil, at: null }
  if (status === 'sealing') return { label: 'untilSealed', until: endsAt, at: null }
  const ended = ['awarded', 'passed_in', 'cancelled', 'suspended', 'opening'].includes(status)
  if (!ended && startsAt !== null && startsAt > now) return { label: 'untilStart', until: startsAt, at: null }
  // A hall has no end by the clock: what it shows at the end is when the hammer fell.
  return { label: 'time', until: null, at: endsAt ?? state.endedAt }
}
