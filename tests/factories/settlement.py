"""Deposits, and the money that holds them: entered by one finance person, confirmed by another."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.db.clock import Clock
from app.identity.permissions import Role
from app.identity.tables import PartyRow
from app.kit.ids import new_id
from app.settlement import actions
from app.settlement.dispositions import actions as dispositions
from app.settlement.dispositions.actions import Proposal
from app.settlement.dispositions.tables import DispositionRow
from app.settlement.tables import ArrivalRow, DepositRow
from tests.factories.identity import Member, make_member


@dataclass(frozen=True)
class Finance:
    """The two persons without whom no money moves."""

    maker: Member
    checker: Member


async def make_finance(session: AsyncSession) -> Finance:
    """Two finance persons of one organisation."""
    maker = await make_member(session, Role.FINANCE, name="录入员")
    party = await session.get_one(PartyRow, maker.party_id)
    return Finance(maker, await make_member(session, Role.FINANCE, party=party, name="复核员"))


async def make_deposit(
    session: AsyncSession,
    *,
    party_id: UUID | None = None,
    reference_id: UUID | None = None,
    amount_minor: int = 20_000_000,
    due_in: timedelta = timedelta(days=1),
) -> DepositRow:
    """A deposit that is required of a party (a new one unless given)."""
    payer = party_id or (await make_member(session)).party_id
    at = await Clock().read(session)
    return await actions.open_deposit(
        session,
        Clock(),
        registration_id=reference_id or new_id(),
        party_id=payer,
        amount_minor=amount_minor,
        due_at=at + due_in,
    )


async def make_arrival(
    session: AsyncSession,
    finance: Finance,
    deposit: DepositRow | None = None,
    *,
    amount_minor: int | None = None,
    payer_name: str | None = None,
    posted_at: datetime | None = None,
    note: str | None = None,
) -> ArrivalRow:
    """A line of the bank's statement, entered; unless told otherwise it is what the deposit asks for."""
    at = await Clock().read(session)
    payer = await session.get_one(PartyRow, deposit.payer_party_id) if deposit else None
    return await actions.enter_arrival(
        session,
        Clock(),
        actor=finance.maker.actor,
        bank_reference=new_id().hex,
        payer_name=payer_name or (payer.name if payer else "来历不明公司"),
        amount_minor=amount_minor or (deposit.amount_minor if deposit else 100),
        posted_at=posted_at or at,
        remittance_note=note or (f"保证金 {deposit.number}" if deposit else "货款"),
    )


async def confirm(session: AsyncSession, finance: Finance, arrival: ArrivalRow) -> ArrivalRow:
    """Confirm an arrival as the second person."""
    return await actions.confirm_arrival(
        session,
        Clock(),
        actor=finance.checker.actor,
        arrival_id=arrival.id,
        version=arrival.version,
    )


async def hold_deposit(
    session: AsyncSession, deposit: DepositRow, finance: Finance | None = None
) -> DepositRow:
    """Let the money of a required deposit arrive."""
    finance = finance or await make_finance(session)
    await confirm(session, finance, await make_arrival(session, finance, deposit))
    return deposit


async def make_forfeited(session: AsyncSession) -> DepositRow:
    """A deposit of 20 万 that was forfeited."""
    deposit = await hold_deposit(session, await make_deposit(session))
    return await actions.forfeit(
        session,
        Clock(),
        reference_id=deposit.reference_id,
        decision_reference="违约认定〔2026〕3号",
        reason="悔拍",
    )


async def make_disposition(
    session: AsyncSession, deposit: DepositRow, by: Member, seller: Member, *, shortfall: int = 15_000_000
) -> DispositionRow:
    """A proposal for a forfeited deposit: 1.2 万 and a fen of costs, and a shortfall (fen)."""
    return await dispositions.propose(
        session,
        actor=by.actor,
        reference_id=deposit.reference_id,
        seller_party_id=seller.party_id,
        proposal=Proposal(
            costs_minor=1_200_001,
            costs_document_no="费用清单〔2026〕9号",
            shortfall_minor=shortfall,
            shortfall_basis="PM-2026-000001 2000000.00 / PM-2026-000002 1850000.00",
            source="house rule, after 法释〔2016〕18号 art. 24",
            note="悔拍保证金处置",
        ),
    )
