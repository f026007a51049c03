/** The filters of the list of achievements, as they stand in the address. Pure. */
import type { AchievementFilters } from '@/api/shapes'
import { isMoney, readTyped } from '@/kit/money'

export const FIELDS = [
  'electronics_it',
  'aerospace',
  'advanced_manufacturing',
  'biomedicine',
  'new_materials',
  'new_energy',
  'environment',
  'agriculture',
  'nuclear',
  'transport',
  'urban_social',
] as const
export const MODES = ['transfer', 'license_exclusive', 'license_sole', 'license_ordinary', 'equity', 'joint', 'use_first', 'open_license'] as const
export const TRLS = [3, 4, 5, 6, 7, 8] as const
/** Provinces and cities of the Yangtze delta first: this is where the market stands. */
export const REGIONS = ['330000', '310000', '320000', '340000', '110000', '440000', '370000', '420000', '510000', '610000'] as const

type Query = Record<string, unknown>

function one(query: Query, name: string): string | undefined {
  const value = query[name]
  const text = Array.isArray(value) ? value[0] : value
  return typeof text === 'string' && text !== '' ? text : undefined
}

/** Reads what it understands and leaves out the rest: an address may be old, or typed by hand. */
export function filtersOf(query: Query): AchievementFilters {
  const q = one(query, 'q')?.slice(0, 100)
  const field = FIELDS.find((code) => code === query['tech_field'])
  const region = one(query, 'region')
  const mode = MODES.find((code) => code === query['cooperation_mode'])
  const trl = one(query, 'trl_gte')
  const price = one(query, 'price_lte')
  return {
    ...(q && { q }),
    ...(field && { tech_field: field }),
    ...(region && /^[1-9]\d{5}$/.test(region) && { region }),
    ...(trl && /^[1-9]$/.test(trl) && { trl_gte: Number(trl) }),
    ...(mode && { cooperation_mode: mode }),
    ...(isMoney(price) && { price_lte: price }),
  }
}

/** The address after one filter changed; an empty text takes the filter away. */
export function queryOf(filters: AchievementFilters, change: Record<string, string>): Record<string, string> {
  const all = { ...filters, ...change }
  return Object.fromEntries(
    Object.entries(all)
      .filter(([, value]) => value !== undefined && value !== '')
      .map(([name, value]) => [name, String(value)]),
  )
}

/** "50" in 万 as the wire writes it; null for what is no amount, '' for nothing. */
export function priceLimit(text: string): string | null {
  const typed = readTyped(text, 'wan')
  if (typed.ok) return typed.money
  return typed.why === 'empty' ? '' : null
}
