import type { RouteRecordRaw } from 'vue-router'

export const proofRoutes: RouteRecordRaw[] = [
  {
    path: '/auctions/:id/record',
    name: 'auctions.record',
    props: true,
    component: () => import('./pages/RecordPage.vue'),
    meta: { title: 'auctions.record' },
  },
  {
    path: '/verify',
    name: 'verify',
    component: () => import('./pages/VerifyPage.vue'),
    meta: { title: 'common.verify' },
  },
]
