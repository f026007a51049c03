"""Sales, from a reviewed offering to bidding: by the actions themselves, on a sandbox's clock."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions import actions
from app.auctions.schemas import NoticeIn, StepIn, TermsIn
from app.auctions.tables import AuctionRow
from app.db.clock import Clock, move_sandbox_clock
from app.events.tables import EventRow
from app.identity.permissions import Role
from app.identity.states import PartyKind
from app.kit.dates import SHANGHAI
from app.kit.ids import new_id
from app.markets.actions import call_competition
from app.markets.events import CompetitionRequired
from app.markets.profiles import ProfileCode
from app.markets.registrations import actions as registrations
from app.markets.registrations.schemas import QualificationIn, RegistrationIn
from app.markets.states import MACHINE, Mode, OfferingStatus, Path, SubjectKind
from app.markets.tables import OfferingRow
from app.settlement.tables import DepositRow
from tests.factories.identity import Member, make_member
from tests.factories.settlement import Finance, hold_deposit, make_finance

CLOCK = Clock()
WAN = 1_000_000
"""One 万元 in fen."""

TERMS = TermsIn(
    start_price="2000000.00",
    ladder=[StepIn(from_price="0.00", increment="100000.00")],
    deposit="200000.00",
    free_seconds=3_600,
    window_seconds=300,
)


@dataclass
class Sale:
    """A sale and its people."""

    auction_id: UUID
    offering_id: UUID
    seller: Member
    operator: Member
    finance: Finance
    bidders: list[Member] = field(default_factory=list)
    registrations: list[UUID] = field(default_factory=list)

    async def row(self, session: AsyncSession) -> AuctionRow:
        """The auction as it stands."""
        return await session.get_one(AuctionRow, self.auction_id, populate_existing=True)


async def advance_to(session: AsyncSession, at: datetime) -> None:
    """Move the sandbox's clock forward to an instant."""
    now = await CLOCK.read(session)
    await move_sandbox_clock(session, advance=max(timedelta(0), at - now), rate=None)


async def make_offering(session: AsyncSession, seller: Member) -> OfferingRow:
    """A reviewed offering that goes to auction."""
    at = await CLOCK.read(session)
    row = OfferingRow(
        number=f"JY-2026-{new_id().int % 10**9:09d}",
        title="球形氮化硼导热垫片专利权转让",
        seller_party_id=seller.party_id,
        holder_party_id=seller.party_id,
        path=Path.AUCTION,
        status=MACHINE.initial,
        subject_kind=SubjectKind.ACHIEVEMENT,
        mode=Mode.TRANSFER,
        territory="中国",
        capacity=1,
        profile_code=ProfileCode.UNI_ZJ,
        profile_version=1,
        region_code="330106",
        entered_by=seller.user_id,
        sorted_at=at,
    )
    for step in (OfferingStatus.SUBMITTED, OfferingStatus.APPROVED):
        MACHINE.advance(row, step)
    session.add(row)
    await session.flush()
    return row


async def make_draft(session: AsyncSession, terms: TermsIn = TERMS) -> Sale:
    """A sale that is drafted."""
    seller = await make_member(session, Role.TTO_OFFICER, kind=PartyKind.UNIVERSITY)
    operator = await make_member(session, Role.OPERATOR, kind=PartyKind.EXCHANGE)
    offering = await make_offering(session, seller)
    row = await actions.create_auction(
        session, CLOCK, actor=seller.actor, offering_id=offering.id, terms=terms
    )
    return Sale(row.id, offering.id, seller, operator, await make_finance(session))


async def timetable(session: AsyncSession) -> NoticeIn:
    """Registration from now on for a week, deposits due on the eighth day, the sale on the eleventh."""
    at = await CLOCK.read(session)
    morning = at.astimezone(SHANGHAI).replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return NoticeIn(
        registration_opens_at=at + timedelta(seconds=1),
        registration_closes_at=morning + timedelta(days=7),
        deposit_due_at=morning + timedelta(days=7, hours=8),
        starts_at=morning + timedelta(days=17),
    )


async def make_noticed(session: AsyncSession, terms: TermsIn = TERMS) -> Sale:
    """A sale whose notice is out and whose registration is open."""
    sale = await make_draft(session, terms)
    row = await sale.row(session)
    noticed = await actions.publish_notice(
        session,
        CLOCK,
        actor=sale.operator.actor,
        auction_id=sale.auction_id,
        notice_in=await timetable(session),
        expected=row.version,
    )
    assert noticed.registration_opens_at is not None
    await advance_to(session, noticed.registration_opens_at)
    return sale


