/**
 * The number that is bid, as its offering means it: yuan once, an entry fee, a yearly fee, or a royalty.
 * A royalty has the same exact two places as money, "3.50" being 3.50 %; it is never yuan.
 */
import { wan, yuan, yuanShort, type Money } from './money'

export function isRate(kind: string): boolean {
  return kind === 'royalty_rate'
}

/** "¥2,180,000.00", "3.50%" */
export function fullPrice(kind: string, amount: Money): string {
  return isRate(kind) ? `${amount}%` : yuan(amount)
}

export function trimmed(rate: Money): string {
  return rate.replace(/0$/, '').replace(/\.0?$/, '')
}

/** "¥2,180,000", "3.5%": without the places that say nothing. */
export function shortPrice(kind: string, amount: Money): string {
  return isRate(kind) ? `${trimmed(amount)}%` : yuanShort(amount)
}

/** "218" in 万, "3.5%": the figure as people say it; its unit 万 is the caller's. */
export function spokenFigure(kind: string, amount: Money): string {
  return isRate(kind) ? `${trimmed(amount)}%` : wan(amount)
}
