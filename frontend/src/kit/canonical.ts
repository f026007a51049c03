/** Canonical JSON: one spelling of a value, so that a hash means the same everywhere (RFC 8785 for values without floats). */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json }

/** Throws `TypeError` for numbers that are no exact integers: what is signed here holds none. */
export function canonical(value: Json): string {
  if (typeof value === 'number' && !Number.isSafeInteger(value)) throw new TypeError(`not an exact integer: ${value}`)
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  const fields = Object.entries(value as { [name: string]: Json }).sort(([left], [right]) => (left < right ? -1 : 1))
  return `{${fields.map(([name, part]) => `${JSON.stringify(name)}:${canonical(part)}`).join(',')}}`
}
