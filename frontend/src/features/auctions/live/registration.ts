/** An enterprise's intent to take part, sent once. */
import type { Auction } from '@/api/shapes'
import { answer, client } from '@/api/client'
import { intend, settled } from '@/api/idempotency'
import { mayHaveHappened } from '@/api/problems'

export async function register(auction: Auction): Promise<void> {
  const name = `register:${auction.offering_id}`
  const { key } = intend(name)
  try {
    await answer(
      client.POST('/v1/offerings/{id}/registrations', {
        params: { path: { id: auction.offering_id }, header: { 'Idempotency-Key': key } },
        body: {},
      }),
    )
  } catch (error) {
    if (!mayHaveHappened(error)) settled(name)
    throw error
  }
  settled(name)
}
