"""Wire shapes of negotiations. Both sides see the same; nobody else sees any of it."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.identity.schemas import CountryCode, Uscc
from app.identity.states import PartyKind
from app.kit.dates import Instant
from app.kit.money import Money
from app.kit.schemas import Input, Line, MoneyOut, Output, Page, RegionCode, ShortText, Text
from app.markets.negotiated.states import NegotiationStatus, Origin, Side
from app.markets.negotiated.termsheet import CompanyKind, RoyaltyBase, TermPrice, WorthBy
from app.markets.schemas import Price

BasisPoints = Annotated[int, Field(ge=1, le=10_000, description="Hundredths of a percent.")]


class NegotiationIn(Input):
    """A buyer asks to negotiate."""

    message: ShortText | None = None


class InstalmentIn(Input):
    """A part of the sum: due on a day, or when something has happened (one of the two)."""

    amount: Price
    due_on: date | None = None
    condition: ShortText | None = None


class RoyaltyIn(Input):
    """A part of what the buyer makes."""

    rate_bp: BasisPoints
    base: RoyaltyBase
    reports_every_months: Annotated[int, Field(ge=1, le=24)] = 12
    audited: bool = Field(True, description="The seller may look into the buyer's books.")


class EquityIn(Input):
    """Shares in a company for the right, worth what a report or the unit's recorded decision says."""

    share_bp: BasisPoints
    valuation: Price
    worth_by: WorthBy
    worth_document_no: Line
    company_name: Line
    company_kind: CompanyKind
    registered_capital: Price
    cash: Money = Field(
        "0.00", description="Money paid beside the shares; the amount of the terms equals it."
    )
    registers_on: date | None = None


class TermsIn(Input):
    """The terms: a form of the price, what is fixed to be paid in money in all, and what comes beside it.

    Mode, scope, subject and term are the offering's.
    """

    form: TermPrice = TermPrice.LUMP_SUM
    amount: Money = Field(description="Yuan, fixed in all; 0.00 for a royalty alone or shares alone.")
    terms: Text
    instalments: Annotated[list[InstalmentIn], Field(max_length=24)] = Field(default_factory=list)
    royalty: RoyaltyIn | None = None
    equity: EquityIn | None = None
    tax_clause: ShortText | None = None


class OfferIn(TermsIn):
    """An offer. It holds until `valid_until` (the profile's usual days unless given), or the next offer."""

    valid_until: Instant | None = None


class BuyerIn(Input):
    """An organisation that is new here and becomes a party by the invitation. A natural person registers himself first."""

    kind: PartyKind
    name: Line
    uscc: Uscc | None = None
    registration_no: Line | None = None
    country_code: CountryCode | None = None
    region_code: RegionCode
    contact_login: Line = Field(description="Under which name the buyer's person will sign in.")
    contact_name: Line


class AgreedTermsIn(TermsIn):
    """Terms that both sides agreed on outside the market 线下谈妥. Exactly one of `buyer_party_id` and `buyer`."""

    agreed_on: date
    document_no: Line = Field(description="The paper on which it was agreed.")
    buyer_party_id: UUID | None = None
    buyer: BuyerIn | None = None


class ConfirmationIn(Input):
    """Whether the buyer stands by terms that were entered for it; why not."""

    confirms: bool
    reason: ShortText | None = None


class RelatedIn(Input):
    """Whether completers of the achievement, or who is close to them, stand on the buyer's side, and how."""

    is_related: bool
    description: ShortText | None = None


class UnitDecisionIn(Input):
    """The unit's internal decision to sell on the agreed terms."""

    document_no: Line
    decided_on: date
    price_report_no: Line | None = Field(None, description="专利协议定价报告.")
    related: RelatedIn


class PriceNoticeIn(Input):
    """What the price notice says beside the terms themselves."""

    completers: Annotated[list[Line], Field(max_length=50)] = Field(default_factory=list)
    contact: ShortText | None = None


class SigningIn(TermsIn):
    """The signed contract: its pinned terms, which must equal the noticed ones, and its number."""

    document_no: Line
    signed_on: date


class AcceptanceIn(Input):
    """Which offer is accepted: it must be the other side's, the latest, and still hold."""

    offer_id: UUID


class EndingIn(Input):
    """Why one side leaves."""

    reason: ShortText


class OfferOut(Output):
    """An offer. `live`: it is the latest of an open negotiation; whether it still holds is said by `valid_until`."""

    id: UUID
    round: int
    side: Side
    amount: MoneyOut
    terms: str
    sheet: "TermsOut"
    valid_until: Instant
    made_at: Instant
    live: bool


class InstalmentOut(Output):
    """A part of the sum."""

    amount: Money
    due_on: date | None
    condition: str | None


class RoyaltyOut(Output):
    """A part of what the buyer makes."""

    rate_bp: int
    base: RoyaltyBase
    reports_every_months: int
    audited: bool


class EquityOut(Output):
    """Shares in a company for the right."""

    share_bp: int
    valuation: Money
    worth_by: WorthBy
    worth_document_no: str
    company_name: str
    company_kind: CompanyKind
    registered_capital: Money
    cash: Money
    registers_on: date | None


class TermsOut(Output):
    """A term sheet. `term_hash`: SHA-256 of its pinned fields, which a notice and the contract must repeat."""

    form: TermPrice
    amount: MoneyOut
    instalments: list[InstalmentOut]
    royalty: RoyaltyOut | None
    equity: EquityOut | None
    tax_clause: str | None
    terms: str
    term_hash: str


class NegotiationLine(Output):
    """A negotiation in a list. `side` is the caller's."""

    id: UUID
    version: int
    offering_id: UUID
    offering_number: str
    offering_title: str
    status: NegotiationStatus
    side: Side | None
    seller_party_id: UUID
    seller_name: str
    buyer_party_id: UUID
    buyer_name: str
    rounds: int
    quiet_until: Instant
    created_at: Instant
    ended_at: Instant | None


class NegotiationOut(NegotiationLine):
    """A negotiation, whole, with everything that was offered."""

    message: str | None
    origin: Origin
    accepted_round: int | None
    agreed_at: Instant | None
    agreed_on: date | None = Field(description="When the terms were agreed outside the market.")
    agreed_document_no: str | None
    buyer_confirmed_at: Instant | None
    decision_document_no: str | None
    decided_on: date | None
    price_report_no: str | None
    related: bool | None
    related_description: str | None
    notice_id: UUID | None
    sign_due_at: Instant | None
    contract_document_no: str | None
    end_reason: str | None
    offers: list[OfferOut]


class AgreedTermsOut(Output):
    """The negotiation that was entered. `invitation`: for a buyer who is new here, shown once; good for 7 days."""

    negotiation: NegotiationOut
    invitation: str | None


NegotiationPage = Page[NegotiationLine]