async def add_bidder(session: AsyncSession, sale: Sale, *, paid: bool = True, passed: bool = True) -> Member:
    """An enterprise that registers, pays and is decided on."""
    bidder = await make_member(session, Role.ENTERPRISE_USER)
    row = await registrations.register(
        session, CLOCK, actor=bidder.actor, offering_id=sale.offering_id, body=RegistrationIn()
    )
    if paid and row.deposit_minor:
        found = await session.execute(select(DepositRow).where(DepositRow.reference_id == row.id))
        await hold_deposit(session, found.scalar_one(), sale.finance)
    await registrations.decide(
        session,
        CLOCK,
        actor=sale.operator.actor,
        registration_id=row.id,
        expected=row.version,
        body=QualificationIn(passed=passed, reason="材料齐全" if passed else "缺少授权委托书"),
    )
    sale.bidders.append(bidder)
    sale.registrations.append(row.id)
    return bidder


async def make_ready(session: AsyncSession, *, bidders: int = 2, terms: TermsIn = TERMS) -> Sale:
    """A sale whose deposits are reconciled and whose codes are drawn."""
    sale = await make_noticed(session, terms)
    for _ in range(bidders):
        await add_bidder(session, sale)
    row = await sale.row(session)
    assert row.deposit_due_at is not None
    await advance_to(session, row.deposit_due_at + timedelta(hours=1))
    await actions.mark_ready(session, CLOCK, actor=sale.finance.checker.actor, auction_id=sale.auction_id)
    return sale


async def make_started(session: AsyncSession, *, bidders: int = 2, terms: TermsIn = TERMS) -> Sale:
    """A sale in its free phase."""
    sale = await make_ready(session, bidders=bidders, terms=terms)
    row = await sale.row(session)
    assert row.starts_at is not None
    await advance_to(session, row.starts_at)
    # Others' sales in the same database may be due before this one.
    while (await sale.row(session)).ends_at is None:
        assert await actions.sweep(session, CLOCK)
    return sale


async def make_listed(session: AsyncSession, *, bidders: int = 2) -> Sale:
    """A listing that has ended with rivals: 160 万, deposit 16 万. It has no auction yet."""
    seller = await make_member(session, Role.TTO_OFFICER, kind=PartyKind.UNIVERSITY)
    operator = await make_member(session, Role.OPERATOR, kind=PartyKind.EXCHANGE)
    offering = await make_offering(session, seller)
    offering.path, offering.ask_minor, offering.period_days = Path.LISTED, 160 * WAN, 10
    at = await CLOCK.read(session)
    await registrations.open_window(
        session,
        CLOCK,
        offering_id=offering.id,
        opens_at=at,
        ends_at=at + timedelta(days=10),
        deposit_amount_minor=16 * WAN,
        deposit_due_at=at + timedelta(days=10),
    )
    sale = Sale(new_id(), offering.id, seller, operator, await make_finance(session))
    for _ in range(bidders):
        await add_bidder(session, sale)
    await advance_to(session, at + timedelta(days=11))
    return sale


async def competition_required(session: AsyncSession, sale: Sale) -> CompetitionRequired:
    """What the listing tells when it is evaluated."""
    row = await call_competition(session, CLOCK, offering_id=sale.offering_id)
    found = await session.execute(
        select(EventRow).where(EventRow.subject_id == row.id, EventRow.kind == CompetitionRequired.kind)
    )
    return CompetitionRequired.model_validate(found.scalar_one().payload)


async def place(session: AsyncSession, sale: Sale, bidder: Member, amount: str) -> actions.Placed:
    """A bid of so many yuan."""
    return await actions.place_bid(
        session, CLOCK, actor=bidder.actor, auction_id=sale.auction_id, amount=amount
    )


async def close(session: AsyncSession, sale: Sale) -> AuctionRow:
    """Let the bidding end and be closed."""
    row = await sale.row(session)
    assert row.ends_at is not None
    await advance_to(session, row.ends_at)
    while (await sale.row(session)).next_due_at is not None:
        assert await actions.sweep(session, CLOCK)
    return await sale.row(session)
