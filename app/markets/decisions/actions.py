"""Put an offering before its organisation's own chain, and papers into the folder of its deal."""

from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.approvals import actions as approvals
from app.approvals.schemas import FolderPaperIn
from app.approvals.states import DecisionSubject, FolderKind
from app.approvals.tables import CaseRow, FolderItemRow
from app.db.clock import Clock
from app.identity.access import Actor
from app.markets import repository
from app.markets.rules import require_status
from app.markets.states import OfferingStatus, Path

REQUIRED: Final = {
    Path.NEGOTIATED: (
        FolderKind.APPLICATION_FORM,
        FolderKind.PRICE_REPORT,
        FolderKind.DEPARTMENT_RESOLUTION,
        FolderKind.RELATED_PARTY_STATEMENT,
    ),
    Path.LISTED: (FolderKind.APPLICATION_FORM, FolderKind.DEPARTMENT_RESOLUTION),
    Path.AUCTION: (FolderKind.APPLICATION_FORM, FolderKind.DEPARTMENT_RESOLUTION),
}
"""Papers without which nobody decides on a sale. House rule, after published procedures of universities."""

_BEFORE_MARKET: Final = (
    OfferingStatus.DRAFT,
    OfferingStatus.RETURNED,
    OfferingStatus.SUBMITTED,
    OfferingStatus.APPROVED,
)


async def open_case(
    session: AsyncSession, clock: Clock, *, actor: Actor, offering_id: UUID, chain_id: UUID
) -> CaseRow:
    """A case on the actor's own offering that is not on the market yet; its amount is the ask, where it has one.

    Raises `NotFound`, `OfferingStage`, and what `approvals.actions.open_case` raises.
    """
    row = await repository.lock_own(session, offering_id, actor.party_id)
    require_status(OfferingStatus(row.status), *_BEFORE_MARKET)
    return await approvals.open_case(
        session,
        clock,
        actor=actor,
        chain_id=chain_id,
        subject_kind=DecisionSubject.OFFERING,
        subject_id=row.id,
        deal_id=row.id,
        title=row.title,
        amount_minor=row.ask_minor,
        required=REQUIRED[Path(row.path)],
    )


async def put_paper(
    session: AsyncSession, clock: Clock, *, actor: Actor, offering_id: UUID, body: FolderPaperIn
) -> FolderItemRow:
    """Put a paper into the folder of the actor's own offering, at any stage of its deal."""
    row = await repository.lock_own(session, offering_id, actor.party_id)
    return await approvals.put_paper(session, clock, actor=actor, deal_id=row.id, body=body)
