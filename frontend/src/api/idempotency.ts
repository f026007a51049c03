/**
 * One key for each thing that a person means to do once.
 *
 * The key is kept until the outcome is known, through reloads of the page, so that asking again
 * can never do the thing twice. It lives in the tab's own storage: another tab is another intent.
 */

const PREFIX = 'jishi:intent:'
const OWNER = '#who'

export interface Intent {
  key: string
  /** Milliseconds since the epoch by this machine, only to tell how old the intent is. */
  since: number
  /** What was meant, such as the amount of a bid; never a secret. */
  what: string
}

/** In private windows without storage the key lives as long as the page. */
const fallback = new Map<string, string>()

function load(name: string): string | null {
  try {
    return sessionStorage.getItem(PREFIX + name)
  } catch {
    return fallback.get(name) ?? null
  }
}

function save(name: string, text: string): void {
  try {
    sessionStorage.setItem(PREFIX + name, text)
  } catch {
    fallback.set(name, text)
  }
}

/** 128 random bits; `randomUUID` exists only on secure pages, and an intranet address is none. */
export function freshKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

export function pendingIntent(name: string): Intent | null {
  const text = load(name)
  if (text === null) return null
  try {
    const { key, since, what } = JSON.parse(text) as Partial<Intent>
    return typeof key === 'string' && typeof since === 'number' && typeof what === 'string' ? { key, since, what } : null
  } catch {
    return null
  }
}

/** The pending intent of this name if it means the same, else a new one in its place. */
export function intend(name: string, what = '', now = Date.now()): Intent {
  const pending = pendingIntent(name)
  if (pending !== null && pending.what === what) return pending
  const intent: Intent = { key: freshKey(), since: now, what }
  save(name, JSON.stringify(intent))
  return intent
}

/** What another person meant to do in this tab is not what the one who is signed in now means. */
export function belongTo(who: string): void {
  const before = load(OWNER)
  if (before !== null && before !== who) {
    fallback.clear()
    try {
      const names = Array.from({ length: sessionStorage.length }, (_, index) => sessionStorage.key(index) ?? '')
      for (const name of names) if (name.startsWith(PREFIX)) sessionStorage.removeItem(name)
    } catch {
      // Nothing was stored.
    }
  }
  save(OWNER, who)
}

/** The outcome is known: the next intent of this name gets a key of its own. */
export function settled(name: string): void {
  fallback.delete(name)
  try {
    sessionStorage.removeItem(PREFIX + name)
  } catch {
    // Nothing was stored.
  }
}
