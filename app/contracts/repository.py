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


async def award_has_contract(session: AsyncSession, award_id: UUID) -> bool:
    """Whether an award has its record already."""
    found = await session.scalars(select(ContractRow.id).where(ContractRow.award_id == award_id))
    return found.one_or_none() is not None
