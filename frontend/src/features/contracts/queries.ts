/** My organisation's contracts, and their confirmation. */
import { useInfiniteQuery } from '@tanstack/vue-query'

import { answer, client } from '@/api/client'
import type { components } from '@/api/generated/schema'
import { intend, settled } from '@/api/idempotency'
import { mayHaveHappened } from '@/api/problems'

export type Contract = components['schemas']['ContractLine']

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
      client.POST('/v1/contracts/{id}/confirmations', {
        params: { path: { id: contract.id }, header: { 'Idempotency-Key': key } },
        body: {},
      }),
    )
  } catch (error) {
    if (!mayHaveHappened(error)) settled(name)
    throw error
  }
  settled(name)
}
