/** The one door to the server: typed by its OpenAPI document, with the session's cookie and CSRF token. */
import createClient, { type Middleware } from 'openapi-fetch'

import type { paths } from './generated/schema'
import { problemOf, Refused, Unreachable } from './problems'

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

let csrfToken: string | null = null
let onSignedOut: () => void = () => undefined

/** Set by the session: what unsafe calls must carry beside the cookie. */
export function useCsrfToken(token: string | null): void {
  csrfToken = token
}

/** Called whenever a call is answered 401. */
export function whenSignedOut(run: () => void): void {
  onSignedOut = run
}

const guard: Middleware = {
  onRequest({ request }) {
    if (!SAFE.has(request.method) && csrfToken !== null) request.headers.set('X-CSRF-Token', csrfToken)
    return request
  },
  onResponse({ response, schemaPath }) {
    if (response.status === 401 && schemaPath !== '/v1/session') onSignedOut()
    return undefined
  },
}

export const client = createClient<paths>({
  baseUrl: globalThis.location?.origin ?? '',
  credentials: 'same-origin',
  cache: 'no-store',
  // Looked up at each call, so that a test can stand in for the network.
  fetch: (request) => globalThis.fetch(request),
})
client.use(guard)

interface Answer<T> {
  data?: T
  error?: unknown
  response: Response
}

/** The body of a good answer. Throws `Refused` for any other, `Unreachable` where none came. */
export async function answer<T>(call: Promise<Answer<T>>): Promise<T> {
  return (await answerWithHeaders(call)).data
}

export async function answerWithHeaders<T>(call: Promise<Answer<T>>): Promise<{ data: T; headers: Headers }> {
  let result: Answer<T>
  try {
    result = await call
  } catch (cause) {
    throw new Unreachable({ cause })
  }
  const { data, error, response } = result
  if (response.ok) return { data: data as T, headers: response.headers }
  const wait = response.headers.get('retry-after')
  throw new Refused(problemOf(error, response), wait !== null && /^\d+$/.test(wait) ? Number(wait) : null)
}
