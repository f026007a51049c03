/** My organisation's contracts, and their confirmation. */
import { useInfiniteQuery, useQuery } from '@tanstack/vue-query'

import { answer, client } from '@/api/client'
import { intend, settled } from '@/api/idempotency'
import { mayHaveHappened } from '@/api/problems'
import type { Contract } from '@/api/shapes'

export function useContracts() {
  return useInfiniteQuery({
    queryKey: ['contracts', 'list'],
    initialPageParam: '',
    queryFn: ({ pageParam }) =>
      answer(client.GET('/v1/contracts', { params: { query: { limit: 30, ...(pageParam && { cursor: pageParam }) } } })),
    getNextPageParam: (page) => page.next_cursor,
  })
}

export function useContract(id: string) {
  return useQuery({
    queryKey: ['contracts', 'one', id],
    queryFn: () => answer(client.GET('/v1/contracts/{id}', { params: { path: { id } } })),
  })
}

/** Confirms my side of exactly the version that was read. */
export async function confirmContract(contract: Contract): Promise<Contract> {
  const name = `confirm:${contract.id}`
  const { key } = intend(name, String(contract.version))
  try {
    const confirmed = await answer(
      client.POST('/v1/contracts/{id}/confirmation', {
        params: { path: { id: contract.id }, header: { 'Idempotency-Key': key, 'if-match': `"v${contract.version}"` } },
      }),
    )
    settled(name)
    return confirmed
  } catch (error) {
    if (!mayHaveHappened(error)) settled(name)
    throw error
  }
}
