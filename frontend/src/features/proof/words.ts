/** The words of records and their checking come with their pages. */
import { i18n } from '@/locales'
import proof from '@/locales/zh-CN/proof.json'

i18n.global.mergeLocaleMessage('zh-CN', { proof })
