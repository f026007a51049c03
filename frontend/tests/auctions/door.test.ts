import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it } from 'vitest'

import { stage } from '../support/stage'
import type { PaddleExchange, PaddleLine } from '@/api/shapes'
import PaddleDesk from '@/features/auctions/door/parts/PaddleDesk.vue'
import { drawnOf, found } from '@/features/auctions/door/sheet'
import '@/features/auctions/door/words'

const line = (paddle_no: number, buyer_name: string, agent_name: string | null, change: Partial<PaddleLine> = {}): PaddleLine => ({
  session_registration_id: `r${paddle_no}`, version: 3, registration_number: `ZC-2026-00${paddle_no}`, paddle_no, buyer_name, agent_name, handed_out_at: null, handed_out_by: null, ...change,
})
const LINES = [line(8, '杭州云启材料有限公司', '李某'), line(18, '宁波 Jinhai 电子股份有限公司', '王某'), line(81, '绍兴海川装备有限公司', null)]
const numbers = (words: string) => found(LINES, words).map((one) => one.paddle_no)

it('a paddle number means that paddle alone, however it is typed', () => {
  expect([numbers('8'), numbers(' １８ '), numbers('81')]).toEqual([[8], [18], [81]])
})

it('a bidder is found by company, person or registration, in part and in any case', () => {
  expect([numbers('云启'), numbers('王'), numbers('jinhai 电子'), numbers('0081'), numbers('有限公司'), numbers('陈')]).toEqual([[8], [18], [18], [81], [8, 18, 81], []])
  expect(numbers('  ')).toEqual([8, 18, 81])
})

it('the number that was drawn first stays the code, through one exchange or several', () => {
  const change = (id: string, old_no: number, new_no: number): PaddleExchange => ({ session_registration_id: id, old_no, new_no, reason: '遗失', exchanged_at: '2026-11-21T08:00:00Z', exchanged_by: '赵某' })
  const mine = line(40, '甲', null, { session_registration_id: 'a' })
  expect(drawnOf(mine, [])).toBe(40)
  expect(drawnOf(mine, [change('a', 7, 22), change('b', 9, 40), change('a', 22, 40)])).toBe(7)
})

let wrapper: ReturnType<typeof stage> | undefined
beforeEach(() => (wrapper = undefined))
afterEach(() => wrapper?.unmount())

it('Enter hands out at once: the button has the focus as soon as somebody stands there', async () => {
  wrapper = stage(PaddleDesk, { line: LINES[0], drawn: 8, working: false, error: null })
  await flushPromises()
  expect(document.activeElement?.textContent).toBe('交付 8 号牌')
  ;(document.activeElement as HTMLElement).click()
  expect(wrapper.emitted('out')).toHaveLength(1)
})

it('a paddle that was handed out is exchanged in two steps, with a reason', async () => {
  const given = line(8, '甲', '李某', { handed_out_at: '2026-11-21T08:00:00Z', handed_out_by: '赵某' })
  wrapper = stage(PaddleDesk, { line: given, drawn: 8, working: false, error: null })
  await flushPromises()
  // The first Enter does nothing that cannot be taken back.
  expect(document.activeElement?.textContent).toBe('返回')
  await wrapper.findAll('button').find((button) => button.text() === '报失换牌')?.trigger('click')
  await flushPromises()
  expect(document.activeElement?.tagName).toBe('INPUT')
  await wrapper.find('form').trigger('submit')
  expect(wrapper.emitted('exchange')).toBeUndefined()
  await wrapper.find('input').setValue('遗失，身份已核对 ')
  await wrapper.find('form').trigger('submit')
  expect(wrapper.emitted('exchange')).toEqual([['遗失，身份已核对']])
})
