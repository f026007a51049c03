import type { RouteRecordRaw } from 'vue-router'

export const auctionRoutes: RouteRecordRaw[] = [
  {
    path: '/auctions',
    name: 'auctions',
    component: () => import('./pages/AuctionsPage.vue'),
    meta: { title: 'auctions.auctions' },
  },
  {
    path: '/auctions/:id',
    name: 'auctions.one',
    props: true,
    component: () => import('./live/pages/LiveAuctionPage.vue'),
    meta: { title: 'auctions.live' },
  },
  {
    path: '/auctions/:id/envelope',
    name: 'auctions.envelope',
    props: true,
    component: () => import('./envelope/pages/EnvelopePage.vue'),
    meta: { title: 'auctions.envelope.title', signedIn: true },
  },
  {
    path: '/auctions/:id/after',
    name: 'auctions.after',
    props: true,
    component: () => import('./after/pages/AfterPage.vue'),
    meta: { title: 'auctions.after' },
  },
  {
    path: '/sessions',
    name: 'auctions.sessions',
    component: () => import('./hall/pages/SessionsPage.vue'),
    meta: { title: 'auctions.sessions' },
  },
  {
    path: '/sessions/:id',
    name: 'auctions.session',
    props: true,
    component: () => import('./hall/pages/SessionPage.vue'),
    meta: { title: 'auctions.sessions' },
  },
  {
    path: '/sessions/:id/door',
    name: 'auctions.door',
    props: true,
    component: () => import('./door/pages/DoorPage.vue'),
    meta: { title: 'auctions.door', signedIn: true },
  },
  {
    path: '/sessions/:id/console',
    name: 'auctions.console',
    props: true,
    component: () => import('./hall/pages/ConsolePage.vue'),
    meta: { title: 'auctions.console', signedIn: true, bare: true },
  },
  {
    path: '/sessions/:id/screen',
    name: 'auctions.screen',
    props: true,
    component: () => import('./hall/pages/ScreenPage.vue'),
    meta: { title: 'auctions.screen', bare: true },
  },
]
