/** The shapes of the API under the names that the pages use. */
import type { components, paths } from './generated/schema'

type Schemas = components['schemas']

export type Session = Schemas['SessionOut']
export type Role = Session['roles'][number]
export type Permission = Session['permissions'][number]

export type AchievementCard = Schemas['AchievementCard']
export type Achievement = Schemas['AchievementOut']
export type AchievementFilters = Omit<NonNullable<paths['/v1/achievements']['get']['parameters']['query']>, 'cursor' | 'limit'>

export type AuctionLine = Schemas['AuctionLine']
export type Auction = Schemas['AuctionOut']
export type BidLine = Schemas['BidLine']
export type BidReceipt = Schemas['BidOut']
export type AuctionEvent = Schemas['EventOut']
export type MyStanding = Schemas['StandingOut']
export type SaleStatus = NonNullable<NonNullable<paths['/v1/auctions']['get']['parameters']['query']>['status']>

export type OfferingLine = Schemas['OfferingLine']

export type Contract = Schemas['ContractOut']

export type SaleSession = Schemas['SaleSessionOut']
export type SaleSessionLine = Schemas['SaleSessionLine']
export type SessionLot = Schemas['LotLine']
export type PaddleLine = Schemas['PaddleOut']
export type PaddleExchange = Schemas['PaddleExchangeOut']
export type PublicKeys = Schemas['KeysOut']

export type Confirmation = Schemas['ConfirmationOut']
export type SaleResult = Schemas['ResultOut']
export type Default = Schemas['DefaultOut']
export type Disposition = Schemas['DispositionOut']
export type Ground = Schemas['DefaultIn']['ground']
export type NewTerms = Schemas['ReauctionIn']['terms']

export type Notice = Schemas['NoticeOut']
export type NoticeLine = Schemas['NoticeLine']
export type NoticeStatus = NoticeLine['status']
export type Revision = Schemas['RevisionOut']
export type Difference = Schemas['DifferenceOut']
export type Mend = Schemas['MendOut']
export type NewMend = Schemas['MendIn']
export type Objection = Schemas['ObjectionOut']
export type NewObjection = Schemas['ObjectionIn']
export type ObjectionDecision = Schemas['ObjectionDecisionIn']
