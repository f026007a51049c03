import { expect, it } from 'vitest'

import { asMoney } from '@/kit/money'
import { fullPrice, shortPrice, spokenFigure } from '@/kit/price'
import { priceInWords } from '@/kit/rates'
import { exampleOf, isFar } from '@/features/auctions/live/proxy'

const rate = (text: string) => priceInWords('royalty_rate', asMoney(text))

it('writes money as money and a royalty as a percentage', () => {
  const amount = asMoney('2180000.00')
  expect([fullPrice('lump_sum', amount), shortPrice('annual_fee', amount), spokenFigure('entry_fee', amount)]).toEqual([
    '¥2,180,000.00',
    '¥2,180,000',
    '218',
  ])
  const royalty = asMoney('3.50')
  expect([fullPrice('royalty_rate', royalty), shortPrice('royalty_rate', royalty), spokenFigure('royalty_rate', asMoney('10.00'))]).toEqual([
    '3.50%',
    '3.5%',
    '10%',
  ])
})

it('says a percentage as it is read aloud', () => {
  expect([rate('3.50'), rate('0.05'), rate('10.00'), rate('12.05'), rate('20.10'), rate('100.00')]).toEqual([
    '百分之三点五',
    '百分之零点零五',
    '百分之十',
    '百分之十二点零五',
    '百分之二十点一',
    '百分之一百',
  ])
})

it('reckons the example of an automatic bid by the written rule', () => {
  const { mine, theirs, stands } = exampleOf(asMoney('2190000.00'), asMoney('10000.00'))
  expect([mine, theirs, stands]).toEqual(['2290000.00', '2250000.00', '2260000.00'])
})

it('asks for a maximum twice where it is twice what counts now', () => {
  expect([isFar(asMoney('4379999.99'), asMoney('2190000.00')), isFar(asMoney('4380000.00'), asMoney('2190000.00'))]).toEqual([false, true])
})
