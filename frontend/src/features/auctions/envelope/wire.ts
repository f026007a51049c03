/** The forms in which sealed bids travel, and their one spelling. Protocol: docs/sealed.md. */
import type { components } from '@/api/generated/schema'

export type Envelope = components['schemas']['Envelope']
export type EnvelopePass = components['schemas']['PassOut']
export type EnvelopeReceipt = components['schemas']['EnvelopeReceiptOut']

export type Bytes = Uint8Array<ArrayBuffer>

/** Where an envelope belongs: whatever is sealed is bound to it. */
export interface Place {
  auction_id: string
  envelope_id: string
  round_no: number
}

export interface Seat {
  no: number
  keys: Bytes[]
}

/** Any `threshold` of the seats open together. */
export interface Custody {
  threshold: number
  seats: Seat[]
}

/** What is sealed: an amount and its bidder's code, or nothing. */
export interface Content {
  amount: string
  code: string
  kind: 'bid' | 'none'
  salt: string
}

const CONTENT_BYTES = 256
const SPACE = 0x20

/** Canonical JSON of flat values and lists of them: keys sorted, no spaces. */
export function canonical(value: unknown): Bytes {
  return new TextEncoder().encode(JSON.stringify(sorted(value)))
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([name, part]) => [name, sorted(part)]),
  )
}

/** The place in canonical JSON, for one purpose. */
export function told(place: Place, algorithm: string, more: Record<string, unknown> = {}): Bytes {
  const { auction_id, envelope_id, round_no } = place
  return canonical({ algorithm, auction_id, envelope_id, round_no, ...more })
}

export function padded(content: Content): Bytes {
  const plain = canonical(content)
  if (plain.length > CONTENT_BYTES) throw new RangeError('the content is too long')
  const bytes = new Uint8Array(CONTENT_BYTES).fill(SPACE)
  bytes.set(plain)
  return bytes
}

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

export function unhex(text: string): Bytes {
  if (!/^([0-9a-f]{2})*$/.test(text)) throw new TypeError('not lower-case hexadecimal')
  return Uint8Array.from({ length: text.length / 2 }, (_, index) => Number.parseInt(text.slice(2 * index, 2 * index + 2), 16))
}

export function joined(...parts: Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  parts.reduce((at, part) => (whole.set(part, at), at + part.length), 0)
  return whole
}

export async function sha256(bytes: Bytes): Promise<string> {
  return hex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)))
}

/** The pass as what one seals with. */
export function custodyOf(pass: EnvelopePass): Custody {
  return { threshold: pass.threshold, seats: pass.seats.map(({ no, keys }) => ({ no, keys: keys.map(unhex) })) }
}
