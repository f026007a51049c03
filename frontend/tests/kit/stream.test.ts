import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { createEventParser } from '@/kit/events'
import { backoff, openStream, SILENCE_MS, type StreamState } from '@/kit/stream'

describe('the event parser', () => {
  it('puts events together from pieces cut anywhere', () => {
    const text = 'id: 7\r\nevent: bid_placed\r\ndata: {"a":1,\r\ndata: "b":2}\r\n\r\n: ping\n\nevent: heartbeat\ndata: {}\n\n'
    for (let cut = 1; cut < text.length; cut += 1) {
      const parser = createEventParser()
      const events = [...parser.push(text.slice(0, cut)), ...parser.push(text.slice(cut))]
      expect(events).toEqual([
        { name: 'bid_placed', data: '{"a":1,\n"b":2}', id: '7' },
        { name: 'heartbeat', data: '{}', id: '7' },
      ])
    }
  })

  it('keeps the id that it started from until the stream sets another', () => {
    const parser = createEventParser('41')
    expect(parser.push('data: x\n\nid: 42\ndata: y\n\n')).toEqual([
      { name: 'message', data: 'x', id: '41' },
      { name: 'message', data: 'y', id: '42' },
    ])
  })

  it('hears how long to wait, and drops an event without data', () => {
    const parser = createEventParser()
    expect(parser.push('retry: 900\nevent: nothing\n\n')).toEqual([])
    expect(parser.retry()).toBe(900)
  })
})

/** A server that answers each connection as the list says and lets the test write into it. */
function server(statuses: number[], headers: Record<string, string> = {}) {
  const asked: Record<string, string>[] = []
  const pipes: { write: (text: string) => void; end: () => void }[] = []
  const encoder = new TextEncoder()
  const call = async (_url: unknown, init?: RequestInit) => {
    asked.push({ ...(init?.headers as Record<string, string>) })
    const status = statuses.shift() ?? 200
    if (status === 0) throw new TypeError('failed to fetch')
    if (status !== 200) return new Response(null, { status, headers })
    let controller: ReadableStreamDefaultController<Uint8Array>
    const body = new ReadableStream<Uint8Array>({ start: (c) => void (controller = c) })
    init?.signal?.addEventListener('abort', () => {
      try {
        controller.error(new DOMException('aborted', 'AbortError'))
      } catch {
        // It had ended already.
      }
    })
    pipes.push({
      write: (text) => controller.enqueue(encoder.encode(text)),
      end: () => controller.close(),
    })
    return { status, ok: true, headers: new Headers(), body } as unknown as Response
  }
  return { call: call as typeof fetch, asked, pipes }
}

describe('the stream', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  function open(statuses: number[], headers?: Record<string, string>) {
    const events: string[] = []
    const states: StreamState[] = []
    const there = server(statuses, headers)
    const stream = openStream({
      url: '/stream',
      lastEventId: '5',
      fetch: there.call,
      random: () => 1,
      onEvent: (event) => events.push(`${event.id} ${event.name}`),
      onState: (state) => states.push(state),
    })
    return { ...there, stream, events, states, kinds: () => states.map((state) => state.kind) }
  }
  const settle = (milliseconds = 0) => vi.advanceTimersByTimeAsync(milliseconds)

  it('sends where it was, on the first connection and on the next', async () => {
    const { asked, pipes, events, stream } = open([200, 200])
    await settle()
    pipes[0]?.write('id: 6\nevent: bid_placed\ndata: {}\n\n')
    await settle()
    pipes[0]?.end()
    await settle(500)
    expect(events).toEqual(['6 bid_placed'])
    expect(asked.map((headers) => headers['last-event-id'])).toEqual(['5', '6'])
    stream.stop()
  })

  it('comes back after a bad gateway and a cut line, twice a second at first', async () => {
    const { states, asked, stream } = open([502, 0, 200])
    await settle()
    await settle(500)
    await settle(500)
    expect(states.filter((state) => state.kind === 'waiting').map((state) => state.milliseconds)).toEqual([500, 500])
    expect(asked.length).toBe(3)
    expect(states.at(-1)?.kind).toBe('open')
    stream.stop()
  })

  it('waits as long as the server asks', async () => {
    const { states, stream } = open([503], { 'retry-after': '7' })
    await settle()
    expect(states.at(-1)).toEqual({ kind: 'waiting', milliseconds: 7000, status: 503 })
    stream.stop()
  })

  it('takes twelve seconds without a byte for a broken line', async () => {
    const { pipes, asked, kinds, stream } = open([200, 200])
    await settle()
    await settle(SILENCE_MS - 1)
    pipes[0]?.write(': still here\n\n')
    await settle(SILENCE_MS - 1)
    expect(asked.length).toBe(1)
    await settle(1)
    await settle(500)
    expect(asked.length).toBe(2)
    expect(kinds()).toEqual(['connecting', 'open', 'waiting', 'connecting', 'open'])
    stream.stop()
  })

  it('asks for a sign-in instead of knocking for ever', async () => {
    const { asked, states } = open([401])
    await settle(60_000)
    expect(asked.length).toBe(1)
    expect(states.at(-1)).toEqual({ kind: 'refused', status: 401 })
  })

  it('reconnects at once when woken, and not twice', async () => {
    const { asked, stream } = open([502, 200])
    await settle()
    stream.wake()
    await settle(60)
    expect(asked.map((headers) => headers['last-event-id'])).toEqual(['5', '5'])
    await settle(2000)
    expect(asked.length).toBe(2)
    stream.stop()
  })

  it('is silent once stopped', async () => {
    const { asked, stream, kinds } = open([200])
    await settle()
    stream.stop()
    await settle(60_000)
    expect(asked.length).toBe(1)
    expect(kinds()).toEqual(['connecting', 'open', 'stopped'])
  })
})

it('the wait is half a second for ten seconds and grows to three, with jitter below', () => {
  expect([0, 500, 9500, 10_000, 20_000, 90_000].map((waited) => backoff(waited, () => 1))).toEqual([500, 500, 500, 1000, 2000, 3000])
  expect(backoff(20_000, () => 0)).toBe(1000)
})

it('after any outage a line that is there again is found within three seconds', async () => {
  vi.useFakeTimers()
  try {
    let there = false
    let found = false
    const body = new ReadableStream<Uint8Array>()
    const call = async () => {
      if (!there) throw new TypeError('failed to fetch')
      found = true
      return { status: 200, ok: true, headers: new Headers(), body } as unknown as Response
    }
    const stream = openStream({ url: '/', fetch: call as typeof fetch, random: () => 1, onEvent: () => undefined, onState: () => undefined })
    await vi.advanceTimersByTimeAsync(600_000)
    there = true
    await vi.advanceTimersByTimeAsync(3000)
    expect(found).toBe(true)
    stream.stop()
  } finally {
    vi.useRealTimers()
  }
})
