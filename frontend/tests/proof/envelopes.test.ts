import { describe, expect, it } from 'vitest'

import text from '../support/sealed-record.json?raw'
import { checkRecord } from '@/features/proof/check'
import { readDocument, type AuctionRecord } from '@/features/proof/record'

type Results = Record<string, unknown>[]

/** A record that the server's own code wrote: two tie, one raises in the extra round; one offer below the start, two void. */
function aRecord(change: (first: Results) => unknown = () => undefined): AuctionRecord {
  const found = readDocument(text)
  if (found.kind !== 'record') throw new Error('the sample is no record')
  change(opening(found.record).payload['results'] as unknown as Results)
  return found.record
}

function opening(record: AuctionRecord) {
  const entry = record.facts.find(({ kind }) => kind === 'envelopes_opened')
  if (entry === undefined) throw new Error('nothing was opened')
  return entry
}

const of = (results: Results, code: string) => results.find((one) => one['code'] === code) as Record<string, unknown>

describe('a sealed sale\'s record', () => {
  it('that is whole verifies, and says which envelope it does not show', async () => {
    const report = await checkRecord(aRecord(), null)
    expect(report.differences).toEqual([])
    expect(report.notes.map(({ code }) => code)).toEqual(['keys_of_the_record', 'envelope_not_shown'])
  })

  it.each<[string, string, (first: Results) => unknown]>([
    ['an amount is another', 'envelope_altered', (all) => (of(all, '8888')['amount_minor'] = 150_000_001)],
    ['a code is another', 'envelope_altered', (all) => (of(all, '8888')['code'] = '8889')],
    ['a salt is another', 'envelope_altered', (all) => (of(all, '4711')['salt'] = '00'.repeat(32))],
    ['a salt is gone', 'envelope_unproven', (all) => (of(all, '4711')['salt'] = null)],
    ['a digest is another', 'envelopes_differ', (all) => (of(all, '4711')['digest'] = '00'.repeat(32))],
    ['an envelope is gone', 'envelopes_differ', (all) => all.pop()],
    ['they stand in another order', 'envelopes_differ', (all) => all.push(...all.splice(0, 1))],
  ])('fails where %s', async (_, code, change) => {
    const record = aRecord(change)
    const found = (await checkRecord(record, null)).differences.map((one) => `${one.code} ${one.seq}`)
    expect(found).toContain(`${code} ${opening(record).seq}`)
  })
})
