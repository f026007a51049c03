import type { RouteRecordRaw } from 'vue-router'

export const contractRoutes: RouteRecordRaw[] = [
  {
    path: '/contracts',
    name: 'contracts',
    component: () => import('./pages/ContractsPage.vue'),
    meta: { title: 'contracts.contracts', signedIn: true },
  },
  {
    path: '/contracts/:id',
    name: 'contracts.one',
    props: true,
    component: () => import('./pages/ContractPage.vue'),
    meta: { title: 'contracts.contract', signedIn: true },
  },
]
