"""Reading dispositions: finance sees its region's, payer and seller see their own."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.identity.access import Actor, within_scope
from app.identity.permissions import Permission
from app.kit.paging import decode_cursor, encode_cursor
from app.kit.schemas import MoneyOut
from app.settlement.dispositions.errors import DispositionNotFound
from app.settlement.dispositions.rules import Disposition
from app.settlement.dispositions.schemas import DispositionLine, DispositionOut, DispositionPage
from app.settlement.dispositions.states import DispositionStatus
from app.settlement.dispositions.tables import DispositionRow
from app.settlement.tables import DepositRow


def _seen_by(actor: Actor) -> Select[DispositionRow]:
    seen = [
        DispositionRow.payer_party_id == actor.party_id,
        DispositionRow.seller_party_id == actor.party_id,
    ]
    if actor.may(Permission.LEDGER_READ):
        seen.append(within_scope(DispositionRow.region_code, actor))
    return select(DispositionRow).where(or_(*seen)).execution_options(populate_existing=True)


async def list_dispositions(
    session: AsyncSession, *, actor: Actor, status: DispositionStatus | None, cursor: str | None, limit: int
) -> DispositionPage:
    """Dispositions, the newest first. Raises `CursorInvalid`."""
    filters: dict[str, Any] = {"list": "dispositions", "status": status}
    statement = _seen_by(actor)
    if status is not None:
        statement = statement.where(DispositionRow.status == status)
    if cursor is not None:
        statement = statement.where(DispositionRow.id < decode_cursor(cursor, filters, (UUID,))[0])
    rows = (await session.scalars(statement.order_by(DispositionRow.id.desc()).limit(limit + 1))).all()
    page, more = rows[:limit], len(rows) > limit
    return DispositionPage(
        data=[disposition_out(row) for row in page],
        next_cursor=encode_cursor([page[-1].id], filters) if more else None,
        has_more=more,
    )


async def read_disposition(session: AsyncSession, *, actor: Actor, disposition_id: UUID) -> DispositionOut:
    """One disposition. Raises `DispositionNotFound`."""
    row = (await session.scalars(_seen_by(actor).where(DispositionRow.id == disposition_id))).one_or_none()
    if row is None:
        raise DispositionNotFound()
    return disposition_out(row)


async def disposition_of(session: AsyncSession, *, actor: Actor, reference_id: UUID) -> DispositionOut | None:
    """The latest disposition of the deposit that was paid for something, where there is one and the actor may see it."""
    found = await session.scalars(
        _seen_by(actor)
        .join(DepositRow, DepositRow.id == DispositionRow.deposit_id)
        .where(DepositRow.reference_id == reference_id)
        .order_by(DispositionRow.id.desc())
        .limit(1)
    )
    row = found.one_or_none()
    return None if row is None else disposition_out(row)


def disposition_out(row: DispositionRow) -> DispositionOut:
    """A disposition's wire shape."""
    parts = Disposition(row.costs_minor, row.shortfall_minor, row.seller_minor, row.claim_minor)
    return DispositionOut(
        id=row.id,
        deposit_id=row.deposit_id,
        payer_party_id=row.payer_party_id,
        seller_party_id=row.seller_party_id,
        status=DispositionStatus(row.status),
        amount=MoneyOut.of(row.amount_minor),
        lines=[
            DispositionLine(purpose=purpose, amount=MoneyOut.of(amount)) for purpose, amount in parts.lines()
        ],
        claim=MoneyOut.of(row.claim_minor),
        costs_document_no=row.costs_document_no,
        shortfall_basis=row.shortfall_basis,
        source=row.source,
        note=row.note,
        proposed_by=row.entered_by,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        decision_reason=row.decision_reason,
        version=row.version,
        created_at=row.created_at,
    )
