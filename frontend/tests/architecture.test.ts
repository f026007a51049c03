/** What holds between the files: who may import whom, sizes, words, and what must not be written. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'

import { describe, expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '..')
const SRC = join(ROOT, 'src')

function walk(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? walk(path) : [path]
  })
}

const files = walk(SRC)
  .filter((path) => /\.(ts|vue)$/.test(path) && !path.includes('/generated/'))
  .map((path) => ({ path: relative(SRC, path), text: readFileSync(path, 'utf8') }))

/** The files that a file imports, as paths within src, and packages by their name. */
function importsOf({ path, text }: { path: string; text: string }): string[] {
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(([, target = '']) => {
    if (target.startsWith('@/')) return target.slice(2)
    return target.startsWith('.') ? join(path, '..', target) : target
  })
}

function offenders(which: (path: string) => boolean, bad: (target: string, path: string) => boolean): string[] {
  return files
    .filter(({ path }) => which(path))
    .flatMap((file) => importsOf(file).filter((target) => bad(target, file.path)).map((target) => `${file.path} → ${target}`))
}

const within = (folder: string) => (path: string) => path.startsWith(`${folder}/`)

describe('imports', () => {
  it('kit knows neither Vue nor the server', () => {
    expect(offenders(within('kit'), (target) => !target.startsWith('kit/'))).toEqual([])
  })

  it('api and ui know no feature and no layout', () => {
    const above = (target: string) => /^(features|layouts|router)/.test(target)
    expect(offenders(within('api'), (target) => above(target) || target.startsWith('ui/'))).toEqual([])
    expect(offenders(within('ui'), above)).toEqual([])
  })

  it('a feature knows of another feature only its routes', () => {
    const feature = (path: string) => /^features\/([^/]+)\//.exec(path)?.[1]
    const foreign = (target: string, path: string) =>
      feature(target) !== undefined && feature(target) !== feature(path) && !/^features\/[^/]+\/routes$/.test(target)
    expect(offenders(within('features'), foreign)).toEqual([])
  })

  it('Element comes part by part, never whole', () => {
    expect(offenders(() => true, (target) => target === 'element-plus')).toEqual([])
  })

  it('the live state stays outside the query cache', () => {
    expect(offenders((path) => /live\/(fold|bid|standing|wire|chart|useLiveAuction|useBid)/.test(path), (target) => target.startsWith('@tanstack'))).toEqual([])
  })
})

describe('what is not written', () => {
  const having = (pattern: RegExp, which = (_path: string) => true) =>
    files.filter(({ path, text }) => which(path) && pattern.test(text)).map(({ path }) => path)

  it('no markup out of text', () => {
    expect(having(/v-html|innerHTML|insertAdjacentHTML/)).toEqual([])
  })

  it('no floating point near money', () => {
    expect(having(/parseFloat|toFixed|Number\.parseFloat/)).toEqual([])
    expect(having(/\bNumber\(/, (path) => path === 'kit/money.ts')).toEqual([])
  })

  it('no style attributes, which the content security policy would refuse', () => {
    expect(having(/\sstyle="/)).toEqual([])
  })

  it('no file past 300 lines', () => {
    expect(files.filter(({ text }) => text.split('\n').length > 301).map(({ path }) => path)).toEqual([])
  })

  it('no addresses of registries in the lock file', () => {
    expect(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')).not.toMatch(/"resolved"|https?:\/\/[^"]*\.tgz/)
  })
})

describe('words', () => {
  type Words = { [key: string]: string | Words }
  const load = (language: string): Words =>
    Object.fromEntries(
      ['common', 'listings', 'auctions', 'identity', 'contracts', 'desk', 'sale', 'hall', 'door', 'notices', 'proof', 'after'].map((name) => [
        name,
        JSON.parse(readFileSync(join(SRC, 'locales', language, `${name}.json`), 'utf8')) as Words,
      ]),
    )
  const flat = (words: Words, prefix = ''): Record<string, string> =>
    Object.assign(
      {},
      ...Object.entries(words).map(([key, value]) =>
        typeof value === 'string' ? { [prefix + key]: value } : flat(value, `${prefix}${key}.`),
      ),
    ) as Record<string, string>
  const chinese = flat(load('zh-CN'))
  const english = flat(load('en'))

  it('exist in both languages', () => {
    expect(Object.keys(english).sort()).toEqual(Object.keys(chinese).sort())
  })

  it('take the same values in both languages', () => {
    const places = (text: string) => [...new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name))].sort()
    const differing = Object.keys(chinese).filter((key) => String(places(chinese[key] ?? '')) !== String(places(english[key] ?? '')))
    expect(differing).toEqual([])
  })

  it('are there for every key that a page asks for', () => {
    const missing = files.flatMap(({ path, text }) =>
      [...text.matchAll(/\bt\('([\w.]+)'/g)].filter(([, key = '']) => !(key in chinese)).map(([, key]) => `${path}: ${key}`),
    )
    expect(missing).toEqual([])
  })

  it('are there for every family of keys that a page asks for', () => {
    const families = new Set(Object.keys(chinese).map((key) => key.replace(/\.[^.]+$/, '')))
    const missing = files.flatMap(({ path, text }) =>
      [...text.matchAll(/(?:\bt\(`|label\(')([\w.]+?)(?:\.\$\{|')/g)]
        .filter(([, family = '']) => !families.has(family))
        .map(([, family]) => `${path}: ${family}`),
    )
    expect(missing).toEqual([])
  })

  it('are all asked for', () => {
    const everything = files.map(({ text }) => text).join('\n')
    const open = /^(common\.(saleStatus|step|amount|home|span)|listings\.(field|mode|trlWords|province|path|ipKind|priceForm|problem|advantage|stage|missing|scope|prospect)|auctions\.(filter|empty|connection|headline|explain|watch|way|say|office)|notices\.(state|kind|place|cause|mendKind|reason|ground|objectionState|effect)|contracts\.(state|kind|mode|way|seller|buyer)|common\.nav|hall\.(decision|status|profile|withdrawReason)|proof\.(document|unable|find|via|reason|kind)|after\.(source|outcome|confirmation|default|disposition)|sale\.(answer|connection|watch|way|face|calls|say|headline|explain|suspended|passedIn|via|priceKind|priority)|desk\.(kind|fact|deed|asks|partyKind|depositStatus|field))\b/
    const idle = Object.keys(chinese).filter((key) => !open.test(key) && !everything.includes(`'${key}'`))
    expect(idle).toEqual([])
  })
})
