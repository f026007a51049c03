/** Sends the auctioneer's commands, one at a time; without an answer the same one is asked again under its key. */
import { computed, shallowReadonly, shallowRef } from 'vue'

import { send, type Command } from './conduct'
import { freshKey } from '@/api/idempotency'
import { mayHaveHappened } from '@/api/problems'

export function useConduct(lotId: string) {
  const working = shallowRef<Command['kind'] | null>(null)
  const error = shallowRef<unknown>(null)
  const pending = shallowRef<{ command: Command; key: string } | null>(null)

  /** Whether it was done; false where it was refused or is not yet known. */
  async function run(command: Command, key = freshKey()): Promise<boolean> {
    if (working.value !== null) return false
    working.value = command.kind
    error.value = null
    try {
      await send(lotId, command, key)
      pending.value = null
      return true
    } catch (problem) {
      error.value = problem
      pending.value = mayHaveHappened(problem) ? { command, key } : null
      return false
    } finally {
      working.value = null
    }
  }

  return {
    working: shallowReadonly(working),
    error: shallowReadonly(error),
    /** A command whose outcome is not known. */
    unknown: computed(() => pending.value !== null),
    run: (command: Command) => run(command),
    again: () => (pending.value === null ? Promise.resolve(false) : run(pending.value.command, pending.value.key)),
    clear: () => (error.value = null),
  }
}
