/** Doing a thing once, whatever the line does: one key for each intent, kept until its outcome is known. */
import { intend, settled } from './idempotency'
import { mayHaveHappened } from './problems'

/** `what`: all that is meant, the version that was read among it; another meaning gets another key. */
export async function once<T>(name: string, what: string, run: (key: string) => Promise<T>): Promise<T> {
  const { key } = intend(name, what)
  try {
    const done = await run(key)
    settled(name)
    return done
  } catch (error) {
    if (!mayHaveHappened(error)) settled(name)
    throw error
  }
}
