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
]
