"""Accept a deposit that came minutes late."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.db.clock import Clock
from app.events import outbox
from app.identity.access import Actor
from app.markets import repository as offerings
from app.markets.events import LateDepositAccepted
from app.markets.registrations import repository as registrations
from app.markets.registrations.late import rules
from app.markets.registrations.late.errors import LateNotThis
from app.markets.registrations.late.schemas import LateAcceptanceIn
from app.markets.states import OfferingStatus
from app.settlement import actions as settlement
from app.settlement import repository as deposits
from app.settlement.errors import ArrivalNotFound
from app.settlement.tables import ArrivalRow


async def accept_late(
    session: AsyncSession,
    clock: Clock,
    *,
    actor: Actor,
    arrival_id: UUID,
    version: int,
    asked: LateAcceptanceIn,
) -> ArrivalRow:
    """Let a deposit that came late count, by the seller's written consent; published, without the payer.

    A second person decides; only where the notice said so in advance, within its minutes, before any code is drawn.
    Raises `ArrivalNotFound`, `SecondPersonNeeded`, `Stale`, the family of `LateRefused`.
    """
    if not await deposits.has_arrival(session, arrival_id, actor.region_prefix):
        raise ArrivalNotFound()
    found = await deposits.late_deposit(session, arrival_id)
    offering_id = await registrations.offering_of(session, found.reference_id) if found is not None else None
    if found is None or offering_id is None:
        raise LateNotThis()
    offering = await offerings.lock(session, offering_id)
    rules.check_late(
        minutes_max=offering.late_minutes,
        due_at=found.due_at,
        posted_at=found.posted_at,
        on_market=offering.status == OfferingStatus.OPEN,
        codes_drawn=any(row.bidder_code for row in await registrations.lock_live(session, offering_id)),
    )
    arrival = await settlement.hold_late(
        session, clock, actor=actor, arrival_id=arrival_id, version=version, reason=asked.note
    )
    at = await clock.read(session)
    await outbox.record(
        session,
        LateDepositAccepted(
            subject_id=offering.id,
            at=at,
            parties=(offering.seller_party_id,),
            offering_number=offering.number,
            title=offering.title,
            minutes=rules.minutes_late(found.due_at, found.posted_at),
            consent_document_no=asked.consent_document_no,
        ),
    )
    return arrival
