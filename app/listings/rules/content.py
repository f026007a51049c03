"""What must fit together inside one achievement, whoever wrote it: a person, a program or a file."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from app.kit.money import fen
from app.listings.errors import (
    AchievementIncomplete,
    DatesOutOfOrder,
    PriceFormInconsistent,
    SharesInconsistent,
)
from app.listings.rules.description import AchievementContent, AchievementPatch, IpRightIn, ShareIn
from app.listings.rules.patents import check_chinese_number
from app.listings.states import PATENTS, PriceForm

WHOLE_BP: Final = 10_000


def check_content(content: AchievementContent) -> None:
    """Refuse what does not fit together. Order: price, dates, rights in their order, shares."""
    check_price(content)
    _in_order(content.research_begins_on, content.research_ends_on, "/body/research_ends_on")
    for index, right in enumerate(content.ip_rights):
        _check_right(right, f"/body/ip_rights/{index}")
    check_shares(content)


def amended(stored: Mapping[str, Any], patch: AchievementPatch) -> AchievementContent:
    """A stored description with what the patch says in its place.

    A price is replaced as a whole: where any of form, lower and upper amount is sent, an amount left out is gone.
    """
    sent = {name: getattr(patch, name) for name in patch.model_fields_set}
    if sent.keys() & {"price_form", "price_min", "price_max"}:
        sent = {"price_min": None, "price_max": None} | sent
    return AchievementContent.model_validate({**stored, **sent})


def check_share_parties(shares: Sequence[ShareIn], known: Collection[UUID]) -> None:
    """Refuse a share of a party that does not exist."""
    for index, share in enumerate(shares):
        if share.party_id is not None and share.party_id not in known:
            raise SharesInconsistent(field=f"/body/ownership_shares/{index}/party_id")


def check_price(content: AchievementContent) -> None:
    """Negotiable: no amounts. A range: at least one end, the lower first. Asking: one amount. House rule."""
    low, high = content.price_min, content.price_max
    if content.price_form is PriceForm.NEGOTIABLE:
        if low is not None or high is not None:
            raise PriceFormInconsistent(field="/body/price_min" if low is not None else "/body/price_max")
        return
    if low is None and high is None:
        raise PriceFormInconsistent(field="/body/price_min")
    if low is not None and high is not None and fen(low) > fen(high):
        raise PriceFormInconsistent(field="/body/price_max")
    if content.price_form is PriceForm.ASKING and low is not None and high is not None and low != high:
        raise PriceFormInconsistent(field="/body/price_max")


def price_bounds(content: AchievementContent) -> tuple[int | None, int | None]:
    """Both ends of the price in fen: an asking price is both, an open end of a range takes the other's value."""
    low = fen(content.price_min) if content.price_min is not None else None
    high = fen(content.price_max) if content.price_max is not None else None
    return (low if low is not None else high), (high if high is not None else low)


def _in_order(first: date | None, second: date | None, pointer: str) -> None:
    if first is not None and second is not None and second < first:
        raise DatesOutOfOrder(field=pointer)


def _check_right(right: IpRightIn, pointer: str) -> None:
    """Chinese numbers by their check digit; other countries' are taken as they are. Filing comes before grant."""
    if right.type in PATENTS and right.country_code == "CHN":
        for name in ("application_no", "grant_no"):
            number = getattr(right, name)
            if number is not None:
                check_chinese_number(number, f"{pointer}/{name}")
    _in_order(right.apply_on, right.grant_on, f"{pointer}/grant_on")
    _in_order(right.apply_on, right.expires_on, f"{pointer}/expires_on")


def check_shares(content: AchievementContent) -> None:
    """Each holder once, by account or by name; together the whole. None at all stands for the holder alone."""
    shares = content.ownership_shares
    if not shares:
        return
    seen = set()
    for index, share in enumerate(shares):
        who = share.party_id or share.holder_name
        if who is None or who in seen:
            raise SharesInconsistent(field=f"/body/ownership_shares/{index}")
        seen.add(who)
    total = sum(share.share_bp for share in shares)
    if total != WHOLE_BP:
        raise SharesInconsistent(
            f"份额合计为 {total} 个基点。",
            f"The shares make {total} basis points.",
            field="/body/ownership_shares",
        )


def check_complete(*, contact: object | None, ip_rights: int) -> None:
    """What submission needs beyond a draft's title, abstract, field and price form: a contact, a right or know-how."""
    missing = [name for name, found in (("contact", contact), ("ip_rights", ip_rights)) if not found]
    if missing:
        raise AchievementIncomplete(
            f"缺少：{'、'.join(missing)}。", f"Missing: {', '.join(missing)}.", missing=missing
        )
