/** Times as the market says them: always Beijing time, whatever the browser's own zone. */

const ZONE = 'Asia/Shanghai'

const parts = new Intl.DateTimeFormat('en-CA', {
  timeZone: ZONE,
  hourCycle: 'h23',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
})

function pieces(at: number): Record<string, string> {
  return Object.fromEntries(parts.formatToParts(at).map(({ type, value }) => [type, value]))
}

/** Milliseconds of a wire instant; NaN never leaves here. */
export function instant(text: string): number {
  const at = Date.parse(text)
  if (Number.isNaN(at)) throw new TypeError(`not an instant: ${text}`)
  return at
}

/** "15:04:41" */
export function timeOfDay(at: number): string {
  const { hour, minute, second } = pieces(at)
  return `${hour}:${minute}:${second}`
}

/** "15:04:41.207": the bid list shows the server's milliseconds. */
export function timeOfDayExact(at: number): string {
  return `${timeOfDay(at)}.${String(Math.floor(at) % 1000).padStart(3, '0')}`
}

/** "2026-11-21" in Beijing. */
export function day(at: number): string {
  const { year, month, day: date } = pieces(at)
  return `${year}-${month}-${date}`
}

/** "2026-11-21 15:04" */
export function minuteOf(at: number): string {
  const { hour, minute } = pieces(at)
  return `${day(at)} ${hour}:${minute}`
}

/** "2026-11-21 15:04:41" */
export function secondOf(at: number): string {
  return `${day(at)} ${timeOfDay(at)}`
}

export interface Span {
  unit: 'days' | 'hours' | 'minutes' | 'seconds'
  n: number
}

/** A length of time in whole units, the largest first: 5,400 s is 1 hour and 30 minutes. */
export function span(seconds: number): Span[] {
  const units = [
    ['days', 86_400],
    ['hours', 3600],
    ['minutes', 60],
    ['seconds', 1],
  ] as const
  const parts: Span[] = []
  let rest = Math.max(0, Math.round(seconds))
  for (const [unit, size] of units) {
    // A day is said as 24 hours, as the rules of a sale do.
    if (unit === 'days' && rest < 2 * size) continue
    const n = Math.floor(rest / size)
    if (n > 0) parts.push({ unit, n })
    rest -= n * size
  }
  return parts.length > 0 ? parts : [{ unit: 'seconds', n: 0 }]
}

export interface Duration {
  days: number
  /** "04:37", "3:04:37" */
  clock: string
}

/** A span of milliseconds as days and a clock; below zero it is zero. Rounded up, so "00:01" is never nothing. */
export function duration(milliseconds: number): Duration {
  const total = Math.max(0, Math.ceil(milliseconds / 1000))
  const days = Math.floor(total / 86_400)
  const hours = Math.floor((total % 86_400) / 3600)
  const minutes = String(Math.floor((total % 3600) / 60)).padStart(2, '0')
  const seconds = String(total % 60).padStart(2, '0')
  return { days, clock: hours > 0 || days > 0 ? `${hours}:${minutes}:${seconds}` : `${minutes}:${seconds}` }
}
