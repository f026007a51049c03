/** A record step by step: after each fact the price, who leads, and the end. Pure. */
import type { AuctionRecord, Entry } from './record'
import { fromFen, type Money } from '@/kit/money'

export interface Lead {
  code: string
  amountMinor: number
}

export interface Step {
  entry: Entry
  status: string
  lead: Lead | null
  endsAt: string | null
  bidCount: number
  extensionCount: number
}

const STATUS: Record<string, string> = {
  noticed: 'noticed',
  competition_called: 'registration_closed',
  registration_opened: 'registration_open',
  registration_closed: 'registration_closed',
  readied: 'ready',
  timed_bidding_started: 'timed_bidding',
  adjourned: 'adjourned',
  priority_offered: 'priority_pending',
  knocked_down: 'awarded',
  passed_in: 'passed_in',
  suspended: 'suspended',
  cancelled: 'cancelled',
}

function leadAfter(before: Lead | null, { kind, payload }: Entry): Lead | null {
  if (kind === 'bid_placed') return { code: String(payload['bidder_code']), amountMinor: Number(payload['amount_minor']) }
  if (kind !== 'bid_corrected') return before
  const lead = payload['lead'] as { readonly code?: string; readonly amount_minor?: number } | null | undefined
  return lead == null ? null : { code: String(lead.code), amountMinor: Number(lead.amount_minor) }
}

export function stepsOf(record: AuctionRecord): Step[] {
  let step: Omit<Step, 'entry'> = { status: 'draft', lead: null, endsAt: null, bidCount: 0, extensionCount: 0 }
  return record.facts.map((entry) => {
    const { kind, payload } = entry
    const { status, ends_at: ends, extension_count: extensions } = payload
    step = {
      status: typeof status === 'string' ? status : (STATUS[kind] ?? step.status),
      lead: leadAfter(step.lead, entry),
      endsAt: ends === undefined ? step.endsAt : typeof ends === 'string' ? ends : null,
      bidCount: step.bidCount + (kind === 'bid_placed' ? 1 : 0),
      extensionCount: typeof extensions === 'number' ? extensions : step.extensionCount,
    }
    return { entry, ...step }
  })
}

export function amountOf(minor: number): Money {
  return fromFen(BigInt(minor))
}

/** What the number that is bid means. */
export function priceKindOf(record: AuctionRecord): string {
  const price = record.terms['price'] as { readonly kind?: string } | undefined
  return price?.kind ?? 'lump_sum'
}
