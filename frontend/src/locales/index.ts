/** Words of the pages: Chinese is in the first load, English comes when asked for. */
import { createI18n } from 'vue-i18n'

import auctions from './zh-CN/auctions.json'
import common from './zh-CN/common.json'
import contracts from './zh-CN/contracts.json'
import identity from './zh-CN/identity.json'
import listings from './zh-CN/listings.json'
import { usePreferences, type Language } from '@/ui/usePreferences'

const chinese = { common, listings, auctions, identity, contracts }

export const i18n = createI18n<[typeof chinese], Language, false>({
  legacy: false,
  locale: 'zh-CN',
  fallbackLocale: 'zh-CN',
  // English is set when it has been loaded; until then every word falls back to Chinese.
  messages: { 'zh-CN': chinese, en: {} as typeof chinese },
})

let loaded = false

export async function speak(language: Language): Promise<void> {
  if (language === 'en' && !loaded) {
    const { default: words } = await import('./en')
    i18n.global.setLocaleMessage('en', words)
    loaded = true
  }
  i18n.global.locale.value = language
  usePreferences().rememberLanguage(language)
}
