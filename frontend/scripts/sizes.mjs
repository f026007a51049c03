/**
 * What each kind of page costs to open, in gzipped bytes, against its budget.
 *
 * A page's cost is the entry, the page's own chunk, and every chunk that either imports statically.
 */
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const dist = new URL('../dist/', import.meta.url)
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', dist), 'utf8'))
const KB = 1024

const PAGES = [
  { name: 'home', file: 'src/features/home/pages/HomePage.vue', js: 100 },
  { name: 'achievements', file: 'src/features/listings/pages/AchievementsPage.vue', js: 100 },
  { name: 'achievement', file: 'src/features/listings/pages/AchievementPage.vue', js: 100 },
  { name: 'auctions', file: 'src/features/auctions/pages/AuctionsPage.vue', js: 100 },
  { name: 'live auction', file: 'src/features/auctions/live/pages/LiveAuctionPage.vue', js: 120 },
  { name: 'after the sale', file: 'src/features/auctions/after/pages/AfterPage.vue', js: 120 },
  { name: 'sessions', file: 'src/features/auctions/hall/pages/SessionsPage.vue', js: 100 },
  { name: 'session', file: 'src/features/auctions/hall/pages/SessionPage.vue', js: 120 },
  { name: 'big screen', file: 'src/features/auctions/hall/pages/ScreenPage.vue', js: 120 },
  { name: 'door', file: 'src/features/auctions/door/pages/DoorPage.vue', js: 120 },
  { name: 'console', file: 'src/features/auctions/hall/pages/ConsolePage.vue', js: 120 },
  { name: 'record', file: 'src/features/proof/pages/RecordPage.vue', js: 120 },
  { name: 'verify', file: 'src/features/proof/pages/VerifyPage.vue', js: 100 },
  { name: 'sign in', file: 'src/features/identity/pages/SignInPage.vue', js: 120 },
  { name: 'contracts', file: 'src/features/contracts/pages/ContractsPage.vue', js: 220 },
  { name: 'desk', file: 'src/features/desk/pages/DeskPage.vue', js: 220 },
  { name: 'contract', file: 'src/features/contracts/pages/ContractPage.vue', js: 220 },
]
const CSS_LIMIT = 25

function reach(name, js, css) {
  const chunk = manifest[name]
  if (!chunk || js.has(chunk.file)) return
  js.add(chunk.file)
  for (const style of chunk.css ?? []) css.add(style)
  for (const next of chunk.imports ?? []) reach(next, js, css)
}

const size = (files) => [...files].reduce((sum, file) => sum + gzipSync(readFileSync(new URL(file, dist))).length, 0)

let over = false
for (const page of PAGES) {
  if (!manifest[page.file]) {
    process.stderr.write(`${page.file} is not in the build\n`)
    over = true
    continue
  }
  const js = new Set()
  const css = new Set()
  reach('index.html', js, css)
  reach(page.file, js, css)
  const script = size(js) / KB
  const style = size(css) / KB
  const bad = script > page.js || style > CSS_LIMIT
  over ||= bad
  process.stdout.write(
    `${bad ? 'OVER' : '  ok'}  ${page.name.padEnd(14)} script ${script.toFixed(1)} of ${page.js} KB, style ${style.toFixed(1)} of ${CSS_LIMIT} KB\n`,
  )
}
if (over) process.exit(1)
