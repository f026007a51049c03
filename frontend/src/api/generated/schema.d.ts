/** Provisional, by hand, until openapi/openapi.json exists; then `npm run api` writes this file. */

type Body<T> = { content: { 'application/json': T } }
type None = { query?: never; header?: never; path?: never; cookie?: never }
type Op<P, B, T> = {
  parameters: Omit<None, keyof P> & P
  requestBody: B extends undefined ? never : Body<B>
  responses: {
    200: { headers: Record<string, unknown> } & Body<T>
    default: { headers: Record<string, unknown>; content: { 'application/problem+json': components['schemas']['Problem'] } }
  }
}
type OpNoBody<P, T> = Omit<Op<P, undefined, T>, 'requestBody'> & { requestBody?: never }
type Id = { path: { id: string } }
type Keyed = { header: { 'Idempotency-Key': string } }

export interface paths {
  '/v1/time': { get: OpNoBody<object, components['schemas']['TimeOut']> }
  '/v1/session': {
    get: OpNoBody<object, components['schemas']['SessionOut']>
    post: Op<object, components['schemas']['SignIn'], components['schemas']['SessionOut']>
    delete: OpNoBody<object, undefined>
  }
  '/v1/achievements': {
    get: OpNoBody<
      {
        query?: {
          q?: string
          tech_field?: string
          region?: string
          trl_gte?: number
          conversion_mode?: string
          price_lte?: string
          cursor?: string
          limit?: number
        }
      },
      components['schemas']['Page_AchievementLine']
    >
  }
  '/v1/achievements/{id}': { get: OpNoBody<Id, components['schemas']['AchievementOut']> }
  '/v1/auctions': {
    get: OpNoBody<{ query?: { status?: string; cursor?: string; limit?: number } }, components['schemas']['Page_AuctionLine']>
  }
  '/v1/auctions/{id}': { get: OpNoBody<Id, components['schemas']['AuctionOut']> }
  '/v1/auctions/{id}/bids': {
    get: OpNoBody<Id & { query?: { cursor?: string; limit?: number } }, components['schemas']['Page_BidLine']>
    post: Op<Id & Keyed, components['schemas']['BidIn'], components['schemas']['BidOut']>
  }
  '/v1/auctions/{id}/me': { get: OpNoBody<Id, components['schemas']['StandingOut']> }
  '/v1/offerings/{id}/registrations': { post: Op<Id & Keyed, Record<string, never>, components['schemas']['RegistrationOut']> }
  '/v1/contracts': { get: OpNoBody<{ query?: { cursor?: string } }, components['schemas']['Page_ContractLine']> }
  '/v1/contracts/{id}': { get: OpNoBody<Id, components['schemas']['ContractLine']> }
  '/v1/contracts/{id}/confirmations': { post: Op<Id & Keyed, Record<string, never>, components['schemas']['ContractLine']> }
}

export interface components {
  schemas: {
    Problem: { code: string; title: string; status: number }
    MoneyOut: { amount: string; currency: string }
    TimeOut: { at: string; rate: number }
    SignIn: { login: string; password: string }
    SessionOut: {
      user: { id: string; name: string }
      party: { id: string; name: string; kind: string } | null
      roles: string[]
      csrf_token: string
    }
    AchievementLine: {
      id: string
      number: string
      title: string
      abstract: string
      tech_field: string
      region_code: string
      trl: { level: number; scheme: string } | null
      holder_name: string
      cooperation_modes: string[]
      price_form: string
      price_min: string | null
      price_max: string | null
      published_at: string | null
    }
    AchievementOut: components['schemas']['AchievementLine'] & {
      summary: { problem: string | null; advantage: string | null; stage: string | null; missing: string | null } | null
      indicators: { name: string; present: string | null; achieved: string; unit: string | null; test_standard: string | null }[]
      ip_rights: { type: string; name: string; application_no: string | null; grant_no: string | null; legal_status: string | null }[]
      innovation_points: string[]
      application_scope: string | null
      market_prospect: string | null
      application_status: string | null
      keywords: string[]
      contact: { name: string; phone: string | null; email: string | null } | null
      offerings: { id: string; number: string; path: string; status: string; auction_id: string | null }[]
    }
    Page_AchievementLine: { data: components['schemas']['AchievementLine'][]; next_cursor: string | null; has_more: boolean }
    AuctionLine: {
      id: string
      number: string
      offering_id: string
      title: string
      status: string
      start_price: components['schemas']['MoneyOut']
      current_price: components['schemas']['MoneyOut'] | null
      bid_no: number
      starts_at: string | null
      ends_at: string | null
    }
    Page_AuctionLine: { data: components['schemas']['AuctionLine'][]; next_cursor: string | null; has_more: boolean }
    AuctionOut: components['schemas']['AuctionLine'] & {
      seller_name: string
      achievement_id: string | null
      seq: number
      increment: components['schemas']['MoneyOut']
      next_amount: components['schemas']['MoneyOut']
      deposit_due_at: string | null
      free_seconds: number
      extensions_max: number | null
      jump_cap_bp: number | null
      deposit: components['schemas']['MoneyOut']
      current_bidder_code: string | null
      registration_opens_at: string | null
      registration_closes_at: string | null
      free_ends_at: string | null
      window_seconds: number
      extension_count: number
    }
    BidIn: { amount: string }
    BidLine: { bid_no: number; seq: number; bidder_code: string; amount: components['schemas']['MoneyOut']; at: string }
    BidOut: components['schemas']['BidLine']
    EventOut: {
      seq: number
      kind: string
      at: string
      status: string
      current_price: components['schemas']['MoneyOut'] | null
      current_bidder_code: string | null
      increment: components['schemas']['MoneyOut']
      next_amount: components['schemas']['MoneyOut']
      bid_no: number
      starts_at: string | null
      free_ends_at: string | null
      ends_at: string | null
      extension_count: number
      reason: string | null
      note: string | null
    }
    Page_BidLine: { data: components['schemas']['BidLine'][]; next_cursor: string | null; has_more: boolean }
    RegistrationOut: { id: string; status: string; bidder_code: string | null }
    StandingOut: {
      registration_id: string | null
      status: string | null
      bidder_code: string | null
      leading: boolean
      next_amount: components['schemas']['MoneyOut'] | null
      deposit_status: string | null
      deposit_due_at: string | null
      bids: number
    }
    ContractLine: {
      id: string
      number: string
      title: string
      status: string
      seller_name: string
      buyer_name: string
      amount: components['schemas']['MoneyOut']
      version: number
    }
    Page_ContractLine: { data: components['schemas']['ContractLine'][]; next_cursor: string | null; has_more: boolean }
  }
}
