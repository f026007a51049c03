"""Reading sessions: SQL to schemas. Drafts are the market's staff's; what is announced is public, under codes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app.auctions import repository as sales
from app.auctions.rules.terms import Organiser
from app.auctions.sessions import minutes, repository, rules
from app.auctions.sessions.errors import NotTheAuctioneer
from app.auctions.sessions.schemas import (
    LotLine,
    LotMinutesOut,
    MinutesOut,
    PaddleExchangeOut,
    PaddleOut,
    PaddleSheetOut,
    SaleSessionLine,
    SaleSessionOut,
    SaleSessionPage,
    SessionRegistrantOut,
    SessionRegistrantPage,
    SessionRegistrationOut,
)
from app.auctions.sessions.states import SessionStatus
from app.auctions.sessions.tables import SaleSessionRow, SessionLotRow, SessionRegistrationRow
from app.auctions.shapes import money
from app.auctions.states import AuctionStatus
from app.auctions.tables import AuctionRow
from app.db.clock import Clock
from app.identity.access import Actor
from app.identity.errors import PermissionMissing
from app.identity.permissions import Permission
from app.identity.states import ReviewStatus
from app.identity.tables import PartyRow, UserRow
from app.kit.errors import HOUSE_RULE, NotFound
from app.kit.paging import decode_cursor, encode_cursor
from app.kit.schemas import MoneyOut
from app.markets.registrations.repository import note_read
from app.markets.tables import AwardRow
from app.settlement.queries import Deposit, deposits_of


def _visible(actor: Actor | None) -> Any:
    announced = SaleSessionRow.status != SessionStatus.DRAFT
    if actor is None or not (actor.may(Permission.AUCTION_MANAGE) or actor.may(Permission.READ_ALL)):
        return announced
    return or_(announced, SaleSessionRow.region_code.startswith(actor.region_prefix))


async def list_sessions(
    session: AsyncSession,
    *,
    actor: Actor | None,
    status: SessionStatus | None,
    cursor: str | None,
    limit: int,
) -> SaleSessionPage:
    """Sessions, the latest start first."""
    filters = {"status": status}
    lots = (
        select(func.count())
        .select_from(SessionLotRow)
        .where(SessionLotRow.session_id == SaleSessionRow.id)
        .scalar_subquery()
    )
    statement = select(SaleSessionRow, lots).where(_visible(actor))
    if status is not None:
        statement = statement.where(SaleSessionRow.status == status)
    if cursor is not None:
        at, last_id = decode_cursor(cursor, filters, (datetime, UUID))
        statement = statement.where(tuple_(SaleSessionRow.sorted_at, SaleSessionRow.id) < (at, last_id))
    statement = statement.order_by(SaleSessionRow.sorted_at.desc(), SaleSessionRow.id.desc())
    rows = (await session.execute(statement.limit(limit + 1))).all()
    shown, more = rows[:limit], len(rows) > limit
    last = shown[-1][0] if shown else None
    return SaleSessionPage(
        data=[SaleSessionLine(**_line(row, count)) for row, count in shown],
        next_cursor=encode_cursor([last.sorted_at, last.id], filters) if more and last else None,
        has_more=more,
    )


def _line(row: SaleSessionRow, lots: int) -> dict[str, Any]:
    named = ("id", "number", "name", "status", "profile", "venue", "starts_at")
    return {name: getattr(row, name) for name in named} | {"lots": lots}


async def visible_row(session: AsyncSession, actor: Actor | None, session_id: UUID) -> SaleSessionRow:
    """A session that the caller may see. Raises `NotFound`."""
    found = await session.execute(
        select(SaleSessionRow)
        .where(SaleSessionRow.id == session_id, _visible(actor))
        .execution_options(populate_existing=True)
    )
    row = found.scalar_one_or_none()
    if row is None:
        raise NotFound()
    return row


async def read_session(session: AsyncSession, *, actor: Actor | None, session_id: UUID) -> SaleSessionOut:
    """One session, whole, with its lots on one clock. Raises `NotFound`."""
    row = await visible_row(session, actor, session_id)
    lots = await repository.lots_of(session, row.id)
    turn = repository.plain(row, lots).turn
    name = None
    if row.auctioneer_id is not None:
        name = await session.scalar(select(UserRow.name).where(UserRow.id == row.auctioneer_id))
    named = [
        "region_code",
        "organiser",
        "auction_house",
        "auctioneer_licence_no",
        "day_opens",
        "day_ends",
        "adjourns",
        "gap_seconds",
        "call_seconds",
        "units_max",
        "registration_opens_at",
        "registration_closes_at",
        "deposit_due_at",
        "started_at",
        "continues_at",
        "ended_at",
        "version",
    ]
    return SaleSessionOut(
        **_line(row, len(lots)),
        **{one: getattr(row, one) for one in named},
        auctioneer_name=name,
        deposit_unit=money(row.unit_minor),
        turn=turn.lot_no if turn is not None else None,
        server_at=await Clock().read(session),
        catalogue=[lot_line(lot_no, lot) for lot_no, lot in lots],
    )


def lot_line(lot_no: int, row: AuctionRow) -> LotLine:
    """A lot as it stands, as anybody may see it."""
    now = sales.snapshot_of(row)
    return LotLine(
        lot_no=lot_no,
        auction_id=row.id,
        number=row.number,
        title=row.title,
        status=now.status,
        price_kind=now.terms.price.kind,
        start_price=MoneyOut.of(now.terms.start_price_minor),
        current_price=money(now.current_minor),
        increment=MoneyOut.of(now.increment_minor),
        next_amount=MoneyOut.of(now.next_minor),
        bidder_code=now.leader_code,
        bid_no=now.bid_no,
        calls=now.hall.calls,
        warns_until=now.hall.warns_until,
        free_ends_at=now.free_ends_at,
        ends_at=now.ends_at,
        seq=now.seq,
    )


async def my_registration(session: AsyncSession, *, actor: Actor, session_id: UUID) -> SessionRegistrationOut:
    """The registration of the actor's own party. Raises `NotFound`."""
    made = await repository.registration_of(session, session_id, actor.party_id)
    if made is None:
        raise NotFound()
    deposit = (await deposits_of(session, [made.id])).get(made.id)
    named = [
        "id",
        "number",
        "version",
        "session_id",
        "units",
        "units_leading",
        "units_won",
        "agent_name",
        "agent_phone",
        "note",
        "passed",
        "decision_reason",
        "paddle_no",
        "handed_out_at",
    ]
    return SessionRegistrationOut(
        **{one: getattr(made, one) for one in named},
        units_free=repository.free_of(made),
        **_deposit(deposit),
        deposit_due_at=deposit.due_at if deposit else None,
    )


