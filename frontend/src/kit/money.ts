/**
 * Money as the wire writes it: an exact decimal string of yuan with two places ("2190000.00").
 *
 * All arithmetic is done in fen with BigInt. Nothing here goes through a floating point number,
 * and nothing rounds: text that cannot be held exactly is refused.
 */

declare const money: unique symbol
export type Money = string & { readonly [money]: true }

/** Fen, the hundredth of a yuan. */
export type Fen = bigint

const WIRE = /^(0|[1-9]\d{0,13})\.(\d{2})$/
const TYPED = /^(\d{1,14})(?:\.(\d*))?$/
const GROUPS = /\B(?=(\d{3})+(?!\d))/g
const WAN: Fen = 1_000_000n

export type AmountUnit = 'yuan' | 'wan'
export type TypedAmount =
  | { ok: true; money: Money }
  | { ok: false; why: 'empty' | 'not_a_number' | 'too_precise' | 'too_large' }

/** Reads an amount of the wire; anything else is a programming error and throws. */
export function asMoney(text: string): Money {
  if (!WIRE.test(text)) throw new TypeError(`not an amount: ${JSON.stringify(text)}`)
  return text as Money
}

export function isMoney(value: unknown): value is Money {
  return typeof value === 'string' && WIRE.test(value)
}

export function toFen(amount: Money): Fen {
  return BigInt(amount.replace('.', ''))
}

export function fromFen(fen: Fen): Money {
  if (fen < 0n) throw new RangeError('an amount cannot be negative')
  const digits = fen.toString().padStart(3, '0')
  return `${digits.slice(0, -2)}.${digits.slice(-2)}` as Money
}

/** price + step × times. */
export function raise(price: Money, step: Money, times = 1): Money {
  return fromFen(toFen(price) + toFen(step) * BigInt(times))
}

/** -1, 0 or 1. */
export function compare(left: Money, right: Money): -1 | 0 | 1 {
  const difference = toFen(left) - toFen(right)
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

/** "2,180,000.00" */
export function grouped(amount: Money): string {
  const [whole = '0', fraction = '00'] = amount.split('.')
  return `${whole.replaceAll(GROUPS, ',')}.${fraction}`
}

/** "¥2,180,000.00" */
export function yuan(amount: Money): string {
  return `¥${grouped(amount)}`
}

/** "¥2,180,000", with the fen only where there are any. */
export function yuanShort(amount: Money): string {
  return yuan(amount).replace(/\.00$/, '')
}

/** The amount in 万 without its unit, exact to the fen: "218", "0.0001". */
export function wan(amount: Money): string {
  const fen = toFen(amount)
  const fraction = (fen % WAN).toString().padStart(6, '0').replace(/0+$/, '')
  const whole = (fen / WAN).toString().replaceAll(GROUPS, ',')
  return fraction === '' ? whole : `${whole}.${fraction}`
}

/**
 * What a person typed, in 元 or 万元. Commas, spaces and full-width digits are read;
 * 元 takes two decimals and 万元 six, and further digits are refused, never rounded away.
 */
export function readTyped(text: string, unit: AmountUnit): TypedAmount {
  const plain = text
    .normalize('NFKC')
    .replaceAll(/[\s,、¥]/g, '')
    .replace(/(万元|万|元)$/, '')
  if (plain === '') return { ok: false, why: 'empty' }
  const match = TYPED.exec(plain)
  if (!match) return { ok: false, why: /^\d{15,}(\.\d*)?$/.test(plain) ? 'too_large' : 'not_a_number' }
  const places = unit === 'wan' ? 6 : 2
  const fraction = (match[2] ?? '').replace(/0+$/, '')
  if (fraction.length > places) return { ok: false, why: 'too_precise' }
  const fen = BigInt((match[1] ?? '0') + fraction.padEnd(places, '0'))
  const amount = fromFen(fen)
  return WIRE.test(amount) ? { ok: true, money: amount } : { ok: false, why: 'too_large' }
}

/**
 * How far `to` lies above `from`, in tenths of a percent, cut off (not rounded): 211n is 21.1%.
 * Null where `from` is zero, since no share of nothing exists.
 */
export function riseTenths(from: Money, to: Money): bigint | null {
  const base = toFen(from)
  return base === 0n ? null : ((toFen(to) - base) * 1000n) / base
}

/** "+21.1%"; an empty string where there is no base to compare with. */
export function rise(from: Money, to: Money): string {
  const tenths = riseTenths(from, to)
  if (tenths === null) return ''
  const size = tenths < 0n ? -tenths : tenths
  return `${tenths < 0n ? '-' : '+'}${size / 10n}.${size % 10n}%`
}
