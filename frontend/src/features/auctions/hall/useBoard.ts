/** A session's board as it happens: read once, then whole from its stream each time that it has changed. */
import { computed, onScopeDispose, shallowReadonly, shallowRef, type Ref } from 'vue'

import { heartbeatOf } from '../live/wire'
import { answer, client } from '@/api/client'
import type { SaleSession } from '@/api/shapes'
import { instant } from '@/kit/dates'
import { SILENCE_MS, type Stream, type StreamState } from '@/kit/stream'
import { openSharedStream } from '@/kit/tabs'
import { useMarketClock } from '@/ui/useMarketClock'

export function useBoard(id: string) {
  const clock = useMarketClock()
  const board = shallowRef<SaleSession | null>(null)
  const failure = shallowRef<unknown>(null)
  const line = shallowRef<StreamState>({ kind: 'connecting', attempt: 0 })
  const lastBytes = shallowRef(performance.now())
  let stream: Stream | null = null
  let gone = false

  function hear(name: string, data: string): void {
    if (name === 'heartbeat') {
      const beat = heartbeatOf(data)
      if (beat !== null) clock.compare(beat.serverAt)
    } else if (name === 'session') {
      const told = JSON.parse(data) as SaleSession
      clock.notBefore(instant(told.server_at))
      board.value = told
    }
  }

  async function start(): Promise<void> {
    try {
      board.value = await answer(client.GET('/v1/sessions/{id}', { params: { path: { id } } }))
      failure.value = null
      if (gone || stream !== null) return
      stream = openSharedStream(`session:${id}`, {
        url: `/v1/sessions/${encodeURIComponent(id)}/stream`,
        onEvent: (event) => hear(event.name, event.data),
        onState: (next) => (line.value = next),
        onBytes: () => (lastBytes.value = performance.now()),
      })
    } catch (error) {
      failure.value = error
    }
  }

  function wake(): void {
    if (document.visibilityState === 'visible') stream?.wake()
  }

  void start()
  document.addEventListener('visibilitychange', wake)
  onScopeDispose(() => {
    gone = true
    stream?.stop()
    document.removeEventListener('visibilitychange', wake)
  })

  const broken = computed(() => {
    const silent = (clock.reading.value, performance.now() - lastBytes.value > SILENCE_MS)
    return board.value !== null && (silent || line.value.kind === 'waiting' || line.value.kind === 'refused')
  })
  const turn = computed(() => board.value?.catalogue.find((lot) => lot.lot_no === board.value?.turn) ?? null)

  return {
    board: board as Readonly<Ref<SaleSession | null>>,
    turn,
    failure: shallowReadonly(failure),
    broken,
    reading: clock.reading,
    start,
  }
}
