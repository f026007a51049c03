/** The way into a sale: which steps there are, which are done, and where one stands. Pure. */

export type WayStep = 'register' | 'deposit' | 'qualification' | 'code'
export interface WayPlace {
  key: WayStep
  state: 'done' | 'now' | 'later' | 'failed'
}

/** What is done in each state; payment and decision may come in either order. */
const DONE: Record<string, readonly WayStep[]> = {
  registered: ['register'],
  qualifying: ['register', 'deposit'],
  qualified_pending_deposit: ['register', 'qualification'],
  qualified: ['register', 'deposit', 'qualification', 'code'],
  winner: ['register', 'deposit', 'qualification', 'code'],
  not_winner: ['register', 'deposit', 'qualification', 'code'],
  disqualified: ['register', 'deposit'],
  waived: [],
}

/** `status` is the registration's, or null where there is none. */
export function wayOf(status: string | null, asksDeposit: boolean): WayPlace[] {
  const steps: WayStep[] = asksDeposit
    ? ['register', 'deposit', 'qualification', 'code']
    : ['register', 'qualification', 'code']
  const done = new Set(status === null ? [] : (DONE[status] ?? []))
  const here = steps.find((step) => !done.has(step))
  const failed = status === 'disqualified' || status === 'waived'
  return steps.map((key) => ({ key, state: done.has(key) ? 'done' : key === here ? (failed ? 'failed' : 'now') : 'later' }))
}
