/**
 * One stream for all tabs of a browser.
 *
 * Over HTTP/1.1 a browser holds six connections to a server; six open streams would block every
 * further call, a bid included. So one tab holds the stream (whoever has the lock) and tells the
 * others what came. When it is closed the lock passes on, and the next tab resumes from the last
 * event that it saw. Without locks (on plain http of an intranet) each tab has a stream of its own.
 */
import type { StreamEvent } from './events'
import { openStream, type Stream, type StreamParts, type StreamState } from './stream'

type Word =
  | { kind: 'event'; event: StreamEvent }
  | { kind: 'state'; state: StreamState }
  | { kind: 'bytes' }
  /** Somebody new asks how things stand. */
  | { kind: 'hello' }
  /** Somebody has heard nothing for too long. */
  | { kind: 'wake' }

export interface Channel {
  postMessage(word: unknown): void
  close(): void
  addEventListener(type: 'message', hear: (message: { data: unknown }) => void): void
}

export interface TabsParts {
  /** Runs `hold` once this tab has the lock, and keeps the lock until the promise settles. */
  lock: (name: string, signal: AbortSignal, hold: () => Promise<void>) => void
  channel: (name: string) => Channel
  open: (parts: StreamParts) => Stream
}

function browserParts(): TabsParts | null {
  const locks = globalThis.navigator?.locks
  if (!locks || typeof BroadcastChannel === 'undefined') return null
  return {
    // A request that is given up rejects; there is nothing to do about it.
    lock: (name, signal, hold) => void locks.request(name, { signal }, hold).catch(() => undefined),
    channel: (name) => new BroadcastChannel(name),
    open: openStream,
  }
}

export function openSharedStream(
  name: string,
  parts: StreamParts,
  tabs: TabsParts | null = browserParts(),
): Stream {
  if (tabs === null) return openStream(parts)
  const { open } = tabs
  const channel = tabs.channel(`jishi:${name}`)
  const giveUp = new AbortController()
  let lastId = parts.lastEventId ?? ''
  let own: Stream | null = null
  let state: StreamState = { kind: 'connecting', attempt: 0 }
  let release: () => void = () => undefined
  let stopped = false

  const tell = (word: Word) => {
    if (!stopped) channel.postMessage(word)
  }

  function lead(): Promise<void> {
    if (stopped) return Promise.resolve()
    own = open({
      ...parts,
      lastEventId: lastId,
      onEvent(event) {
        lastId = event.id
        tell({ kind: 'event', event })
        parts.onEvent(event)
      },
      onState(next) {
        state = next
        tell({ kind: 'state', state: next })
        parts.onState(next)
      },
      onBytes() {
        tell({ kind: 'bytes' })
        parts.onBytes?.()
      },
    })
    return new Promise((resolve) => (release = resolve))
  }

  function hear(word: Word): void {
    if (word.kind === 'hello') {
      if (own !== null) tell({ kind: 'state', state })
    } else if (word.kind === 'wake') {
      own?.wake()
    } else if (own !== null) {
      // Two leaders cannot be; a word that was under way when the lock passed on is old news.
    } else if (word.kind === 'event') {
      lastId = word.event.id
      parts.onEvent(word.event)
    } else if (word.kind === 'bytes') {
      parts.onBytes?.()
    } else if (word.state.kind !== 'stopped') {
      // That the leading tab was closed is no end of the stream: the next one takes over.
      parts.onState(word.state)
    }
  }

  channel.addEventListener('message', (message) => hear(message.data as Word))
  tell({ kind: 'hello' })
  tabs.lock(`jishi:${name}`, giveUp.signal, lead)

  return {
    wake() {
      if (own !== null) own.wake()
      else tell({ kind: 'wake' })
    },
    stop() {
      if (stopped) return
      own?.stop()
      stopped = true
      giveUp.abort()
      release()
      channel.close()
    },
  }
}
