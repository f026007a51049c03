/**
 * What concerns my organisation, as it happens. It only marks cached answers as old, so that what is
 * on the screen is fetched anew; no page draws from the events themselves.
 */
import { useQueryClient } from '@tanstack/vue-query'
import { onScopeDispose, watch } from 'vue'

import { useSession } from './session'
import type { Stream } from '@/kit/stream'
import { openSharedStream } from '@/kit/tabs'

/** Rooms of the server and the cached answers that their events make old. */
const STALE: Record<string, readonly string[][]> = {
  markets: [['auctions', 'me'], ['listings', 'sales']],
  settlement: [['auctions', 'me']],
  auctions: [['auctions', 'me'], ['auctions', 'list']],
  contracts: [['contracts']],
  listings: [['listings']],
}

export function useOrganisationStream(): void {
  const queries = useQueryClient()
  const { session } = useSession()
  let stream: Stream | null = null

  function hear(kind: string): void {
    const room = kind.split('.')[0] ?? ''
    for (const queryKey of STALE[room] ?? []) void queries.invalidateQueries({ queryKey })
  }

  watch(
    () => session.value && `${session.value.user.id}:${session.value.party.id}`,
    (who) => {
      stream?.stop()
      stream =
        who === null
          ? null
          : openSharedStream(`organisation:${who}`, {
              url: '/v1/stream',
              onEvent: ({ name }) => hear(name),
              onState: () => undefined,
            })
    },
    { immediate: true },
  )
  onScopeDispose(() => stream?.stop())
}
