/**
 * Checks a record or a receipt in the browser: the chain of hashes, the signed batches, the signed head,
 * the texts beside the chain, opened envelopes against what was published before, and that what the record claims follows from its facts. Nothing here
 * asks anybody. Whether each decision kept the rules is judged by `python -m app verify`, which has them.
 */
import { checkEnvelopes } from './envelopes'
import type { AuctionRecord, Batch, Entry, Head, Key, Receipt, Signed } from './record'
import { stepsOf } from './replay'
import { canonical, type Json } from '@/kit/canonical'
import { hex, isSigned, joined, rootOfPath, sha256, unhex, utf8 } from '@/kit/digests'

const CHAIN = 'sha256/canonical-json/3'
const BATCH = 'ed25519/rfc6962-sha256/1'
const HEAD = 'ed25519/auction-head/1'

export interface Finding {
  code: string
  /** The entry at which it shows, where it shows at one. */
  seq: number | null
  name?: string
}

export interface Report {
  differences: Finding[]
  notes: Finding[]
  facts: number
  signatures: number
}

export type Keys = ReadonlyMap<string, string>

class Minutes {
  readonly report: Report = { differences: [], notes: [], facts: 0, signatures: 0 }

  differs(code: string, seq: number | null = null, name?: string): void {
    this.report.differences.push(name === undefined ? { code, seq } : { code, seq, name })
  }
}

async function keyId(publicKey: string): Promise<string> {
  return `ed25519-${hex(await sha256(unhex(publicKey, 32))).slice(0, 16)}`
}

/** Eight bytes, big-endian. */
function eight(number: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(number))
  return bytes
}

function leafOf(auctionId: string, seq: number, hash: string): Uint8Array<ArrayBuffer> {
  return joined(unhex(auctionId.replaceAll('-', ''), 16), eight(seq), unhex(hash, 32))
}

async function digestOf(auctionId: string, entry: Entry): Promise<string> {
  const { seq, kind, at, payload } = entry
  const body = canonical({ algorithm: CHAIN, auction_id: auctionId, seq, kind, at, payload })
  return hex(await sha256(joined(unhex(entry.previous, 32), utf8(body))))
}

async function checkChain(record: AuctionRecord, minutes: Minutes): Promise<void> {
  if (record.chain_algorithm !== CHAIN) return minutes.differs('algorithm_unknown', null, record.chain_algorithm)
  let previous = '0'.repeat(64)
  for (const [index, entry] of record.facts.entries()) {
    const place = index + 1
    if (entry.seq !== place) minutes.differs('entry_missing', place)
    if (entry.previous !== previous) minutes.differs('link_broken', place)
    if ((await digestOf(record.auction.id, entry)) !== entry.hash) minutes.differs('entry_altered', place)
    previous = entry.hash
  }
}

async function goodKeys(keys: readonly Key[], pinned: Keys | null, minutes: Minutes): Promise<Map<string, Key>> {
  const good = new Map<string, Key>()
  for (const key of keys) {
    if ((await keyId(key.public_key)) !== key.id) minutes.differs('key_not_itself', null, key.id)
    else if (pinned !== null && pinned.get(key.id) !== key.public_key) minutes.differs('key_not_pinned', null, key.id)
    else good.set(key.id, key)
  }
  if (pinned === null) minutes.report.notes.push({ code: 'keys_of_the_record', seq: null })
  return good
}

async function signedBy(keys: ReadonlyMap<string, Key>, part: Signed, statement: Json, seq: number | null, minutes: Minutes): Promise<boolean> {
  const key = keys.get(part.key_id)
  if (key === undefined) {
    minutes.differs('key_unknown', seq, part.key_id)
    return true
  }
  if (part.signed_at < key.valid_from || (key.valid_until !== null && part.signed_at > key.valid_until)) minutes.differs('key_out_of_time', seq, key.id)
  minutes.report.signatures += 1
  return isSigned(utf8(canonical(statement)), unhex(part.signature, 64), unhex(key.public_key, 32))
}

