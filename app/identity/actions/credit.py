"""A party's credit record: entries that other rooms' decisions leave."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.events import outbox
from app.identity.events import CreditNoted
from app.identity.states import CreditKind
from app.identity.tables import CreditRecordRow


async def note_credit(
    session: AsyncSession,
    *,
    party_id: UUID,
    kind: CreditKind,
    reference: str,
    document_no: str,
    note: str,
    entered_by: UUID,
    at: datetime,
) -> CreditRecordRow:
    """Enter into a party's credit record what it did, by which decision. An entry is never changed or taken back.

    reference: the number of what it is about. Whoever calls has had the decision confirmed by a second person.
    """
    row = CreditRecordRow(
        party_id=party_id,
        kind=kind,
        reference=reference,
        document_no=document_no,
        note=note,
        entered_by=entered_by,
        at=at,
    )
    session.add(row)
    await session.flush()
    await outbox.record(
        session,
        CreditNoted(
            subject_id=party_id,
            at=at,
            parties=(party_id,),
            credit_kind=kind,
            reference=reference,
            document_no=document_no,
        ),
    )
    return row
