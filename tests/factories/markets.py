"""Offerings on each path, brought to market by the actions themselves, and buyers who register, pay and are qualified."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.clock import Clock, move_sandbox_clock
from app.identity.permissions import Role
from app.identity.states import PartyKind, ReviewStatus
from app.markets import actions
from app.markets.listed import actions as listed
from app.markets.listed.tables import ListingRow
from app.markets.registrations import actions as registrations
from app.markets.registrations.schemas import QualificationIn, RegistrationIn
from app.markets.registrations.tables import RegistrationRow
from app.markets.schemas import OfferingIn, ReviewIn
from app.markets.tables import OfferingRow
from app.settlement.tables import DepositRow
from tests.factories.identity import Member, make_member
from tests.factories.listings import make_operator, make_registered
from tests.factories.settlement import hold_deposit

CLOCK = Clock()
SECRECY = {"reviewer": "何敏", "reviewed_on": "2026-11-02", "document_no": "保审〔2026〕17号"}
SLOT = {
    "starts_at": "2027-01-05T01:00:00Z",
    "ends_at": "2027-01-05T03:00:00Z",
    "place": "实验楼",
    "capacity": 2,
}
DECISION = {"document_no": "校办纪要〔2026〕9号", "decided_on": "2026-11-05"}


@dataclass
class Market:
    """A seller with a registered achievement, and the operator."""

    seller: Member
    operator: Member
    achievement_id: UUID


def terms(achievement_id: UUID, **changed: Any) -> dict[str, Any]:
    """What a seller sends for a listed transfer at 80 万, complete enough to be submitted by anybody."""
    return {
        "path": "listed",
        "achievement_ids": [str(achievement_id)],
        "mode": "transfer",
        "ask_amount": "800000.00",
        "period_days": 5,
        "deposit_amount": "80000.00",
        "secrecy": SECRECY,
        "decision": DECISION,
    } | changed


def negotiated(achievement_id: UUID, **changed: Any) -> dict[str, Any]:
    """What a private seller sends for a negotiated transfer."""
    plain = terms(achievement_id, path="negotiated")
    return {
        k: v for k, v in plain.items() if k not in ("ask_amount", "period_days", "deposit_amount")
    } | changed


async def make_market(
    session: AsyncSession, kind: PartyKind = PartyKind.PRIVATE_ENTERPRISE, **achievement: Any
) -> Market:
    """A seller of this kind, its registered achievement and an operator."""
    seller = await make_member(
        session, Role.TTO_OFFICER, Role.ENTERPRISE_USER, kind=kind, name="出让方经办人"
    )
    operator = await make_operator(session)
    row = await make_registered(session, seller, operator, **achievement)
    return Market(seller, operator, row.id)


async def make_offering(session: AsyncSession, market: Market, **changed: Any) -> OfferingRow:
    """A draft."""
    body = OfferingIn.model_validate(terms(market.achievement_id, **changed))
    return await actions.create_offering(session, CLOCK, actor=market.seller.actor, body=body)


async def make_submitted(session: AsyncSession, market: Market, **changed: Any) -> OfferingRow:
    """A submission."""
    row = await make_offering(session, market, **changed)
    await session.flush()
    return await actions.submit(
        session, CLOCK, actor=market.seller.actor, offering_id=row.id, expected=row.version
    )


async def make_approved(session: AsyncSession, market: Market, **changed: Any) -> OfferingRow:
    """A reviewed offering; on the market already, if its path is negotiated."""
    row = await make_submitted(session, market, **changed)
    await session.flush()
    body = ReviewIn(approved=True, reason="材料齐全")
    return await actions.review(
        session, CLOCK, actor=market.operator.actor, offering_id=row.id, expected=row.version, body=body
    )


async def make_listed(session: AsyncSession, market: Market, **changed: Any) -> OfferingRow:
    """A listed offering on the market."""
    row = await make_approved(session, market, **changed)
    await session.flush()
    await listed.publish(
        session, CLOCK, actor=market.operator.actor, offering_id=row.id, expected=row.version
    )
    await session.flush()
    return row


async def make_negotiated(session: AsyncSession, market: Market, **changed: Any) -> OfferingRow:
    """A negotiated offering on the market."""
    blank = {"path": "negotiated", "ask_amount": None, "period_days": None, "deposit_amount": None}
    row = await make_approved(session, market, **(blank | changed))
    await session.flush()
    return row


async def make_buyer(
    session: AsyncSession, status: ReviewStatus = ReviewStatus.APPROVED, name: str = "受让方经办人"
) -> Member:
    """Somebody of an enterprise that buys."""
    return await make_member(session, Role.ENTERPRISE_USER, status=status, name=name)


async def register(
    session: AsyncSession, offering_id: UUID, buyer: Member, quote: str | None = None
) -> RegistrationRow:
    """A registration."""
    body = RegistrationIn(agent_name="李某", agent_phone="13800000000", quote_amount=quote)
    row = await registrations.register(session, CLOCK, actor=buyer.actor, offering_id=offering_id, body=body)
    await session.flush()
    return row


async def pay(session: AsyncSession, registration: RegistrationRow) -> None:
    """Let the deposit arrive, and settlement's word of it."""
    found = await session.execute(select(DepositRow).where(DepositRow.reference_id == registration.id))
    await hold_deposit(session, found.scalar_one())
    await registrations.deposit_held(session, CLOCK, registration_id=registration.id)


async def decide(
    session: AsyncSession, market: Market, registration: RegistrationRow, passed: bool = True
) -> RegistrationRow:
    """The operator's decision on a registration."""
    await session.flush()
    body = QualificationIn(passed=passed, reason="符合公告条件" if passed else "不符合公告条件")
    row = await registrations.decide(
        session,
        CLOCK,
        actor=market.operator.actor,
        registration_id=registration.id,
        expected=registration.version,
        body=body,
    )
    await session.flush()
    return row


async def make_qualified(
    session: AsyncSession, market: Market, offering_id: UUID, quote: str | None = None
) -> tuple[Member, RegistrationRow]:
    """A buyer who has registered, paid what was asked, and is qualified."""
    buyer = await make_buyer(session)
    row = await register(session, offering_id, buyer, quote)
    if row.deposit_minor:
        await pay(session, row)
    return buyer, await decide(session, market, row)


async def advance_to(session: AsyncSession, at: datetime) -> None:
    """Move the sandbox's clock forward to an instant; it never moves back."""
    now = await CLOCK.read(session)
    await move_sandbox_clock(session, advance=max(timedelta(0), at - now), rate=None)


async def evaluate(session: AsyncSession, offering_id: UUID) -> ListingRow:
    """Let the listing's time come, and the sweep with it."""
    row = await session.get_one(ListingRow, offering_id, populate_existing=True)
    await advance_to(session, row.evaluates_at)
    while await listed.sweep(session, CLOCK):
        pass
    return await session.get_one(ListingRow, offering_id, populate_existing=True)
