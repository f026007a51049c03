import type { RouteRecordRaw } from 'vue-router'

import type { Permission } from '@/api/shapes'

/** Whoever holds one of these has something to do at the desk. */
export const DESK_PERMISSIONS: readonly Permission[] = [
  'party_review',
  'achievement_review',
  'demand_review',
  'offering_review',
  'registration_review',
  'arrival_enter',
  'arrival_confirm',
  'refund_order',
  'refund_confirm',
]

export const deskRoutes: RouteRecordRaw[] = [
  {
    path: '/desk',
    name: 'desk',
    component: () => import('./pages/DeskPage.vue'),
    meta: { title: 'common.nav.desk', signedIn: true },
  },
]
