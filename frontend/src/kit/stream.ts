/**
 * A stream of server-sent events that is read with `fetch`.
 *
 * `EventSource` gives up for good after a bad answer on a reconnect, hides the status and forgets
 * where it was. This one always comes back: after a good line it tries twice a second for ten seconds
 * (most cuts are that short, and a bidder waits), then less and less often up to every 3 s, all with
 * jitter, or as long as the server asks. It sends `Last-Event-ID`, and treats 12 s without a single
 * byte as broken. Only bytes count: what the browser thinks of being online is no more than a reason
 * to try at once.
 */
import { createEventParser, type StreamEvent } from './events'

export type StreamState =
  | { kind: 'connecting'; attempt: number }
  | { kind: 'open' }
  | { kind: 'waiting'; milliseconds: number; status: number | null }
  | { kind: 'refused'; status: number }
  | { kind: 'stopped' }

export interface StreamParts {
  url: string
  lastEventId?: string
  onEvent: (event: StreamEvent) => void
  onState: (state: StreamState) => void
  /** Called for every piece of bytes, heartbeat or event. */
  onBytes?: () => void
  fetch?: typeof fetch
  random?: () => number
}

export interface Stream {
  /** Reconnects at once, from the last event seen. */
  wake(): void
  stop(): void
}

export const SILENCE_MS = 12_000
const QUICK_WAIT_MS = 500
/** So long after the line was lost it is tried at the quick pace. */
const QUICK_FOR_MS = 10_000
const LONGEST_WAIT_MS = 3000
/** Answers that asking again does not change: only signing in, or leaving, does. */
const FINAL = new Set([400, 401, 403, 404, 410])

/** The wait before the next try; `waited` is how long all waits since the last good line took. Milliseconds. */
export function backoff(waited: number, random: () => number): number {
  const ceiling = waited < QUICK_FOR_MS ? QUICK_WAIT_MS : Math.min(LONGEST_WAIT_MS, waited / 10)
  return Math.round(ceiling / 2 + (ceiling / 2) * random())
}

/** Milliseconds of a Retry-After in seconds; a date there is not used by this server. */
export function retryAfter(headers: Headers): number | null {
  const text = headers.get('retry-after')
  return text !== null && /^\d+$/.test(text) ? Number(text) * 1000 : null
}

export function openStream(parts: StreamParts): Stream {
  const { url, onEvent, onState, onBytes, random = Math.random } = parts
  const call = parts.fetch ?? fetch
  let lastId = parts.lastEventId ?? ''
  let attempt = 0
  let waited = 0
  let stopped = false
  let current: AbortController | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let silence: ReturnType<typeof setTimeout> | undefined

  function wait(status: number | null, asked: number | null): void {
    if (stopped) return
    const milliseconds = asked ?? backoff(waited, random)
    attempt += 1
    waited += milliseconds
    onState({ kind: 'waiting', milliseconds, status })
    timer = setTimeout(() => void connect(), milliseconds)
  }

  function listen(controller: AbortController): void {
    clearTimeout(silence)
    silence = setTimeout(() => controller.abort(), SILENCE_MS)
  }

  async function read(body: ReadableStream<Uint8Array>, controller: AbortController): Promise<number | null> {
    const parser = createEventParser(lastId)
    const decoder = new TextDecoder()
    const reader = body.getReader()
    for (;;) {
      const { done, value } = await reader.read()
      if (done || controller.signal.aborted) return parser.retry()
      listen(controller)
      onBytes?.()
      for (const event of parser.push(decoder.decode(value, { stream: true }))) {
        lastId = event.id
        attempt = waited = 0
        onEvent(event)
      }
    }
  }

  async function connect(): Promise<void> {
    const controller = new AbortController()
    current = controller
    onState({ kind: 'connecting', attempt })
    listen(controller)
    let status: number | null = null
    let asked: number | null = null
    try {
      const headers: Record<string, string> = { accept: 'text/event-stream' }
      if (lastId !== '') headers['last-event-id'] = lastId
      const answer = await call(url, {
        headers,
        cache: 'no-store',
        credentials: 'same-origin',
        signal: controller.signal,
      })
      status = answer.status
      asked = retryAfter(answer.headers)
      if (FINAL.has(answer.status)) {
        stopped = true
        onState({ kind: 'refused', status: answer.status })
        return
      }
      if (answer.ok && answer.body !== null) {
        onState({ kind: 'open' })
        asked = await read(answer.body, controller)
      }
    } catch {
      // A cut connection, an abort after silence, a name that does not resolve: all end in a wait.
    } finally {
      clearTimeout(silence)
      controller.abort()
      if (current === controller) {
        current = null
        wait(status, asked)
      }
    }
  }

  void connect()

  return {
    wake() {
      if (stopped) return
      clearTimeout(timer)
      const running = current
      current = null
      running?.abort()
      attempt = waited = 0
      void connect()
    },
    stop() {
      stopped = true
      clearTimeout(timer)
      clearTimeout(silence)
      const running = current
      current = null
      running?.abort()
      onState({ kind: 'stopped' })
    },
  }
}
