/** Paddles at the door of a hall. Every reading of the sheet is written down, so it is read when a clerk asks, not by itself. */
import { useQuery } from '@tanstack/vue-query'

import { answer, client } from '@/api/client'
import { once } from '@/api/once'
import { useSession } from '@/api/session'
import type { PaddleLine } from '@/api/shapes'

export function usePaddleSheet(id: string) {
  const { may } = useSession()
  return useQuery({
    queryKey: ['auctions', 'door', id],
    enabled: () => may('registration_review'),
    staleTime: Infinity,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    queryFn: () => answer(client.GET('/v1/sessions/{id}/paddles', { params: { path: { id } } })),
  })
}

export function handOut(line: PaddleLine) {
  return once(`paddle:${line.session_registration_id}`, `out ${line.version}`, (key) =>
    answer(client.POST('/v1/session-registrations/{id}/paddle', { params: parameters(line, key) })),
  )
}

export function exchange(line: PaddleLine, reason: string) {
  return once(`paddle:${line.session_registration_id}`, `exchange ${line.version} ${reason}`, (key) =>
    answer(client.POST('/v1/session-registrations/{id}/paddle/exchange', { params: parameters(line, key), body: { reason } })),
  )
}

function parameters(line: PaddleLine, key: string) {
  return { path: { id: line.session_registration_id }, header: { 'Idempotency-Key': key, 'if-match': `"v${line.version}"` } }
}
