/**
 * The openings of a sealed sale: the opened envelopes are the set whose Merkle root was published at the close, and each is
 * said to have held what it was committed to. Salts and amounts stand in the record; nothing here asks anybody.
 */
import type { Entry } from './record'
import { canonical, type Json } from '@/kit/canonical'
import { hex, joined, rootOf, sha256, unhex, utf8 } from '@/kit/digests'
import { fromFen } from '@/kit/money'

type Result = { readonly [name: string]: Json | undefined }
type Tell = (code: string, seq: number, name: string) => void

const BY_SHARES = new Set(['dealt_falsely', 'commitment_disagrees'])

const leafOf = (result: Result) => joined(unhex(result['commitment'], 32), unhex(result['digest'], 32))

async function isPublishedSet(closed: Entry | undefined, results: readonly Result[]): Promise<boolean> {
  if (closed === undefined || closed.payload['size'] !== results.length) return false
  return hex(await rootOf(results.map(leafOf))) === closed.payload['root']
}

/** SHA-256 of what was sealed and where (docs/sealed.md, 2). */
async function commitmentOf(auctionId: string, round: Json, result: Result): Promise<string> {
  const minor = result['amount_minor']
  const body = {
    algorithm: 'jishi-commitment-1',
    auction_id: auctionId,
    envelope_id: result['envelope_id'] ?? null,
    round_no: round,
    amount: typeof minor === 'number' ? fromFen(BigInt(minor)) : '',
    code: result['code'] ?? '',
    kind: result['outcome'] === 'none' ? 'none' : 'bid',
    salt: result['salt'] ?? '',
  }
  return hex(await sha256(utf8(canonical(body))))
}

/** Throws for what is not of the documented form. `differs` and `note` are told the place and the envelope. */
export async function checkEnvelopes(auctionId: string, facts: readonly Entry[], differs: Tell, note: Tell): Promise<void> {
  for (const { kind, seq, payload } of facts) {
    if (kind !== 'envelopes_opened') continue
    const round = payload['round_no'] ?? null
    const results = payload['results'] as readonly Result[]
    const closed = facts.findLast((entry) => entry.seq < seq && entry.kind === 'sealing_closed' && entry.payload['round_no'] === round)
    if (!(await isPublishedSet(closed, results))) differs('envelopes_differ', seq, String(round))
    for (const result of results) {
      const id = String(result['envelope_id'])
      const byShares = result['outcome'] === 'void' && BY_SHARES.has(String(result['reason']))
      if (byShares || result['outcome'] === 'struck') {
        if ([result['code'], result['amount_minor'], result['salt']].some((value) => value != null)) differs('envelope_altered', seq, id)
        note('envelope_not_shown', seq, id)
      } else if (result['salt'] == null) differs('envelope_unproven', seq, id)
      else if ((await commitmentOf(auctionId, round, result)) !== result['commitment']) differs('envelope_altered', seq, id)
    }
  }
}
