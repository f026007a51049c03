/** Who is signed in. One for the whole page; asked once at the start. */
import { computed, shallowRef } from 'vue'

import { answer, client, useCsrfToken, whenSignedOut } from './client'
import { belongTo } from './idempotency'
import { Refused } from './problems'
import type { Permission, Session } from './shapes'

const session = shallowRef<Session | null>(null)
/** True when the server has told whether somebody is signed in. */
const known = shallowRef(false)
let asking: Promise<void> | null = null

function hold(next: Session | null): void {
  session.value = next
  known.value = true
  useCsrfToken(next?.csrf_token ?? null)
  if (next !== null) belongTo(`${next.user.id}:${next.party.id}`)
}

whenSignedOut(() => hold(null))

/**
 * Asks once; later callers wait for the same answer. Offline counts as "not signed in, not known".
 * `anew` asks again: the page's token is no longer taken.
 */
export function loadSession(anew = false): Promise<void> {
  if (anew) asking = null
  asking ??= answer(client.GET('/v1/session'))
    .then(hold)
    .catch((error: unknown) => {
      asking = null
      if (error instanceof Refused && error.status === 401) hold(null)
    })
  return asking
}

export async function signIn(login: string, password: string): Promise<void> {
  hold(await answer(client.POST('/v1/session', { body: { login, password } })))
}

export async function signOut(): Promise<void> {
  try {
    await answer(client.DELETE('/v1/session'))
  } catch (error) {
    if (!(error instanceof Refused && error.status === 401)) throw error
  }
  hold(null)
}

export function useSession() {
  return {
    session,
    known,
    signedIn: computed(() => session.value !== null),
    may: (permission: Permission) => session.value?.permissions.includes(permission) ?? false,
  }
}
