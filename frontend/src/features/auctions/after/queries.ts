/** What follows a sale: its result, the confirmation record, a finding of default, the re-auction. */
import { useQuery } from '@tanstack/vue-query'

import { answer, client } from '@/api/client'
import { once } from '@/api/once'
import { Refused } from '@/api/problems'
import { useSession } from '@/api/session'
import type { Confirmation, Default, Ground, NewTerms } from '@/api/shapes'

const on = (id: string) => ({ params: { path: { id } } })
const about = (id: string, key: string, version: number) => ({
  params: { path: { id }, header: { 'Idempotency-Key': key, 'if-match': `"v${version}"` } },
})

/** Nothing there, or nothing that is shown to this reader: both are "none". */
async function orNone<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof Refused && [403, 404].includes(error.status)) return null
    throw error
  }
}

export function useEnded(id: string) {
  return useQuery({ queryKey: ['auctions', 'after', 'sale', id], queryFn: () => answer(client.GET('/v1/auctions/{id}', on(id))) })
}

export function useResult(id: string) {
  return useQuery({ queryKey: ['auctions', 'after', 'result', id], queryFn: () => orNone(answer(client.GET('/v1/auctions/{id}/result', on(id)))) })
}

/** The confirmation record of the sale, where it concerns the reader. */
export function useConfirmation(id: string) {
  const { signedIn } = useSession()
  return useQuery({
    queryKey: ['auctions', 'after', 'confirmation', id],
    enabled: signedIn,
    queryFn: async () => (await answer(client.GET('/v1/sale-confirmations', { params: { query: { auction_id: id, limit: 1 } } }))).data[0] ?? null,
  })
}

/** `wanted`: whether there may be one that is shown to this reader. */
export function useDefault(id: string, wanted: () => boolean) {
  const { signedIn } = useSession()
  return useQuery({
    queryKey: ['auctions', 'after', 'default', id],
    enabled: () => signedIn.value && wanted(),
    queryFn: () => orNone(answer(client.GET('/v1/auctions/{id}/default', on(id)))),
  })
}

export function signConfirmation(record: Confirmation): Promise<Confirmation> {
  return once(`confirmation:${record.id}`, String(record.version), (key) =>
    answer(client.POST('/v1/sale-confirmations/{id}/signature', about(record.id, key, record.version))),
  )
}

export function proposeDefault(id: string, body: { ground: Ground; document_no: string; reason: string }): Promise<Default> {
  return once(`default:${id}`, JSON.stringify(body), (key) =>
    answer(client.POST('/v1/auctions/{id}/default', { params: { path: { id }, header: { 'Idempotency-Key': key } }, body })),
  )
}

export function confirmDefault(found: Default): Promise<Default> {
  return once(`default:${found.id}:decision`, `confirm ${found.version}`, (key) =>
    answer(client.POST('/v1/auctions/{id}/default/confirmation', about(found.auction_id, key, found.version))),
  )
}

export function refuseDefault(found: Default, reason: string): Promise<Default> {
  return once(`default:${found.id}:decision`, `refuse ${found.version} ${reason}`, (key) =>
    answer(client.POST('/v1/auctions/{id}/default/refusal', { ...about(found.auction_id, key, found.version), body: { reason } })),
  )
}

export function callReauction(id: string, body: { terms: NewTerms; decision_document_no: string | null; decided_on: string | null }) {
  return once(`reauction:${id}`, JSON.stringify(body), (key) =>
    answer(client.POST('/v1/auctions/{id}/reauction', { params: { path: { id }, header: { 'Idempotency-Key': key } }, body })),
  )
}
