/** The market's public keys, asked for while there is a line; a page that was opened earlier checks without one. */
import type { Keys } from './check'
import { answer, client } from '@/api/client'

export async function marketKeys(): Promise<Keys | null> {
  try {
    const { data } = await answer(client.GET('/v1/keys'))
    return new Map(data.map((key) => [key.id, key.public_key]))
  } catch {
    return null
  }
}
