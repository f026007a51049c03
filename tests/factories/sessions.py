"""Sessions: a hall or an online session of several lots, its people, its bidders with paddles and units."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions import actions as auctions
from app.auctions.rules.terms import CloseKind, SessionProfile
from app.auctions.schemas import NoticeIn, StepIn, TermsIn
from app.auctions.sessions import actions, repository
from app.auctions.sessions.schemas import FloorBidIn, SaleSessionIn, SessionRegistrationIn
from app.auctions.sessions.tables import SaleSessionRow, SessionRegistrationRow
from app.auctions.tables import AuctionRow
from app.calendar.queries import add_working_days
from app.identity.permissions import Role
from app.identity.states import PartyKind
from app.identity.tables import PartyRow
from app.kit.dates import at_local, market_date
from app.kit.money import yuan
from app.markets.registrations.schemas import QualificationIn
from app.settlement.tables import DepositRow
from tests.factories.auctions import CLOCK, WAN, advance_to, make_offering
from tests.factories.identity import Member, make_member
from tests.factories.settlement import Finance, hold_deposit, make_finance

UNIT = "200000.00"
LOTS: tuple[tuple[int, int], ...] = ((200, 10), (160, 5), (28, 1))
"""Start and step of each lot, in 万元."""


@dataclass
class Bidder:
    """A party in a session, with the paddle that it was handed."""

    member: Member
    entry_id: UUID
    paddle_no: int = 0


@dataclass
class Hall:
    """A session and its people."""

    session_id: UUID
    seller: Member
    operator: Member
    auctioneer: Member
    finance: Finance
    lots: list[UUID]
    bidders: list[Bidder] = field(default_factory=list)

    async def row(self, session: AsyncSession) -> SaleSessionRow:
        """The session as it stands."""
        return await session.get_one(SaleSessionRow, self.session_id, populate_existing=True)

    async def lot(self, session: AsyncSession, number: int) -> AuctionRow:
        """A lot as it stands; the first is number 1."""
        return await session.get_one(AuctionRow, self.lots[number - 1], populate_existing=True)

    async def entry(self, session: AsyncSession, bidder: Bidder) -> SessionRegistrationRow:
        """A party's registration for the session as it stands."""
        return await session.get_one(SessionRegistrationRow, bidder.entry_id, populate_existing=True)


def terms(start: int, step: int, profile: SessionProfile) -> TermsIn:
    """The terms of a lot, in 万元."""
    online = profile is SessionProfile.ONLINE_SESSION
    return TermsIn(
        start_price=yuan(start * WAN),
        ladder=[StepIn(from_price="0.00", increment=yuan(step * WAN))],
        deposit="0.00",
        free_seconds=900 if online else 0,
        window_seconds=60 if online else 0,
        session_profile=profile,
        close=CloseKind.SOFT_CLOSE if online else CloseKind.HAMMER,
    )


async def make_draft_session(
    session: AsyncSession,
    *,
    lots: Sequence[tuple[int, int]] = LOTS,
    profile: SessionProfile = SessionProfile.HALL,
    unit: str | None = UNIT,
    **changed: object,
) -> Hall:
    """A drafted session with its brochure."""
    seller = await make_member(session, Role.TTO_OFFICER, kind=PartyKind.UNIVERSITY)
    operator = await make_member(session, Role.OPERATOR, kind=PartyKind.EXCHANGE)
    exchange = await session.get_one(PartyRow, operator.party_id)
    auctioneer = await make_member(session, Role.AUCTIONEER, party=exchange, name="章某")
    body = SaleSessionIn.model_validate(
        {
            "name": "2026 浙江拍·秋季科技成果竞价会",
            "profile": str(profile),
            "venue": "杭州市西湖区文三路主会场",
            "region_code": "330106",
            "auctioneer_id": str(auctioneer.user_id) if profile is SessionProfile.HALL else None,
            "deposit_unit": unit,
            **changed,
        },
        strict=False,
    )
    row = await actions.create_session(session, CLOCK, actor=operator.actor, body=body)
    made = []
    for start, step in lots:
        offering = await make_offering(session, seller)
        lot = await auctions.create_auction(
            session, CLOCK, actor=seller.actor, offering_id=offering.id, terms=terms(start, step, profile)
        )
        made.append(lot.id)
    await actions.put_lots(
        session, actor=operator.actor, session_id=row.id, expected=row.version, auction_ids=made
    )
    return Hall(row.id, seller, operator, auctioneer, await make_finance(session), made)


async def session_timetable(session: AsyncSession) -> NoticeIn:
    """Registration for a week, deposits due two working days before the start at 10:00 of a working day."""
    at = await CLOCK.read(session)
    day = (await add_working_days(session, market_date(at) + timedelta(days=12), 1)).on
    return NoticeIn(
        registration_opens_at=at + timedelta(seconds=1),
        registration_closes_at=at + timedelta(days=7),
        deposit_due_at=at + timedelta(days=8),
        starts_at=at_local(day, time(10, 0)),
    )