def _deposit(deposit: Deposit | None) -> dict[str, Any]:
    return {
        "deposit": MoneyOut.of(deposit.amount_minor if deposit else 0),
        "deposit_number": deposit.number if deposit else None,
        "deposit_status": deposit.status if deposit else None,
    }


async def list_registrants(
    session: AsyncSession, *, actor: Actor, session_id: UUID, cursor: str | None, limit: int
) -> SessionRegistrantPage:
    """Who takes part, for the qualification clerk and finance, the first one first. The read is written down."""
    await _staffed(session, actor, session_id)
    filters = {"session": session_id}
    statement = _registrants().where(SessionRegistrationRow.session_id == session_id)
    if cursor is not None:
        (last_id,) = decode_cursor(cursor, filters, (UUID,))
        statement = statement.where(SessionRegistrationRow.id > last_id)
    rows = (await session.execute(statement.order_by(SessionRegistrationRow.id).limit(limit + 1))).all()
    shown, more = rows[:limit], len(rows) > limit
    deposits = await deposits_of(session, [made.id for made, _, _ in shown])
    await _noted(session, actor, [made.id for made, _, _ in shown])
    return SessionRegistrantPage(
        data=[_registrant(made, name, status, deposits.get(made.id)) for made, name, status in shown],
        next_cursor=encode_cursor([shown[-1][0].id], filters) if more else None,
        has_more=more,
    )


async def registrant(session: AsyncSession, *, actor: Actor, registration_id: UUID) -> SessionRegistrantOut:
    """One registration for a session, for the clerk who decides on it. The read is written down."""
    found = (
        await session.execute(_registrants().where(SessionRegistrationRow.id == registration_id))
    ).one_or_none()
    if found is None:
        raise NotFound()
    await _staffed(session, actor, found[0].session_id)
    await _noted(session, actor, [registration_id])
    made, name, status = found
    return _registrant(made, name, status, (await deposits_of(session, [made.id])).get(made.id))


def _registrants() -> Any:
    return (
        select(SessionRegistrationRow, PartyRow.name, PartyRow.status)
        .join(PartyRow, PartyRow.id == SessionRegistrationRow.buyer_party_id)
        .execution_options(populate_existing=True)
    )


def _registrant(
    made: SessionRegistrationRow, name: str, status: str, deposit: Deposit | None
) -> SessionRegistrantOut:
    named = [
        "id",
        "number",
        "version",
        "session_id",
        "buyer_party_id",
        "units",
        "agent_name",
        "agent_phone",
        "note",
        "passed",
        "decision_reason",
    ]
    return SessionRegistrantOut(
        **{one: getattr(made, one) for one in named},
        **_deposit(deposit),
        buyer_name=name,
        buyer_reviewed=status == ReviewStatus.APPROVED,
    )


