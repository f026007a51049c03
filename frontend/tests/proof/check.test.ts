import { describe, expect, it } from 'vitest'

import text from '../support/record.json?raw'
import { checkReceipt, checkRecord } from '@/features/proof/check'
import { readDocument, type AuctionRecord, type Entry, type Receipt } from '@/features/proof/record'
import { stepsOf } from '@/features/proof/replay'
import { canonical } from '@/kit/canonical'
import { ability, hex, rootOfPath, sha256, utf8 } from '@/kit/digests'

/** A record that the server's own code wrote, of a sale with a suspension and eleven extensions. */
function aRecord(change: (record: AuctionRecord) => unknown = () => undefined): AuctionRecord {
  const found = readDocument(text)
  if (found.kind !== 'record') throw new Error('the sample is no record')
  change(found.record)
  return found.record
}

const loose = (value: unknown) => value as Record<string, unknown>
const at = (record: AuctionRecord, seq: number) => record.facts[seq - 1] as Entry & Record<string, unknown>
const codes = async (record: AuctionRecord) => (await checkRecord(record, null)).differences.map(({ code, seq }) => `${code} ${seq}`)
const keysOf = (record: AuctionRecord) => new Map(record.keys.map((key) => [key.id, key.public_key]))

function aReceipt(record: AuctionRecord, seq: number): Receipt {
  const entry = at(record, seq)
  const batch = record.batches[entry.batch ?? 0]
  if (!batch) throw new Error('no batch')
  const { root, size, signed_at, algorithm, key_id, signature } = batch
  return { algorithm, auction_id: record.auction.id, seq, hash: entry.hash, size, index: entry.index ?? 0, path: entry.path, root, signed_at, key_id, signature }
}

describe('a record', () => {
  it('that is whole verifies, with the keys of the market as with its own', async () => {
    const record = aRecord()
    const report = await checkRecord(record, keysOf(record))
    expect([report.differences, report.notes, report.facts]).toEqual([[], [], record.facts.length])
    expect(report.signatures).toBe(record.batches.length + 1)
    expect((await checkRecord(record, null)).notes).toEqual([{ code: 'keys_of_the_record', seq: null }])
  })

  it('fails where one amount is another, and says at which entry', async () => {
    const altered = aRecord((record) => Object.assign(loose(at(record, 10).payload), { amount_minor: 210_000_001 }))
    expect(await codes(altered)).toContain('entry_altered 10')
  })

  it('fails whatever single character of an entry is altered', async () => {
    for (const [from, to] of [['"3172"', '"3173"'], ['02:05:09', '02:05:08'], ['"web"', '"wed"']] as const) {
      const found = readDocument(text.replace(from, to))
      expect(found.kind === 'record' && (await codes(found.record)).length).toBeGreaterThan(0)
    }
  })

  it('fails where an entry is left out, the head is another, or a signature is not the key\'s', async () => {
    expect(await codes(aRecord((record) => loose(record)['facts'] = record.facts.toSpliced(11, 1)))).toContain('link_broken 12')
    expect(await codes(aRecord((record) => Object.assign(record.head, { seq: 31 })))).toContain('head_not_the_last 32')
    expect(await codes(aRecord((record) => Object.assign(record.head, { signature: '0'.repeat(128) })))).toContain('head_signature_wrong 32')
    expect(await codes(aRecord((record) => Object.assign(loose(record.batches[0]), { signature: '0'.repeat(128) })))).toContain('signature_wrong 1')
  })

  it('fails where the outcome or the list of bids is not what the facts come to', async () => {
    expect(await codes(aRecord((record) => Object.assign(record.outcome, { bidder_code: '3260' })))).toEqual(['claim_differs 32'])
    expect(await codes(aRecord((record) => Object.assign(record.outcome, { ends_at: null })))).toEqual(['claim_differs 32'])
    expect(await codes(aRecord((record) => Object.assign(loose(record.bids[3]), { via: 'floor' })))).toEqual(['bid_differs 14'])
  })

  it('fails where a text was changed, and notes a text that was redacted by law', async () => {
    expect(await codes(aRecord((record) => Object.assign(loose(at(record, 7).texts['note']), { text: '另一句话' })))).toEqual(['text_altered 7'])
    const redaction = { reason: 'personal_data', document_no: '1', requested_by: 'a', decided_by: 'b', at: '2026-01-01T00:00:00.000000Z' }
    const redacted = aRecord((record) => Object.assign(loose(at(record, 7).texts['note']), { text: null, salt: null, redaction }))
    expect(await checkRecord(redacted, keysOf(redacted))).toMatchObject({ differences: [], notes: [{ code: 'text_redacted', seq: 7 }] })
  })

  it('is believed by the market\'s keys alone where they are known', async () => {
    const report = await checkRecord(aRecord(), new Map([['ed25519-0000000000000000', '00'.repeat(32)]]))
    expect(report.differences[0]?.code).toBe('key_not_pinned')
  })

  it('of another form is not guessed at', async () => {
    expect([readDocument('{}').kind, readDocument('no json').kind, readDocument('{"schema":"jishi/auction-record/2"}').kind]).toEqual(['unknown', 'unknown', 'unknown'])
    expect(await codes(aRecord((record) => Object.assign(at(record, 3), { previous: 'xyz' })))).toContain('malformed null')
    expect(await codes(aRecord((record) => Object.assign(loose(at(record, 10).payload), { amount_minor: 1.5 })))).toContain('malformed null')
  })
})

describe('a receipt', () => {
  it('verifies by itself and against its record', async () => {
    const record = aRecord()
    expect((await checkReceipt(aReceipt(record, 10), keysOf(record), record)).differences).toEqual([])
  })

  it('fails where it is altered, of another record, or of an unknown key', async () => {
    const record = aRecord()
    const receipt = aReceipt(record, 10)
    const found = async (change: Partial<Receipt>) => (await checkReceipt({ ...receipt, ...change }, keysOf(record), record)).differences.map(({ code }) => code)
    expect(await found({ seq: 11 })).toEqual(['not_what_was_signed', 'receipt_differs_from_record'])
    expect(await found({ signature: '0'.repeat(128) })).toEqual(['signature_wrong'])
    expect((await checkReceipt(receipt, new Map(), null)).differences.map(({ code }) => code)).toEqual(['key_unknown'])
    expect((await checkReceipt({ ...receipt, index: 99 }, keysOf(record), null)).differences.map(({ code }) => code)).toEqual(['not_what_was_signed'])
  })
})

it('the replay has the price, the leader and the end after each fact', () => {
  const steps = stepsOf(aRecord())
  expect(steps.map(({ lead }) => lead?.amountMinor ?? 0).at(9)).toBe(210_000_000)
  expect(steps.at(-1)).toMatchObject({ status: 'awarded', lead: { code: '3172', amountMinor: 310_000_000 }, bidCount: 12, extensionCount: 11 })
})

it('canonical JSON has one spelling, and no room for a float', () => {
  expect(canonical({ b: [1, null, true], a: '中"\n', c: {} })).toBe('{"a":"中\\"\\n","b":[1,null,true],"c":{}}')
  expect(() => canonical(1.5)).toThrow(TypeError)
})

it('a path of one leaf is its own root, and none leads out of the tree', async () => {
  const leaf = utf8('x')
  expect(hex((await rootOfPath(leaf, 0, 1, [])) ?? leaf)).toBe(hex(await sha256(Uint8Array.of(0, ...leaf))))
  expect(await rootOfPath(leaf, 1, 1, [])).toBeNull()
  expect(await rootOfPath(leaf, 0, 1, [leaf])).toBeNull()
  expect(await ability()).toBe('able')
})
