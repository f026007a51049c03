"""The beats that every verb of a negotiation shares: lock, end, tell."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.events import outbox
from app.identity.queries import party_facts
from app.markets import repository as offerings
from app.markets.events import NegotiationEnded
from app.markets.negotiated import repository, rules
from app.markets.negotiated.states import MACHINE, NegotiationStatus, Side
from app.markets.negotiated.tables import NegotiationRow
from app.markets.tables import OfferingRow


async def locked(
    session: AsyncSession, negotiation_id: UUID, party_id: UUID
) -> tuple[OfferingRow, NegotiationRow]:
    """The offering, then a party's own negotiation about it, both locked. Raises `NotFound` for anybody else's."""
    offering_id = await repository.offering_of(session, negotiation_id, party_id)
    offering = await offerings.lock(session, offering_id)
    return offering, await repository.lock(session, negotiation_id)


async def end(
    session: AsyncSession, row: NegotiationRow, to: NegotiationStatus, at: datetime, *, reason: str | None
) -> None:
    """End a locked negotiation and tell both sides."""
    MACHINE.advance(row, to)
    row.ended_at, row.end_reason, row.next_due_at = at, reason, rules.due(to, row.quiet_until)
    await outbox.record(
        session,
        NegotiationEnded(
            subject_id=row.id,
            at=at,
            parties=both(row),
            offering_id=row.offering_id,
            status=row.status,
            reason=reason,
        ),
    )


async def require_reviewed(session: AsyncSession, row: NegotiationRow) -> None:
    """Refuse to sell to a buyer that waits for its review: `BuyerNotReviewed`. Before anything is written."""
    buyer = await party_facts(session, row.buyer_party_id)
    assert buyer is not None
    rules.check_buyer(buyer.status)


def move(row: NegotiationRow, to: NegotiationStatus) -> None:
    """Advance a locked negotiation, with its timer."""
    MACHINE.advance(row, to)
    row.next_due_at = rules.due(to, row.quiet_until, row.sign_due_at)


def side_of(row: NegotiationRow, party_id: UUID) -> Side:
    """On which side one of the two stands."""
    return Side.SELLER if party_id == row.seller_party_id else Side.BUYER


def both(row: NegotiationRow) -> tuple[UUID, UUID]:
    """Seller and buyer."""
    return (row.seller_party_id, row.buyer_party_id)


def others(row: NegotiationRow, party_id: UUID) -> tuple[UUID, ...]:
    """The side that a party is not."""
    return tuple(one for one in both(row) if one != party_id)
