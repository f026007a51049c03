/** A maximum left with the market: how it is sent, and what the written rule makes of an example. */
import { answer, client } from '@/api/client'
import { raise, toFen, type Money } from '@/kit/money'

/** The amount is a secret: unlike a bid's it is kept in no storage, and its key lives with the dialog. */
export async function leaveMaximum(auctionId: string, maximum: Money, key: string): Promise<void> {
  await answer(
    client.PUT('/v1/auctions/{id}/proxy', {
      params: { path: { id: auctionId }, header: { 'Idempotency-Key': key } },
      body: { maximum },
    }),
  )
}

export async function takeMaximumBack(auctionId: string, key: string): Promise<void> {
  await answer(
    client.DELETE('/v1/auctions/{id}/proxy', {
      params: { path: { id: auctionId }, header: { 'Idempotency-Key': key } },
    }),
  )
}

export interface Example {
  mine: Money
  theirs: Money
  /** Where mine stands against theirs: one step above the highest that theirs reaches. */
  stands: Money
}

/** The rule in this sale's own figures: my maximum ten steps up, another's six. */
export function exampleOf(next: Money, increment: Money): Example {
  const theirs = raise(next, increment, 6)
  return { mine: raise(next, increment, 10), theirs, stands: raise(theirs, increment) }
}

/** Whether a maximum is at least twice what counts now, so that a digit too many is likely. */
export function isFar(maximum: Money, next: Money): boolean {
  return toFen(maximum) >= toFen(next) * 2n
}
