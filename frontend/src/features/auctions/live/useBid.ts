/** Carries one bid to its known outcome: sends it, asks again with the same key, listens to the stream. */
import { onScopeDispose, shallowRef, watch, type Ref } from 'vue'

import { CHOOSING, meaningOf, needsRetyping, next, readMeaning, settledByStream, type BidHappening, type BidState } from './bid'
import { base, basisOf, type LiveState } from './fold'
import type { Me } from './standing'
import { receiptOf } from './wire'
import { answer, client } from '@/api/client'
import { intend, pendingIntent, settled } from '@/api/idempotency'
import { mayHaveHappened, Refused } from '@/api/problems'
import { loadSession, useSession } from '@/api/session'
import type { Money } from '@/kit/money'

const PATIENCE_MS = 5000
const RETRY_MS = [1000, 2000, 4000, 8000] as const
/** An intent found after a reload is asked about by itself only while it is this fresh. */
const FRESH_MS = 60_000

export interface BidContext {
  auctionId: string
  live: Readonly<Ref<LiveState | null>>
  me: Readonly<Ref<Me | null>>
}

export function useBid({ auctionId, live, me }: BidContext) {
  const bid = shallowRef<BidState>(CHOOSING)
  const intentName = `bid:${auctionId}`
  const { signedIn } = useSession()
  let retry: ReturnType<typeof setTimeout> | undefined
  let attempts = 0
  let gone = false

  function happen(happening: BidHappening): void {
    const before = bid.value
    bid.value = next(before, happening)
    const ended = before.step === 'sending' && bid.value.step !== 'sending'
    if (ended) {
      settled(intentName)
      clearTimeout(retry)
    }
  }

  function askAgain(): void {
    if (gone || bid.value.step !== 'sending') return
    clearTimeout(retry)
    const wait = RETRY_MS[Math.min(attempts, RETRY_MS.length - 1)]
    attempts += 1
    retry = setTimeout(() => void send(), wait)
  }

  /** Sends the pending bid with its key. Sending it twice has one effect, so a slow answer may be overtaken. */
  async function send(): Promise<void> {
    const pending = bid.value
    if (pending.step !== 'sending') return
    const { amount, jump, key } = pending
    if (pendingIntent(intentName)?.key !== key) {
      happen({ kind: 'forgotten' })
      return
    }
    const slow = setTimeout(() => {
      happen({ kind: 'no_answer' })
      askAgain()
    }, PATIENCE_MS)
    try {
      const body = await answer(
        client.POST('/v1/auctions/{id}/bids', {
          params: { path: { id: auctionId }, header: { 'Idempotency-Key': key } },
          body: { amount, confirm_jump: jump },
        }),
      )
      happen({ kind: 'accepted', receipt: receiptOf(body) })
    } catch (error) {
      if (error instanceof Refused && error.status === 401) {
        happen({ kind: 'signed_out' })
      } else if (error instanceof Refused && error.code === 'csrf_token_invalid') {
        // Turned away at the door: that says nothing of the bid, which an earlier try may have brought in.
        happen({ kind: 'no_answer' })
        void loadSession(true).then(askAgain)
      } else if (error instanceof Refused && error.code === 'bid_jump_unconfirmed' && live.value !== null) {
        happen({ kind: 'jump_unconfirmed', basis: basisOf(live.value) })
      } else if (error instanceof Refused && !mayHaveHappened(error) && error.status !== 429) {
        happen({ kind: 'refused', problem: error.problem })
      } else {
        happen({ kind: 'no_answer' })
        askAgain()
      }
    } finally {
      clearTimeout(slow)
    }
  }

  function choose(amount: Money): void {
    const now = live.value
    if (now === null) return
    const retype = needsRetyping(amount, base(now), now.increment)
    happen({ kind: 'chosen', amount, basis: basisOf(now), retype })
  }

  function keep(): void {
    const now = live.value
    if (now === null || bid.value.step !== 'confirming') return
    const retype = needsRetyping(bid.value.amount, base(now), now.increment)
    happen({ kind: 'kept', basis: basisOf(now), retype })
  }

  function confirm(): void {
    if (bid.value.step !== 'confirming' || bid.value.stale) return
    const { key } = intend(intentName, meaningOf(bid.value.amount, bid.value.retype))
    attempts = 0
    happen({ kind: 'confirmed', key })
    void send()
  }

  const pending = pendingIntent(intentName)
  const meant = pending && readMeaning(pending.what)
  if (pending && meant) {
    happen({ kind: 'resumed', ...meant, key: pending.key })
    // After a reload the page does not know its token yet, and would be turned away without it.
    if (Date.now() - pending.since < FRESH_MS) void loadSession().then(send)
  }

  watch(
    () => live.value && basisOf(live.value),
    (basis) => {
      if (basis !== null) happen({ kind: 'price_moved', basis })
    },
  )
  watch([() => live.value?.bids, bid], () => {
    const receipt = settledByStream(bid.value, live.value?.bids ?? [], me.value?.code ?? null)
    if (receipt) happen({ kind: 'accepted', receipt })
  })
  watch(signedIn, (yes) => {
    if (yes && bid.value.step === 'sending' && bid.value.signIn) void send()
  })
  onScopeDispose(() => {
    gone = true
    clearTimeout(retry)
  })

  return {
    bid: bid as Readonly<Ref<BidState>>,
    choose,
    keep,
    confirm,
    ask: () => void send(),
    back: () => happen({ kind: 'back' }),
  }
}
