"""Refunds: ordered from the bank by one person, confirmed as sent by another, back by the channel they came."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.db.clock import Clock
from app.http.etags import check_version
from app.identity.access import Actor
from app.settlement import repository, rules
from app.settlement.errors import RefundKnown, RefundNotFound
from app.settlement.repository import Entry
from app.settlement.states import REFUND, JournalKind, RefundStatus
from app.settlement.tables import RefundRow


async def order_refund(
    session: AsyncSession, *, actor: Actor, refund_id: UUID, version: int, bank_reference: str
) -> RefundRow:
    """Note that a refund was ordered from the bank, under the payment order's number. The ledger does not move yet.

    Raises `RefundNotFound`, `Stale`, `RefundKnown`, `illegal_transition`.
    """
    refund = await _lock(session, actor, refund_id, version)
    if await repository.refund_known(session, bank_reference):
        raise RefundKnown(field="/body/bank_reference")
    REFUND.advance(refund, RefundStatus.ORDERED)
    refund.ordered_by, refund.bank_reference = actor.user_id, bank_reference
    await session.flush()
    return refund


async def recall_refund(session: AsyncSession, *, actor: Actor, refund_id: UUID, version: int) -> RefundRow:
    """Take an order back that the bank did not carry out: the refund is payable again.

    Raises `RefundNotFound`, `Stale`, `illegal_transition`.
    """
    refund = await _lock(session, actor, refund_id, version)
    REFUND.advance(refund, RefundStatus.PAYABLE)
    refund.ordered_by = refund.bank_reference = None
    await session.flush()
    return refund


async def confirm_refund(
    session: AsyncSession, clock: Clock, *, actor: Actor, refund_id: UUID, version: int
) -> RefundRow:
    """Confirm as the second person that the bank has sent a refund; the ledger moves now.

    Raises `RefundNotFound`, `Stale`, `illegal_transition`, `SecondPersonNeeded`, `AccountOverdrawn`.
    """
    refund = await _lock(session, actor, refund_id, version)
    at = await clock.read(session)
    rules.check_second_person(actor.user_id, refund.ordered_by)
    REFUND.advance(refund, RefundStatus.SENT)
    refund.confirmed_by, refund.sent_at = actor.user_id, at
    entry = Entry(
        kind=JournalKind.REFUND_SENT,
        lines=rules.refunded(refund.amount_minor, refund.party_id),
        reference_kind="refund",
        reference_id=refund.id,
        at=at,
        reason=refund.reason,
        entered_by=actor.user_id,
    )
    await repository.post(session, [entry])
    return refund


async def _lock(session: AsyncSession, actor: Actor, refund_id: UUID, version: int) -> RefundRow:
    refund = await repository.lock_refund(session, refund_id, actor.region_prefix)
    if refund is None:
        raise RefundNotFound()
    check_version(refund.version, version)
    return refund
