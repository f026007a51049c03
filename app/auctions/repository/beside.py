"""What lies beside an auction and is never shown: reserves and maxima, and who left them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions.rules.given import Given, Proxy
from app.auctions.sealed.repository import slots
from app.auctions.states import AuctionStatus
from app.auctions.tables import AuctionRow, ProxyRow, ReserveRow
from app.db.heartbeat import Pulse, covered, outages_after
from app.kit.errors import Busy
from app.kit.outages import Outage
from app.notices.repository import standings


@dataclass(frozen=True)
class Sender:
    """Under which registration, and by whom, a bid was sent."""

    registration_id: UUID
    user_id: UUID


@dataclass(frozen=True)
class Beside:
    """What the market alone knows of a sale, and whose the maxima are, by code."""

    given: Given
    proxies: Mapping[str, Sender]

    def with_proxy(self, code: str | None, sender: Sender) -> "Beside":
        """The same, with the maximum that is being left at this moment."""
        return self if code is None else replace(self, proxies={**self.proxies, code: sender})


async def beside(
    session: AsyncSession,
    rows: Sequence[AuctionRow],
    at: datetime,
    *,
    judging: bool = False,
    apart: bool = False,
    pulse: Pulse | None = None,
    asking: bool = False,
) -> dict[UUID, Beside]:
    """What is given when commands on these locked auctions are judged at `at`: reserves, maxima, days of sale, outages.

    Outages are read only where something is due by then, or where a sale is to be judged by them (`judging`): nothing
    happens by itself that an outage could have touched before it is known. Raises `Busy` while they are not all known;
    `apart`: leaves out the sales of which that is true instead, so that the others go on. pulse: what the caller has read
    of the heartbeat in this transaction.

    A sale's notice is asked under its lock where something is due, or where a command would enter an outcome (`asking`).
    """
    known, outages = await _outages(session, rows, at, judging=judging, pulse=pulse)
    if len(known) < len(rows):
        if not apart:
            raise Busy()
        rows = known
    asked = [row for row in rows if row.notice_id is not None and (asking or _is_due(row, at))]
    noticed = await standings(session, [row.notice_id for row in asked if row.notice_id], at) if asked else {}
    secret = [row.id for row in rows if row.terms.get("reserve_commitment")]
    reserves: dict[UUID, int] = {}
    if secret:
        found = await session.execute(select(ReserveRow).where(ReserveRow.auction_id.in_(secret)))
        reserves = {reserve.auction_id: reserve.reserve_minor for reserve in found.scalars()}
    sealing = {
        row.id: await slots.published(session, row.id, row.folded["sealing"]["round_no"])
        for row in rows
        if row.status == AuctionStatus.SEALING
    }
    left: dict[UUID, list[ProxyRow]] = {row.id: [] for row in rows}
    if any(row.proxy_no for row in rows):
        for proxy in await proxies_in_force(session, [row.id for row in rows if row.proxy_no]):
            left[proxy.auction_id].append(proxy)
    return {
        row.id: Beside(
            given=Given(
                reserve_minor=reserves.get(row.id),
                proxies=tuple(
                    Proxy(no=proxy.no, code=proxy.bidder_code, max_minor=proxy.max_minor)
                    for proxy in left[row.id]
                ),
                sealed=sealing.get(row.id),
                days=tuple(datetime.fromisoformat(day) for day in row.days),
                notice=noticed.get(row.notice_id) if row.notice_id is not None else None,
                outages=tuple(one for one in outages if one.no > _judged(row)),
            ),
            proxies={
                proxy.bidder_code: Sender(proxy.registration_id, proxy.placed_by) for proxy in left[row.id]
            },
        )
        for row in rows
    }


async def _outages(
    session: AsyncSession, rows: Sequence[AuctionRow], at: datetime, *, judging: bool, pulse: Pulse | None
) -> tuple[Sequence[AuctionRow], Sequence[Outage]]:
    """The sales by whose outages all can be judged that they need to be, and those outages."""
    due = {row.id: row.next_due_at for row in rows if row.next_due_at is not None and row.next_due_at <= at}
    if not due and not judging:
        return rows, []
    wanted = at if judging else max(due.values())
    if pulse is None or pulse.covered_at < wanted:
        pulse = await covered(session, wanted)
    until = pulse.covered_at
    known = [row for row in rows if until >= (at if judging else due.get(row.id, until))]
    judged = min((_judged(row) for row in known), default=0)
    return known, await outages_after(session, judged) if pulse.outage_no > judged else []


def _is_due(row: AuctionRow, at: datetime) -> bool:
    return row.next_due_at is not None and row.next_due_at <= at


def _judged(row: AuctionRow) -> int:
    """The latest outage by which a sale was judged. One that did not touch it then does not touch what comes later."""
    return max(row.outage_no, row.judged_outage_no)


async def proxies_in_force(session: AsyncSession, auction_ids: Sequence[UUID]) -> Sequence[ProxyRow]:
    """The maxima in force of these auctions, in the order in which they were left."""
    found = await session.execute(
        select(ProxyRow)
        .where(ProxyRow.auction_id.in_(auction_ids), ProxyRow.ended_at.is_(None))
        .order_by(ProxyRow.auction_id, ProxyRow.no)
        .execution_options(populate_existing=True)
    )
    return found.scalars().all()


async def proxy_of(session: AsyncSession, auction_id: UUID, registration_id: UUID) -> ProxyRow | None:
    """The maximum in force of one registration."""
    found = await session.execute(
        select(ProxyRow)
        .where(
            ProxyRow.auction_id == auction_id,
            ProxyRow.registration_id == registration_id,
            ProxyRow.ended_at.is_(None),
        )
        .execution_options(populate_existing=True)
    )
    return found.scalar_one_or_none()


async def keep_reserve(session: AsyncSession, auction_id: UUID, kept: tuple[int, bytes] | None) -> None:
    """Store a draft's secret reserve (fen, salt) in place of an earlier one; None: it has none."""
    await session.execute(delete(ReserveRow).where(ReserveRow.auction_id == auction_id))
    if kept is not None:
        session.add(ReserveRow(auction_id=auction_id, reserve_minor=kept[0], salt=kept[1]))
        await session.flush()
