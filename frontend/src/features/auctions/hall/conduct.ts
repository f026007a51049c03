/** The auctioneer's commands on a lot, and what the console may offer at a moment. Pure but for the sending. */
import { needsRetyping } from '../live/bid'
import type { LiveBid, LiveState } from '../live/fold'
import { base, flawOf } from '../live/fold'
import { answer, client } from '@/api/client'
import type { components } from '@/api/generated/schema'
import type { Money } from '@/kit/money'

export type WithdrawReason = components['schemas']['LotWithdrawalIn']['reason']

export type Command =
  | { kind: 'open' }
  | { kind: 'bid'; paddle: number; amount: Money }
  | { kind: 'call'; number: number }
  | { kind: 'hammer' }
  | { kind: 'correct'; bidNo: number }
  | { kind: 'pass' }
  | { kind: 'withdraw'; reason: WithdrawReason; documentNo: string; note: string }

export async function send(lotId: string, command: Command, key: string): Promise<void> {
  const params = { path: { id: lotId }, header: { 'Idempotency-Key': key } }
  switch (command.kind) {
    case 'open':
      await answer(client.POST('/v1/auctions/{id}/opening', { params }))
      return
    case 'bid':
      await answer(client.POST('/v1/auctions/{id}/floor-bids', { params, body: { paddle_no: command.paddle, amount: command.amount } }))
      return
    case 'call':
      await answer(client.POST('/v1/auctions/{id}/calls', { params, body: { number: command.number } }))
      return
    case 'hammer':
      await answer(client.POST('/v1/auctions/{id}/hammer', { params }))
      return
    case 'correct':
      await answer(client.POST('/v1/auctions/{id}/corrections', { params, body: { bid_no: command.bidNo } }))
      return
    case 'pass':
      await answer(client.POST('/v1/auctions/{id}/passing-in', { params }))
      return
    case 'withdraw':
      await answer(
        client.POST('/v1/auctions/{id}/lot-withdrawal', {
          params,
          body: { reason: command.reason, document_no: command.documentNo, note: command.note },
        }),
      )
  }
}

export const CALLS = 3

/** The number of the next call, or null while none can be made: nobody bids, or a warning still runs. */
export function nextCall(state: LiveState, now: number): number | null {
  if (state.status !== 'on_the_block' || state.price === null || state.calls >= CALLS) return null
  return state.warnsUntil !== null && state.calls > 0 && now < state.warnsUntil ? null : state.calls + 1
}

/** The hammer falls after the third call and its warning, never before. */
export function mayHammer(state: LiveState, now: number): boolean {
  return state.status === 'on_the_block' && state.price !== null && state.calls >= CALLS && state.warnsUntil !== null && now >= state.warnsUntil
}

/** The floor bid that can still be corrected: the latest one that no person has bid after. */
export function correctable(state: LiveState): LiveBid | null {
  if (state.status !== 'on_the_block') return null
  const latest = state.bids.find((bid) => !bid.struck && bid.via !== 'proxy')
  if (latest?.via !== 'floor') return null
  // An automatic bid that came later than the floor bid's own instant answered something else.
  const later = state.bids.filter((bid) => !bid.struck && bid.bidNo > latest.bidNo)
  return later.every((bid) => bid.at === latest.at) ? latest : null
}

/** What stands against a floor bid before it is sent: not counted, or so far up that it is asked about once. */
export function doubtOf(state: LiveState, amount: Money): 'too_low' | 'off_ladder' | 'far' | null {
  const flaw = flawOf(state, amount)
  if (flaw !== null) return flaw.kind
  return needsRetyping(amount, base(state), state.increment) ? 'far' : null
}
