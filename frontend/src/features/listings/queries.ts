/** What the pages of achievements read. */
import { useInfiniteQuery, useQuery, type InfiniteData } from '@tanstack/vue-query'
import type { Ref } from 'vue'

import { answer, client } from '@/api/client'
import type { components, paths } from '@/api/generated/schema'

export type AchievementFilters = Omit<
  NonNullable<NonNullable<paths['/v1/achievements']['get']['parameters']['query']>>,
  'cursor' | 'limit'
>

type Page = components['schemas']['Page_AchievementLine']

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
