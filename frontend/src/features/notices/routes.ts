import type { RouteRecordRaw } from 'vue-router'

export const noticeRoutes: RouteRecordRaw[] = [
  {
    path: '/notices',
    name: 'notices',
    component: () => import('./pages/NoticesPage.vue'),
    meta: { title: 'common.nav.notices' },
  },
  {
    path: '/notices/:id',
    name: 'notices.one',
    props: true,
    component: () => import('./pages/NoticePage.vue'),
    meta: { title: 'common.nav.notices' },
  },
]
