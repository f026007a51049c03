/** Tells a screen reader what happens in a sale, in the measure that the announcer allows. */
import { computed, onScopeDispose, watch, type Ref } from 'vue'
import { useI18n } from 'vue-i18n'

import type { LiveState } from './fold'
import type { Standing } from './standing'
import { createAnnouncer, markPassed, type Say } from '@/kit/announce'
import { realUntil, type ClockReading } from '@/kit/clock'
import { usePrice } from '@/ui/usePrice'

interface Parts {
  state: Readonly<Ref<LiveState | null>>
  standing: Readonly<Ref<Standing | null>>
  reading: Readonly<Ref<ClockReading>>
  say: Say
}

export function useSpeech({ state, standing, reading, say }: Parts): void {
  const { t } = useI18n()
  const { said } = usePrice(() => state.value?.priceKind ?? 'lump_sum')
  const announcer = createAnnouncer({ say })
  onScopeDispose(() => announcer.stop())

  watch(
    () => state.value?.bidNo,
    (_bidNo, before) => {
      const now = state.value
      if (before === undefined || now?.price == null) return
      announcer.price(t('sale.say.price', { amount: said(now.price), code: now.leader ?? '' }))
    },
  )
  watch(
    () => standing.value?.headline,
    (headline, before) => {
      if (before === undefined || headline === undefined) return
      const next = state.value?.nextAmount
      if (headline === 'outbid' && next) announcer.outbid(t('sale.say.outbid', { amount: said(next) }))
      else announcer.time(t(`sale.headline.${headline}`))
    },
  )
  watch(
    () => [state.value?.calls ?? 0, state.value?.warnsUntil] as const,
    ([calls], before) => {
      if (before === undefined || calls === 0 || calls === before[0] || calls > 3) return
      const words = t(`sale.say.call${calls}`)
      // After the third the hammer falls: that may interrupt.
      if (calls === 3) announcer.outbid(words)
      else announcer.time(words)
    },
  )
  watch(
    () => state.value?.announced,
    (now, before) => {
      if (before !== undefined && now?.kind === 'postponed') announcer.time(t('sale.postponed'))
    },
  )
  const left = computed(() => {
    const endsAt = state.value?.endsAt
    return endsAt == null || reading.value.uncertainty === Infinity ? null : realUntil(reading.value, endsAt)
  })
  watch(left, (now, before) => {
    const mark = now == null || before == null ? null : markPassed(before, now)
    if (mark !== null) announcer.time(t('sale.say.left', { n: mark }))
  })
}
