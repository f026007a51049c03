/** The market's clock for components: one for the page, synchronised each minute and on waking. */
import { onScopeDispose, shallowReadonly, shallowRef, type ShallowRef } from 'vue'

import { answer, client } from '@/api/client'
import { createClock, type ClockReading } from '@/kit/clock'
import { instant } from '@/kit/dates'

const EVERY_MS = 60_000
const TICK_MS = 200
/** A server time that lies this far from ours, in real milliseconds, means that the clock was moved. */
const JUMP_MS = 1500

const clock = createClock({
  ask: async () => {
    const { at, rate } = await answer(client.GET('/v1/time'))
    return { at: instant(at), rate }
  },
})

const reading = shallowRef<ClockReading>(clock.read())
const roundTrip = shallowRef<number | null>(null)
let users = 0
let running: Promise<void> | null = null
let minute: ReturnType<typeof setInterval> | undefined
let tick: ReturnType<typeof setInterval> | undefined

function look(): void {
  reading.value = clock.read()
}

function synchronise(): Promise<void> {
  running ??= clock
    .synchronise()
    .catch(() => undefined)
    .finally(() => {
      running = null
      roundTrip.value = clock.roundTrip()
      look()
    })
  return running
}

function wake(): void {
  if (document.visibilityState === 'visible') void synchronise()
}

function start(): void {
  void synchronise()
  minute = setInterval(() => void synchronise(), EVERY_MS)
  tick = setInterval(look, TICK_MS)
  document.addEventListener('visibilitychange', wake)
}

function stop(): void {
  clearInterval(minute)
  clearInterval(tick)
  document.removeEventListener('visibilitychange', wake)
}

export interface MarketClockForPages {
  /** Renewed five times a second while somebody looks. */
  reading: Readonly<ShallowRef<ClockReading>>
  roundTrip: Readonly<ShallowRef<number | null>>
  synchronise: () => Promise<void>
  /** Takes a server time that came by another way, and synchronises if ours no longer agrees. */
  compare: (serverAt: number) => void
  /** Takes an instant that has passed for certain, and synchronises if by our clock it has not. */
  notBefore: (passed: number) => void
}

export function useMarketClock(): MarketClockForPages {
  if (users === 0) start()
  users += 1
  onScopeDispose(() => {
    users -= 1
    if (users === 0) stop()
  })
  return {
    reading: shallowReadonly(reading),
    roundTrip: shallowReadonly(roundTrip),
    synchronise,
    compare(serverAt) {
      const { now, rate, uncertainty } = clock.read()
      if (!clock.known() || Math.abs(serverAt - now) / rate > JUMP_MS + uncertainty) void synchronise()
    },
    notBefore(passed) {
      const { now, rate, uncertainty } = clock.read()
      if (clock.known() && (passed - now) / rate > JUMP_MS + uncertainty) void synchronise()
    },
  }
}
