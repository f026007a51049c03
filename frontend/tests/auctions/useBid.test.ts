import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { shallowRef } from 'vue'

import { aBidEvent, aSaleWithBids, yuan } from '../support/sales'
import { network, within, type Asked } from '../support/stage'
import { belongTo, pendingIntent } from '@/api/idempotency'
import { fold, type LiveState } from '@/features/auctions/live/fold'
import type { Me } from '@/features/auctions/live/standing'
import { useBid } from '@/features/auctions/live/useBid'

const AMOUNT = yuan('1810000.00')
const receipt = { bid_no: 2, seq: 11, bidder_code: '9QF', amount: { amount: AMOUNT, currency: 'CNY' }, at: '2026-11-21T08:00:00Z' }
const real = globalThis.fetch
let asked: Asked[]
let ends: (() => void)[]

function open(live = shallowRef<LiveState | null>(aSaleWithBids(['7K3']))) {
  const me = shallowRef<Me | null>({ registrationId: 'r', status: 'qualified', code: '9QF', hasBid: false })
  const { result, end } = within(() => useBid({ auctionId: 'a1', live, me }))
  ends.push(end)
  return { ...result, live, end }
}

async function wait(milliseconds = 0): Promise<void> {
  await vi.advanceTimersByTimeAsync(milliseconds)
  await flushPromises()
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
  asked = network()
  ends = []
  sessionStorage.clear()
})

afterEach(() => {
  for (const end of ends) end()
  vi.useRealTimers()
  globalThis.fetch = real
})

describe('sending a bid', () => {
  it('sends nothing until it is confirmed, then once, though the button is pressed twice', async () => {
    const { bid, choose, confirm } = open()
    choose(AMOUNT)
    await wait()
    expect(asked).toEqual([])
    confirm()
    confirm()
    await wait()
    expect(asked.map(({ method, path, body }) => [method, path, body])).toEqual([['POST', '/v1/auctions/a1/bids', { amount: AMOUNT, confirm_jump: false }]])
    asked[0]?.answer(201, receipt)
    await wait()
    expect(bid.value).toEqual({ step: 'accepted', receipt: { amount: AMOUNT, bidNo: 2, seq: 11 } })
    expect(pendingIntent('bid:a1')).toBeNull()
  })

  it('without an answer asks again with the same key, and believes whichever answer comes', async () => {
    const { bid, choose, confirm } = open()
    choose(AMOUNT)
    confirm()
    await wait(5000)
    expect(bid.value).toMatchObject({ step: 'sending', unknown: true })
    await wait(1000)
    expect(asked.length).toBe(2)
    expect(asked[1]?.key).toBe(asked[0]?.key)
    asked[0]?.answer(201, receipt)
    await wait()
    expect(bid.value.step).toBe('accepted')
    await wait(60_000)
    expect(asked.length).toBe(2)
  })

  it.each([500, 503, 429])('treats %i as not yet known and asks again', async (status) => {
    const { bid, choose, confirm } = open()
    choose(AMOUNT)
    confirm()
    await wait()
    asked[0]?.answer(status, { code: 'x', title: 'x', status })
    await wait()
    expect(bid.value).toMatchObject({ step: 'sending', unknown: true })
    await wait(1000)
    expect(asked.map(({ key }) => key)).toEqual([asked[0]?.key, asked[0]?.key])
  })

  it('a refusal is final: the next bid has a key of its own', async () => {
    const { bid, choose, confirm, back } = open()
    choose(AMOUNT)
    confirm()
    await wait()
    asked[0]?.answer(409, { code: 'bid_not_above_current', title: '…', status: 409, errors: [] })
    await wait()
    expect(bid.value).toMatchObject({ step: 'refused', problem: { code: 'bid_not_above_current' } })
    back()
    choose(AMOUNT)
    confirm()
    await wait()
    expect(asked[1]?.key).not.toBe(asked[0]?.key)
  })

  it('is settled by the stream when the answer is lost', async () => {
    const { bid, choose, confirm, live } = open()
    choose(AMOUNT)
    confirm()
    await wait()
    asked[0]?.cut()
    await wait()
    const before = live.value
    if (before) live.value = fold(before, aBidEvent(before, '9QF')).state
    await wait()
    expect(bid.value).toMatchObject({ step: 'accepted', receipt: { bidNo: 2, amount: AMOUNT } })
    await wait(30_000)
    expect(asked.length).toBe(1)
  })
})

