"""Reading internal decisions: what other rooms ask, and what their own organisation sees."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.approvals.states import CaseStatus, SubjectKind
from app.approvals.tables import CaseRow


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Where an organisation's decision stands. `document_no` and `decided_on` once it is approved.

    amount_minor, terms_hash: what was put before it; who acts on the verdict checks that it is still the same.
    chain_hash: the hash of the record's last entry, in hexadecimal.
    """

    case_id: UUID
    number: str
    party_id: UUID
    status: CaseStatus
    amount_minor: int | None
    terms_hash: str | None
    document_no: str | None
    decided_on: date | None
    chain_hash: str


async def verdict(
    session: AsyncSession,
    *,
    subject_kind: SubjectKind,
    subject_id: UUID,
    party_ids: Collection[UUID],
    lock: bool = False,
) -> Verdict | None:
    """The latest decision of these organisations on a subject; None where none was opened.

    party_ids: whose decision counts (the seller's, the holder's): anybody else's case on it is none. lock: keep the case
    as it is until the transaction ends; the offering is locked before it.
    """
    asked = (
        select(CaseRow)
        .where(
            CaseRow.subject_kind == subject_kind,
            CaseRow.subject_id == subject_id,
            CaseRow.party_id.in_(party_ids),
        )
        .order_by(CaseRow.id.desc())
        .limit(1)
    )
    if lock:
        asked = asked.with_for_update(key_share=True)
    row = await session.scalar(asked.execution_options(populate_existing=True))
    return None if row is None else verdict_of(row)


def verdict_of(row: CaseRow) -> Verdict:
    """A case as other rooms see it."""
    return Verdict(
        case_id=row.id,
        number=row.number,
        party_id=row.party_id,
        status=CaseStatus(row.status),
        amount_minor=row.amount_minor,
        terms_hash=row.terms_hash,
        document_no=row.document_no,
        decided_on=row.decided_on,
        chain_hash=row.head.hex(),
    )
