"""Whose right binds by law, and who has been told in time. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from app.kit.errors import HOUSE_RULE
from app.markets.priority.errors import HolderNotTold, HoldersLeftOut, HolderUnfit
from app.markets.priority.states import Basis, Reach
from app.markets.states import Mode

ANNOUNCED_DAYS: Final = 5
"""Calendar days after which somebody who cannot be found counts as told. House rule, after 法释〔2016〕18号 art. 16."""

_ARTICLES: Final = {
    Basis.COMPLETER: "民法典 art. 847",
    Basis.COMMISSIONER: "民法典 art. 859",
    Basis.CO_DEVELOPER: "民法典 art. 860",
}


@dataclass(frozen=True)
class Told:
    """How one holder was reached, by which paper, when. `party`: whatever tells one holder from another."""

    party: object
    rank: int
    reach: Reach
    on: date | None
    document_no: str | None


def source_of(basis: Basis, mode: Mode) -> str:
    """Where the right comes from: the statute only where something is transferred, which is what it speaks of."""
    article = _ARTICLES.get(basis)
    if article is None:
        return "contract"
    return article if mode is Mode.TRANSFER else f"{HOUSE_RULE}, after {article}"


def check_holders(holders: Sequence[Told], *, sellers: Sequence[object]) -> None:
    """Refuse holders that are named twice, are the seller, or whose state lacks its day and paper."""
    parties = [one.party for one in holders]
    if len(set(parties)) < len(parties) or set(parties) & set(sellers):
        raise HolderUnfit(field="/body/holders")
    for place, one in enumerate(holders):
        told = one.on is not None and one.document_no is not None
        if (one.reach is Reach.PENDING) == told:
            raise HolderUnfit(field=f"/body/holders/{place}")


def check_told(
    holders: Sequence[Told], *, notice_on: date, days: int, days_source: str, has_style: bool
) -> None:
    """Refuse a notice: a holder not told `days` calendar days before it, then terms that leave the holders no way.

    Who has waived in writing needs neither.
    """
    standing = [one for one in holders if one.reach is not Reach.WAIVED]
    for one in standing:
        wait = ANNOUNCED_DAYS if one.reach is Reach.UNREACHABLE else days
        earliest = one.on + timedelta(days=wait) if one.on is not None else None
        if earliest is None or notice_on < earliest:
            raise HolderNotTold(
                rank=one.rank, earliest_on=str(earliest) if earliest else None, rule_source=days_source
            )
    if standing and not has_style:
        raise HoldersLeftOut()
