/**
 * The number that is bid, as its offering means it: yuan once, an entry fee, a yearly fee, or a royalty.
 * A royalty has the same exact two places as money, "3.50" being 3.50 %; it is never yuan.
 */
import { wan, yuan, yuanShort, type Money } from './money'
import { capital } from './words'

const DIGITS = '零一二三四五六七八九'

export function isRate(kind: string): boolean {
  return kind === 'royalty_rate'
}

/** "¥2,180,000.00", "3.50%" */
export function fullPrice(kind: string, amount: Money): string {
  return isRate(kind) ? `${amount}%` : yuan(amount)
}

function trimmed(rate: Money): string {
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

function small(value: number): string {
  if (value < 10) return DIGITS[value] ?? ''
  if (value === 100) return '一百'
  const tens = Math.trunc(value / 10)
  const ones = value % 10
  return `${tens === 1 ? '' : DIGITS[tens]}十${ones === 0 ? '' : DIGITS[ones]}`
}

/** "人民币贰佰壹拾捌万元整", "百分之三点五" */
export function priceInWords(kind: string, amount: Money): string {
  if (!isRate(kind)) return capital(amount)
  const [whole = '0', places = ''] = trimmed(amount).split('.')
  const value = Math.trunc(+whole)
  const said = value <= 100 ? small(value) : whole
  const digits = [...places].map((digit) => DIGITS[+digit]).join('')
  return `百分之${said}${digits === '' ? '' : `点${digits}`}`
}
