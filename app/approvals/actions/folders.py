"""The folder of a deal: its papers by their real names."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.approvals import repository
from app.approvals.schemas import FolderPaperIn
from app.approvals.states import FolderKind
from app.approvals.tables import FolderItemRow
from app.db.clock import Clock
from app.files import queries as files
from app.identity.access import Actor


async def put_paper(
    session: AsyncSession, clock: Clock, *, actor: Actor, deal_id: UUID, body: FolderPaperIn
) -> FolderItemRow:
    """Put a paper into the actor's organisation's folder of a deal. What it replaces stays on record.

    The caller has locked the deal and seen that it is the organisation's. Raises `NotFound`, `FileGone` for its file.
    """
    if body.file_id is not None:
        files.there(await files.visible(session, actor, body.file_id))
    at = await clock.read(session)
    before = await repository.paper(session, deal_id, actor.party_id, FolderKind(body.kind), body.title)
    if before is not None:
        before.replaced_at, before.replaced_by = at, actor.user_id
        await session.flush()
    row = FolderItemRow(
        deal_id=deal_id,
        party_id=actor.party_id,
        kind=body.kind,
        title=body.title,
        document_no=body.document_no,
        file_id=body.file_id,
        added_by=actor.user_id,
        added_at=at,
    )
    session.add(row)
    await session.flush()
    return row
