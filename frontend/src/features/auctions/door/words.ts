/** The words of the door come with its page. */
import '../live/words'
import { i18n } from '@/locales'
import door from '@/locales/zh-CN/door.json'

i18n.global.mergeLocaleMessage('zh-CN', { door })
