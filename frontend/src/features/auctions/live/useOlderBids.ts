/** The pages of a sale's bids below the newest one, read when they are asked for and not before. */
import { computed, readonly, shallowReadonly, shallowRef } from 'vue'

import type { LiveBid } from './fold'
import { bidOf } from './wire'
import { answer, client } from '@/api/client'

/** Rows of a page, the newest one included. */
export const ROWS = 50

interface Page {
  bids: readonly LiveBid[]
  /** Where the next older page begins; null at the first bid. */
  next: string | null
}

export function useOlderBids(id: string) {
  /** The older pages on the way to the one that is shown; empty while the newest bids are. */
  const pages = shallowRef<readonly Page[]>([])
  const working = shallowRef(false)
  const failure = shallowRef<unknown>(null)
  const shown = computed(() => pages.value.at(-1) ?? null)

  async function read(cursor: string | null): Promise<Page> {
    const query = cursor === null ? { limit: ROWS } : { limit: ROWS, cursor }
    const { data, next_cursor: next } = await answer(client.GET('/v1/auctions/{id}/bids', { params: { path: { id }, query } }))
    return { bids: data.map(bidOf), next: next ?? null }
  }

  async function older(): Promise<void> {
    if (working.value) return
    working.value = true
    failure.value = null
    const before = pages.value
    try {
      // The newest ones are on the screen: of them, only where they end is asked.
      const from = shown.value === null ? (await read(null)).next : shown.value.next
      if (from === null) return
      const page = await read(from)
      if (pages.value === before) pages.value = [...before, page]
    } catch (error) {
      failure.value = error
    } finally {
      working.value = false
    }
  }

  function newer(): void {
    pages.value = pages.value.slice(0, -1)
  }

  function newest(): void {
    pages.value = []
  }

  return {
    page: computed(() => shown.value?.bids ?? null),
    hasOlder: computed(() => shown.value?.next != null),
    working: readonly(working),
    failure: shallowReadonly(failure),
    older,
    newer,
    newest,
  }
}
