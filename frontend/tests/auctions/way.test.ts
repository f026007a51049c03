import { expect, it } from 'vitest'

import { wayOf } from '@/features/auctions/live/way'

const shown = (status: string | null, deposit = true) => wayOf(status, deposit).map(({ key, state }) => `${key} ${state}`)

it('begins with the registration', () => {
  expect(shown(null)).toEqual(['register now', 'deposit later', 'qualification later', 'code later'])
})

it('leaves the deposit out where none is asked', () => {
  expect(shown('qualifying', false)).toEqual(['register done', 'qualification now', 'code later'])
})

it('goes on in either order of payment and decision', () => {
  expect(shown('registered')).toEqual(['register done', 'deposit now', 'qualification later', 'code later'])
  expect(shown('qualifying')).toEqual(['register done', 'deposit done', 'qualification now', 'code later'])
  expect(shown('qualified_pending_deposit')).toEqual(['register done', 'deposit now', 'qualification done', 'code later'])
  expect(shown('qualified')).toEqual(['register done', 'deposit done', 'qualification done', 'code done'])
})

it('shows where it failed', () => {
  expect(shown('disqualified')).toEqual(['register done', 'deposit done', 'qualification failed', 'code later'])
})
