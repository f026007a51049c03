/** SHA-256, Merkle paths (RFC 6962) and Ed25519 (RFC 8032) by the browser's own cryptography. No network. */

type Bytes = Uint8Array<ArrayBuffer>

/** Throws `TypeError` for anything but the lower-case hexadecimal form of so many bytes. */
export function unhex(text: unknown, size: number): Bytes {
  if (typeof text !== 'string' || text.length !== size * 2 || !/^[0-9a-f]*$/.test(text)) throw new TypeError('not hexadecimal')
  return Uint8Array.from({ length: size }, (_, index) => parseInt(text.slice(index * 2, index * 2 + 2), 16))
}

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

export function joined(...parts: readonly Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let place = 0
  for (const part of parts) {
    whole.set(part, place)
    place += part.length
  }
  return whole
}

export const utf8 = (text: string): Bytes => new TextEncoder().encode(text)

export async function sha256(bytes: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
}

const LEAF = Uint8Array.of(0)
const NODE = Uint8Array.of(1)

/** The root to which a path leads from a leaf's data, or null where no such path can exist (RFC 9162, 2.1.3.2). */
export async function rootOfPath(leaf: Uint8Array, index: number, size: number, path: readonly Uint8Array[]): Promise<Bytes | null> {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) return null
  let here = index
  let last = size - 1
  let found = await sha256(joined(LEAF, leaf))
  for (const beside of path) {
    if (last === 0) return null
    if (here % 2 === 1 || here === last) {
      found = await sha256(joined(NODE, beside, found))
      while (here !== 0 && here % 2 === 0) {
        here = Math.trunc(here / 2)
        last = Math.trunc(last / 2)
      }
    } else {
      found = await sha256(joined(NODE, found, beside))
    }
    here = Math.trunc(here / 2)
    last = Math.trunc(last / 2)
  }
  return last === 0 ? found : null
}

/** The root over leaves in their order (RFC 6962, 2.1); an odd last node is carried up unchanged. */
export async function rootOf(leaves: readonly Uint8Array[]): Promise<Bytes> {
  let level = await Promise.all(leaves.map((leaf) => sha256(joined(LEAF, leaf))))
  while (level.length > 1) {
    const above: Bytes[] = []
    for (let place = 0; place < level.length; place += 2) {
      const [left, right] = [level[place] as Bytes, level[place + 1]]
      above.push(right === undefined ? left : await sha256(joined(NODE, left, right)))
    }
    level = above
  }
  return level[0] ?? sha256(new Uint8Array())
}

export type Ability = 'able' | 'insecure_page' | 'no_ed25519'

/** What this browser can check: its cryptography needs a secure page, and Ed25519 came to browsers late. */
export async function ability(): Promise<Ability> {
  if (globalThis.crypto?.subtle === undefined) return 'insecure_page'
  try {
    await crypto.subtle.importKey('raw', unhex('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a', 32), { name: 'Ed25519' }, false, ['verify'])
    return 'able'
  } catch {
    return 'no_ed25519'
  }
}

export async function isSigned(statement: Bytes, signature: Bytes, publicKey: Bytes): Promise<boolean> {
  try {
    const key = await crypto.subtle.importKey('raw', publicKey, { name: 'Ed25519' }, false, ['verify'])
    return await crypto.subtle.verify({ name: 'Ed25519' }, key, signature, statement)
  } catch {
    return false
  }
}
