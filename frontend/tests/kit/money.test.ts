import { describe, expect, it } from 'vitest'

import { asMoney, compare, fromFen, grouped, isMoney, raise, readTyped, rise, toFen, wan, yuan, yuanShort } from '@/kit/money'

describe('an amount', () => {
  it('is read exactly as the wire writes it', () => {
    expect(toFen(asMoney('2190000.00'))).toBe(219_000_000n)
    expect(toFen(asMoney('0.01'))).toBe(1n)
    expect(toFen(asMoney('99999999999999.99'))).toBe(9_999_999_999_999_999n)
  })

  it.each(['', '1', '1.5', '01.00', '-1.00', '1.000', '1,000.00', '1e3', ' 1.00', '1.00\n', '100000000000000.00'])(
    'is refused when it is written as %j',
    (text) => {
      expect(() => asMoney(text)).toThrow(TypeError)
      expect(isMoney(text)).toBe(false)
    },
  )

  it('goes to fen and back unchanged', () => {
    for (const fen of [0n, 1n, 9n, 10n, 99n, 100n, 123_456n, 9_999_999_999_999_999n]) expect(toFen(fromFen(fen))).toBe(fen)
  })

  it('is never negative', () => {
    expect(() => fromFen(-1n)).toThrow(RangeError)
  })

  it('rises by whole steps without losing a fen', () => {
    expect(raise(asMoney('9007199254740.93'), asMoney('0.01'), 10)).toBe('9007199254741.03')
  })

  it('compares by value', () => {
    expect(compare(asMoney('9.99'), asMoney('10.00'))).toBe(-1)
    expect(compare(asMoney('10.00'), asMoney('10.00'))).toBe(0)
    expect(compare(asMoney('100.00'), asMoney('99.99'))).toBe(1)
  })

  it('is shown in yuan with grouped digits', () => {
    expect(grouped(asMoney('2180000.00'))).toBe('2,180,000.00')
    expect(yuan(asMoney('999.90'))).toBe('¥999.90')
    expect(yuanShort(asMoney('2180000.00'))).toBe('¥2,180,000')
    expect(yuanShort(asMoney('2180000.50'))).toBe('¥2,180,000.50')
  })

  it('is shown in 万 exactly, however small its tail', () => {
    expect(wan(asMoney('2180000.00'))).toBe('218')
    expect(wan(asMoney('2185000.00'))).toBe('218.5')
    expect(wan(asMoney('10000.01'))).toBe('1.000001')
    expect(wan(asMoney('0.01'))).toBe('0.000001')
    expect(wan(asMoney('123456789012.00'))).toBe('12,345,678.9012')
  })

  it('says how far it rose, cut off and never rounded up', () => {
    expect(rise(asMoney('1800000.00'), asMoney('2180000.00'))).toBe('+21.1%')
    expect(rise(asMoney('100.00'), asMoney('100.00'))).toBe('+0.0%')
    expect(rise(asMoney('0.00'), asMoney('100.00'))).toBe('')
  })
})

describe('a typed amount', () => {
  const ok = (money: string) => ({ ok: true, money })

  it('is read in yuan with commas, spaces, signs and full-width digits', () => {
    expect(readTyped('2,190,000', 'yuan')).toEqual(ok('2190000.00'))
    expect(readTyped(' ¥2190000.5 ', 'yuan')).toEqual(ok('2190000.50'))
    expect(readTyped('2190000元', 'yuan')).toEqual(ok('2190000.00'))
    expect(readTyped('007', 'yuan')).toEqual(ok('7.00'))
  })

  it('is read in 万元 with six decimals and not one more', () => {
    expect(readTyped('219', 'wan')).toEqual(ok('2190000.00'))
    expect(readTyped('0.000001万', 'wan')).toEqual(ok('0.01'))
    expect(readTyped('218.123456', 'wan')).toEqual(ok('2181234.56'))
    expect(readTyped('218.1234560', 'wan')).toEqual(ok('2181234.56'))
    expect(readTyped('218.1234567', 'wan')).toEqual({ ok: false, why: 'too_precise' })
  })

  it('is refused rather than rounded or guessed', () => {
    expect(readTyped('', 'yuan')).toEqual({ ok: false, why: 'empty' })
    expect(readTyped('1.005', 'yuan')).toEqual({ ok: false, why: 'too_precise' })
    expect(readTyped('1e6', 'yuan')).toEqual({ ok: false, why: 'not_a_number' })
    expect(readTyped('-5', 'yuan')).toEqual({ ok: false, why: 'not_a_number' })
    expect(readTyped('1.2.3', 'yuan')).toEqual({ ok: false, why: 'not_a_number' })
    expect(readTyped('100000000000000', 'yuan')).toEqual({ ok: false, why: 'too_large' })
    expect(readTyped('10000000000', 'wan')).toEqual({ ok: false, why: 'too_large' })
  })
})
