import { describe, expect, it } from 'vitest'

import type { Stream, StreamParts } from '@/kit/stream'
import { openSharedStream, type Channel, type TabsParts } from '@/kit/tabs'

/** A browser: one lock, one channel that every tab hears but the speaker, and streams that the test feeds. */
function browser() {
  const channels = new Map<Channel, (message: { data: unknown }) => void>()
  const opened: { parts: StreamParts; stopped: boolean; woken: number }[] = []
  const waiting: { signal: AbortSignal; hold: () => Promise<void> }[] = []
  let held = false

  async function next(): Promise<void> {
    const first = held ? undefined : waiting.shift()
    if (!first) return
    if (!first.signal.aborted) {
      held = true
      await first.hold()
      held = false
    }
    await next()
  }

  const tabs: TabsParts = {
    lock: (_name, signal, hold) => {
      waiting.push({ signal, hold })
      void next()
    },
    channel: () => {
      const channel: Channel = {
        addEventListener: (_type, hear) => void channels.set(channel, hear),
        close: () => void channels.delete(channel),
        postMessage: (data) => {
          for (const [other, hear] of channels) if (other !== channel) hear({ data })
        },
      }
      return channel
    },
    open: (parts): Stream => {
      const record = { parts, stopped: false, woken: 0 }
      opened.push(record)
      parts.onState({ kind: 'open' })
      return { wake: () => void (record.woken += 1), stop: () => void (record.stopped = true) }
    },
  }

  function tab(lastEventId = '5') {
    const heard: string[] = []
    const stream = openSharedStream(
      'a1',
      {
        url: '/stream',
        lastEventId,
        onEvent: (event) => heard.push(event.id),
        onState: (state) => heard.push(state.kind),
        onBytes: () => heard.push('bytes'),
      },
      tabs,
    )
    return { heard, stream }
  }
  const say = (id: string) => opened.at(-1)?.parts.onEvent({ id, name: 'bid_placed', data: '{}' })
  return { tab, opened, say }
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 0))

describe('several tabs', () => {
  it('share one stream, and all hear the same', () => {
    const { tab, opened, say } = browser()
    const first = tab()
    const second = tab()
    say('6')
    opened[0]?.parts.onBytes?.()
    expect(opened.length).toBe(1)
    expect(first.heard).toEqual(['open', '6', 'bytes'])
    expect(second.heard).toEqual(['open', '6', 'bytes'])
  })

  it('hand the stream over when the leading one closes, from the last event that was seen', async () => {
    const { tab, opened, say } = browser()
    const first = tab()
    const second = tab('3')
    say('6')
    first.stream.stop()
    await settle()
    expect(opened.map(({ parts, stopped }) => [parts.lastEventId, stopped])).toEqual([
      ['5', true],
      ['6', false],
    ])
    say('7')
    expect(second.heard).toEqual(['open', '6', 'open', '7'])
    expect(first.heard).toEqual(['open', '6'])
  })

  it('wake the one that leads', () => {
    const { tab, opened } = browser()
    tab()
    tab().stream.wake()
    expect(opened.map(({ woken }) => woken)).toEqual([1])
  })

  it('never open a stream for a tab that closed while it waited', async () => {
    const { tab, opened } = browser()
    const first = tab()
    tab().stream.stop()
    first.stream.stop()
    await settle()
    expect(opened.length).toBe(1)
  })
})
