/**
 * Shamir's sharing over GF(2⁸), byte by byte: any `threshold` shares give the secret, fewer say nothing.
 *
 * The field is that of AES, the share of seat n lies at x = n, the secret at 0. The server has the same in Python;
 * both are held to docs/examples/sealed-vectors.json.
 */

export const SEATS_MAX = 9
export type Random = (count: number) => Uint8Array<ArrayBuffer>

const powers = new Uint8Array(510)
const logs = new Uint8Array(256)
for (let exponent = 0, value = 1; exponent < 255; exponent += 1) {
  powers[exponent] = powers[exponent + 255] = value
  logs[value] = exponent
  const doubled = value << 1
  value ^= doubled & 0x100 ? doubled ^ 0x11b : doubled
}

function multiply(left: number, right: number): number {
  return left && right ? (powers[(logs[left] ?? 0) + (logs[right] ?? 0)] ?? 0) : 0
}

function divide(left: number, right: number): number {
  if (right === 0) throw new RangeError('division by zero in GF(256)')
  return left ? (powers[(logs[left] ?? 0) + 255 - (logs[right] ?? 0)] ?? 0) : 0
}

/** Real randomness; only test vectors bring their own. */
export const random: Random = (count) => crypto.getRandomValues(new Uint8Array(count))

/** One share of the secret's length for each seat, the first one's first. */
export function split(secret: Uint8Array, threshold: number, seats: number, from: Random = random): Uint8Array<ArrayBuffer>[] {
  if (!(threshold >= 1 && threshold <= seats && seats <= SEATS_MAX)) throw new RangeError('threshold and seats do not fit')
  const rows = [secret, ...Array.from({ length: threshold - 1 }, () => from(secret.length))]
  return Array.from({ length: seats }, (_, index) =>
    Uint8Array.from(secret, (_byte, place) =>
      rows.reduceRight((value, row) => multiply(value, index + 1) ^ (row[place] ?? 0), 0),
    ),
  )
}

/** The value at a seat (0: the secret) of the polynomials of lowest degree through these shares. */
export function valueAt(shares: ReadonlyMap<number, Uint8Array>, seat: number): Uint8Array<ArrayBuffer> {
  const known = [...shares]
  const length = known[0]?.[1].length ?? 0
  if (known.length === 0 || known.some(([x, share]) => x < 1 || x > SEATS_MAX || share.length !== length)) {
    throw new RangeError('shares of equal length, of seats from 1 on, are needed')
  }
  const total = new Uint8Array(length)
  for (const [x, share] of known) {
    const weight = known.reduce((product, [other]) => (other === x ? product : multiply(product, divide(seat ^ other, x ^ other))), 1)
    share.forEach((byte, place) => (total[place] = (total[place] ?? 0) ^ multiply(byte, weight)))
  }
  return total
}
