// @vitest-environment node
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { bid, canSeal, commitmentOf, digestOf, importPrivateKey, nothing, openEnvelope, openShare, seal, tryOneself } from '@/features/auctions/envelope/seal'
import { split, valueAt } from '@/features/auctions/envelope/shamir'
import { canonical, custodyOf, hex, unhex, type Bytes, type Content, type Envelope, type EnvelopePass } from '@/features/auctions/envelope/wire'

interface Vectors {
  shamir: { threshold: number; seats: number; secret: string; coefficients: string[]; shares: string[] }[]
  envelopes: {
    threshold: number
    private_keys: string[]
    content: Content
    content_key: string
    shares: Record<string, string>
    digest: string
    envelope: Envelope
  }[]
}
const VECTORS = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../docs/examples/sealed-vectors.json'), 'utf8'),
) as Vectors

const PLACE = { auction_id: '0198c0de-0000-7000-8000-000000000001', envelope_id: '0198c0de-0000-7000-8000-000000000002', round_no: 1 }

async function opener(privateKey: string): Promise<{ privateKey: CryptoKey; publicKey: Bytes }> {
  const pkcs8 = unhex(`302e020100300506032b656e04220420${privateKey}`)
  const whole = await crypto.subtle.importKey('pkcs8', pkcs8, { name: 'X25519' }, true, ['deriveBits'])
  const { x = '' } = await crypto.subtle.exportKey('jwk', whole)
  return { privateKey: await importPrivateKey(unhex(privateKey)), publicKey: new Uint8Array(Buffer.from(x, 'base64url')) }
}

describe('sealing in the browser', () => {
  it('splits as the server does, by the published vectors', () => {
    for (const one of VECTORS.shamir) {
      const rows = one.coefficients.map(unhex)
      const made = split(unhex(one.secret), one.threshold, one.seats, () => rows.shift() ?? new Uint8Array())
      expect(made.map(hex)).toEqual(one.shares)
      const some = new Map(made.map((share, index) => [index + 1, share] as const).slice(-one.threshold))
      expect(hex(valueAt(some, 0))).toBe(one.secret)
    }
  })

  it('opens what the server sealed, by the published vectors', async () => {
    for (const one of VECTORS.envelopes) {
      const opened = await Promise.all(
        one.private_keys.map(async (key) => {
          const { privateKey, publicKey } = await opener(key)
          return openShare(one.envelope, privateKey, publicKey)
        }),
      )
      expect(Object.fromEntries(opened.map(([seat, share]) => [String(seat), hex(share)]))).toEqual(one.shares)
      expect(await openEnvelope(one.envelope, new Map(opened.slice(0, one.threshold)))).toEqual(one.content)
      expect(await digestOf(one.envelope)).toBe(one.digest)
      expect(await commitmentOf(one.content, one.envelope)).toBe(one.envelope.commitment)
    }
  })

  it('seals bids and dummies to the same length, and never the same twice', async () => {
    const pair = await crypto.subtle.generateKey({ name: 'X25519' }, true, ['deriveBits']) as CryptoKeyPair
    const key = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey))
    const custody = { threshold: 2, seats: [1, 2, 3].map((no) => ({ no, keys: [key] })) }
    const [low, high, none] = await Promise.all([
      seal(bid('1.00', '7KQ'), PLACE, custody),
      seal(bid('99999999999.99', '7KQ'), PLACE, custody),
      seal(nothing(), PLACE, custody),
    ])
    expect(new Set([low, high, none].map((one) => canonical(one).length)).size).toBe(1)
    expect(new Set([low, high, none].map((one) => one.commitment)).size).toBe(3)
    expect(JSON.stringify(high)).not.toContain('99999999999')
  })

  it('opens its own test envelope in every way that custodians could', async () => {
    expect(await canSeal()).toBe(true)
    const custody = { threshold: 3, seats: [1, 2, 3, 4, 5].map((no) => ({ no, keys: [] })) }
    await tryOneself(bid('3100000.00', '7KQ'), PLACE, custody)
    await expect(tryOneself(bid('3100000.00', '7KQ'), PLACE, { ...custody, threshold: 0 })).rejects.toThrow(RangeError)
  })

  it('reads the pass as it comes', () => {
    const pass = { threshold: 2, seats: [{ no: 1, keys: ['00ff'] }] } as unknown as EnvelopePass
    expect(custodyOf(pass)).toEqual({ threshold: 2, seats: [{ no: 1, keys: [new Uint8Array([0, 255])] }] })
  })

  it('refuses what does not belong together', async () => {
    const one = VECTORS.envelopes[0]
    if (one === undefined) throw new Error('no vectors')
    const shares = new Map(Object.entries(one.shares).map(([seat, share]) => [Number(seat), unhex(share)] as const))
    const wrong = { ...one.envelope, share_commitments: one.envelope.share_commitments.toReversed() }
    await expect(openEnvelope(wrong, shares)).rejects.toThrow('do not belong together')
    const first = one.envelope.ciphertext.startsWith('0') ? '1' : '0'
    const altered = { ...one.envelope, ciphertext: first + one.envelope.ciphertext.slice(1) }
    await expect(openEnvelope(altered, new Map([...shares].slice(0, 2)))).rejects.toThrow()
  })
})