async def make_noticed_session(session: AsyncSession, **named: object) -> Hall:
    """A session whose notice is out and whose registration is open."""
    hall = await make_draft_session(session, **named)  # type: ignore[arg-type]
    row = await hall.row(session)
    await actions.publish_session(
        session,
        CLOCK,
        actor=hall.operator.actor,
        session_id=row.id,
        expected=row.version,
        notice_in=await session_timetable(session),
    )
    row = await hall.row(session)
    assert row.registration_opens_at is not None
    await advance_to(session, row.registration_opens_at)
    await sweep_all(session)
    return hall


async def sweep_all(session: AsyncSession) -> None:
    """Let happen what is due, as the worker would."""
    while await auctions.sweep(session, CLOCK) or await actions.sweep(session, CLOCK):
        pass


async def enter(session: AsyncSession, hall: Hall, *, units: int = 1, paid: bool = True) -> Bidder:
    """An enterprise that registers for all lots, pays its units and is let in."""
    member = await make_member(session, Role.ENTERPRISE_USER)
    made = await actions.register(
        session,
        CLOCK,
        actor=member.actor,
        session_id=hall.session_id,
        body=SessionRegistrationIn(units=units, agent_name="李某"),
    )
    if paid and units:
        found = await session.execute(select(DepositRow).where(DepositRow.reference_id == made.id))
        await hold_deposit(session, found.scalar_one(), hall.finance)
    await actions.decide_registration(
        session,
        CLOCK,
        actor=hall.operator.actor,
        registration_id=made.id,
        expected=made.version,
        body=QualificationIn(passed=True, reason="材料齐全"),
    )
    hall.bidders.append(Bidder(member, made.id))
    return hall.bidders[-1]


async def ready(session: AsyncSession, hall: Hall) -> Hall:
    """Let registration end, finance sign, paddles be handed out."""
    row = await hall.row(session)
    assert row.deposit_due_at is not None
    await advance_to(session, row.deposit_due_at + timedelta(hours=1))
    await sweep_all(session)
    await actions.mark_session_ready(
        session, CLOCK, actor=hall.finance.checker.actor, session_id=hall.session_id
    )
    for bidder in hall.bidders:
        made = await hall.entry(session, bidder)
        assert made.paddle_no is not None
        bidder.paddle_no = made.paddle_no
        await actions.hand_out_paddle(
            session, CLOCK, actor=hall.operator.actor, registration_id=made.id, expected=made.version
        )
    return hall


async def make_ready_session(
    session: AsyncSession, *, units: Sequence[int] = (1, 1), **named: object
) -> Hall:
    """A session whose bidders have paid so many units each and hold their paddles, at its start."""
    hall = await make_noticed_session(session, **named)
    for count in units:
        await enter(session, hall, units=count)
    await ready(session, hall)
    row = await hall.row(session)
    assert row.starts_at is not None
    await advance_to(session, row.starts_at)
    await sweep_all(session)
    return hall


async def open_lot(session: AsyncSession, hall: Hall, number: int) -> AuctionRow:
    """Call up a lot."""
    return await actions.open_lot(
        session, CLOCK, actor=hall.auctioneer.actor, auction_id=hall.lots[number - 1]
    )


async def raise_paddle(
    session: AsyncSession, hall: Hall, number: int, bidder: Bidder, wan: int
) -> auctions.Placed:
    """A floor bid in 万元."""
    return await actions.floor_bid(
        session,
        CLOCK,
        actor=hall.auctioneer.actor,
        auction_id=hall.lots[number - 1],
        body=FloorBidIn(paddle_no=bidder.paddle_no, amount=yuan(wan * WAN)),
    )


async def bid_online(
    session: AsyncSession, hall: Hall, number: int, bidder: Bidder, wan: int
) -> auctions.Placed:
    """A bid from the web in 万元."""
    return await auctions.place_bid(
        session,
        CLOCK,
        actor=bidder.member.actor,
        auction_id=hall.lots[number - 1],
        amount=yuan(wan * WAN),
        confirmed=True,
    )


async def knock_down(session: AsyncSession, hall: Hall, number: int) -> AuctionRow:
    """Three calls and the hammer."""
    for call in (1, 2, 3):
        await actions.call(
            session, CLOCK, actor=hall.auctioneer.actor, auction_id=hall.lots[number - 1], number=call
        )
        await later(session, 16)
    return await actions.hammer(session, CLOCK, actor=hall.auctioneer.actor, auction_id=hall.lots[number - 1])


async def later(session: AsyncSession, seconds: float) -> datetime:
    """Let so many seconds pass."""
    at = await CLOCK.read(session) + timedelta(seconds=seconds)
    await advance_to(session, at)
    return at


async def moved(session: AsyncSession, hall: Hall) -> None:
    """Tell the session that its lots have moved, as the handler does, and let happen what is due."""
    found = await repository.session_of(session, hall.lots[0])
    assert found is not None
    await actions.lot_moved(session, CLOCK, auction_id=hall.lots[0])
    await sweep_all(session)
