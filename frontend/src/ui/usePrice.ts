/** A price in the words of its kind: yuan with 万元 and capitals, or a percentage. */
import { useI18n } from 'vue-i18n'

import type { Money } from '@/kit/money'
import { fullPrice, isRate, shortPrice, spokenFigure } from '@/kit/price'
import { priceInWords } from '@/kit/rates'

export function usePrice(kind: () => string) {
  const { t } = useI18n()
  /** "218万元", "3.5%" */
  const said = (amount: Money) =>
    isRate(kind()) ? spokenFigure(kind(), amount) : t('common.inWan', { amount: spokenFigure(kind(), amount) })
  return {
    rate: () => isRate(kind()),
    full: (amount: Money) => fullPrice(kind(), amount),
    short: (amount: Money) => shortPrice(kind(), amount),
    said,
    /** What stands beside the full figure: "218万元"; nothing for a percentage, which is short as it is. */
    side: (amount: Money) => (isRate(kind()) ? '' : said(amount)),
    words: (amount: Money) => priceInWords(kind(), amount),
  }
}
