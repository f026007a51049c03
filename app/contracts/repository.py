"""SQL of contracts for writing."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.contracts.tables import ContractRow


async def lock(session: AsyncSession, contract_id: UUID) -> ContractRow | None:
    """Lock one contract; what the session knew of it before is read anew."""
    return (
        await session.scalars(
            select(ContractRow)
            .where(ContractRow.id == contract_id)
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        )
    ).one_or_none()


async def offering_of(session: AsyncSession, contract_id: UUID) -> UUID | None:
    """Of which offering a contract is: that is locked before it."""
    found = await session.scalars(select(ContractRow.offering_id).where(ContractRow.id == contract_id))
    return found.one_or_none()


async def lock_of_award(session: AsyncSession, award_id: UUID) -> ContractRow | None:
    """Lock the contract of an award, if it has been drafted."""
    found = await session.scalars(select(ContractRow.id).where(ContractRow.award_id == award_id))
    contract_id = found.one_or_none()
    return await lock(session, contract_id) if contract_id is not None else None


async def award_has_contract(session: AsyncSession, award_id: UUID) -> bool:
    """Whether an award has its record already."""
    found = await session.scalars(select(ContractRow.id).where(ContractRow.award_id == award_id))
    return found.one_or_none() is not None
