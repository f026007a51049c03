"""Rule profiles 规则方案: what a seller of this kind must obey, as data. An offering pins a profile with its version.

The profile follows the holder of what is sold, also where an agent sells for him. Every parameter carries its unit
and its source; a statute is named only where it binds this kind of seller, everything else is a house rule. Values
above a floor are the operator's; below it is refused with the source. Published versions never change: a new version
is a new entry, and what runs keeps the one that it pinned.

Values for state enterprises come from texts that were replaced in 2025 and are not verified since: nobody of this
kind can sell here until somebody has read the new ones.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.identity.states import PartyKind
from app.kit.errors import HOUSE_RULE
from app.markets.auction_parameters import USUAL, AuctionParameters
from app.markets.errors import SellerHasNoProfile
from app.markets.parameters import Parameter, Unit
from app.markets.states import Path

NOT_VERIFIED: Final = "not verified since 2025-07"
LAW_PATHS: Final = "促进科技成果转化法 art. 18"


class ProfileCode(StrEnum):
    """Whose rules."""

    UNI_ZJ = "UNI_ZJ"
    UNI_CN = "UNI_CN"
    SOE = "SOE"
    PRIVATE = "PRIVATE"


@dataclass(frozen=True, kw_only=True)
class Profile:
    """One version of the rules for one kind of seller."""

    code: ProfileCode
    version: int
    title_zh: str
    title_en: str
    source: str
    sells: bool
    """Whether sellers of this kind can sell here at all at present."""
    paths: Mapping[Path, str]
    """Paths open to this seller at present, each with its source."""
    decision_document: Parameter
    """1: the unit's internal decision must be attached."""
    listing_days: Parameter
    listing_days_licence: Parameter
    """The period of a licence that several may take: it may stay open for a year."""
    deposit_bp: Parameter
    auction_notice_days: Parameter
    evaluation_days: Parameter
    """Working days between the end of a listing and its evaluation, for the bank's statements to arrive."""
    offer_days: Parameter
    """How long an offer in a negotiation holds unless it says otherwise, and at most."""
    negotiation_days: Parameter
    """How long a negotiation may last without a word from either side."""
    cutoff_hour: Parameter
    """The local hour at which periods end."""
    auction: AuctionParameters = USUAL


def _profile(
    code: ProfileCode,
    title_zh: str,
    title_en: str,
    *,
    source: str = HOUSE_RULE,
    sells: bool = True,
    paths: Mapping[Path, str],
    decision: bool,
    listing_days: Parameter,
) -> Profile:
    return Profile(
        code=code,
        version=1,
        title_zh=title_zh,
        title_en=title_en,
        source=source,
        sells=sells,
        paths=paths,
        decision_document=Parameter(int(decision), Unit.FLAG, source),
        listing_days=listing_days,
        listing_days_licence=Parameter(
            listing_days.value, Unit.WORKING_DAY, listing_days.source, listing_days.floor, 250
        ),
        deposit_bp=Parameter(1_000, Unit.BASIS_POINT, source, 0, 3_000),
        auction_notice_days=Parameter(7, Unit.CALENDAR_DAY, "house rule, after 拍卖法 art. 45", 7),
        evaluation_days=Parameter(1, Unit.WORKING_DAY, HOUSE_RULE, 1),
        offer_days=Parameter(7, Unit.CALENDAR_DAY, HOUSE_RULE, 0, 90),
        negotiation_days=Parameter(30, Unit.CALENDAR_DAY, HOUSE_RULE, 1),
        cutoff_hour=Parameter(17, Unit.LOCAL_TIME, HOUSE_RULE),
    )


_UNIVERSITY_PATHS: Final = {Path.LISTED: LAW_PATHS, Path.AUCTION: LAW_PATHS}
_UNIVERSITY_DAYS: Final = Parameter(10, Unit.WORKING_DAY, HOUSE_RULE, 5, 60)

VERSIONS: Final[tuple[Profile, ...]] = (
    _profile(
        ProfileCode.UNI_ZJ,
        "浙江省属及在浙高校、科研院所、医院",
        "Public universities, institutes and hospitals in Zhejiang",
        # Negotiated sales wait for their public notice (15 calendar days), which is not built yet.
        paths=_UNIVERSITY_PATHS,
        decision=True,
        listing_days=_UNIVERSITY_DAYS,
    ),
    _profile(
        ProfileCode.UNI_CN,
        "其他高校、科研院所、医院",
        "Public universities, institutes and hospitals elsewhere",
        paths=_UNIVERSITY_PATHS,
        decision=True,
        listing_days=_UNIVERSITY_DAYS,
    ),
    _profile(
        ProfileCode.SOE,
        "国有企业（参数待核实）",
        "State enterprises (values not verified)",
        source=NOT_VERIFIED,
        sells=False,
        paths={Path.LISTED: NOT_VERIFIED, Path.AUCTION: NOT_VERIFIED},
        decision=True,
        listing_days=Parameter(20, Unit.WORKING_DAY, NOT_VERIFIED, 10, 60),
    ),
    _profile(
        ProfileCode.PRIVATE,
        "民营企业、自然人及其他",
        "Private enterprises, persons and others",
        paths={Path.NEGOTIATED: HOUSE_RULE, Path.LISTED: HOUSE_RULE, Path.AUCTION: HOUSE_RULE},
        decision=False,
        listing_days=Parameter(5, Unit.WORKING_DAY, HOUSE_RULE, 1, 60),
    ),
)

_PUBLIC_UNITS: Final = (PartyKind.UNIVERSITY, PartyKind.INSTITUTE, PartyKind.HOSPITAL)
# Budgets and arms are sold by nobody here, and who runs the market does not sell on it.
_WITHOUT: Final = (PartyKind.GOVERNMENT, PartyKind.MILITARY_UNIT, PartyKind.EXCHANGE)


def code_for(kind: PartyKind, region_code: str) -> ProfileCode:
    """Whose rules bind a holder of this kind and region. Raises `SellerHasNoProfile` for who cannot sell."""
    if kind in _WITHOUT:
        raise SellerHasNoProfile(party_kind=str(kind))
    if kind is PartyKind.STATE_ENTERPRISE:
        return ProfileCode.SOE
    if kind not in _PUBLIC_UNITS:
        return ProfileCode.PRIVATE
    return ProfileCode.UNI_ZJ if region_code.startswith("33") else ProfileCode.UNI_CN


def current(code: ProfileCode) -> Profile:
    """The newest version of a profile: what a submission pins."""
    return max((p for p in VERSIONS if p.code is code), key=lambda p: p.version)


def pinned(code: str, version: int) -> Profile:
    """The version that an offering has pinned. Raises KeyError for one that was never published."""
    for profile in VERSIONS:
        if (profile.code, profile.version) == (code, version):
            return profile
    raise KeyError(f"{code} v{version}")
