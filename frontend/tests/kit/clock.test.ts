import { describe, expect, it } from 'vitest'

import { createClock, realUntil } from '@/kit/clock'

/** A page whose monotonic clock is moved by hand, and a server whose answers take a given time. */
function world(trips: { there: number; back: number }[], { offset = 1_000_000, rate = 1 } = {}) {
  let page = 0
  let turn = 0
  const clock = createClock({
    monotonic: () => page,
    ask: async () => {
      const trip = trips[turn++]
      if (!trip) throw new Error('cut')
      page += trip.there
      const at = offset + page * rate
      page += trip.back
      return { at, rate }
    },
  })
  return { clock, pass: (milliseconds: number) => (page += milliseconds), truth: () => offset + page * rate }
}

describe('the market clock', () => {
  it('is unknown before its first sample', () => {
    const { clock } = world([])
    expect(clock.known()).toBe(false)
    expect(clock.read().uncertainty).toBe(Infinity)
  })

  it('believes the sample with the shortest way there and back', async () => {
    const { clock, truth } = world([
      { there: 400, back: 10 },
      { there: 20, back: 20 },
      { there: 5, back: 300 },
    ])
    await clock.synchronise(3)
    expect(clock.roundTrip()).toBe(40)
    expect(clock.read().now).toBe(truth())
    expect(clock.read().uncertainty).toBe(20)
  })

  it('is off by no more than half the round trip when the way is lopsided', async () => {
    const { clock, truth } = world([{ there: 180, back: 20 }])
    await clock.synchronise(1)
    const { now, uncertainty } = clock.read()
    expect(Math.abs(now - truth())).toBe(80)
    expect(uncertainty).toBe(100)
  })

  it('tells a time from the first answer on, while the others are still awaited', async () => {
    const answers: ((at: number) => void)[] = []
    const clock = createClock({
      monotonic: () => 0,
      ask: () => new Promise((resolve) => answers.push((at) => resolve({ at, rate: 1 }))),
    })
    const done = clock.synchronise(2)
    answers[0]?.(5000)
    await new Promise((resolve) => setTimeout(resolve, 0))
    expect(clock.read().now).toBe(5000)
    answers[1]?.(5000)
    await done
  })

  it('runs on by the monotonic clock, at the rate of the market', async () => {
    const { clock, pass, truth } = world([{ there: 10, back: 10 }], { rate: 60 })
    await clock.synchronise(1)
    pass(2000)
    expect(clock.read().now).toBe(truth())
    expect(realUntil(clock.read(), truth() + 120_000)).toBe(2000)
  })

  it('keeps what it has when single questions fail, and fails when all do', async () => {
    const { clock } = world([{ there: 10, back: 10 }])
    await clock.synchronise(3)
    expect(clock.known()).toBe(true)
    await expect(clock.synchronise(2)).rejects.toThrow('cut')
    expect(clock.known()).toBe(true)
  })

  it('drops samples from before a change of the rate', async () => {
    let page = 0
    const answers = [
      { at: 1000, rate: 1, trip: 2 },
      { at: 5000, rate: 60, trip: 50 },
    ]
    const clock = createClock({
      monotonic: () => page,
      ask: async () => {
        const answer = answers.shift() ?? { at: 0, rate: 0, trip: 0 }
        page += answer.trip
        return answer
      },
    })
    await clock.synchronise(2)
    expect(clock.read().rate).toBe(60)
  })
})
