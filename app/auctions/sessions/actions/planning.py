"""Before a session: its draft, its brochure, its notice for all lots at once, finance's signature for all of them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions import actions as auctions
from app.auctions import repository as sales
from app.auctions.rules import notice
from app.auctions.rules.terms import CloseKind, Day, Organiser, SessionProfile, Terms
from app.auctions.schemas import NoticeIn
from app.auctions.sessions import repository, rules
from app.auctions.sessions.actions.registering import draw_paddles
from app.auctions.sessions.errors import (
    AuctioneerUnfit,
    SessionEmpty,
    SessionLotUnfit,
    SessionStage,
    SessionUnfit,
)
from app.auctions.sessions.events import SessionNoticed, SessionReadied
from app.auctions.sessions.schemas import SaleSessionIn
from app.auctions.sessions.states import MACHINE, SessionStatus
from app.auctions.sessions.tables import SaleSessionRow
from app.auctions.states import AuctionStatus
from app.auctions.tables import AuctionRow
from app.calendar.queries import working_day
from app.db.clock import Clock
from app.db.numbers import next_number
from app.events import outbox
from app.http.etags import check_version
from app.identity.access import Actor
from app.identity.permissions import Role
from app.kit.dates import market_date
from app.kit.money import fen

NUMBER_PREFIX = "ZC"


async def create_session(
    session: AsyncSession, clock: Clock, *, actor: Actor, body: SaleSessionIn
) -> SaleSessionRow:
    """Draft a session in the actor's region."""
    at = await clock.read(session)
    region = body.region_code or actor.party_region
    if not region.startswith(actor.region_prefix):
        raise SessionUnfit(field="/body/region_code")
    row = SaleSessionRow(
        number="",
        status=MACHINE.initial,
        sorted_at=at,
        region_code=region,
        entered_by=actor.user_id,
    )
    await _write(session, row, body)
    row.number = await next_number(session, NUMBER_PREFIX, at)
    return await repository.add(session, row)


async def change_session(
    session: AsyncSession, *, actor: Actor, session_id: UUID, expected: int, body: SaleSessionIn
) -> SaleSessionRow:
    """Write a draft anew. A published notice pins it."""
    row = await _draft(session, actor, session_id, expected)
    await _write(session, row, body)
    await session.flush()
    return row


async def put_lots(
    session: AsyncSession, *, actor: Actor, session_id: UUID, expected: int, auction_ids: Sequence[UUID]
) -> SaleSessionRow:
    """List the lots of a draft in brochure order, in place of what was listed before."""
    row = await _draft(session, actor, session_id, expected)
    if len(set(auction_ids)) < len(auction_ids):
        raise SessionLotUnfit(field="/body/auction_ids")
    taken = await repository.in_another(session, row.id, auction_ids)
    for number, auction_id in enumerate(auction_ids, start=1):
        lot = await sales.lock_in_region(session, auction_id, actor.region_prefix)
        if auction_id in taken or not _fits(row, lot):
            raise SessionLotUnfit(field="/body/auction_ids", lot_no=number, auction_id=str(auction_id))
    await repository.put_lots(session, row, auction_ids)
    return row


async def publish_session(
    session: AsyncSession,
    clock: Clock,
    *,
    actor: Actor,
    session_id: UUID,
    expected: int,
    notice_in: NoticeIn,
) -> SaleSessionRow:
    """Publish the notice of a session and of all its lots, in one commit: terms, timetable and order are pinned."""
    row = await _draft(session, actor, session_id, expected)
    at = await clock.read(session)
    lots = await repository.lots_of(session, row.id)
    if not lots:
        raise SessionEmpty()
    day = await working_day(session, market_date(notice_in.starts_at))
    rules.check_start(notice_in.starts_at, is_working=day.is_working)
    await _check_auctioneer(session, row, lots)
    for lot_no, lot in lots:
        if not _fits(row, lot):
            raise SessionLotUnfit(lot_no=lot_no, auction_id=str(lot.id))
        lot.terms = sales.stored_terms(_terms_in(row, sales.terms_of(lot)))
        await session.flush()
        await auctions.publish_notice(
            session,
            clock,
            actor=actor,
            auction_id=lot.id,
            notice_in=notice_in,
            expected=lot.version,
            by_session=True,
        )
    for name, instant in notice_in.model_dump().items():
        setattr(row, name, instant)
    row.sorted_at = row.next_due_at = notice_in.starts_at
    MACHINE.advance(row, SessionStatus.NOTICED)
    await session.flush()
    told = {**told_of(row, at), "profile": row.profile, "venue": row.venue, "lots": len(lots)}
    await outbox.record(session, SessionNoticed(**told, **notice_in.model_dump()))
    return row


