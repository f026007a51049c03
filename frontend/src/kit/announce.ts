/**
 * What a screen reader is told during a sale, and how often.
 *
 * Being outbid interrupts. Prices wait for a pause and are said at most every three seconds, the
 * newest only. The time left is said at four marks, once each; an extension sets them up again.
 */

export type Loudness = 'polite' | 'assertive'
export type Say = (text: string, loudness: Loudness) => void

export const TIME_MARKS_SECONDS = [300, 60, 30, 10] as const
const PRICE_PAUSE_MS = 3000

/** The mark that was passed between two readings of the time left, or null. Milliseconds. */
export function markPassed(before: number, after: number): number | null {
  // From the smallest: where several were jumped over, only the nearest one is still news.
  for (const mark of TIME_MARKS_SECONDS.toReversed()) {
    if (before > mark * 1000 && after <= mark * 1000 && after > 0) return mark
  }
  return null
}

export interface Announcer {
  outbid(text: string): void
  price(text: string): void
  time(text: string): void
  stop(): void
}

export interface AnnouncerParts {
  say: Say
  monotonic?: () => number
  later?: (run: () => void, milliseconds: number) => () => void
}

function timeoutLater(run: () => void, milliseconds: number): () => void {
  const handle = setTimeout(run, milliseconds)
  return () => clearTimeout(handle)
}

export function createAnnouncer({
  say,
  monotonic = () => performance.now(),
  later = timeoutLater,
}: AnnouncerParts): Announcer {
  let lastPriceAt = -Infinity
  let waiting: string | null = null
  let cancel: (() => void) | null = null

  function sayPrice(): void {
    cancel = null
    if (waiting === null) return
    say(waiting, 'polite')
    waiting = null
    lastPriceAt = monotonic()
  }

  return {
    outbid: (text) => say(text, 'assertive'),
    time: (text) => say(text, 'polite'),
    price(text) {
      waiting = text
      if (cancel !== null) return
      const pause = lastPriceAt + PRICE_PAUSE_MS - monotonic()
      if (pause <= 0) sayPrice()
      else cancel = later(sayPrice, pause)
    },
    stop() {
      cancel?.()
      cancel = null
      waiting = null
    },
  }
}
