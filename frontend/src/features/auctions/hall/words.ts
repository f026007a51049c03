/** The words of sessions come with their pages. */
import '../live/words'
import { i18n } from '@/locales'
import hall from '@/locales/zh-CN/hall.json'

i18n.global.mergeLocaleMessage('zh-CN', { hall })
