import type { RouteRecordRaw } from 'vue-router'

export const contractRoutes: RouteRecordRaw[] = [
  {
    path: '/contracts',
    name: 'contracts',
    component: () => import('./pages/ContractsPage.vue'),
    meta: { title: 'contracts.contracts', signedIn: true },
  },
]
