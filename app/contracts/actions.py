"""What changes contracts: an award drafts one, each side confirms it, a rescission voids it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.calendar.queries import add_working_days
from app.contracts import repository, rules
from app.contracts.errors import ContractNotFound
from app.contracts.events import ContractConfirmed, ContractDrafted, ContractSideConfirmed, ContractVoided
from app.contracts.states import MACHINE, ContractCategory, ContractStatus, Side
from app.contracts.tables import ContractRow
from app.db.clock import Clock
from app.db.numbers import next_number
from app.events import outbox
from app.http.etags import check_version
from app.identity.access import Actor
from app.kit.dates import market_date
from app.kit.money import fen, yuan
from app.markets import actions as markets
from app.markets import repository as offerings
from app.markets.events import AwardRescinded, OfferingAwarded
from app.markets.states import SubjectKind
from app.settlement import actions as settlement
from app.settlement import queries as deposits


async def draft_contract(session: AsyncSession, clock: Clock, *, award: OfferingAwarded) -> None:
    """Write the record of an award. An award has one record, however often it is told (unique).

    Due dates count working days from the day of the award, which is day 0. House rule.
    """
    if await repository.award_has_contract(session, award.award_id):
        return
    at = await clock.read(session)
    awarded_on = market_date(award.at)
    confirm_due = await add_working_days(session, awarded_on, rules.CONFIRM_WORKING_DAYS)
    sign_due = await add_working_days(session, awarded_on, rules.SIGN_WORKING_DAYS)
    of_demand = award.subject_kind is SubjectKind.DEMAND
    contract = ContractRow(
        number=await next_number(session, "HT", at),
        award_id=award.award_id,
        offering_id=award.offering_id,
        offering_number=award.offering_number,
        registration_id=award.registration_id,
        title=award.title,
        category=rules.category_of(award.mode),
        mode=award.mode,
        path=award.path,
        rule=award.rule,
        seller_party_id=award.seller_party_id,
        buyer_party_id=award.buyer_party_id,
        co_buyer_party_ids=list(award.co_buyer_party_ids),
        amount_minor=fen(award.amount),
        price=award.price.model_dump(mode="json"),
        currency="CNY",
        source_achievement_ids=[] if of_demand else list(award.subject_ids),
        source_demand_id=award.subject_ids[0] if of_demand else None,
        status=MACHINE.initial,
        awarded_at=award.at,
        confirm_due_on=confirm_due.on,
        sign_due_on=sign_due.on,
        due_provisional=sign_due.provisional,
        region_code=award.region_code,
        entered_by=award.entered_by,
    )
    session.add(contract)
    await session.flush()
    await outbox.record(
        session,
        ContractDrafted(**_told(contract, at), confirm_due_on=confirm_due.on, sign_due_on=sign_due.on),
    )


async def confirm_contract(
    session: AsyncSession, clock: Clock, *, actor: Actor, contract_id: UUID, version: int
) -> ContractRow:
    """Confirm for the actor's own side. With the second side's, the buyer's deposit is applied to the price.

    Raises `ContractNotFound`, `Stale`, `ContractVoided`, `SideConfirmedBefore`, `OnePersonOnBothSides`, the market's
    `AwardWasRescinded`, and settlement's `DepositNotHeld`, `DepositEnded`.
    """
    offering_id = await repository.offering_of(session, contract_id)
    if offering_id is None:
        raise ContractNotFound()
    await offerings.lock(session, offering_id)
    contract = await repository.lock(session, contract_id)
    if contract is None:
        raise ContractNotFound()
    at = await clock.read(session)
    side = rules.side_of(
        actor.party_id, seller_party_id=contract.seller_party_id, buyer_party_id=contract.buyer_party_id
    )
    check_version(contract.version, version)
    to = rules.after_confirmation(ContractStatus(contract.status), side)
    confirmed_by = (contract.seller_confirmed_by, contract.buyer_confirmed_by)
    rules.check_other_person(actor.user_id, confirmed_by=confirmed_by)
    MACHINE.advance(contract, to)
    _sign(contract, side, actor.user_id, at)
    if to is ContractStatus.CONFIRMED:
        await _conclude(session, clock, contract, actor, at)
    else:
        await session.flush()
        await outbox.record(session, ContractSideConfirmed(**_told(contract, at), side=side))
    return contract


async def void_contract(session: AsyncSession, clock: Clock, *, rescinded: AwardRescinded) -> None:
    """Void the record of an award that was rescinded. One that is void already, or was never drafted, is left alone."""
    contract = await repository.lock_of_award(session, rescinded.award_id)
    if contract is None or contract.status == ContractStatus.VOIDED:
        return
    at = await clock.read(session)
    MACHINE.advance(contract, ContractStatus.VOIDED)
    contract.voided_at, contract.void_reason = at, rescinded.reason
    await session.flush()
    told = ContractVoided(**_told(contract, at), document_no=rescinded.document_no, reason=rescinded.reason)
    await outbox.record(session, told)


def _sign(contract: ContractRow, side: Side, user_id: UUID, at: datetime) -> None:
    setattr(contract, f"{side}_confirmed_at", at)
    setattr(contract, f"{side}_confirmed_by", user_id)


async def _conclude(
    session: AsyncSession, clock: Clock, contract: ContractRow, actor: Actor, at: datetime
) -> None:
    contract.confirmed_at = at
    await session.flush()
    await markets.conclude(session, clock, award_id=contract.award_id, decided_by=actor.user_id)
    if contract.registration_id and await deposits.deposit_of(session, contract.registration_id):
        await settlement.apply(
            session,
            clock,
            reference_id=contract.registration_id,
            to_party_id=contract.seller_party_id,
            contract_id=contract.id,
            price_minor=contract.amount_minor,
            entered_by=actor.user_id,
        )
    told = ContractConfirmed(
        **_told(contract, at),
        seller_confirmed_at=contract.seller_confirmed_at or at,
        buyer_confirmed_at=contract.buyer_confirmed_at or at,
    )
    await outbox.record(session, told)


def _told(contract: ContractRow, at: datetime) -> dict[str, Any]:
    """What every event of a contract says. Its audience are the two sides."""
    return {
        "subject_id": contract.id,
        "at": at,
        "parties": (contract.seller_party_id, contract.buyer_party_id, *contract.co_buyer_party_ids),
        "number": contract.number,
        "title": contract.title,
        "category": ContractCategory(contract.category),
        "award_id": contract.award_id,
        "offering_id": contract.offering_id,
        "offering_number": contract.offering_number,
        "seller_party_id": contract.seller_party_id,
        "buyer_party_id": contract.buyer_party_id,
        "amount": yuan(contract.amount_minor),
        "currency": contract.currency,
    }
