import { describe, expect, it } from 'vitest'

import { day, duration, instant, minuteOf, secondOf, span, timeOfDayExact } from '@/kit/dates'

describe('a time', () => {
  it('is shown in Beijing though the browser is in New York', () => {
    expect(new Date(0).getTimezoneOffset()).not.toBe(-480)
    const at = instant('2026-11-21T16:04:41.207Z')
    expect(secondOf(at)).toBe('2026-11-22 00:04:41')
    expect(minuteOf(at)).toBe('2026-11-22 00:04')
    expect(day(at)).toBe('2026-11-22')
    expect(timeOfDayExact(at)).toBe('00:04:41.207')
  })

  it('that cannot be read throws instead of showing NaN', () => {
    expect(() => instant('soon')).toThrow(TypeError)
  })
})

it.each([
  [300, '5 minutes'],
  [5400, '1 hours 30 minutes'],
  [86_400, '24 hours'],
  [172_800, '2 days'],
  [90, '1 minutes 30 seconds'],
  [0, '0 seconds'],
])('a span of %i seconds is said as %s', (seconds, words) => {
  expect(span(seconds).map(({ unit, n }) => `${n} ${unit}`).join(' ')).toBe(words)
})

describe('a duration', () => {
  it('is rounded up, so that the last second is still a second', () => {
    expect(duration(277_000)).toEqual({ days: 0, clock: '04:37' })
    expect(duration(1)).toEqual({ days: 0, clock: '00:01' })
    expect(duration(0)).toEqual({ days: 0, clock: '00:00' })
    expect(duration(-5000)).toEqual({ days: 0, clock: '00:00' })
    expect(duration(3_600_000)).toEqual({ days: 0, clock: '1:00:00' })
    expect(duration(90_061_000)).toEqual({ days: 1, clock: '1:01:01' })
  })
})
