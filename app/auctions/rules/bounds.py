"""Between which values the terms of a sale must lie: the rule profile that the offering has pinned says it.

Each refusal names the field, the bounds with their unit, and the source: house rules, save where a licensed auction house
runs the sale and the Auction Law's floor binds it.
"""

from dataclasses import dataclass
from typing import Final

from app.auctions.errors import FormatMismatch, TermsOutOfBounds
from app.auctions.rules.price import RATE_MAX, ceiling_of
from app.auctions.rules.terms import (
    PRICE_MAX,
    CloseKind,
    Format,
    Organiser,
    PriorityStyle,
    SessionProfile,
    Terms,
)
from app.kit.errors import HOUSE_RULE
from app.kit.money import yuan
from app.markets.auction_parameters import USUAL, AuctionParameters
from app.markets.award import PriceKind
from app.markets.parameters import Parameter, Unit

WHOLE_BP: Final = 10_000
_MONEY: Final = ("元", "yuan")
_RATE: Final = ("%", "percent")
_UNITS: Final = {
    Unit.CALENDAR_DAY: ("日", "calendar days"),
    Unit.WORKING_DAY: ("个工作日", "working days"),
    Unit.SECOND: ("秒", "seconds"),
    Unit.BASIS_POINT: ("个基点", "basis points"),
    Unit.COUNT: ("", ""),
}

NAMES: Final = {
    "start_price": ("起拍价", "The start price"),
    "deposit": ("保证金", "The deposit"),
    "free_seconds": ("自由竞价时间", "The free phase"),
    "window_seconds": ("延时周期", "The extension window"),
    "extensions_max": ("延时次数上限", "The cap on extensions"),
    "jump_cap_bp": ("单次加价上限", "The cap on a raise"),
    "jump_confirm_steps": ("须再次确认的加价档数", "The number of increments that wants confirmation"),
    "jump_confirm_bp": ("须再次确认的加价比例", "The share of the price that wants confirmation"),
    "notice_days_min": ("公告期", "The notice"),
    "restart_notice_seconds": ("恢复提示时间", "The notice of a restart"),
    "call_seconds": ("落槌前提示时间", "The fair warning before the hammer"),
    "reserve_price": ("保留价", "The reserve"),
    "priority_seconds": ("优先受让权行权时间", "The period of first refusal"),
    "rounds_max": ("报价轮次上限", "The number of rounds"),
    "sealed/round_seconds": ("每轮报价时间", "A round of sealed offers"),
    "price/royalty_bp": ("提成比例", "The royalty"),
    "price/entry_fee": ("入门费", "The entry fee"),
    "price/years": ("年限", "The number of years"),
}
"""Field below `/body/terms` → what people call it."""


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """What of a rule profile bounds the terms. `deposit_bp`: of the start price."""

    auction: AuctionParameters
    deposit_bp: Parameter


USUAL_BOUNDS: Final = Bounds(
    auction=USUAL, deposit_bp=Parameter(1_000, Unit.BASIS_POINT, HOUSE_RULE, 0, 3_000)
)
"""Those of every profile at present."""

_TOGETHER: Final = {
    Format.ASCENDING: {
        CloseKind.SOFT_CLOSE: (SessionProfile.ONLINE_SESSION, SessionProfile.ONLINE_LONG),
        CloseKind.HAMMER: (SessionProfile.HALL,),
    },
    Format.SEALED_ONCE: {CloseKind.DEADLINE: tuple(SessionProfile)},
    Format.SEALED_ROUNDS: {CloseKind.DEADLINE: tuple(SessionProfile)},
}

_FIXED: Final = {
    PriceKind.LUMP_SUM: (),
    PriceKind.ENTRY_FEE: ("royalty_bp",),
    PriceKind.ROYALTY_RATE: ("entry_fee_minor",),
    PriceKind.ANNUAL_FEE: ("years",),
}


def phases_of(profile: SessionProfile, auction: AuctionParameters) -> tuple[Parameter, Parameter]:
    """The bounds of the free phase and of the extension window."""
    return {
        SessionProfile.HALL: (auction.hall_free_seconds, auction.hall_window_seconds),
        SessionProfile.ONLINE_SESSION: (auction.session_free_seconds, auction.session_window_seconds),
        SessionProfile.ONLINE_LONG: (auction.long_free_seconds, auction.long_window_seconds),
    }[profile]