describe('a large jump', () => {
  it('is refused unconfirmed, typed again, and goes out as meant under a key of its own', async () => {
    const { bid, choose, confirm } = open()
    choose(AMOUNT)
    confirm()
    await wait()
    asked[0]?.answer(409, { code: 'bid_jump_unconfirmed', title: '…', status: 409, errors: [] })
    await wait()
    expect(bid.value).toMatchObject({ step: 'confirming', amount: AMOUNT, retype: true })
    confirm()
    await wait()
    expect(asked[1]?.body).toEqual({ amount: AMOUNT, confirm_jump: true })
    expect(asked[1]?.key).not.toBe(asked[0]?.key)
  })
})

describe('a price that moves', () => {
  it('makes the frozen amount stale and never changes it', async () => {
    const { bid, choose, confirm, keep, live } = open()
    choose(yuan('1840000.00'))
    const before = live.value
    if (before) live.value = fold(before, aBidEvent(before, '7K3')).state
    await wait()
    expect(bid.value).toMatchObject({ step: 'confirming', amount: '1840000.00', stale: true })
    confirm()
    await wait()
    expect(asked).toEqual([])
    keep()
    confirm()
    await wait()
    expect(asked[0]?.body).toEqual({ amount: '1840000.00', confirm_jump: false })
  })
})

describe('after a reload', () => {
  it('asks about the pending bid with its key', async () => {
    const first = open()
    first.choose(AMOUNT)
    first.confirm()
    await wait()
    first.end()
    await wait(10_000)
    const { bid } = open()
    await wait()
    expect(asked.map(({ key }) => key)).toEqual([asked[0]?.key, asked[0]?.key])
    expect(bid.value).toMatchObject({ step: 'sending', unknown: true, amount: AMOUNT })
    asked[1]?.answer(201, receipt)
    await wait()
    expect(bid.value.step).toBe('accepted')
  })

  it('is never sent for somebody else who signed in meanwhile', async () => {
    belongTo('user-a:party-a')
    const first = open()
    first.choose(AMOUNT)
    first.confirm()
    await wait(5000)
    expect(asked.length).toBe(1)
    belongTo('user-a:party-a')
    await wait(1000)
    expect(asked.length).toBe(2)
    belongTo('user-b:party-b')
    await wait(60_000)
    expect(asked.length).toBe(2)
    expect(first.bid.value).toEqual({ step: 'choosing' })
    expect(pendingIntent('bid:a1')).toBeNull()
  })

  it('is not told that a bid failed because the page was turned away at the door', async () => {
    const { bid, choose, confirm } = open()
    choose(AMOUNT)
    confirm()
    await wait()
    asked[0]?.answer(403, { code: 'csrf_token_invalid', title: '…', status: 403, errors: [] })
    await wait()
    expect(bid.value).toMatchObject({ step: 'sending', unknown: true })
    await wait(1000)
    expect(asked[1]?.key).toBe(asked[0]?.key)
  })

  it('does not send by itself what was confirmed long ago', async () => {
    const first = open()
    first.choose(AMOUNT)
    first.confirm()
    await wait()
    first.end()
    await wait(61_000)
    const { bid, ask } = open()
    await wait(30_000)
    expect(asked.length).toBe(1)
    expect(bid.value).toMatchObject({ step: 'sending', unknown: true })
    ask()
    await wait()
    expect(asked[1]?.key).toBe(asked[0]?.key)
  })

  it('keeps the amount through an expired session', async () => {
    const { bid, choose, confirm } = open()
    choose(AMOUNT)
    confirm()
    await wait()
    asked[0]?.answer(401, { code: 'unauthenticated', title: '…', status: 401, errors: [] })
    await wait()
    expect(bid.value).toMatchObject({ step: 'sending', signIn: true, amount: AMOUNT })
    expect(pendingIntent('bid:a1')?.what).toBe(AMOUNT)
  })
})
