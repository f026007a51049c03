/** What finance staff confirm: arrivals, reconciled deposits, refunds. Never what they entered themselves. */
import { by, limit, on, tasks, type Sheet, type TaskKind } from './task'
import { answer, client } from '@/api/client'

export const arrivals: TaskKind = {
  name: 'arrivals',
  permission: 'arrival_confirm',
  list: async () =>
    tasks(await answer(client.GET('/v1/bank-arrivals', { params: { query: { status: 'entered', limit } } })), (row) => ({
      id: row.id,
      number: row.number,
      title: row.payer_name,
      by: row.remittance_note,
      at: row.posted_at,
      enteredBy: row.entered_by,
    })),
  read: async (id) => {
    const one = await answer(client.GET('/v1/bank-arrivals/{id}', on(id)))
    return {
      version: one.version,
      facts: [
        { name: 'payer', text: one.payer_name },
        { name: 'amount', text: one.amount.amount, as: 'money' },
        { name: 'posted', text: one.posted_at, as: 'time' },
        { name: 'note', text: one.remittance_note },
        { name: 'reference', text: one.bank_reference },
      ],
    }
  },
  deeds: [
    { name: 'confirm', primary: true, asks: 'nothing', run: (call) => answer(client.POST('/v1/bank-arrivals/{id}/confirmation', by(call))) },
    { name: 'refuse', primary: false, asks: 'reason', run: (call) => answer(client.POST('/v1/bank-arrivals/{id}/refusal', { ...by(call), body: { reason: call.reason } })) },
  ],
}

export const readiness: TaskKind = {
  name: 'readiness',
  permission: 'arrival_confirm',
  list: async () =>
    tasks(await answer(client.GET('/v1/auctions', { params: { query: { status: 'registration_closed', limit } } })), (row) => ({
      id: row.id,
      number: row.number,
      title: row.title,
      by: '',
      at: row.starts_at,
    })),
  read: async (id) => {
    const one = await answer(client.GET('/v1/auctions/{id}', on(id)))
    return {
      version: one.version,
      facts: [
        { name: 'seller', text: one.seller_name },
        { name: 'deposit', text: one.deposit.amount, as: 'money' },
        { name: 'deadline', text: one.deposit_due_at, as: 'time' },
        { name: 'starts', text: one.starts_at, as: 'time' },
      ],
    }
  },
  deeds: [{ name: 'sign', primary: true, asks: 'nothing', run: (call) => answer(client.POST('/v1/auctions/{id}/readiness', by(call))) }],
}

const refundsThatAre = (status: 'payable' | 'ordered') => async () =>
  tasks(await answer(client.GET('/v1/refunds', { params: { query: { status, limit } } })), (row) => ({
    id: row.id,
    number: row.bank_reference ?? '',
    title: row.payee_name,
    by: '',
    at: row.created_at,
    ...(status === 'ordered' && row.ordered_by !== null && { enteredBy: row.ordered_by }),
  }))

async function readRefund(id: string): Promise<Sheet> {
  const one = await answer(client.GET('/v1/refunds/{id}', on(id)))
  return {
    version: one.version,
    facts: [
      { name: 'amount', text: one.amount.amount, as: 'money' },
      { name: 'reason', text: one.reason },
      { name: 'reference', text: one.bank_reference },
    ],
  }
}

export const refunds: TaskKind = {
  name: 'refunds',
  permission: 'refund_order',
  list: refundsThatAre('payable'),
  read: readRefund,
  deeds: [{ name: 'order', primary: true, asks: 'reference', run: (call) => answer(client.POST('/v1/refunds/{id}/order', { ...by(call), body: { bank_reference: call.reason } })) }],
}

export const orders: TaskKind = {
  name: 'orders',
  permission: 'refund_confirm',
  list: refundsThatAre('ordered'),
  read: readRefund,
  deeds: [{ name: 'confirm', primary: true, asks: 'nothing', run: (call) => answer(client.POST('/v1/refunds/{id}/confirmation', by(call))) }],
}