def check_terms(terms: Terms, bounds: Bounds = USUAL_BOUNDS) -> None:
    """Refuse terms outside their bounds, the first one found in the order of this function.

    Raises `TermsOutOfBounds` with the field, the bounds and their source, or `FormatMismatch`.
    """
    auction = bounds.auction
    if terms.session_profile not in _TOGETHER[terms.format].get(terms.close, ()):
        raise FormatMismatch(field="/body/terms/close")
    _price("start_price", terms.start_price_minor, 1, PRICE_MAX)
    if flaw := terms.ladder.flaw():
        raise TermsOutOfBounds(
            f"加价幅度表有误：{flaw}。", f"The ladder: {flaw}.", field="/body/terms/ladder"
        )
    _check_price(terms, auction)
    if terms.day is not None and terms.day.starts_local >= terms.day.ends_local:
        raise TermsOutOfBounds(
            "每日开始时间应早于结束时间。",
            "A day of sale begins before it ends.",
            field="/body/terms/day/ends_local",
        )
    if terms.price.kind is not PriceKind.ROYALTY_RATE:
        highest = terms.start_price_minor * (bounds.deposit_bp.ceiling or WHOLE_BP) // WHOLE_BP
        _price("deposit", terms.deposit_minor, 0, highest, source=bounds.deposit_bp.source)
    free, window = phases_of(terms.session_profile, auction)
    _within("free_seconds", terms.free_seconds, free)
    _within("window_seconds", terms.window_seconds, window)
    for name in ("extensions_max", "jump_cap_bp", "jump_confirm_steps", "jump_confirm_bp"):
        _within(name, getattr(terms, name), getattr(auction, name))
    if terms.organiser is Organiser.LICENSED_AUCTION_HOUSE:
        _within("notice_days_min", terms.notice_days_min, auction.licensed_house_notice_days)
    for name in ("restart_notice_seconds", "call_seconds"):
        _within(name, getattr(terms, name), getattr(auction, name))
    _check_reserve(terms)
    for name in ("priority_seconds", "rounds_max"):
        _within(name, getattr(terms, name), getattr(auction, name))
    _check_sealed(terms, auction)


def _check_sealed(terms: Terms, auction: AuctionParameters) -> None:
    """Sealed formats say who opens; they know no rounds beyond their own, no maxima, no right exercised among bids, no day."""
    if (terms.sealed is not None) != (terms.format is not Format.ASCENDING):
        raise FormatMismatch(field="/body/terms/sealed")
    if terms.sealed is None:
        return
    unfit = {
        "rounds_max": (terms.rounds_max > 1) != (terms.format is Format.SEALED_ROUNDS),
        "priority": terms.priority is PriorityStyle.IN_ROOM,
        "proxy_allowed": terms.proxy_allowed,
        "day": terms.day is not None,
    }
    for name, is_unfit in unfit.items():
        if is_unfit:
            raise FormatMismatch(field=f"/body/terms/{name}")
    _within("sealed/round_seconds", terms.sealed.round_seconds, auction.round_seconds)


def _check_price(terms: Terms, auction: AuctionParameters) -> None:
    """Each kind of price that can be bid fixes its own other part, and none that is another's."""
    price = terms.price
    if price.kind not in _FIXED:
        raise TermsOutOfBounds(
            "作价入股由双方议定，不参与竞价。",
            "Shares are agreed on and never bid for.",
            field="/body/terms/price/kind",
        )
    for name in ("royalty_bp", "entry_fee_minor", "years"):
        value = getattr(price, name)
        field = name.removesuffix("_minor")
        if (value is not None) != (name in _FIXED[price.kind]):
            raise TermsOutOfBounds(
                f"价格形式 {price.kind} {'须填写' if value is None else '不含'} {field}。",
                f"The price form {price.kind} {'needs' if value is None else 'has no'} {field}.",
                field=f"/body/terms/price/{field}",
            )
    _within("price/royalty_bp", price.royalty_bp, auction.royalty_bp)
    _price("price/entry_fee", price.entry_fee_minor, 0, PRICE_MAX)
    _within("price/years", price.years, auction.annual_fee_years)
    if price.kind is PriceKind.ROYALTY_RATE:
        _price("start_price", terms.start_price_minor, 1, RATE_MAX, words=_RATE)


def _check_reserve(terms: Terms) -> None:
    """A reserve is a number like those that are bid: from the start price to what can be offered at all."""
    ceiling = ceiling_of(terms.price)
    words = _MONEY if ceiling is None else _RATE
    highest = PRICE_MAX if ceiling is None else ceiling
    _price("reserve_price", terms.reserve_minor, terms.start_price_minor, highest, words=words)


def _within(name: str, value: int | None, bounds: Parameter) -> None:
    lowest, highest = bounds.floor, bounds.ceiling
    too_low = value is not None and lowest is not None and value < lowest
    too_high = value is not None and highest is not None and value > highest
    if too_low or too_high:
        unit = _UNITS[bounds.unit]
        raise _refusal(name, str(lowest), str(highest), unit, source=bounds.source, unit=str(bounds.unit))


def _price(
    name: str,
    value: int | None,
    lowest: int,
    highest: int,
    *,
    words: tuple[str, str] = _MONEY,
    source: str = HOUSE_RULE,
) -> None:
    if value is not None and not lowest <= value <= highest:
        raise _refusal(name, yuan(lowest), yuan(highest), words, source=source, unit=words[1])


def _refusal(
    name: str, lowest: str, highest: str, words: tuple[str, str], *, source: str, unit: str
) -> TermsOutOfBounds:
    zh, en = NAMES[name]
    return TermsOutOfBounds(
        f"{zh}应为{lowest}至{highest}{words[0]}。",
        f"{en} must be {lowest} to {highest} {words[1]}".rstrip() + ".",
        field=f"/body/terms/{name}",
        lowest=lowest,
        highest=highest,
        unit=unit,
        rule_source=source,
    )
