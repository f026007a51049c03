"""Awards as markets leaves them, and their contract records, without going through a sale."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.contracts import actions
from app.contracts.tables import ContractRow
from app.db.clock import Clock
from app.identity.permissions import Role
from app.identity.states import PartyKind
from app.kit.ids import new_id
from app.kit.money import yuan
from app.markets.award import AwardRule
from app.markets.events import OfferingAwarded
from app.markets.registrations.tables import RegistrationRow
from app.markets.states import Mode, Path, SubjectKind
from app.markets.tables import AwardRow, OfferingRow
from app.settlement.tables import DepositRow
from tests.factories.identity import Member, make_member
from tests.factories.settlement import hold_deposit, make_deposit


@dataclass(frozen=True)
class Deal:
    """A seller, a buyer, what was awarded, and the buyer's held deposit where the sale asked for one."""

    seller: Member
    buyer: Member
    award: OfferingAwarded
    deposit: DepositRow | None


async def make_deal(
    session: AsyncSession,
    *,
    amount_minor: int = 218_000_000,
    mode: Mode = Mode.TRANSFER,
    deposit_minor: int = 0,
    demand_id: UUID | None = None,
    region_code: str = "330106",
) -> Deal:
    """An awarded offering of a university (of a demand's provider, if `demand_id` is given) to an enterprise."""
    seller = await make_member(session, Role.TTO_OFFICER, kind=PartyKind.UNIVERSITY)
    buyer = await make_member(session, Role.ENTERPRISE_USER)
    at = await Clock().read(session)
    offering = OfferingRow(
        number=f"JY-{new_id()}",
        title="球形氮化硼导热垫片",
        seller_party_id=seller.party_id,
        holder_party_id=seller.party_id,
        path=Path.NEGOTIATED if demand_id else Path.LISTED,
        status="awarded",
        subject_kind=SubjectKind.DEMAND if demand_id else SubjectKind.ACHIEVEMENT,
        mode=mode,
        territory="中国境内",
        capacity=1,
        awards_count=1,
        profile_code="UNI_ZJ",
        profile_version=1,
        region_code=region_code,
        entered_by=seller.user_id,
        sorted_at=at,
    )
    session.add(offering)
    await session.flush()
    registration, deposit = None, None
    if deposit_minor:
        registration = RegistrationRow(
            number=f"BM-{new_id()}",
            offering_id=offering.id,
            buyer_party_id=buyer.party_id,
            status="winner",
            deposit_minor=deposit_minor,
            deposit_held_at=at,
            passed=True,
            decided_by=seller.user_id,
            region_code=region_code,
            entered_by=buyer.user_id,
        )
        session.add(registration)
        await session.flush()
        deposit = await hold_deposit(
            session,
            await make_deposit(
                session, party_id=buyer.party_id, reference_id=registration.id, amount_minor=deposit_minor
            ),
        )
    rule = AwardRule.DEMAND_CHOICE if demand_id else AwardRule.LISTED_SINGLE_BUYER
    award = AwardRow(
        offering_id=offering.id,
        position=1,
        seller_party_id=seller.party_id,
        buyer_party_id=buyer.party_id,
        registration_id=registration.id if registration else None,
        amount_minor=amount_minor,
        rule=rule,
        awarded_at=at,
    )
    session.add(award)
    await session.flush()
    told = OfferingAwarded(
        subject_id=offering.id,
        at=at,
        parties=(seller.party_id, buyer.party_id),
        award_id=award.id,
        offering_id=offering.id,
        offering_number=offering.number,
        title=offering.title,
        path=Path(offering.path),
        mode=mode,
        rule=rule,
        seller_party_id=seller.party_id,
        buyer_party_id=buyer.party_id,
        co_buyer_party_ids=(),
        registration_id=award.registration_id,
        amount=yuan(amount_minor),
        subject_kind=SubjectKind(offering.subject_kind),
        subject_ids=(demand_id or new_id(),),
        region_code=region_code,
        entered_by=seller.user_id,
    )
    return Deal(seller, buyer, told, deposit)


async def contract_of(session: AsyncSession, deal: Deal) -> ContractRow:
    """The record of a deal."""
    found = await session.scalars(select(ContractRow).where(ContractRow.award_id == deal.award.award_id))
    return found.one()


async def make_contract(session: AsyncSession, deal: Deal) -> ContractRow:
    """Draft the record of a deal."""
    await actions.draft_contract(session, Clock(), award=deal.award)
    return await contract_of(session, deal)
