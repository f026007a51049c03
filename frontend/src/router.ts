/** The pages' addresses. Each feature lists its own; a page is loaded when it is first opened. */
import { nextTick } from 'vue'
import { createRouter, createWebHistory, type Router } from 'vue-router'

import { loadSession, useSession } from '@/api/session'
import { auctionRoutes } from '@/features/auctions/routes'
import { contractRoutes } from '@/features/contracts/routes'
import { deskRoutes } from '@/features/desk/routes'
import { homeRoutes } from '@/features/home/routes'
import { identityRoutes } from '@/features/identity/routes'
import { listingRoutes } from '@/features/listings/routes'
import { noticeRoutes } from '@/features/notices/routes'
import { proofRoutes } from '@/features/proof/routes'
import { i18n } from '@/locales'

declare module 'vue-router' {
  interface RouteMeta {
    /** The key of the page's name, for the title of the window. */
    title?: string
    signedIn?: boolean
    /** The page fills the window: without the frame of the others. */
    bare?: boolean
  }
}

export function createPageRouter(): Router {
  const router = createRouter({
    history: createWebHistory(),
    routes: [
      ...homeRoutes,
      ...identityRoutes,
      ...listingRoutes,
      ...auctionRoutes,
      ...noticeRoutes,
      ...proofRoutes,
      ...contractRoutes,
      ...deskRoutes,
      {
        path: '/:path(.*)*',
        name: 'not-found',
        component: () => import('@/ui/NotFoundPage.vue'),
        meta: { title: 'common.notFound' },
      },
    ],
    scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? false : { top: 0 }),
  })

  router.beforeEach(async (to) => {
    if (!to.meta.signedIn) return true
    await loadSession()
    return useSession().signedIn.value || { name: 'sign-in', query: { next: to.fullPath } }
  })

  router.afterEach(async (to, from) => {
    const { t } = i18n.global
    document.title = to.meta.title ? `${t(to.meta.title)} · ${t('common.brand')}` : t('common.brand')
    if (from.matched.length === 0 || to.path === from.path) return
    await nextTick()
    // The reader of a screen reader is put at the top of the new page, not left on a link that is gone.
    document.querySelector<HTMLElement>('main')?.focus({ preventScroll: true })
  })

  return router
}
