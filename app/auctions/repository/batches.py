"""Many auctions in one statement: locked together for a batch of bids, and updated together after it.

A batch works on stand-ins: plain objects with a row's attributes, which no session watches. What changes in them is
written by `update_rows`, so that a batch costs the same number of statements for one auction or for a hundred.
"""

from collections.abc import Collection, Sequence
from functools import cache
from types import SimpleNamespace
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import TextClause, any_, bindparam, select, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions.tables import AuctionRow
from app.db import plain

_TABLE: Final = AuctionRow.__table__
_NAMES: Final = tuple(column.name for column in _TABLE.columns)
_DIALECT: Final = postgresql.dialect()  # type: ignore[no-untyped-call]  # the library has no type for it
_BY_SERVER: Final = ("version", "updated_at")


_TYPES: Final = {column.name: column.type.compile(dialect=_DIALECT) for column in _TABLE.columns}


def _take(*, wait: bool) -> TextClause:
    """Written out once: a statement of so many columns, each with its type, costs more to make and read than to run."""
    made = (
        select(*_TABLE.columns)
        .where(_TABLE.c.id == any_(bindparam("ids", type_=ARRAY(PG_UUID(as_uuid=True)))))
        .order_by(_TABLE.c.id)
        .with_for_update(key_share=True, skip_locked=not wait)
    )
    return text(str(made.compile(dialect=_DIALECT)).replace("%(ids)s::UUID[]", "CAST(:ids AS uuid[])"))


_TAKE: Final = {wait: _take(wait=wait) for wait in (False, True)}


class StandIn(SimpleNamespace):
    """An auction's row as it was locked, and what has become of it since."""

    def __init__(self, stored: dict[str, Any]) -> None:
        super().__init__(**stored)
        self.__dict__["_stored"] = stored

    def changed(self) -> set[str]:
        """The columns whose values are no longer those that are stored."""
        stored = self.__dict__["_stored"]
        return {name for name in _NAMES if self.__dict__[name] != stored[name]}


async def take(session: AsyncSession, auction_ids: Collection[UUID], *, wait: bool) -> dict[UUID, AuctionRow]:
    """Stand-ins of these auctions, locked in the order of their ids.

    wait: for those that somebody else holds (as long as the session's `lock_timeout`); else they are left out.
    """
    found = await session.execute(_TAKE[wait], {"ids": list(auction_ids)})
    taken = [StandIn(dict(zip(_NAMES, row, strict=True))) for row in found]
    return {one.id: cast(AuctionRow, one) for one in taken}


async def existing(session: AsyncSession, auction_ids: Collection[UUID]) -> set[UUID]:
    """Which of these auctions there are, whoever holds them."""
    found = await session.execute(select(AuctionRow.id).where(AuctionRow.id.in_(auction_ids)))
    return set(found.scalars())


async def be_patient(session: AsyncSession, seconds: float) -> None:
    """Let this transaction wait so long for a lock, instead of the usual time."""
    await session.execute(
        text("SELECT set_config('lock_timeout', :milliseconds, true)"),
        {"milliseconds": str(max(1, int(seconds * 1_000)))},
    )


async def update_rows(session: AsyncSession, rows: Sequence[AuctionRow]) -> None:
    """Store what has changed in stand-ins, in one statement; each becomes one version newer."""
    changes = [(row, row.changed()) for row in cast(Sequence[StandIn], rows)]
    stand_ins = [row for row, changed in changes if changed]
    if not stand_ins:
        return
    names = sorted(set().union(*(changed for _, changed in changes)) - set(_BY_SERVER))
    rows_now = [{name: row.__dict__[name] for name in ("id", *names)} for row in stand_ins]
    await plain.post(session, _update(tuple(names)), plain.rows_json(rows_now))


@cache
def _update(names: tuple[str, ...]) -> str:
    assigned = ", ".join(f"{name} = v.{name}" for name in names)
    columns = ", ".join(f"{name} {_TYPES[name]}" for name in ("id", *names))
    return (
        f"UPDATE auctions SET {assigned}, version = auctions.version + 1, updated_at = market_now()"
        f" FROM json_to_recordset($1::json) AS v ({columns}) WHERE auctions.id = v.id"
    )
