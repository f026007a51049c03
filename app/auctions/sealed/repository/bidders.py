"""Who may seal in a round, and what holds of the holder of a slot at this moment."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions.rules.snapshot import Standing
from app.auctions.tables import AuctionRow
from app.markets.registrations.states import RegistrationStatus
from app.markets.registrations.tables import RegistrationRow
from app.settlement.states import DepositStatus
from app.settlement.tables import DepositRow

_MAY_BID = (RegistrationStatus.QUALIFIED, RegistrationStatus.QUALIFIED_PENDING_DEPOSIT)


async def registrations_of(
    session: AsyncSession, row: AuctionRow, codes: Collection[str] | None
) -> Sequence[UUID]:
    """The registrations that have a code in this sale; only those of these codes, where some are given."""
    statement = select(RegistrationRow.id).where(
        RegistrationRow.offering_id == row.offering_id,
        RegistrationRow.bidder_code.is_not(None),
        RegistrationRow.status.in_(_MAY_BID),
    )
    if codes is not None:
        statement = statement.where(RegistrationRow.bidder_code.in_(codes))
    return (await session.execute(statement)).scalars().all()


async def codes_of(session: AsyncSession, registration_ids: Collection[UUID]) -> dict[UUID, str]:
    """The bidder codes of registrations."""
    found = await session.execute(
        select(RegistrationRow.id, RegistrationRow.bidder_code).where(
            RegistrationRow.id.in_(registration_ids), RegistrationRow.bidder_code.is_not(None)
        )
    )
    return {told.id: told.bidder_code for told in found}


async def standing_of(session: AsyncSession, registration_id: UUID, user_id: UUID | None) -> Standing:
    """What holds of a registration at this moment, and of the person who holds the pass. Whether the bidder is related to the seller was asked at the pass."""
    found = await session.execute(
        select(
            RegistrationRow.status,
            RegistrationRow.passed,
            RegistrationRow.bidder_code,
            RegistrationRow.agent_user_id,
            DepositRow.status.label("deposit_status"),
        )
        .select_from(RegistrationRow)
        .outerjoin(DepositRow, DepositRow.reference_id == RegistrationRow.id)
        .where(RegistrationRow.id == registration_id)
    )
    told = found.one()
    return Standing(
        is_seller=False,
        is_related=False,
        is_registered=True,
        is_qualified=bool(told.passed) and told.status in _MAY_BID,
        deposit_held=told.deposit_status == DepositStatus.HELD,
        code=told.bidder_code,
        is_agent=told.agent_user_id in (None, user_id),
    )
