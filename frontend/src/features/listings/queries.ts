/** What the pages of achievements read. */
import { useInfiniteQuery, useQuery, type InfiniteData } from '@tanstack/vue-query'
import type { Ref } from 'vue'

import { answer, client } from '@/api/client'
import type { AchievementCard, AchievementFilters } from '@/api/shapes'

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
    queryFn: () => answer(client.GET('/v1/achievements/{achievement_id}', { params: { path: { achievement_id: id } } })),
  })
}
