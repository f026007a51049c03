/** An amount in the formal Chinese figures (大写) that contracts and cheques carry. */
import { toFen, type Money } from './money'

const DIGITS = ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'] as const
const PLACES = ['', '拾', '佰', '仟'] as const
const SECTIONS = ['', '万', '亿', '万亿'] as const

/** Four digits at most; zeros inside are said once, zeros at the end not at all. */
function section(value: number): string {
  let text = ''
  let gap = false
  for (let place = 3; place >= 0; place -= 1) {
    const digit = Math.trunc(value / 10 ** place) % 10
    if (digit === 0) {
      gap = text !== ''
    } else {
      text += (gap ? '零' : '') + DIGITS[digit] + PLACES[place]
      gap = false
    }
  }
  return text
}

function whole(value: bigint): string {
  const sections: number[] = []
  for (let rest = value; rest > 0n; rest /= 10_000n) sections.push(Number(rest % 10_000n))
  let text = ''
  let gap = false
  for (let index = sections.length - 1; index >= 0; index -= 1) {
    const part = sections[index] ?? 0
    if (part === 0) {
      gap = text !== ''
      continue
    }
    if (text !== '' && (gap || part < 1000)) text += '零'
    // 万亿 is said as 万 where the 亿 section follows with digits of its own.
    const unit = index === 3 && (sections[2] ?? 0) > 0 ? '万' : SECTIONS[index]
    text += section(part) + unit
    gap = false
  }
  return text
}

/** "人民币壹万元零壹分", "人民币贰佰壹拾玖万元整", "人民币零元整": the same rules as the server. */
export function capital(amount: Money): string {
  const fen = toFen(amount)
  const yuan = fen / 100n
  const jiao = Number((fen / 10n) % 10n)
  const last = Number(fen % 10n)
  let text = yuan > 0n ? `${whole(yuan)}元` : ''
  if (jiao === 0 && last === 0) return `人民币${text === '' ? '零元' : text}整`
  // A zero is spoken where the yuan end in 0 and jiao follow: 壹拾元零伍角.
  if (jiao > 0) text += `${yuan > 0n && yuan % 10n === 0n ? '零' : ''}${DIGITS[jiao]}角`
  else if (text !== '') text += '零'
  return last > 0 ? `人民币${text}${DIGITS[last]}分` : `人民币${text}整`
}
