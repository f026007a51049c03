/** A price in words, as contracts carry it: money in capitals, a royalty as it is read aloud. */
import type { Money } from './money'
import { isRate, trimmed } from './price'
import { capital } from './words'

const DIGITS = '零一二三四五六七八九'

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
