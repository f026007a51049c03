/** A small stage for composables and components: words, queries, addresses, and a network that is ours. */
import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { mount } from '@vue/test-utils'
import { defineComponent, h, type Component } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'

import { i18n } from '@/locales'

export function plugins() {
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [{ path: '/:path(.*)*', name: 'any', component: { render: () => null } }, { path: '/sign-in', name: 'sign-in', component: { render: () => null } }],
  })
  const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false } } })
  return { router, global: { plugins: [i18n, router, [VueQueryPlugin, { queryClient }]] as never } }
}

export function stage(component: Component, props: Record<string, unknown> = {}) {
  return mount(component, { props, global: plugins().global, attachTo: document.body })
}

/** Runs a composable inside a component and gives what it returned, with a way to end it. */
export function within<T>(run: () => T): { result: T; end: () => void } {
  let result: T | undefined
  const wrapper = mount(
    defineComponent({
      setup() {
        result = run()
        return () => h('div')
      },
    }),
    { global: plugins().global },
  )
  return { result: result as T, end: () => wrapper.unmount() }
}

export interface Asked {
  method: string
  path: string
  key: string | null
  body: unknown
  answer: (status: number, body?: unknown, headers?: Record<string, string>) => void
  cut: () => void
}

/** Stands in for the network: every call waits until the test answers or cuts it, but the one that asks who is signed in. */
export function network() {
  const asked: Asked[] = []
  globalThis.fetch = (async (input: Request) => {
    if (new URL(input.url).pathname === '/v1/session') return new Response(null, { status: 401 })
    const text = await input.clone().text()
    return new Promise<Response>((resolve, reject) => {
      asked.push({
        method: input.method,
        path: new URL(input.url).pathname,
        key: input.headers.get('idempotency-key'),
        body: text === '' ? null : JSON.parse(text),
        answer: (status, body, headers = {}) =>
          resolve(new Response(body === undefined ? null : JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } })),
        cut: () => reject(new TypeError('failed to fetch')),
      })
    })
  }) as typeof fetch
  return asked
}
