/** What operators review: organisations, achievements, demands, offerings, bidders. */
import { by, limit, on, tasks, type Sheet, type TaskKind } from './task'
import { answer, client } from '@/api/client'

export const parties: TaskKind = {
  name: 'parties',
  permission: 'party_review',
  list: async () =>
    tasks(await answer(client.GET('/v1/parties', { params: { query: { status: 'pending', limit } } })), (row) => ({
      id: row.id,
      number: row.uscc ?? row.registration_no ?? '',
      title: row.name,
      by: '',
      at: row.created_at,
    })),
  read: async (id) => {
    const one = await answer(client.GET('/v1/parties/{id}', on(id)))
    return {
      version: one.version,
      facts: [
        { name: 'kind', text: one.kind, as: { list: 'desk.partyKind' } },
        { name: 'code', text: one.uscc ?? one.registration_no ?? one.person_number },
        { name: 'region', text: one.region_code },
      ],
    }
  },
  deeds: [
    { name: 'approve', primary: true, asks: 'nothing', run: (call) => answer(client.POST('/v1/parties/{id}/review', { ...by(call), body: { approved: true } })) },
    { name: 'refuse', primary: false, asks: 'reason', run: (call) => answer(client.POST('/v1/parties/{id}/review', { ...by(call), body: { approved: false, reason: call.reason } })) },
  ],
}

async function readAchievement(id: string): Promise<Sheet> {
  const one = await answer(client.GET('/v1/achievements/{id}', on(id)))
  return {
    version: one.version,
    facts: [
      { name: 'holder', text: one.holder.name },
      { name: 'problem', text: one.summary?.problem },
      { name: 'advantage', text: one.summary?.advantage },
      { name: 'stage', text: one.summary?.stage },
      { name: 'missing', text: one.summary?.missing },
      { name: 'abstract', text: one.abstract },
    ],
  }
}

const achievementsThatAre = (status: 'submitted' | 'registered') => async () =>
  tasks(await answer(client.GET('/v1/review/achievements', { params: { query: { status, limit } } })), (row) => ({
    id: row.id,
    number: row.number,
    title: row.title,
    by: row.holder.name,
    at: row.submitted_at,
  }))

export const achievements: TaskKind = {
  name: 'achievements',
  permission: 'achievement_review',
  list: achievementsThatAre('submitted'),
  read: readAchievement,
  deeds: [
    { name: 'register', primary: true, asks: 'nothing', run: (call) => answer(client.POST('/v1/achievements/{id}/registration', by(call))) },
    { name: 'return', primary: false, asks: 'reason', run: (call) => answer(client.POST('/v1/achievements/{id}/return', { ...by(call), body: { reason: call.reason } })) },
  ],
}

export const publications: TaskKind = {
  name: 'publications',
  permission: 'achievement_review',
  list: achievementsThatAre('registered'),
  read: readAchievement,
  deeds: [{ name: 'publish', primary: true, asks: 'nothing', run: (call) => answer(client.POST('/v1/achievements/{id}/publication', by(call))) }],
}

export const demands: TaskKind = {
  name: 'demands',
  permission: 'demand_review',
  list: async () =>
    tasks(await answer(client.GET('/v1/demands', { params: { query: { status: 'submitted', limit } } })), (row) => ({
      id: row.id,
      number: row.number,
      title: row.title,
      by: row.poster?.name ?? '',
      at: null,
    })),
  read: async (id) => {
    const one = await answer(client.GET('/v1/demands/{id}', on(id)))
    return {
      version: one.version,
      facts: [
        { name: 'poster', text: (one.own?.poster ?? one.poster)?.name },
        { name: 'current', text: one.current_state ?? one.description },
        { name: 'tried', text: one.what_was_tried },
        { name: 'budget', text: one.budget?.max.amount, as: 'money' },
        { name: 'deadline', text: one.deadline_on },
      ],
    }
  },
  deeds: [
    { name: 'publish', primary: true, asks: 'nothing', run: (call) => answer(client.POST('/v1/demands/{id}/publication', by(call))) },
    { name: 'return', primary: false, asks: 'reason', run: (call) => answer(client.POST('/v1/demands/{id}/return', { ...by(call), body: { reason: call.reason } })) },
  ],
}

export const offerings: TaskKind = {
  name: 'offerings',
  permission: 'offering_review',
  list: async () =>
    tasks(await answer(client.GET('/v1/offerings', { params: { query: { status: 'submitted', limit } } })), (row) => ({
      id: row.id,
      number: row.number,
      title: row.title,
      by: row.seller_name,
      at: null,
    })),
  read: async (id) => {
    const one = await answer(client.GET('/v1/offerings/{id}', on(id)))
    const decision = one.private?.decision
    return {
      version: one.version,
      facts: [
        { name: 'seller', text: one.seller_name },
        { name: 'path', text: one.path, as: { list: 'listings.path' } },
        { name: 'mode', text: one.mode, as: { list: 'listings.mode' } },
        { name: 'territory', text: one.territory },
        { name: 'profile', text: one.profile_title_zh },
        { name: 'decision', text: decision ? `${decision.document_no} ${decision.decided_on}` : null },
        { name: 'ask', text: one.ask?.amount, as: 'money' },
        { name: 'deposit', text: one.deposit?.amount, as: 'money' },
        { name: 'conditions', text: one.buyer_conditions },
      ],
    }
  },
  deeds: [
    { name: 'approve', primary: true, asks: 'reason', run: (call) => answer(client.POST('/v1/offerings/{id}/review', { ...by(call), body: { approved: true, reason: call.reason } })) },
    { name: 'return', primary: false, asks: 'reason', run: (call) => answer(client.POST('/v1/offerings/{id}/review', { ...by(call), body: { approved: false, reason: call.reason } })) },
  ],
}

export const registrants: TaskKind = {
  name: 'registrants',
  permission: 'registration_review',
  list: async () => {
    const pages = await Promise.all(
      (['registered', 'qualifying'] as const).map((status) => answer(client.GET('/v1/registrants', { params: { query: { status, limit } } }))),
    )
    const waiting = pages.map((page) =>
      tasks(page, (row) => ({ id: row.id, number: row.number, title: row.buyer_name, by: row.agent_name ?? '', at: row.created_at })),
    )
    return { tasks: waiting.flatMap((part) => part.tasks), more: waiting.some((part) => part.more) }
  },
  read: async (id) => {
    const one = await answer(client.GET('/v1/registrants/{id}', on(id)))
    return {
      version: one.version,
      facts: [
        { name: 'agent', text: [one.agent_name, one.agent_phone].filter(Boolean).join(' ') },
        { name: 'note', text: one.note },
        { name: 'deposit', text: one.deposit.amount, as: 'money' },
        { name: 'reference', text: one.deposit_number },
        { name: 'deposits', text: one.deposit_status, as: { list: 'desk.depositStatus' } },
      ],
    }
  },
  deeds: [
    { name: 'qualify', primary: true, asks: 'reason', run: (call) => answer(client.POST('/v1/registrations/{id}/qualification', { ...by(call), body: { passed: true, reason: call.reason } })) },
    { name: 'disqualify', primary: false, asks: 'reason', run: (call) => answer(client.POST('/v1/registrations/{id}/qualification', { ...by(call), body: { passed: false, reason: call.reason } })) },
  ],
}
