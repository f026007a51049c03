/**
 * Sealing and opening in the browser: AES-256-GCM for the content, Shamir's shares of its key, HPKE (RFC 9180) to each
 * custodian. Needs a secure page: browsers give no cryptography to others.
 */
import { Aes128Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core'

import { random, split, valueAt, type Random } from './shamir'
import { canonical, hex, joined, padded, sha256, told, unhex, type Bytes, type Content, type Custody, type Envelope, type Place } from './wire'

const suite = new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes128Gcm() })
const ENCAPSULATED_BYTES = 32

/** The program, or what it was given, is not as it must be. Nothing was sent. */
export class SelfTestFailed extends Error {}

/** Whether this browser and page can seal at all. */
export async function canSeal(): Promise<boolean> {
  try {
    await suite.kem.generateKeyPair()
    return globalThis.isSecureContext !== false
  } catch {
    return false
  }
}

export function bid(amount: string, code: string): Content {
  return { amount, code, kind: 'bid', salt: hex(random(32)) }
}

/** What takes an earlier envelope back. */
export function nothing(): Content {
  return { amount: '', code: '', kind: 'none', salt: hex(random(32)) }
}

export async function fingerprint(publicKey: Uint8Array): Promise<string> {
  return sha256(joined(new TextEncoder().encode('jishi/custodian-key/1\0'), publicKey))
}

export async function commitmentOf(content: Content, place: Place): Promise<string> {
  return sha256(told(place, 'jishi-commitment-1', { ...content }))
}

export async function shareCommitment(place: Place, seat: number, share: Uint8Array): Promise<string> {
  return sha256(joined(told(place, 'jishi-share-commitment-1', { seat }), new Uint8Array(1), share))
}

export async function digestOf(envelope: Envelope): Promise<string> {
  return sha256(canonical(envelope))
}

/** An envelope that any `threshold` seats open together, and fewer do not. */
export async function seal(content: Content, place: Place, custody: Custody, from: Random = random): Promise<Envelope> {
  const key = from(32)
  const nonce = from(12)
  const commitment = await commitmentOf(content, place)
  const shares = split(key, custody.threshold, custody.seats.length, from)
  const sealed = custody.seats.flatMap(({ no, keys }, index) =>
    keys.map(async (publicKey) => {
      const print = await fingerprint(publicKey)
      const bytes = await sealTo(publicKey, shares[index] as Bytes, shareInfo(place, no, print))
      return { key: print, seat: no, sealed: hex(bytes) }
    }),
  )
  return {
    algorithm: 'jishi-envelope-1',
    auction_id: place.auction_id,
    round_no: place.round_no,
    envelope_id: place.envelope_id,
    commitment,
    nonce: hex(nonce),
    ciphertext: hex(await encrypt(key, nonce, padded(content), bound(place, commitment))),
    share_commitments: await Promise.all(custody.seats.map(({ no }, index) => shareCommitment(place, no, shares[index] as Bytes))),
    shares: await Promise.all(sealed),
  }
}

/** The share that a custodian's private key opens, checked against what was committed to. */
export async function openShare(envelope: Envelope, privateKey: CryptoKey, publicKey: Uint8Array): Promise<[number, Bytes]> {
  const print = await fingerprint(publicKey)
  const mine = envelope.shares.find(({ key }) => key === print)
  if (mine === undefined) throw new SelfTestFailed('no share for this key')
  const sealed = unhex(mine.sealed)
  const context = await suite.createRecipientContext({
    recipientKey: privateKey,
    enc: sealed.slice(0, ENCAPSULATED_BYTES),
    info: shareInfo(envelope, mine.seat, print),
  })
  const share = new Uint8Array(await context.open(sealed.slice(ENCAPSULATED_BYTES)))
  if ((await shareCommitment(envelope, mine.seat, share)) !== envelope.share_commitments[mine.seat - 1]) {
    throw new SelfTestFailed('the share is not the committed one')
  }
  return [mine.seat, share]
}

/** What an envelope holds, from enough shares. Throws unless every commitment holds. */
export async function openEnvelope(envelope: Envelope, shares: ReadonlyMap<number, Uint8Array>): Promise<Content> {
  for (const [index, known] of envelope.share_commitments.entries()) {
    if ((await shareCommitment(envelope, index + 1, valueAt(shares, index + 1))) !== known) {
      throw new SelfTestFailed('the shares do not belong together')
    }
  }
  const key = await crypto.subtle.importKey('raw', valueAt(shares, 0), 'AES-GCM', false, ['decrypt'])
  const plain = await crypto.subtle.decrypt(
    { name: 'AES-GCM', iv: unhex(envelope.nonce), additionalData: bound(envelope, envelope.commitment) },
    key,
    unhex(envelope.ciphertext),
  )
  const content = JSON.parse(new TextDecoder().decode(plain)) as Content
  if ((await commitmentOf(content, envelope)) !== envelope.commitment) throw new SelfTestFailed('not the committed content')
  return content
}

/** Seals a test envelope to keys made for it and opens it in every way that custodians could. */
export async function tryOneself(content: Content, place: Place, custody: Custody): Promise<void> {
  const pairs = await Promise.all(custody.seats.map(() => suite.kem.generateKeyPair()))
  const publics = await Promise.all(pairs.map(async ({ publicKey }) => new Uint8Array(await suite.kem.serializePublicKey(publicKey))))
  const seats = custody.seats.map(({ no }, index) => ({ no, keys: [publics[index] as Bytes] }))
  const envelope = await seal(content, place, { threshold: custody.threshold, seats })
  const shares = await Promise.all(pairs.map(({ privateKey }, index) => openShare(envelope, privateKey, publics[index] as Bytes)))
  for (const first of shares.keys()) {
    const some = Array.from({ length: custody.threshold }, (_, step) => shares[(first + step) % shares.length] as [number, Bytes])
    const opened = await openEnvelope(envelope, new Map(some))
    if (opened.amount !== content.amount || opened.code !== content.code) throw new SelfTestFailed('opened to something else')
  }
}

export async function importPrivateKey(bytes: Bytes): Promise<CryptoKey> {
  return suite.kem.importKey('raw', bytes.buffer, false)
}

async function sealTo(publicKey: Bytes, plain: Bytes, info: Bytes): Promise<Bytes> {
  const recipientPublicKey = await suite.kem.importKey('raw', publicKey.slice().buffer, true)
  const sender = await suite.createSenderContext({ recipientPublicKey, info })
  return joined(new Uint8Array(sender.enc), new Uint8Array(await sender.seal(plain)))
}

async function encrypt(raw: Bytes, iv: Bytes, plain: Bytes, additionalData: Bytes): Promise<Uint8Array> {
  const key = await crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt'])
  return new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData }, key, plain))
}

function bound(place: Place, commitment: string): Bytes {
  return told(place, 'jishi-content-1', { commitment })
}

function shareInfo(place: Place, seat: number, key: string): Bytes {
  return told(place, 'jishi-share-1', { key, seat })
}
