import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { yuan } from '../support/sales'
import { within } from '../support/stage'
import { useEnvelope } from '@/features/auctions/envelope/useEnvelope'
import { hex } from '@/features/auctions/envelope/wire'

const AMOUNT = yuan('3141592.65')
const PASS = 'ab'.repeat(56)
const NEXT_PASS = 'cd'.repeat(56)
const real = globalThis.fetch
let sent: { url: string; init: RequestInit }[]
let refusal: unknown
let passes: string[]
let ends: (() => void)[]

async function keys(): Promise<string> {
  const pair = (await crypto.subtle.generateKey({ name: 'X25519' }, true, ['deriveBits'])) as CryptoKeyPair
  return hex(new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey)))
}

function json(body: unknown, status = 200): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } })
}

async function digestOf(text: string): Promise<string> {
  // The body is in the order of its making: the market digests the canonical form.
  const { digestOf: digest } = await import('@/features/auctions/envelope/seal')
  return digest(JSON.parse(text) as never)
}

beforeEach(async () => {
  sent = []
  ends = []
  refusal = null
  passes = [PASS]
  const seats = await Promise.all([1, 2, 3].map(async (no) => ({ no, keys: [await keys()] })))
  const pass = {
    auction_id: 'a1', round_no: 1, envelope_id: 'e1', bidder_code: '7KQ', envelope_pass: PASS, threshold: 2, seats,
    start_price: { amount: '2000000.00', currency: 'CNY' }, floor: null, ends_at: null,
  }
  globalThis.fetch = (async (input: Request | string, init: RequestInit = {}) => {
    if (typeof input !== 'string') return new URL(input.url).pathname === '/v1/session' ? new Response(null, { status: 401 }) : json({ ...pass, envelope_pass: passes.length > 1 ? passes.shift() : passes[0] })
    sent.push({ url: input, init })
    if (refusal !== null) return json(refusal, 409)
    const text = init.body as string
    return json({ ...JSON.parse(text), digest: await digestOf(text), received_at: '2026-11-21T08:00:00Z', key_id: null, signature: null })
  }) as typeof fetch
})

afterEach(() => {
  for (const end of ends) end()
  globalThis.fetch = real
})

async function open() {
  const { result, end } = within(() => useEnvelope('a1'))
  ends.push(end)
  await vi.waitFor(() => expect([result.pass.data.value?.bidder_code, result.able.value]).toEqual(['7KQ', true]))
  return result
}

describe('an envelope', () => {
  it('takes two steps, leaves without a name, and leaves the amount nowhere', async () => {
    const envelope = await open()
    envelope.amount.value = AMOUNT
    envelope.choose(false)
    expect(sent).toEqual([])
    await envelope.confirm()
    expect(envelope.failure.value).toBeNull()
    expect(envelope.state.value).toMatchObject({ step: 'sealed', withdrawn: false })
    expect(envelope.amount.value).toBeNull()
    const [only] = sent
    expect([sent.length, only?.url, only?.init.credentials]).toEqual([1, '/v1/auctions/a1/envelope', 'omit'])
    expect(only?.init.headers).toEqual({ 'Content-Type': 'application/json', 'Envelope-Pass': PASS })
    const everywhere = JSON.stringify([sent, envelope.state.value, { ...sessionStorage }, { ...localStorage }, location.href, document.cookie])
    for (const form of ['3141592', '314159265', '3,141,592', '314.159']) expect(everywhere).not.toContain(form)
  })

  it('is not sealed below the start price, and not without the second step', async () => {
    const envelope = await open()
    envelope.amount.value = yuan('1999999.99')
    expect(envelope.tooLow.value).toBe(true)
    envelope.choose(false)
    expect(envelope.state.value).toEqual({ step: 'choosing' })
    await envelope.confirm()
    expect(sent).toEqual([])
  })

  it('can be taken back by an empty one, which looks the same', async () => {
    const envelope = await open()
    envelope.choose(true)
    await envelope.confirm()
    expect(envelope.state.value).toMatchObject({ step: 'sealed', withdrawn: true })
  })

  it('is replaced with a pass that was given after it', async () => {
    passes = [PASS, NEXT_PASS]
    const envelope = await open()
    for (const withdraw of [true, true]) {
      envelope.choose(withdraw)
      await envelope.confirm()
      expect(envelope.failure.value).toBeNull()
      envelope.back()
    }
    expect(sent.map(({ init }) => (init.headers as Record<string, string>)['Envelope-Pass'])).toEqual([PASS, NEXT_PASS])
  })

  it('that another one has overtaken is refused, and the next try has a new pass', async () => {
    passes = [PASS, NEXT_PASS]
    refusal = { code: 'envelope_superseded', title: '领取本凭证之后已收到另一份密封报价', status: 409 }
    const envelope = await open()
    envelope.amount.value = AMOUNT
    envelope.choose(false)
    await envelope.confirm()
    expect(envelope.failure.value).toMatchObject({ code: 'envelope_superseded' })
    refusal = null
    envelope.choose(false)
    await envelope.confirm()
    expect(envelope.state.value).toMatchObject({ step: 'sealed', withdrawn: false })
    expect(sent[1]?.init.headers).toMatchObject({ 'Envelope-Pass': NEXT_PASS })
  })

  it('that the market refuses says why, and keeps the amount for another try', async () => {
    refusal = { code: 'sealing_ended', title: '本轮密封报价已截止', status: 409 }
    const envelope = await open()
    envelope.amount.value = AMOUNT
    envelope.choose(false)
    await envelope.confirm()
    expect(envelope.state.value).toEqual({ step: 'choosing' })
    expect(envelope.failure.value).toMatchObject({ code: 'sealing_ended' })
    expect(envelope.amount.value).toBe(AMOUNT)
  })
})
