/** The words of what follows a sale come with its page. */
import '../live/words'
import { i18n } from '@/locales'
import after from '@/locales/zh-CN/after.json'

i18n.global.mergeLocaleMessage('zh-CN', { after })
