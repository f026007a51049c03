/** What the big screen shows of a session: which lot, and how large its figure may be. Pure. */
import type { SaleSession, SessionLot } from '@/api/shapes'

const ENDED = new Set(['awarded', 'passed_in', 'cancelled'])
const TAKING = new Set(['on_the_block', 'free_bidding', 'timed_bidding', 'suspended', 'adjourned', 'priority_pending'])

export const isOver = (lot: SessionLot) => ENDED.has(lot.status)
export const isOpen = (lot: SessionLot) => TAKING.has(lot.status)

/** The lot that has ended between two looks at the board, by its number, or null. */
export function endedBetween(before: SaleSession | null, now: SaleSession | null): number | null {
  const was = new Map(before?.catalogue.map((lot) => [lot.lot_no, isOver(lot)]))
  return now?.catalogue.findLast((lot) => isOver(lot) && was.get(lot.lot_no) === false)?.lot_no ?? null
}

/** The open lot; else the result of the one that ended last, until the next is opened; else whose turn it is. */
export function lotShown(board: SaleSession, lastNo: number | null): SessionLot | null {
  const turn = board.catalogue.find((lot) => lot.lot_no === board.turn) ?? null
  if (turn !== null && isOpen(turn)) return turn
  const last = board.catalogue.find((lot) => lot.lot_no === lastNo)
  return last ?? turn ?? board.catalogue.findLast(isOver) ?? null
}

export function lotAfter(board: SaleSession, shown: SessionLot): SessionLot | null {
  return board.catalogue.find((lot) => lot.lot_no > shown.lot_no && !isOver(lot)) ?? null
}

/** As large as a figure of so many characters allows: most are short, and are read from the last row. */
export function scaleOf(digits: number): 'huge' | 'large' | 'usual' | 'small' {
  return digits <= 3 ? 'huge' : digits <= 5 ? 'large' : digits <= 8 ? 'usual' : 'small'
}
