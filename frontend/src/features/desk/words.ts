/** The desk's words come with the desk: the public pages need not carry them. */
import { i18n } from '@/locales'
import desk from '@/locales/zh-CN/desk.json'

i18n.global.mergeLocaleMessage('zh-CN', { desk })
