/**
 * Writes a gzipped form beside each built script and style, so that the server need not compress.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const assets = new URL('../dist/assets/', import.meta.url)

for (const name of readdirSync(assets)) {
  if (!/\.(js|css)$/.test(name)) continue
  const whole = readFileSync(new URL(name, assets))
  const zipped = gzipSync(whole, { level: 9 })
  if (zipped.length < whole.length) writeFileSync(new URL(`${name}.gz`, assets), zipped)
}
