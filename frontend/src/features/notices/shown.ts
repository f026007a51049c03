/** A notice in words: values of any form, its tone, the days that are left. Pure. */
import type { Notice, NoticeStatus } from '@/api/shapes'
import { instant } from '@/kit/dates'

export type Tone = 'plain' | 'active' | 'lead' | 'outbid' | 'extend' | 'done'

const TONES: Record<NoticeStatus, Tone> = {
  scheduled: 'plain',
  running: 'active',
  paused: 'extend',
  passed: 'lead',
  failed: 'outbid',
  revoked: 'done',
  superseded: 'done',
}

export function toneOf(status: NoticeStatus): Tone {
  return TONES[status]
}

/** The lines that a value is shown as. An object with `text` is told by it. */
export function linesOf(value: unknown): string[] {
  if (value === null || value === undefined) return []
  if (Array.isArray(value)) return value.flatMap(linesOf)
  if (typeof value === 'object') {
    const held = value as Record<string, unknown>
    if (typeof held.text === 'string') return [held.text]
    if (typeof held.name === 'string' && typeof held.number === 'string') return [`${held.name}（${held.number}）`]
    return Object.entries(held).map(([name, part]) => `${name}：${linesOf(part).join('；')}`)
  }
  return String(value).split('\n')
}

const DAY = 86_400_000

/** Whole days until the end, rounded up; null where nothing runs. */
export function daysLeft(notice: Pick<Notice, 'status' | 'ends_at'>, now: number): number | null {
  if (notice.status !== 'running' || notice.ends_at === null) return null
  return Math.max(0, Math.ceil((instant(notice.ends_at) - now) / DAY))
}
