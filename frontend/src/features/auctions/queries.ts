/** What the pages of auctions read, apart from the live state. */
import { useInfiniteQuery, useQuery } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'

import { answer, client } from '@/api/client'
import { useSession } from '@/api/session'
import type { SaleStatus } from '@/api/shapes'

export function useAuctions(status: Ref<SaleStatus>) {
  return useInfiniteQuery({
    queryKey: ['auctions', 'list', status],
    initialPageParam: '',
    queryFn: ({ pageParam }) =>
      answer(
        client.GET('/v1/auctions', {
          params: { query: { limit: 30, status: status.value, ...(pageParam && { cursor: pageParam }) } },
        }),
      ),
    getNextPageParam: (page) => page.next_cursor,
  })
}

/** My own way into the sale. Only asked while signed in. */
export function useMyStanding(auctionId: string) {
  const { signedIn, session } = useSession()
  return useQuery({
    queryKey: ['auctions', 'me', auctionId, computed(() => session.value?.user.id)],
    enabled: signedIn,
    refetchOnWindowFocus: 'always',
    queryFn: () => answer(client.GET('/v1/auctions/{id}/me', { params: { path: { id: auctionId } } })),
  })
}
