"""A sale and objections to its notice, on the real database: it stands still, goes on and ends with the notice."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions import actions
from app.auctions.handlers import follow_notice
from app.auctions.rules.commands import CancelReason
from app.auctions.schemas import CancelIn
from app.auctions.states import AuctionStatus
from app.auctions.tables import AuctionRow
from app.db.session import Database
from app.events.tables import EventRow
from app.identity.permissions import Role
from app.identity.tables import PartyRow
from app.notices import actions as notices
from app.notices.events import EVENTS, NoticeEvent
from app.notices.states import NoticeStatus, UpheldEffect
from app.notices.tables import NoticeRow, ObjectionRow
from app.worker import Worker
from tests.factories import auctions as sales
from tests.factories.auctions import CLOCK, Sale
from tests.factories.identity import Member, make_member
from tests.factories.notices import make_objection

S = AuctionStatus
KINDS = {event.kind: event for event in EVENTS}
DECISION = {"findings": "经核查，权属清楚", "document_no": "科技处〔2026〕12号"}


async def _notice(session: AsyncSession, sale: Sale) -> NoticeRow:
    row = await session.get_one(AuctionRow, sale.auction_id, populate_existing=True)
    assert row.notice_id is not None
    return await session.get_one(NoticeRow, row.notice_id, populate_existing=True)


async def _leader(session: AsyncSession, sale: Sale) -> Member:
    party = await session.get_one(PartyRow, sale.seller.party_id)
    return await make_member(session, Role.ORG_LEADER, party=party)


async def _accepted(session: AsyncSession, sale: Sale, by: Member) -> ObjectionRow:
    filer = await make_member(session, Role.ENTERPRISE_USER)
    row = await make_objection(session, await _notice(session, sale), filer)
    return await notices.accept(session, CLOCK, actor=by.actor, objection_id=row.id, expected=row.version)


async def _hear(session: AsyncSession, sale: Sale, kind: str) -> None:
    """Let the handler hear the latest event of a kind about the sale's notice."""
    notice = await _notice(session, sale)
    found = await session.execute(
        select(EventRow.payload)
        .where(EventRow.subject_id == notice.id, EventRow.kind == kind)
        .order_by(EventRow.id.desc())
        .limit(1)
    )
    event = KINDS[kind].model_validate(found.scalar_one(), strict=False)
    assert isinstance(event, NoticeEvent)
    await follow_notice(session, CLOCK, event)


async def _decide(
    session: AsyncSession, row: ObjectionRow, by: Member, *, effect: UpheldEffect | None = None
) -> None:
    await notices.decide(
        session,
        CLOCK,
        actor=by.actor,
        objection_id=row.id,
        expected=row.version,
        upheld=effect is not None,
        effect=effect,
        **DECISION,
    )


async def test_a_sale_is_noticed_among_the_notices_until_its_start(session: AsyncSession) -> None:
    sale = await sales.make_noticed(session)
    row, notice = await sale.row(session), await _notice(session, sale)
    assert (notice.status, notice.ends_at) == (NoticeStatus.RUNNING, row.starts_at)
    assert notice.kind == "auction"


async def test_an_accepted_objection_suspends_the_sale_and_a_dismissal_resumes_it(
    session: AsyncSession,
) -> None:
    sale = await sales.make_noticed(session)
    leader = await _leader(session, sale)
    objection = await _accepted(session, sale, leader)
    await _hear(session, sale, "notices.paused")
    row = await sale.row(session)
    assert (row.status, row.interrupted) == (S.SUSPENDED, S.REGISTRATION_OPEN)
    await _decide(session, objection, leader)
    await _hear(session, sale, "notices.resumed")
    assert (await sale.row(session)).status == S.REGISTRATION_OPEN


async def test_a_close_finds_the_objection_before_the_suspension_has_come(session: AsyncSession) -> None:
    sale = await sales.make_ready(session)
    leader, filer = await _leader(session, sale), await make_member(session, Role.ENTERPRISE_USER)
    filed = await make_objection(session, await _notice(session, sale), filer)
    row = await sale.row(session)
    assert row.starts_at is not None
    await sales.advance_to(session, row.starts_at)
    assert await actions.sweep(session, CLOCK) is True
    row = await sale.row(session)
    assert (row.status, row.interrupted) == (S.SUSPENDED, S.READY)
    accepted = await notices.accept(
        session, CLOCK, actor=leader.actor, objection_id=filed.id, expected=filed.version
    )
    await _decide(session, accepted, leader)
    await _hear(session, sale, "notices.resumed")
    assert (await sale.row(session)).status == S.SUSPENDED
    notice = await _notice(session, sale)
    assert notice.ends_at is not None
    await sales.advance_to(session, notice.ends_at)
    assert await notices.sweep(session, CLOCK) is True
    await _hear(session, sale, "notices.passed")
    assert (await sale.row(session)).status == S.READY


async def test_an_upheld_objection_calls_the_sale_off(session: AsyncSession) -> None:
    sale = await sales.make_noticed(session)
    leader = await _leader(session, sale)
    objection = await _accepted(session, sale, leader)
    await _hear(session, sale, "notices.paused")
    await _decide(session, objection, leader, effect=UpheldEffect.TERMINATE)
    await _hear(session, sale, "notices.failed")
    row = await sale.row(session)
    assert row.status == S.CANCELLED
    assert (await _notice(session, sale)).status == NoticeStatus.FAILED


async def test_a_sale_that_is_called_off_takes_its_notice_back(session: AsyncSession) -> None:
    sale = await sales.make_noticed(session)
    asked = CancelIn(reason=CancelReason.COURT_ORDER, document_no="（2026）浙01执1号", note="法院裁定")
    await actions.cancel(session, CLOCK, actor=sale.operator.actor, auction_id=sale.auction_id, asked=asked)
    notice = await _notice(session, sale)
    assert (notice.status, notice.end_reason) == (NoticeStatus.REVOKED, "authority_order")


async def test_the_worker_carries_an_objection_to_the_sale_and_back(
    database: Database, worker: Worker
) -> None:
    async with database.transaction() as session:
        sale = await sales.make_noticed(session)
        leader = await _leader(session, sale)
        objection = await _accepted(session, sale, leader)
    await worker.drain()
    async with database.transaction() as session:
        assert (await sale.row(session)).status == S.SUSPENDED
        row = await session.get_one(ObjectionRow, objection.id)
        await _decide(session, row, leader)
    await worker.drain()
    async with database.transaction() as session:
        assert (await sale.row(session)).status == S.REGISTRATION_OPEN
