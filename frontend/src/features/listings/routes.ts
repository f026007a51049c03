import type { RouteRecordRaw } from 'vue-router'

export const listingRoutes: RouteRecordRaw[] = [
  {
    path: '/achievements',
    name: 'achievements',
    component: () => import('./pages/AchievementsPage.vue'),
    meta: { title: 'listings.achievements' },
  },
  {
    path: '/achievements/:id',
    name: 'achievements.one',
    props: true,
    component: () => import('./pages/AchievementPage.vue'),
    meta: { title: 'listings.achievement' },
  },
]
