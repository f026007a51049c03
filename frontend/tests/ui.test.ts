import { nextTick } from 'vue'
import { describe, expect, it } from 'vitest'

import { stage } from './support/stage'
import { filtersOf, priceLimit, queryOf } from '@/features/listings/filters'
import AmountInput from '@/ui/AmountInput.vue'
import CountdownText from '@/ui/CountdownText.vue'

describe('the amount field', () => {
  it('says back what was typed, in 万元 and in capitals', async () => {
    const field = stage(AmountInput, { label: '金额', modelValue: null })
    await field.find('input').setValue('2,190,000')
    expect(field.text()).toContain('219万元 · 人民币贰佰壹拾玖万元整')
    expect(field.emitted('update:modelValue')?.at(-1)).toEqual(['2190000.00'])
  })

  it('reads the same digits as 万元 when the unit is changed', async () => {
    const field = stage(AmountInput, { label: '金额', modelValue: null })
    await field.find('input').setValue('219')
    await field.findAll('.units button')[1]?.trigger('click')
    expect(field.text()).toContain('人民币贰佰壹拾玖万元整')
    expect(field.emitted('update:modelValue')?.at(-1)).toEqual(['2190000.00'])
  })

  it('complains in words and gives no amount for what is none', async () => {
    const field = stage(AmountInput, { label: '金额', modelValue: null })
    await field.find('input').setValue('219')
    await field.find('input').setValue('219.005')
    expect(field.text()).toContain('最多精确到分')
    expect(field.find('input').attributes('aria-invalid')).toBe('true')
    expect(field.emitted('update:modelValue')?.at(-1)).toEqual([null])
  })
})

describe('the countdown', () => {
  const reading = { now: 1_000_000, uncertainty: 20, rate: 1 }

  it('is a silent timer', () => {
    const text = stage(CountdownText, { reading, until: 1_277_000 })
    expect(text.text()).toBe('04:37')
    expect(text.attributes()).toMatchObject({ role: 'timer', 'aria-live': 'off' })
  })

  it('closes nothing at zero', async () => {
    const text = stage(CountdownText, { reading, until: 1_000_000 })
    await nextTick()
    expect(text.text()).toBe('等待系统确认')
  })

  it('shows doubt when the clock is uncertain, and no time before there is one', () => {
    expect(stage(CountdownText, { reading: { ...reading, uncertainty: 600 }, until: 1_277_000 }).text()).toBe('≈04:37')
    expect(stage(CountdownText, { reading: { ...reading, uncertainty: Infinity }, until: 1_277_000 }).text()).toBe('--:--')
  })
})

describe('the filters in the address', () => {
  it('are read back as they were written', () => {
    const query = { q: '电池', tech_field: 'new_energy', region: '330000', trl_gte: '6', cooperation_mode: 'transfer', price_lte: '500000.00' }
    expect(filtersOf(query)).toEqual({ ...query, trl_gte: 6 })
    expect(queryOf(filtersOf(query), {})).toEqual(query)
  })

  it('leave out what cannot be understood', () => {
    expect(filtersOf({ region: 'x', tech_field: 'magic', trl_gte: '0', price_lte: '5', q: '', extra: '1' })).toEqual({})
  })

  it('lose a filter that is emptied', () => {
    expect(queryOf({ q: '电池', region: '330000' }, { region: '' })).toEqual({ q: '电池' })
  })

  it('take a price in 万元', () => {
    expect(priceLimit('50')).toBe('500000.00')
    expect(priceLimit('')).toBe('')
    expect(priceLimit('about 50')).toBeNull()
  })
})