async def mark_session_ready(
    session: AsyncSession, clock: Clock, *, actor: Actor, session_id: UUID
) -> SaleSessionRow:
    """Finance has reconciled the deposits of a session: paddles are drawn, every lot that waits for it is ready."""
    row = await repository.lock(session, session_id, actor.region_prefix)
    at = await clock.read(session)
    if row.status == SessionStatus.DRAFT or row.deposit_due_at is None or at < row.deposit_due_at:
        raise SessionStage(status_now=row.status)
    lots = await repository.lots_of(session, row.id)
    for _, lot in lots:
        notice.check_publisher(concerned=actor.belongs_to(lot.seller_party_id))
    waiting = [lot.id for _, lot in lots if lot.status == AuctionStatus.REGISTRATION_CLOSED]
    if not waiting:
        raise SessionStage(status_now=row.status)
    await draw_paddles(session, clock, row, lots)
    for auction_id in waiting:
        await auctions.mark_ready(session, clock, actor=actor, auction_id=auction_id, by_session=True)
    row.readied_at = at
    await schedule(session, row, at)
    await outbox.record(session, SessionReadied(**told_of(row, at)))
    return row


async def schedule(session: AsyncSession, row: SaleSessionRow, at: datetime) -> rules.Session:
    """Note when a locked session does something by itself next; how it stands."""
    plain = repository.plain(row, await repository.lots_of(session, row.id))
    found = rules.due(plain, at)
    row.next_due_at = found[0] if found is not None else None
    row.retry_at = None
    await session.flush()
    return plain


def told_of(row: SaleSessionRow, at: datetime) -> dict[str, Any]:
    """What every event of a session says."""
    return {"subject_id": row.id, "at": at, "number": row.number, "name": row.name}


async def _draft(session: AsyncSession, actor: Actor, session_id: UUID, expected: int) -> SaleSessionRow:
    row = await repository.lock(session, session_id, actor.region_prefix)
    check_version(row.version, expected)
    if row.status != SessionStatus.DRAFT:
        raise SessionStage(status_now=row.status)
    return row


async def _write(session: AsyncSession, row: SaleSessionRow, body: SaleSessionIn) -> None:
    rules.check_day(rules.clock_of(body.day_opens), rules.clock_of(body.day_ends))
    for field in ("gap_seconds", "call_seconds", "units_max", "paddle_first", "paddle_last"):
        rules.check_number(field, getattr(body, field))
    _check_fields(body)
    if body.auctioneer_id is not None and Role.AUCTIONEER not in await repository.roles_of(
        session, body.auctioneer_id
    ):
        raise AuctioneerUnfit(field="/body/auctioneer_id")
    given = body.model_dump(exclude={"region_code", "deposit_unit"})
    for name, value in given.items():
        setattr(row, name, value)
    row.unit_minor = fen(body.deposit_unit) if body.deposit_unit is not None else None


def _check_fields(body: SaleSessionIn) -> None:
    """Refuse fields that contradict each other, the first one found."""
    licensed = body.organiser is Organiser.LICENSED_AUCTION_HOUSE
    if body.profile is SessionProfile.ONLINE_LONG:
        raise SessionUnfit(field="/body/profile")
    if body.profile is SessionProfile.HALL and body.auctioneer_id is None:
        raise SessionUnfit(field="/body/auctioneer_id")
    if licensed != (body.auction_house is not None):
        raise SessionUnfit(field="/body/auction_house")
    if licensed != (body.auctioneer_licence_no is not None):
        raise SessionUnfit(field="/body/auctioneer_licence_no")
    if body.paddle_last < body.paddle_first:
        raise SessionUnfit(field="/body/paddle_last")


async def _check_auctioneer(
    session: AsyncSession, row: SaleSessionRow, lots: Sequence[tuple[int, AuctionRow]]
) -> None:
    """Whoever conducts belongs to no lot's seller. 拍卖法 art. 22 for a licensed house; house rule otherwise."""
    if row.auctioneer_id is None:
        return
    own = await repository.parties_of(session, row.auctioneer_id)
    if own & {lot.seller_party_id for _, lot in lots}:
        raise AuctioneerUnfit()


def _fits(row: SaleSessionRow, lot: AuctionRow) -> bool:
    terms = sales.terms_of(lot)
    return lot.status == AuctionStatus.DRAFT and terms.session_profile == row.profile


def _terms_in(row: SaleSessionRow, terms: Terms) -> Terms:
    """A lot's terms as its session's notice pins them."""
    hall = row.profile == SessionProfile.HALL
    return replace(
        terms,
        called_up=True,
        organiser=Organiser(row.organiser),
        close=CloseKind.HAMMER if hall and terms.close is CloseKind.SOFT_CLOSE else terms.close,
        call_seconds=row.call_seconds,
        day=Day(starts_local=row.day_opens, ends_local=row.day_ends) if row.adjourns else None,
        deposit_minor=terms.deposit_minor if row.unit_minor is None else 0,
    )
