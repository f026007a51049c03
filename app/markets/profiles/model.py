"""One version of the rules for one kind of seller, as it is read from its document."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, Self

from app.markets.auction_parameters import AuctionParameters
from app.markets.parameters import Parameter
from app.markets.states import Path

NOT_VERIFIED: Final = "not verified since 2025-07"


class ProfileCode(StrEnum):
    """Whose rules."""

    UNI_ZJ = "UNI_ZJ"
    UNI_CN = "UNI_CN"
    SOE = "SOE"
    PRIVATE = "PRIVATE"


@dataclass(frozen=True, kw_only=True)
class Profile:
    """One version of the rules for one kind of seller. What a parameter counts is told by its unit."""

    code: ProfileCode
    version: int
    title_zh: str
    title_en: str
    source: str
    verified: bool
    """False: the values come from texts that were replaced and that nobody has read again. Every answer says so."""
    sells: bool
    """Whether sellers of this kind can sell here at all at present."""
    paths: Mapping[Path, str]
    """Paths open to this seller at present, each with its source."""
    regions: Mapping[str, Mapping[str, Parameter]]
    """Where a province's own statute sets a value: region prefix → parameters that stand in place of the profile's."""
    auction: AuctionParameters

    # The sale is decided.
    decision_document: Parameter
    """1: the unit's internal decision must be attached."""

    # The public notice of a price 协议定价公示.
    notice_days: Parameter
    """0: no notice is needed."""
    notice_place_unit_site: Parameter
    notice_place_market: Parameter
    """1: the notice must stand there; it runs from when it stands at the last of its places."""
    notice_cutoff_minute: Parameter
    notice_sign_days: Parameter
    """How long after a passed notice the contract may be signed."""
    related_mark: Parameter
    """1: a buyer who is a completer or his interested person is marked in the notice."""
    supplement_days_min: Parameter
    """What a supplement leaves of the notice, at least."""

    # Objections 异议.
    objection_accept_days: Parameter
    objection_decide_days: Parameter
    objection_extend_days: Parameter
    """By how much the decision may be put off, once."""
    objection_review_days: Parameter
    """How long a party may ask for the review."""
    resume_objection_days_min: Parameter
    """What is left of a notice after an objection was dismissed, at least."""
    objection_result_published: Parameter

    # Negotiated sales 协议定价.
    inquiry_days: Parameter
    offer_days: Parameter
    """How long an offer in a negotiation holds unless it says otherwise, and at most."""
    negotiation_days: Parameter
    """How long a negotiation may last without a word from either side."""
    claim_link_days: Parameter
    """How long a buyer without an account may claim his place by his link. Real time."""
    instalment_first_bp: Parameter
    """The first instalment's share of the price, at least."""
    instalment_months_max: Parameter

    # Listed sales 挂牌.
    listing_days: Parameter
    listing_days_licence: Parameter
    """The period of a licence that several may take: it may stay open for a year."""
    listing_days_above_10m: Parameter
    """The period where the ask is `listing_large_minor` or more."""
    listing_large_minor: Parameter
    listing_days_equity: Parameter
    listing_cutoff_minute: Parameter
    evaluation_days: Parameter
    """Working days between the end of a listing and its evaluation, for the bank's statements to arrive."""
    extension_days: Parameter
    """One cycle of an extension 延牌."""
    extension_cycles_max: Parameter
    extension_buyers_max: Parameter
    """A listing is extended where so many buyers, or fewer, have qualified."""
    suspension_days_max: Parameter
    resume_days_min: Parameter
    """What is left of a listing that was suspended, at least."""
    seller_answer_days: Parameter
    """How long the seller has to object to a buyer's qualification; silence agrees."""
    deposit_bp: Parameter
    """The deposit's share of the price."""
    deposit_after_qualification_days: Parameter
    """Where deposits are due only once a buyer is qualified."""
    single_quote_days: Parameter
    """How long the only buyer may quote more than the ask."""
    competition_mandatory: Parameter
    """1: two qualified buyers or more compete; neither is awarded directly."""
    price_cut_bp: Parameter
    """An ask under this share of the valuation needs another approval. 0: none does."""
    relisting_days: Parameter
    valuation_required: Parameter
    valuation_valid_months: Parameter
    open_licence_fee_warn_minor: Parameter
    open_licence_sales_bp_warn: Parameter
    open_licence_profit_bp_warn: Parameter
    """Above these the office looks twice at an open licence; a warning, no refusal."""

    # Auctions 拍卖: the rest stands in `auction`.
    auction_notice_days: Parameter

    # An institution's worklists.
    freshness_months: Parameter
    """After which a price or a contact is asked to be confirmed."""
    freshness_grace_days: Parameter
    """How long the confirmation may take before what was offered is shown as out of date."""
    registration_due_days: Parameter
    """Within how many days of a project's end its results are registered."""

    def own(self) -> Mapping[str, Parameter]:
        """The profile's own parameters by name, in their order; those of auctions stand in `auction`."""
        return {name: value for name, value in vars(self).items() if isinstance(value, Parameter)}

    def in_region(self, region_code: str) -> Self:
        """The profile as it binds a holder in a region: a province's own statute takes the place of a value."""
        for prefix, values in self.regions.items():
            if region_code.startswith(prefix):
                return replace(self, **values)  # type: ignore[arg-type]
        return self
