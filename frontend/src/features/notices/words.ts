/** The words of notices come with their pages. */
import { i18n } from '@/locales'
import notices from '@/locales/zh-CN/notices.json'

i18n.global.mergeLocaleMessage('zh-CN', { notices })
