/** What the pages of achievements read. */
import { useInfiniteQuery, useQuery, type InfiniteData } from '@tanstack/vue-query'
import type { Ref } from 'vue'

import { answer, client } from '@/api/client'
import type { AchievementCard, AchievementFilters, OfferingLine } from '@/api/shapes'

interface Page {
  data: AchievementCard[]
  next_cursor: string | null
  has_more: boolean
}

export function useAchievements(filters: Ref<AchievementFilters>) {
  return useInfiniteQuery<Page, Error, InfiniteData<Page>, readonly unknown[], string>({
    queryKey: ['listings', 'list', filters],
    initialPageParam: '',
    // The old list stays while the next one comes.
    placeholderData: (before) => before,
    queryFn: ({ pageParam }) =>
      answer(
        client.GET('/v1/achievements', {
          params: { query: { ...filters.value, limit: 20, ...(pageParam && { cursor: pageParam }) } },
        }),
      ),
    getNextPageParam: (page) => page.next_cursor,
  })
}

export function useAchievement(id: string) {
  return useQuery({
    queryKey: ['listings', 'one', id],
    queryFn: () => answer(client.GET('/v1/achievements/{id}', { params: { path: { id } } })),
  })
}

export interface Sale {
  offering: OfferingLine
  /** The page on which its auction runs, if it has one. */
  auctionId: string | null
}

/** What of this achievement is on the market now, with the auctions that go with it. */
export function useSales(achievementId: string) {
  return useQuery({
    queryKey: ['listings', 'sales', achievementId],
    queryFn: async (): Promise<Sale[]> => {
      const query = { achievement_id: achievementId, limit: 20 }
      const { data } = await answer(client.GET('/v1/offerings', { params: { query } }))
      return Promise.all(data.map(async (offering) => ({ offering, auctionId: await auctionOf(offering) })))
    },
  })
}

async function auctionOf(offering: OfferingLine): Promise<string | null> {
  if (offering.path === 'negotiated') return null
  const query = { offering_id: offering.id, limit: 1 }
  const { data } = await answer(client.GET('/v1/auctions', { params: { query } }))
  return data[0]?.id ?? null
}
