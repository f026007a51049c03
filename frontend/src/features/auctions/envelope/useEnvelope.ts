/**
 * One bidder's envelope of the present round. The amount lives in this page's memory only, from the typing to the sealing:
 * in no storage, no address, no log, and never in a request.
 */
import { useQuery } from '@tanstack/vue-query'
import { computed, onScopeDispose, shallowRef } from 'vue'

import { bid, canSeal, digestOf, nothing, seal, tryOneself } from './seal'
import { custodyOf, type Content, type Envelope, type EnvelopePass, type EnvelopeReceipt } from './wire'
import { answer, client } from '@/api/client'
import { problemOf, Refused, Unreachable } from '@/api/problems'
import { asMoney, compare, type Money } from '@/kit/money'

export type EnvelopeState =
  | { step: 'choosing' }
  | { step: 'confirming'; amount: Money | null }
  | { step: 'sealing' }
  | { step: 'sealed'; receipt: EnvelopeReceipt; withdrawn: boolean }

const HEADERS = { 'Content-Type': 'application/json' }

/** Sends an envelope without saying who one is: no cookie, no token, the pass alone. */
export async function sendUnnamed(pass: EnvelopePass, envelope: Envelope): Promise<EnvelopeReceipt> {
  let response: Response
  try {
    response = await fetch(`/v1/auctions/${pass.auction_id}/envelope`, {
      method: 'PUT',
      credentials: 'omit',
      cache: 'no-store',
      headers: { ...HEADERS, 'Envelope-Pass': pass.envelope_pass },
      body: JSON.stringify(envelope),
    })
  } catch (cause) {
    throw new Unreachable({ cause })
  }
  const told: unknown = await response.json().catch(() => null)
  if (!response.ok) throw new Refused(problemOf(told, response), null)
  const receipt = told as EnvelopeReceipt
  if (receipt.commitment !== envelope.commitment || receipt.digest !== (await digestOf(envelope))) {
    throw new Error('the receipt is not of this envelope')
  }
  return receipt
}

/** Whether an amount is high enough in this round. */
export function reaches(pass: EnvelopePass, amount: Money): boolean {
  return pass.floor === null
    ? compare(amount, asMoney(pass.start_price.amount)) >= 0
    : compare(amount, asMoney(pass.floor.amount)) > 0
}

const WHOLE = asMoney('100.00')

/** Whether a royalty of more than 100 % is offered: no sale takes one. */
export function exceeds(pass: EnvelopePass, amount: Money): boolean {
  return pass.start_price.currency === '%' && compare(amount, WHOLE) > 0
}

export function useEnvelope(auctionId: string) {
  const state = shallowRef<EnvelopeState>({ step: 'choosing' })
  const amount = shallowRef<Money | null>(null)
  const failure = shallowRef<unknown>(null)
  const able = shallowRef<boolean | null>(null)
  void canSeal().then((can) => (able.value = can))

  const pass = useQuery({
    queryKey: ['auctions', 'envelope', auctionId],
    gcTime: 0,
    retry: false,
    refetchOnWindowFocus: false,
    queryFn: () => answer(client.GET('/v1/auctions/{id}/envelope', { params: { path: { id: auctionId } } })),
  })
  const tooLow = computed(() => amount.value !== null && pass.data.value !== undefined && !reaches(pass.data.value, amount.value))
  const tooHigh = computed(() => amount.value !== null && pass.data.value !== undefined && exceeds(pass.data.value, amount.value))

  function choose(withdraw: boolean): void {
    failure.value = null
    if (withdraw) state.value = { step: 'confirming', amount: null }
    else if (amount.value !== null && !tooLow.value && !tooHigh.value) state.value = { step: 'confirming', amount: amount.value }
  }

  function back(): void {
    state.value = { step: 'choosing' }
  }

  async function confirm(): Promise<void> {
    const chosen = state.value
    if (chosen.step !== 'confirming' || pass.data.value === undefined) return
    state.value = { step: 'sealing' }
    try {
      const given = pass.isFetching.value ? ((await pass.refetch()).data ?? pass.data.value) : pass.data.value
      const content: Content = chosen.amount === null ? nothing() : bid(chosen.amount, given.bidder_code)
      const custody = custodyOf(given)
      await tryOneself(content, given, custody)
      const receipt = await sendUnnamed(given, await seal(content, given, custody))
      state.value = { step: 'sealed', receipt, withdrawn: chosen.amount === null }
      amount.value = null
    } catch (error) {
      failure.value = error
      state.value = { step: 'choosing' }
    }
    // A pass replaces what had been received when it was given: the next envelope needs another one.
    void pass.refetch()
  }

  onScopeDispose(() => (amount.value = null))
  return { state, amount, failure, able, pass, tooLow, tooHigh, choose, back, confirm }
}
