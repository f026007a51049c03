/** The desk's lists and sheets, and a decision with one key for each intent. */
import { useQuery } from '@tanstack/vue-query'

import type { Deed, Sheet, TaskKind } from './task'
import { once } from '@/api/once'

export function useTasks(kind: TaskKind) {
  return useQuery({ queryKey: ['desk', kind.name, 'list'], queryFn: kind.list, refetchOnWindowFocus: 'always' })
}

export function useSheet(kind: TaskKind, id: string) {
  return useQuery({ queryKey: ['desk', kind.name, 'one', id], queryFn: () => kind.read(id), staleTime: 0 })
}

export function decide(kind: TaskKind, id: string, sheet: Sheet, deed: Deed, reason: string): Promise<unknown> {
  const version = `"v${sheet.version}"`
  return once(`desk:${kind.name}:${id}`, `${deed.name} ${version} ${reason}`, (key) =>
    deed.run({ id, header: { 'Idempotency-Key': key, 'if-match': version }, reason }),
  )
}
