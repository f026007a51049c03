/** Notices, their mends and objections: what the pages read and do. */
import { useInfiniteQuery, useQuery, type InfiniteData } from '@tanstack/vue-query'
import type { Ref } from 'vue'

import { answer, client } from '@/api/client'
import { intend, settled } from '@/api/idempotency'
import { mayHaveHappened } from '@/api/problems'
import type { Mend, NewMend, NewObjection, Notice, NoticeLine, NoticeStatus, Objection, ObjectionDecision } from '@/api/shapes'

interface Page {
  data: NoticeLine[]
  next_cursor: string | null
  has_more: boolean
}

export function useNotices(status: Ref<NoticeStatus | ''>) {
  return useInfiniteQuery<Page, Error, InfiniteData<Page>, readonly unknown[], string>({
    queryKey: ['notices', 'list', status],
    initialPageParam: '',
    placeholderData: (before) => before,
    queryFn: ({ pageParam }) =>
      answer(
        client.GET('/v1/notices', {
          params: { query: { limit: 20, ...(status.value && { status: status.value }), ...(pageParam && { cursor: pageParam }) } },
        }),
      ),
    getNextPageParam: (page) => page.next_cursor,
  })
}

export function useNotice(id: string) {
  return useQuery({
    queryKey: ['notices', 'one', id],
    queryFn: () => answer(client.GET('/v1/notices/{id}', { params: { path: { id } } })),
  })
}

export function useRevisions(id: string) {
  return useQuery({
    queryKey: ['notices', 'revisions', id],
    queryFn: () => answer(client.GET('/v1/notices/{id}/revisions', { params: { path: { id } } })),
  })
}

/** Objections to one notice that I may see. Asked for only by whoever is signed in. */
export function useObjections(id: string, enabled: Ref<boolean>) {
  return useQuery({
    queryKey: ['notices', 'objections', id],
    enabled,
    queryFn: async (): Promise<Objection[]> => {
      const { data } = await answer(client.GET('/v1/objections', { params: { query: { notice_id: id, limit: 50 } } }))
      return Promise.all(data.map((one) => answer(client.GET('/v1/objections/{id}', { params: { path: { id: one.id } } }))))
    },
  })
}

export function useMends(id: string, enabled: Ref<boolean>) {
  return useQuery({
    queryKey: ['notices', 'mends', id],
    enabled,
    queryFn: () => answer(client.GET('/v1/notice-mends', { params: { query: { notice_id: id, status: 'proposed' } } })),
  })
}

/** A short name for what is sent: texts of objections are not kept by the browser. */
function markOf(sent: unknown): string {
  let mark = 0
  for (const character of JSON.stringify(sent)) mark = (Math.imul(mark, 31) + (character.codePointAt(0) ?? 0)) | 0
  return String(mark)
}

/** One intention, one key: a press that is repeated after a lost answer does nothing twice. */
async function once<T>(name: string, sent: unknown, call: (key: string) => Promise<T>): Promise<T> {
  const { key } = intend(name, markOf(sent))
  try {
    const told = await call(key)
    settled(name)
    return told
  } catch (error) {
    if (!mayHaveHappened(error)) settled(name)
    throw error
  }
}

export function fileObjection(id: string, body: NewObjection): Promise<Objection> {
  return once(`object:${id}`, body, (key) =>
    answer(client.POST('/v1/notices/{id}/objections', { params: { path: { id }, header: { 'Idempotency-Key': key } }, body })),
  )
}

export function proposeMend(notice: Notice, body: NewMend): Promise<Mend> {
  return once(`mend:${notice.id}`, { body, version: notice.version }, (key) =>
    answer(
      client.POST('/v1/notices/{id}/mends', {
        params: { path: { id: notice.id }, header: { 'Idempotency-Key': key, 'if-match': `"v${notice.version}"` } },
        body,
      }),
    ),
  )
}

export function decideMend(mend: Mend, refusedFor: string | null): Promise<Mend> {
  const params = (key: string) => ({ path: { id: mend.id }, header: { 'Idempotency-Key': key, 'if-match': `"v${mend.version}"` } })
  return once(`mend-decision:${mend.id}`, { refusedFor, version: mend.version }, (key) =>
    refusedFor === null
      ? answer(client.POST('/v1/notice-mends/{id}/confirmation', { params: params(key) }))
      : answer(client.POST('/v1/notice-mends/{id}/refusal', { params: params(key), body: { reason: refusedFor } })),
  )
}

export type Step =
  | { act: 'acceptance' | 'investigation' | 'extension' | 'withdrawal' }
  | { act: 'rejection'; findings: string }
  | { act: 'decision'; decision: ObjectionDecision }

export function takeStep(one: Objection, step: Step): Promise<Objection> {
  const params = (key: string) => ({ path: { id: one.id }, header: { 'Idempotency-Key': key, 'if-match': `"v${one.version}"` } })
  return once(`objection:${one.id}:${step.act}`, { step, version: one.version }, (key) => {
    switch (step.act) {
      case 'acceptance':
        return answer(client.POST('/v1/objections/{id}/acceptance', { params: params(key) }))
      case 'investigation':
        return answer(client.POST('/v1/objections/{id}/investigation', { params: params(key) }))
      case 'extension':
        return answer(client.POST('/v1/objections/{id}/extension', { params: params(key) }))
      case 'withdrawal':
        return answer(client.POST('/v1/objections/{id}/withdrawal', { params: params(key) }))
      case 'rejection':
        return answer(client.POST('/v1/objections/{id}/rejection', { params: params(key), body: { findings: step.findings } }))
      case 'decision':
        return answer(client.POST('/v1/objections/{id}/decision', { params: params(key), body: step.decision }))
    }
  })
}

export function watchNotice(id: string, on: boolean): Promise<Notice> {
  const params = { path: { id } }
  return answer(on ? client.PUT('/v1/notices/{id}/watch', { params }) : client.DELETE('/v1/notices/{id}/watch', { params }))
}
