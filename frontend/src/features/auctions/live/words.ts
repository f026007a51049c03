/** The words of the live sale come with its page: the public lists need not carry them. */
import { i18n } from '@/locales'
import sale from '@/locales/zh-CN/sale.json'

i18n.global.mergeLocaleMessage('zh-CN', { sale })
