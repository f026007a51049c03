import { describe, expect, it } from 'vitest'

import { daysLeft, linesOf } from '@/features/notices/shown'

describe('a notice in words', () => {
  it('shows a value by its text, lists line by line, objects by their names', () => {
    expect(linesOf({ kind: 'lump_sum', text: '一次总付 800,000.00 元' })).toEqual(['一次总付 800,000.00 元'])
    expect(linesOf([{ name: '甲', number: 'CN1' }, '乙'])).toEqual(['甲（CN1）', '乙'])
    expect(linesOf({ 报名截止: '17:00' })).toEqual(['报名截止：17:00'])
    expect(linesOf(null)).toEqual([])
  })

  it('counts whole days up to the end, and none where the clock stands still', () => {
    const ends_at = '2026-12-10T16:00:00Z'
    expect(daysLeft({ status: 'running', ends_at }, Date.parse('2026-12-09T16:00:00Z'))).toBe(1)
    expect(daysLeft({ status: 'running', ends_at }, Date.parse('2026-12-09T15:59:59Z'))).toBe(2)
    expect(daysLeft({ status: 'running', ends_at }, Date.parse('2026-12-11T00:00:00Z'))).toBe(0)
    expect(daysLeft({ status: 'paused', ends_at }, 0)).toBeNull()
  })
})
