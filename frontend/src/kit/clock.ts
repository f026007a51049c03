/**
 * The market's clock, as seen from a browser whose own clock may be wrong by any amount.
 *
 * The server tells its time and the rate at which it runs (1 in a live market, more in a sandbox).
 * Several samples are taken, and the one with the shortest way there and back is believed.
 * Between samples the time advances by the monotonic clock of the page, never by `Date`.
 */

export interface TimeAnswer {
  /** Market time in milliseconds since the epoch. */
  at: number
  /** Market seconds per real second. */
  rate: number
}

export interface ClockReading {
  /** Market time in milliseconds since the epoch, for display. */
  now: number
  /** How far `now` may be off, in real milliseconds; infinite before the first sample. */
  uncertainty: number
  rate: number
}

interface Sample {
  at: number
  rate: number
  /** Monotonic milliseconds at which `at` is assumed to have been true. */
  taken: number
  roundTrip: number
}

export interface MarketClock {
  read(): ClockReading
  /** Asks `count` times and keeps the best. Rejects only if every question failed. */
  synchronise(count?: number): Promise<void>
  /** The round trip of the believed sample in milliseconds, or null before the first. */
  roundTrip(): number | null
  known(): boolean
}

export interface ClockParts {
  ask: () => Promise<TimeAnswer>
  /** Monotonic milliseconds. */
  monotonic?: () => number
}

export function createClock({ ask, monotonic = () => performance.now() }: ClockParts): MarketClock {
  let best: Sample | null = null

  async function sample(): Promise<Sample> {
    const asked = monotonic()
    const answer = await ask()
    const answered = monotonic()
    return {
      at: answer.at,
      rate: answer.rate,
      taken: (asked + answered) / 2,
      roundTrip: answered - asked,
    }
  }

  async function synchronise(count = 5): Promise<void> {
    let found: Sample | null = null
    let failure: unknown = null
    for (let turn = 0; turn < count; turn += 1) {
      try {
        const next = await sample()
        // After a change of the rate the earlier samples speak of another clock.
        if (found === null || next.rate !== found.rate || next.roundTrip < found.roundTrip) found = next
        // The very first answer is better than none: the page need not wait for the best of five.
        best ??= next
      } catch (error) {
        failure = error
      }
    }
    if (found === null) throw failure
    best = found
  }

  return {
    synchronise,
    known: () => best !== null,
    roundTrip: () => best?.roundTrip ?? null,
    read() {
      if (best === null) return { now: 0, uncertainty: Infinity, rate: 1 }
      const elapsed = monotonic() - best.taken
      return { now: best.at + elapsed * best.rate, uncertainty: best.roundTrip / 2, rate: best.rate }
    },
  }
}

/** Real milliseconds until a market instant; negative once it has passed. */
export function realUntil(reading: ClockReading, marketInstant: number): number {
  return (marketInstant - reading.now) / reading.rate
}