const batchStatement = ({ key_id, root, signed_at, size }: Pick<Batch, 'key_id' | 'root' | 'signed_at' | 'size'>): Json => ({ algorithm: BATCH, key_id, kind: 'batch', root, signed_at, size })

async function checkBatches(record: AuctionRecord, keys: ReadonlyMap<string, Key>, minutes: Minutes): Promise<void> {
  for (const [number, batch] of record.batches.entries()) {
    const first = record.facts.find((entry) => entry.batch === number)?.seq ?? null
    if (batch.algorithm !== BATCH) minutes.differs('algorithm_unknown', first, batch.algorithm)
    else if (!(await signedBy(keys, batch, batchStatement(batch), first, minutes))) minutes.differs('signature_wrong', first)
  }
  for (const entry of record.facts) {
    const batch = entry.batch === null ? undefined : record.batches[entry.batch]
    if (batch === undefined || entry.index === null) {
      minutes.differs('not_signed', entry.seq)
      continue
    }
    const path = entry.path.map((step) => unhex(step, 32))
    const root = await rootOfPath(leafOf(record.auction.id, entry.seq, entry.hash), entry.index, batch.size, path)
    if (root === null || hex(root) !== batch.root) minutes.differs('not_what_was_signed', entry.seq)
  }
}

async function checkHead(record: AuctionRecord, keys: ReadonlyMap<string, Key>, minutes: Minutes): Promise<void> {
  const head: Head = record.head
  const last = record.facts.at(-1)
  const { key_id, seq, hash, signed_at } = head
  const statement = { algorithm: HEAD, auction_id: record.auction.id, hash, key_id, kind: 'head', seq, signed_at }
  if (head.algorithm !== HEAD) minutes.differs('algorithm_unknown', null, head.algorithm)
  else if (!(await signedBy(keys, head, statement, seq, minutes))) minutes.differs('head_signature_wrong', seq)
  if (last === undefined || head.seq !== last.seq || head.hash !== last.hash) minutes.differs('head_not_the_last', last?.seq ?? null)
}

async function checkTexts(facts: readonly Entry[], minutes: Minutes): Promise<void> {
  for (const entry of facts) {
    const committed = Object.entries(entry.payload).flatMap(([name, value]) => {
      const wanted = typeof value === 'object' && value !== null && 'commitment' in value ? value['commitment'] : undefined
      return typeof wanted === 'string' && Object.keys(value as object).length === 1 ? [[name, wanted] as const] : []
    })
    for (const [name, wanted] of committed) {
      const text = entry.texts[name]
      if (text === undefined || (text.text === null && text.redaction === null)) minutes.differs('text_missing', entry.seq, name)
      else if (text.redaction !== null) minutes.report.notes.push({ code: 'text_redacted', seq: entry.seq, name })
      else if (text.salt === null || hex(await sha256(joined(unhex(text.salt, 16), utf8(canonical(text.text))))) !== wanted) minutes.differs('text_altered', entry.seq, name)
    }
    const names = new Set(committed.map(([name]) => name))
    for (const name of Object.keys(entry.texts)) if (!names.has(name)) minutes.differs('text_unknown', entry.seq, name)
  }
}

function checkBids(record: AuctionRecord, minutes: Minutes): void {
  const placed = record.facts.filter((entry) => entry.kind === 'bid_placed')
  if (placed.length !== record.bids.length) minutes.differs('bid_count_differs')
  const listed = new Map(record.bids.map((bid) => [bid.bid_no, bid]))
  for (const { seq, at, payload } of placed) {
    const bid = listed.get(Number(payload['bid_no']))
    const same = bid && bid.seq === seq && bid.at === at && bid.bidder_code === payload['bidder_code'] && bid.amount_minor === payload['amount_minor'] && bid.via === payload['via']
    if (!same) minutes.differs('bid_differs', seq)
  }
}

