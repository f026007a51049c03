/**
 * One sale as it happens: a snapshot, then its stream folded in. Outside the query cache, in one
 * shallow reference, because at many events a second a cache that compares deeply cannot keep up.
 */
import { computed, onScopeDispose, shallowReadonly, shallowRef, type Ref } from 'vue'

import { fold, leap, merged, type LiveState } from './fold'
import { eventOf, heartbeatOf, liveState, skippedOf } from './wire'
import type { Auction } from '@/api/shapes'
import { answer, client } from '@/api/client'
import { SILENCE_MS, type Stream, type StreamState } from '@/kit/stream'
import { openSharedStream } from '@/kit/tabs'
import { useMarketClock } from '@/ui/useMarketClock'

export type Connection = 'opening' | 'good' | 'slow' | 'broken' | 'refused'

const SLOW_MS = 300
/** On waking, a line that said nothing for this long is renewed at once. */
const DOUBT_MS = 6000
const BIDS_PER_SNAPSHOT = 200
/** Events are left out where a great many watch: each of them reads what he misses at a moment of his own, in this time. */
const UNHURRIED_MS = 2000

export function useLiveAuction(id: string) {
  const clock = useMarketClock()
  const auction = shallowRef<Auction | null>(null)
  const state = shallowRef<LiveState | null>(null)
  const failure = shallowRef<unknown>(null)
  /** True while a hole in the record is being filled. */
  const repairing = shallowRef(false)
  const line = shallowRef<StreamState>({ kind: 'connecting', attempt: 0 })
  const lastBytes = shallowRef(performance.now())
  let stream: Stream | null = null
  let gone = false
  let fetching: Promise<void> | null = null
  let quiet: ReturnType<typeof setTimeout> | undefined

  async function fetchSnapshot(): Promise<void> {
    const params = { path: { id } }
    const [next, bids] = await Promise.all([
      answer(client.GET('/v1/auctions/{id}', { params })),
      answer(client.GET('/v1/auctions/{id}/bids', { params: { ...params, query: { limit: BIDS_PER_SNAPSHOT } } })),
    ])
    auction.value = next
    // A bid that was made between the two answers is in the list already; its event finds it there.
    const read = liveState(next, bids.data)
    state.value = state.value === null ? read : merged(state.value, read)
    failure.value = null
  }

  function refetch(): Promise<void> {
    fetching ??= fetchSnapshot().finally(() => (fetching = null))
    return fetching
  }

  async function repair(): Promise<void> {
    if (repairing.value) return
    repairing.value = true
    try {
      // The stream goes on meanwhile: what the snapshot holds already is dropped when it comes.
      await refetch()
    } catch {
      // The next heartbeat shows that something is still missing, and it is tried again.
    } finally {
      repairing.value = false
    }
  }

  /** Reads what was left out, soon: the price is right already, so nothing on the page says that it waits. */
  function fillIn(): void {
    quiet ??= setTimeout(() => {
      quiet = undefined
      // Where it fails, the list keeps its mark of what is missing, until the next reading.
      refetch().catch(() => undefined)
    }, UNHURRIED_MS * (0.25 + 0.75 * Math.random()))
  }

  function onSkipped(before: LiveState, data: string): void {
    const skipped = skippedOf(data)
    const passed = skipped === null ? null : leap(before, skipped)
    if (passed === null || passed.kind === 'gap') void repair()
    else if (passed.kind === 'next') {
      state.value = passed.state
      fillIn()
    }
  }

  function onEvent(name: string, data: string): void {
    if (state.value === null) return
    if (name === 'heartbeat') {
      const beat = heartbeatOf(data)
      if (beat === null) return
      clock.compare(beat.serverAt)
      if (beat.seq !== null && beat.seq > state.value.seq) void repair()
      return
    }
    if (name === 'skipped') return onSkipped(state.value, data)
    const event = eventOf(data)
    // What has happened lies behind us: a later instant means that the market's clock was moved.
    if (event !== null) clock.notBefore(event.at)
    const folded = event === null ? null : fold(state.value, event)
    if (folded === null || folded.kind === 'gap') void repair()
    else if (folded.kind === 'next') state.value = folded.state
  }

  function connect(): void {
    stream = openSharedStream(`auction:${id}`, {
      url: `/v1/auctions/${encodeURIComponent(id)}/stream`,
      lastEventId: String(state.value?.seq ?? ''),
      onEvent: (event) => onEvent(event.name, event.data),
      onState: (next) => (line.value = next),
      onBytes: () => (lastBytes.value = performance.now()),
    })
  }

  async function start(): Promise<void> {
    try {
      await refetch()
      if (!gone && stream === null) connect()
    } catch (error) {
      failure.value = error
    }
  }

  function wake(): void {
    if (document.visibilityState !== 'visible') return
    if (stream === null) void start()
    else if (performance.now() - lastBytes.value > DOUBT_MS) stream.wake()
  }

  /** The browser believes that a network came back: a line that waits for its next try need not wait. */
  function retry(): void {
    if (stream === null) void start()
    else if (line.value.kind === 'waiting') stream.wake()
  }

  void start()
  document.addEventListener('visibilitychange', wake)
  window.addEventListener('online', retry)
  onScopeDispose(() => {
    gone = true
    clearTimeout(quiet)
    stream?.stop()
    document.removeEventListener('visibilitychange', wake)
    window.removeEventListener('online', retry)
  })

  /** Real milliseconds since the last byte; renewed with the clock's reading. */
  const age = computed(() => (clock.reading.value, Math.max(0, performance.now() - lastBytes.value)))
  const connection = computed<Connection>(() => {
    const { kind } = line.value
    if (kind === 'refused' || kind === 'stopped') return 'refused'
    if (age.value > SILENCE_MS || kind === 'waiting') return 'broken'
    if (kind === 'connecting') return 'opening'
    return (clock.roundTrip.value ?? 0) > SLOW_MS ? 'slow' : 'good'
  })

  return {
    // The holders are read-only, not what they hold: a deep proxy of 500 bids would cost every event.
    auction: auction as Readonly<Ref<Auction | null>>,
    state: state as Readonly<Ref<LiveState | null>>,
    failure: shallowReadonly(failure),
    repairing: shallowReadonly(repairing),
    clock,
    age,
    connection,
    start,
    refetch: repair,
  }
}
