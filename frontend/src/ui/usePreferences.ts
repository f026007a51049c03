/** What a visitor chose for this browser: the language and the larger type. */
import { shallowRef, watchEffect } from 'vue'

export type Language = 'zh-CN' | 'en'

const LANGUAGE = 'jishi:language'
const LARGE = 'jishi:large-type'

function remembered(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}

function remember(key: string, value: string): void {
  try {
    localStorage.setItem(key, value)
  } catch {
    // A private window forgets; nothing depends on it.
  }
}

const language = shallowRef<Language>(remembered(LANGUAGE) === 'en' ? 'en' : 'zh-CN')
const largeType = shallowRef(remembered(LARGE) === 'yes')

watchEffect(() => {
  document.documentElement.lang = language.value
  document.documentElement.classList.toggle('large-type', largeType.value)
})

export function usePreferences() {
  return {
    language,
    largeType,
    rememberLanguage(next: Language) {
      language.value = next
      remember(LANGUAGE, next)
    },
    rememberLargeType(next: boolean) {
      largeType.value = next
      remember(LARGE, next ? 'yes' : 'no')
    },
  }
}
