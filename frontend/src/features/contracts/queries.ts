/** My organisation's contracts, and their confirmation. */
import { useInfiniteQuery } from '@tanstack/vue-query'

import { answer, client } from '@/api/client'
import { intend, settled } from '@/api/idempotency'
import { mayHaveHappened } from '@/api/problems'
import type { Contract } from '@/api/shapes'

export function useContracts() {
  return useInfiniteQuery({
    queryKey: ['contracts', 'list'],
    initialPageParam: '',
    queryFn: ({ pageParam }) => answer(client.GET('/v1/contracts', { params: { query: pageParam ? { cursor: pageParam } : {} } })),
    getNextPageParam: (page) => page.next_cursor,
  })
}

export async function confirmContract(contract: Contract): Promise<void> {
  const name = `confirm:${contract.id}`
  const { key } = intend(name, String(contract.version))
  try {
    await answer(
      client.POST('/v1/contracts/{id}/confirmation', {
        params: { path: { id: contract.id }, header: { 'Idempotency-Key': key } },
      }),
    )
  } catch (error) {
    if (!mayHaveHappened(error)) settled(name)
    throw error
  }
  settled(name)
}
