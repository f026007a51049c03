import { describe, expect, it } from 'vitest'

import { createAnnouncer, markPassed } from '@/kit/announce'

function listener() {
  const said: string[] = []
  const tasks: { run: () => void; at: number }[] = []
  let now = 0
  const announcer = createAnnouncer({
    say: (text, loudness) => said.push(`${loudness}: ${text}`),
    monotonic: () => now,
    later: (run, milliseconds) => {
      const task = { run, at: now + milliseconds }
      tasks.push(task)
      return () => void tasks.splice(tasks.indexOf(task), 1)
    },
  })
  const pass = (milliseconds: number) => {
    now += milliseconds
    for (const task of tasks.splice(0).filter((one) => one.at <= now || !tasks.push(one))) task.run()
  }
  return { announcer, said, pass }
}

describe('speech', () => {
  it('says the first price at once and later ones at most every three seconds, newest only', () => {
    const { announcer, said, pass } = listener()
    announcer.price('210')
    announcer.price('211')
    pass(1000)
    announcer.price('212')
    expect(said).toEqual(['polite: 210'])
    pass(2000)
    expect(said).toEqual(['polite: 210', 'polite: 212'])
  })

  it('interrupts for being outbid, whatever waits', () => {
    const { announcer, said } = listener()
    announcer.price('210')
    announcer.outbid('outbid')
    expect(said).toEqual(['polite: 210', 'assertive: outbid'])
  })

  it('says nothing more once stopped', () => {
    const { announcer, said, pass } = listener()
    announcer.price('210')
    announcer.price('211')
    announcer.stop()
    pass(10_000)
    expect(said).toEqual(['polite: 210'])
  })
})

describe('the marks of the time left', () => {
  it('are passed once, on the way down', () => {
    expect(markPassed(301_000, 299_900)).toBe(300)
    expect(markPassed(299_900, 299_000)).toBeNull()
    expect(markPassed(10_500, 10_000)).toBe(10)
    expect(markPassed(100, -20)).toBeNull()
  })

  it('give the nearest one after a sleep', () => {
    expect(markPassed(400_000, 25_000)).toBe(30)
  })

  it('count again after an extension', () => {
    expect(markPassed(9000, 309_000)).toBeNull()
    expect(markPassed(309_000, 299_500)).toBe(300)
  })
})
