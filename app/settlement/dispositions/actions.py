"""Dispose of a forfeited deposit: one person proposes, another confirms, and only then the ledger moves."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.db.clock import Clock
from app.events import outbox
from app.http.etags import check_version
from app.identity.access import Actor
from app.kit.money import yuan
from app.settlement import repository as ledger
from app.settlement.dispositions import repository, rules
from app.settlement.dispositions.errors import DispositionNeedsSecondPerson
from app.settlement.dispositions.events import DepositDisposed
from app.settlement.dispositions.rules import Disposition
from app.settlement.dispositions.states import MACHINE, DispositionStatus
from app.settlement.dispositions.tables import DispositionRow
from app.settlement.errors import DepositNotFound
from app.settlement.repository import Entry
from app.settlement.states import DepositStatus, JournalKind


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """What a disposition rests on. Amounts in fen; `source`: the rule that the sale's organiser is bound by."""

    costs_minor: int
    costs_document_no: str | None
    shortfall_minor: int
    shortfall_basis: str
    source: str
    note: str


async def propose(
    session: AsyncSession, *, actor: Actor, reference_id: UUID, seller_party_id: UUID, proposal: Proposal
) -> DispositionRow:
    """Propose how the forfeited deposit of a registration is used up. No money moves until another person confirms.

    Raises `DepositNotFound`, `DepositNotForfeited`, `DisposedBefore`.
    """
    locked = await ledger.lock_deposits(session, [reference_id])
    if not locked:
        raise DepositNotFound()
    deposit = locked[0]
    rules.check_forfeited(
        DepositStatus(deposit.status), disposed=await repository.stands(session, deposit.id)
    )
    amount_minor = deposit.left_minor
    parts = rules.dispose(
        amount_minor, costs_minor=proposal.costs_minor, shortfall_minor=proposal.shortfall_minor
    )
    row = DispositionRow(
        deposit_id=deposit.id,
        payer_party_id=deposit.payer_party_id,
        seller_party_id=seller_party_id,
        status=MACHINE.initial,
        amount_minor=amount_minor,
        costs_minor=parts.costs_minor,
        shortfall_minor=parts.shortfall_minor,
        seller_minor=parts.seller_minor,
        claim_minor=parts.claim_minor,
        costs_document_no=proposal.costs_document_no,
        shortfall_basis=proposal.shortfall_basis,
        source=proposal.source,
        note=proposal.note,
        region_code=deposit.region_code,
        entered_by=actor.user_id,
    )
    return await repository.add(session, row)


async def confirm(
    session: AsyncSession, clock: Clock, *, actor: Actor, disposition_id: UUID, version: int
) -> DispositionRow:
    """Confirm a disposition as the second person: the ledger moves now, line by line.

    Raises `DispositionNotFound`, `Stale`, `DispositionNeedsSecondPerson`, `DispositionDecided`.
    """
    row = await _lock(session, actor=actor, disposition_id=disposition_id, version=version)
    at = await clock.read(session)
    parts = Disposition(row.costs_minor, row.shortfall_minor, row.seller_minor, row.claim_minor)
    entry = Entry(
        kind=JournalKind.DEPOSIT_DISPOSED,
        lines=rules.postings(parts, seller_party_id=row.seller_party_id),
        reference_kind="deposit",
        reference_id=row.deposit_id,
        at=at,
        reason=row.note,
        entered_by=actor.user_id,
    )
    (journal_id,) = await ledger.post(session, [entry])
    _decide(row, actor, DispositionStatus.CONFIRMED, at)
    row.journal_id = journal_id
    await session.flush()
    await outbox.record(
        session,
        DepositDisposed(
            subject_id=row.deposit_id,
            at=at,
            parties=(row.payer_party_id, row.seller_party_id),
            payer_party_id=row.payer_party_id,
            seller_party_id=row.seller_party_id,
            amount=yuan(row.amount_minor),
            costs=yuan(row.costs_minor),
            shortfall=yuan(row.shortfall_minor),
            seller=yuan(row.seller_minor),
            claim=yuan(row.claim_minor),
            source=row.source,
        ),
    )
    return row


async def refuse(
    session: AsyncSession, clock: Clock, *, actor: Actor, disposition_id: UUID, version: int, reason: str
) -> DispositionRow:
    """Send a proposal back as the second person; a better one may follow. No money has moved.

    Raises `DispositionNotFound`, `Stale`, `DispositionNeedsSecondPerson`, `DispositionDecided`.
    """
    row = await _lock(session, actor=actor, disposition_id=disposition_id, version=version)
    _decide(row, actor, DispositionStatus.REFUSED, await clock.read(session), reason)
    await session.flush()
    return row


async def _lock(session: AsyncSession, *, actor: Actor, disposition_id: UUID, version: int) -> DispositionRow:
    row = await repository.lock(session, disposition_id, actor.region_prefix)
    if actor.user_id == row.entered_by:
        raise DispositionNeedsSecondPerson()
    check_version(row.version, version)
    rules.check_open(DispositionStatus(row.status))
    return row


def _decide(
    row: DispositionRow, actor: Actor, to: DispositionStatus, at: datetime, reason: str | None = None
) -> None:
    MACHINE.advance(row, to)
    row.decided_by, row.decided_at, row.decision_reason = actor.user_id, at, reason
