"""Loading and saving the division of a bundle's price, always under the lock of its offering where it changes."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from app.listings.queries import OfferingSubject, offering_subject
from app.markets import repository as offerings
from app.markets.bundles import rules
from app.markets.bundles.tables import PriceShareConsentRow, PriceShareRow


async def subjects(session: AsyncSession, offering_id: UUID) -> list[OfferingSubject]:
    """The rights of an offering in brochure order. A demand's answer has none."""
    ids = await offerings.subject_ids(session, offering_id)
    return [await offering_subject(session, one) for one in ids]


def holders(found: Sequence[OfferingSubject]) -> tuple[UUID, ...]:
    """Who holds a part of these rights, each once: the holders, then co-owners that are parties of the market."""
    owners = [one.holder_party_id for one in found]
    owners += [share.party_id for one in found for share in one.shares if share.party_id is not None]
    return tuple(dict.fromkeys(owners))


async def shares(session: AsyncSession, offering_id: UUID) -> dict[UUID, int]:
    """The shares of an offering's rights in basis points, in brochure order; empty where none are agreed."""
    found = await session.execute(
        select(PriceShareRow.achievement_id, PriceShareRow.share_bp).where(
            PriceShareRow.offering_id == offering_id
        )
    )
    by_id = {row.achievement_id: row.share_bp for row in found}
    order = await offerings.subject_ids(session, offering_id) if by_id else ()
    return {one: by_id[one] for one in order if one in by_id}


async def put_shares(session: AsyncSession, offering_id: UUID, given: Sequence[tuple[UUID, int]]) -> None:
    """Write the division anew; every agreement to the one before is void."""
    for table in (PriceShareConsentRow, PriceShareRow):
        await session.execute(delete(table).where(table.offering_id == offering_id))
    await session.execute(
        insert(PriceShareRow),
        [{"offering_id": offering_id, "achievement_id": one, "share_bp": share} for one, share in given],
    )


async def consents(session: AsyncSession, offering_id: UUID) -> dict[UUID, datetime]:
    """Who agrees to the division as it stands, since when."""
    found = await session.execute(
        select(PriceShareConsentRow.party_id, PriceShareConsentRow.at).where(
            PriceShareConsentRow.offering_id == offering_id
        )
    )
    return {row.party_id: row.at for row in found}


async def consent(
    session: AsyncSession, offering_id: UUID, *, party_id: UUID, user_id: UUID, at: datetime
) -> None:
    """Store a holder's agreement; a second one changes nothing."""
    values = {"offering_id": offering_id, "party_id": party_id, "agreed_by": user_id, "at": at}
    await session.execute(upsert(PriceShareConsentRow).values(values).on_conflict_do_nothing())


async def require_allocated(session: AsyncSession, offering_id: UUID) -> None:
    """Refuse the notice of a locked offering of several rights whose price is not divided with everybody's agreement.

    Raises `BundleUnallocated` or `BundleNotAgreed`. An offering of one right needs none.
    """
    if len(await offerings.subject_ids(session, offering_id)) < 2:
        return
    found = await subjects(session, offering_id)
    rules.check_notice(
        [one.id for one in found],
        await shares(session, offering_id),
        holders(found),
        await consents(session, offering_id),
    )


async def split(session: AsyncSession, offering_id: UUID, amount_minor: int) -> dict[UUID, int]:
    """An amount (fen) divided over the rights of a bundle, by achievement in brochure order; empty for one right."""
    agreed = await shares(session, offering_id)
    return rules.split(amount_minor, list(agreed.items())) if agreed else {}
