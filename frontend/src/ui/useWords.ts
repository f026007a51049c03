/** Words of the server in the reader's language: problems, and codes of open lists. */
import { useI18n } from 'vue-i18n'

import type { FieldProblem, Problem } from '@/api/problems'

export function useWords() {
  const { t, te, locale } = useI18n()
  const english = () => locale.value === 'en'
  return {
    /** The word for a code of an open list; an unknown code is shown as it is, never as a missing key. */
    label(list: string, code: string): string {
      const key = `${list}.${code}`
      return te(key) || te(key, 'zh-CN') ? t(key) : code
    },
    title: (problem: Problem) => (english() ? problem.title_en : problem.title),
    detail: (problem: Problem | FieldProblem) => (english() ? problem.detail_en : problem.detail),
    remedy: (problem: Problem) => (english() ? problem.remedy_en : problem.remedy),
  }
}
