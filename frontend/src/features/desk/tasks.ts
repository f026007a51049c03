/** All that can wait for staff. */
import { arrivals, orders, readiness, refunds } from './cash'
import { achievements, demands, offerings, parties, publications, registrants } from './reviews'
import type { TaskKind } from './task'

/** In the order in which a sale meets them. */
export const KINDS: readonly TaskKind[] = [parties, achievements, publications, demands, offerings, registrants, arrivals, readiness, refunds, orders]
