/** The form of a record, `jishi/auction-record/1`, and of a receipt, as far as this page reads them. */
import type { Json } from '@/kit/canonical'

export const SCHEMA = 'jishi/auction-record/1'

type Fields = { readonly [name: string]: Json }

export interface Text {
  salt: string | null
  text: string | null
  redaction: Fields | null
}

export interface Entry {
  seq: number
  kind: string
  at: string
  payload: Fields
  previous: string
  hash: string
  texts: { readonly [field: string]: Text }
  batch: number | null
  index: number | null
  path: readonly string[]
}

export interface Signed {
  signed_at: string
  algorithm: string
  key_id: string
  signature: string
}

export interface Batch extends Signed {
  root: string
  size: number
}

export interface Head extends Signed {
  seq: number
  hash: string
}

export interface Key {
  id: string
  public_key: string
  valid_from: string
  valid_until: string | null
}

export interface ListedBid {
  bid_no: number
  seq: number
  bidder_code: string
  amount_minor: number
  via: string
  at: string
}

export interface AuctionRecord {
  schema: string
  chain_algorithm: string
  auction: { id: string; number: string; title: string; seller_name: string }
  terms: Fields
  outcome: {
    status: string
    bidder_code: string | null
    amount_minor: number | null
    ended_at: string
    ends_at: string | null
    extension_count: number
    bid_count: number
    by_priority: boolean
  }
  facts: readonly Entry[]
  bids: readonly ListedBid[]
  batches: readonly Batch[]
  head: Head
  keys: readonly Key[]
}

export interface Receipt {
  algorithm: string
  auction_id: string
  seq: number
  hash: string
  size: number
  index: number
  path: readonly string[]
  root: string
  signed_at: string
  key_id: string
  signature: string
}

export type Document = { kind: 'record'; record: AuctionRecord } | { kind: 'receipt'; receipt: Receipt } | { kind: 'unknown' }

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value)

function isRecord(told: Fields): boolean {
  const parts = ['auction', 'terms', 'outcome', 'head'].every((name) => isFields(told[name]))
  const lists = ['facts', 'bids', 'batches', 'keys'].every((name) => Array.isArray(told[name]) && (told[name] as readonly Json[]).every(isFields))
  if (!parts || !lists) return false
  return (told['facts'] as readonly Fields[]).every(
    (entry) => isFields(entry['payload']) && isFields(entry['texts']) && Array.isArray(entry['path']) && typeof entry['at'] === 'string',
  )
}

/** What a file holds. */
export function readDocument(text: string): Document {
  let told: unknown
  try {
    told = JSON.parse(text)
  } catch {
    return { kind: 'unknown' }
  }
  if (!isFields(told)) return { kind: 'unknown' }
  if (told['schema'] === SCHEMA && isRecord(told)) return { kind: 'record', record: told as unknown as AuctionRecord }
  const receipt = !('schema' in told) && ['path', 'root', 'signature'].every((name) => name in told)
  return receipt ? { kind: 'receipt', receipt: told as unknown as Receipt } : { kind: 'unknown' }
}
