/** What a task is to the desk, and what all kinds of them share. */
import type { Permission } from '@/api/shapes'

export interface Task {
  id: string
  number: string
  title: string
  /** Who waits. */
  by: string
  at: string | null
  /** The person who entered it, where he may not decide it himself. */
  enteredBy?: string
}

export interface Fact {
  name: 'kind' | 'code' | 'region' | 'holder' | 'problem' | 'advantage' | 'stage' | 'missing' | 'abstract' | 'poster' | 'current'
    | 'tried' | 'budget' | 'deadline' | 'seller' | 'path' | 'mode' | 'territory' | 'profile' | 'decision' | 'ask' | 'conditions'
    | 'agent' | 'note' | 'deposit' | 'reference' | 'payer' | 'amount' | 'posted' | 'reason' | 'deposits' | 'starts'
  text: string | null | undefined
  as?: 'money' | 'time' | { list: string }
}

/** One task as it was read. The decision is about this version and no other. */
export interface Sheet {
  version: number
  facts: Fact[]
}

export interface Call {
  id: string
  /** The idempotency key of this intent, and the version that was read. */
  header: { 'Idempotency-Key': string; 'if-match': string }
  reason: string
}

export interface Deed {
  name: 'approve' | 'refuse' | 'return' | 'register' | 'publish' | 'qualify' | 'disqualify' | 'confirm' | 'sign' | 'order'
  primary: boolean
  /** What has to be written: nothing, a reason, or the bank's reference. */
  asks: 'nothing' | 'reason' | 'reference'
  run: (call: Call) => Promise<unknown>
}

export interface TaskKind {
  name: 'parties' | 'achievements' | 'publications' | 'demands' | 'offerings' | 'registrants' | 'arrivals' | 'readiness' | 'refunds' | 'orders'
  permission: Permission
  list: () => Promise<{ tasks: Task[]; more: boolean }>
  read: (id: string) => Promise<Sheet>
  deeds: readonly Deed[]
}

/** More than this wait only on a bad day; the rest comes when these are done. */
export const limit = 50
/** The parameters that name one object, without and with what a decision carries. */
export const on = (id: string) => ({ params: { path: { id } } })
export const by = ({ id, header }: Call) => ({ params: { path: { id }, header } })

interface Page<T> {
  data: T[]
  has_more: boolean
}
export const tasks = <T>(page: Page<T>, one: (row: T) => Task) => ({ tasks: page.data.map(one), more: page.has_more })
