/** The door's sheet: whose paddle is which, found by what a bidder says or shows. Pure. */
import type { PaddleExchange, PaddleLine } from '@/api/shapes'

/** What is compared: full-width digits and letters as their usual ones, no spaces, no case. */
const plain = (text: string) => text.normalize('NFKC').replaceAll(/\s/g, '').toLowerCase()

/** The lines that fit: an exact paddle number alone, else a part of a number, a company or a person. */
export function found(lines: readonly PaddleLine[], words: string): readonly PaddleLine[] {
  const wanted = plain(words)
  if (wanted === '') return lines
  const exact = lines.filter((line) => String(line.paddle_no) === wanted)
  if (exact.length > 0) return exact
  return lines.filter((line) => [line.buyer_name, line.agent_name ?? '', line.registration_number].some((text) => plain(text).includes(wanted)))
}

/** The first number that was drawn for a line: his code on every lot, whatever was exchanged since. */
export function drawnOf(line: PaddleLine, exchanges: readonly PaddleExchange[]): number {
  const given = new Map(exchanges.filter((one) => one.session_registration_id === line.session_registration_id).map((one) => [one.new_no, one.old_no]))
  let number = line.paddle_no
  for (let old = given.get(number); old !== undefined; old = given.get(number)) {
    given.delete(number)
    number = old
  }
  return number
}