/** What the record claims beside its facts is what they come to; each bid is above the one it tops. */
function checkClaims(record: AuctionRecord, minutes: Minutes): void {
  const steps = stepsOf(record)
  const last = steps.at(-1)
  if (last === undefined) return minutes.differs('malformed')
  steps.forEach(({ entry, lead }, index) => {
    const before = steps[index - 1]?.lead
    const { via } = entry.payload
    if (entry.kind !== 'bid_placed' || via === 'priority' || !before || !lead) return
    // Sealed offers are entered lowest first, and some may be equal.
    const tooLow = via === 'sealed' ? lead.amountMinor < before.amountMinor : lead.amountMinor <= before.amountMinor
    if (tooLow) minutes.differs('bid_not_higher', entry.seq)
  })
  const won = last.entry.kind === 'knocked_down' ? last.entry.payload : null
  const reached: Record<string, unknown> = {
    status: last.status,
    bidder_code: won?.['bidder_code'] ?? null,
    amount_minor: won?.['amount_minor'] ?? null,
    ended_at: last.entry.at,
    ends_at: last.endsAt,
    extension_count: last.extensionCount,
    bid_count: last.bidCount,
    by_priority: won?.['by_priority'] === true,
  }
  for (const [name, value] of Object.entries(reached)) {
    if (record.outcome[name as keyof AuctionRecord['outcome']] !== value) minutes.differs('claim_differs', last.entry.seq, name)
  }
  if (won && record.terms['format'] === 'ascending' && won['amount_minor'] !== last.lead?.amountMinor) minutes.differs('claim_differs', last.entry.seq, 'amount_minor')
  const pinned = steps.findLast(({ entry }) => ['noticed', 'competition_called'].includes(entry.kind))?.entry.payload['terms']
  if (pinned !== undefined && canonical(pinned) !== canonical(record.terms)) minutes.differs('claim_differs', 1, 'terms')
  checkBids(record, minutes)
}

/** `pinned`: the market's keys by their id, known apart from the record; null where they are not. */
export async function checkRecord(record: AuctionRecord, pinned: Keys | null): Promise<Report> {
  const minutes = new Minutes()
  minutes.report.facts = record.facts.length
  try {
    await checkChain(record, minutes)
    const keys = await goodKeys(record.keys, pinned, minutes)
    await checkBatches(record, keys, minutes)
    await checkHead(record, keys, minutes)
    await checkTexts(record.facts, minutes)
    await checkEnvelopes(
      record.auction.id,
      record.facts,
      (code, seq, name) => minutes.differs(code, seq, name),
      (code, seq, name) => minutes.report.notes.push({ code, seq, name }),
    )
    checkClaims(record, minutes)
  } catch {
    // A value that is not of the documented form: there is nothing more to be said of it.
    minutes.differs('malformed')
  }
  return minutes.report
}

/** A receipt by itself, and against a record of the same sale where there is one. */
export async function checkReceipt(receipt: Receipt, keys: Keys, record: AuctionRecord | null): Promise<Report> {
  const minutes = new Minutes()
  minutes.report.facts = 1
  try {
    const { auction_id, seq, hash, index, size, path, root, key_id } = receipt
    if (receipt.algorithm !== BATCH) minutes.differs('algorithm_unknown', seq, receipt.algorithm)
    const reached = await rootOfPath(leafOf(auction_id, seq, hash), index, size, path.map((step) => unhex(step, 32)))
    if (reached === null || hex(reached) !== root) minutes.differs('not_what_was_signed', seq)
    const publicKey = keys.get(key_id)
    if (publicKey === undefined) minutes.differs('key_unknown', seq, key_id)
    else {
      minutes.report.signatures = 1
      const good = await isSigned(utf8(canonical(batchStatement(receipt))), unhex(receipt.signature, 64), unhex(publicKey, 32))
      if (!good) minutes.differs('signature_wrong', seq)
    }
    if (record !== null) {
      const entry = record.facts.find((one) => one.seq === seq)
      if (record.auction.id !== auction_id) minutes.differs('receipt_of_another_sale', seq)
      else if (entry?.hash !== hash) minutes.differs('receipt_differs_from_record', seq)
    }
  } catch {
    minutes.differs('malformed')
  }
  return minutes.report
}
