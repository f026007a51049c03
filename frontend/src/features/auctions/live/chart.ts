/** The price line: a step for each bid, in a box of 100 by 100 that the page stretches. Pure. */
import type { LiveBid } from './fold'
import { toFen, type Money } from '@/kit/money'

export interface PriceLine {
  path: string
  /** Where the last step ends, in percent from the top. */
  lastY: number
  low: Money
  high: Money
}

/** Hundredths, cut off, as text for a path; from BigInt, so no amount is too large to draw. */
function part(of: bigint, whole: bigint): number {
  return whole === 0n ? 0 : Number((of * 10_000n) / whole) / 100
}

/** `bids` newest first. Null while there is nothing to draw. */
export function priceLine(startPrice: Money, bids: readonly LiveBid[]): PriceLine | null {
  // What was keyed in wrongly and struck was never a price.
  const steps = bids.filter((bid) => !bid.struck).toReversed()
  const last = steps.at(-1)
  const first = steps[0]
  if (!last || !first) return null
  // Where older bids are not held, the line begins at the oldest that is.
  const low = first.bidNo === 1 ? startPrice : first.amount
  const base = toFen(low)
  const span = toFen(last.amount) - base
  const y = (amount: Money) => (span === 0n ? 50 : 100 - part(toFen(amount) - base, span))
  const width = 100 / steps.length
  let path = `M0 ${y(low)}`
  steps.forEach((bid, index) => {
    path += `V${y(bid.amount)}H${Math.round((index + 1) * width * 100) / 100}`
  })
  return { path, lastY: y(last.amount), low, high: last.amount }
}
