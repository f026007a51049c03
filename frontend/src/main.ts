import { VueQueryPlugin, QueryClient } from '@tanstack/vue-query'
import { createApp } from 'vue'

import '@/ui/elements'
import './styles/tokens.css'
import './styles/base.css'
import './styles/element.css'
import App from './App.vue'
import { Refused } from '@/api/problems'
import { loadSession } from '@/api/session'
import { i18n, speak } from '@/locales'
import { createPageRouter } from '@/router'
import { usePreferences } from '@/ui/usePreferences'

const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      // A refusal is an answer: only silence and faults of the server are worth asking again.
      retry: (failures, error) => failures < 2 && !(error instanceof Refused && error.status < 500),
    },
  },
})

async function start(): Promise<void> {
  const { language } = usePreferences()
  if (language.value === 'en') await speak('en').catch(() => undefined)
  void loadSession()
  createApp(App).use(i18n).use(VueQueryPlugin, { queryClient }).use(createPageRouter()).mount('#app')
}

void start()
