/** Which side of a contract a party is, and what it may still do. Pure. */
import type { Contract } from '@/api/shapes'

export type Side = 'seller' | 'buyer'

/** Null for whoever only supervises. */
export function sideOf(contract: Pick<Contract, 'seller_party_id' | 'buyer_party_id'>, partyId: string | undefined): Side | null {
  if (partyId === contract.seller_party_id) return 'seller'
  return partyId === contract.buyer_party_id ? 'buyer' : null
}

export function confirmedAt(contract: Contract, side: Side): string | null {
  return side === 'seller' ? contract.seller_confirmed_at : contract.buyer_confirmed_at
}

/** Whether this side's confirmation is what the contract waits for. */
export function awaits(contract: Contract, side: Side | null): boolean {
  return side !== null && contract.status !== 'confirmed' && confirmedAt(contract, side) === null
}