async def paddle_sheet(session: AsyncSession, *, actor: Actor, session_id: UUID) -> PaddleSheetOut:
    """The door's sheet: which paddle is whose. Reading it is written down; who conducts the sale does not see it."""
    if not actor.may(Permission.REGISTRATION_REVIEW):
        raise PermissionMissing(permission=str(Permission.REGISTRATION_REVIEW))
    row = await _staffed(session, actor, session_id)
    if row.auctioneer_id == actor.user_id:
        raise NotTheAuctioneer()
    clerk = aliased(UserRow)
    found = await session.execute(
        select(SessionRegistrationRow, PartyRow.name, clerk.name)
        .join(PartyRow, PartyRow.id == SessionRegistrationRow.buyer_party_id)
        .outerjoin(clerk, clerk.id == SessionRegistrationRow.handed_out_by)
        .where(SessionRegistrationRow.session_id == row.id, SessionRegistrationRow.paddle_no.is_not(None))
        .order_by(SessionRegistrationRow.paddle_no)
        .execution_options(populate_existing=True)
    )
    rows: Sequence[Any] = found.all()
    await _noted(session, actor, [made.id for made, _, _ in rows])
    return PaddleSheetOut(
        session_id=row.id,
        number=row.number,
        name=row.name,
        venue=row.venue,
        starts_at=_announced(row),
        paddles=[
            PaddleOut(
                session_registration_id=made.id,
                version=made.version,
                registration_number=made.number,
                paddle_no=made.paddle_no,
                buyer_name=name,
                agent_name=made.agent_name,
                handed_out_at=made.handed_out_at,
                handed_out_by=clerk_name,
            )
            for made, name, clerk_name in rows
        ],
        exchanges=[
            PaddleExchangeOut(
                session_registration_id=one.session_registration_id,
                old_no=one.old_no,
                new_no=one.new_no,
                reason=one.reason,
                exchanged_at=one.exchanged_at,
                exchanged_by=by,
            )
            for one, by in await repository.exchanges_of(session, row.id)
        ],
    )


def _announced(row: SaleSessionRow) -> datetime:
    if row.starts_at is None:
        raise NotFound()
    return row.starts_at


async def minutes_of(session: AsyncSession, *, actor: Actor, session_id: UUID) -> MinutesOut:
    """The minutes of the lots that have left the block. Raises `NotFound` for whoever may not read them."""
    row = await visible_row(session, actor, session_id)
    staff = actor.may(Permission.AUCTION_MANAGE) or actor.may(Permission.READ_ALL)
    in_region = staff and row.region_code.startswith(actor.region_prefix)
    if not (in_region or actor.user_id == row.auctioneer_id):
        raise NotFound()
    lots = await repository.lots_of(session, row.id)
    over = [(lot_no, lot) for lot_no, lot in lots if AuctionStatus(lot.status) in rules.OVER]
    licensed = row.organiser == Organiser.LICENSED_AUCTION_HOUSE
    name = None
    if row.auctioneer_id is not None:
        name = await session.scalar(select(UserRow.name).where(UserRow.id == row.auctioneer_id))
    return MinutesOut(
        session_id=row.id,
        title="拍卖笔录" if licensed else "竞价会笔录",
        number=row.number,
        name=row.name,
        organiser_name=row.auction_house or "技术交易市场组织的竞价会",
        venue=row.venue,
        auctioneer_name=name,
        auctioneer_licence_no=row.auctioneer_licence_no,
        starts_at=_announced(row),
        started_at=row.started_at,
        ended_at=row.ended_at,
        complete=row.status == SessionStatus.ENDED,
        source="拍卖法 art. 53" if licensed else HOUSE_RULE,
        source_zh="《拍卖法》第五十三条" if licensed else "本市场规则",
        lots=len(lots),
        records=[await _lot_minutes(session, lot_no, lot) for lot_no, lot in over],
    )


async def _lot_minutes(session: AsyncSession, lot_no: int, lot: AuctionRow) -> LotMinutesOut:
    seller = await session.scalar(select(PartyRow.name).where(PartyRow.id == lot.seller_party_id))
    buyer = await session.scalar(
        select(PartyRow.name)
        .join(AwardRow, AwardRow.buyer_party_id == PartyRow.id)
        .where(AwardRow.id == lot.award_id)
    )
    return minutes.lot_minutes(
        minutes.LotRecord(
            lot_no=lot_no,
            auction_id=lot.id,
            number=lot.number,
            title=lot.title,
            seller_name=seller or "",
            status=AuctionStatus(lot.status),
            terms=sales.terms_of(lot),
            facts=[fact for fact, _ in await sales.facts_of(session, lot.id, limit=10_000)],
            buyer_name=buyer,
        )
    )


async def _staffed(session: AsyncSession, actor: Actor, session_id: UUID) -> SaleSessionRow:
    """A session of the clerk's region that sells nothing of his own parties."""
    row = await visible_row(session, actor, session_id)
    lots = await repository.lots_of(session, row.id)
    own = any(actor.belongs_to(lot.seller_party_id) for _, lot in lots)
    if own or not row.region_code.startswith(actor.region_prefix):
        raise NotFound()
    return row


async def _noted(session: AsyncSession, actor: Actor, registration_ids: Sequence[UUID]) -> None:
    if registration_ids:
        await note_read(session, user_id=actor.user_id, offering_id=None, registration_ids=registration_ids)
