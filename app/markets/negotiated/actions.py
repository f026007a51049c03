"""What can be done in a negotiation: open it, offer, accept, leave. The offering is locked first, then the negotiation.

So two acceptances, of two buyers or of both sides, are decided one after the other, and the second finds the sale over.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.db.clock import Clock
from app.events import outbox
from app.http.etags import check_version
from app.identity.access import Actor
from app.kit.money import fen
from app.markets import actions
from app.markets import repository as offerings
from app.markets.award import Award, AwardRule
from app.markets.events import NegotiationEnded, NegotiationOffered, NegotiationOpened
from app.markets.negotiated import repository, rules
from app.markets.negotiated.schemas import NegotiationIn, OfferIn
from app.markets.negotiated.states import MACHINE, NegotiationStatus, Side
from app.markets.negotiated.tables import NegotiationOfferRow, NegotiationRow
from app.markets.rules import require_path
from app.markets.states import OfferingStatus, Path
from app.markets.tables import OfferingRow


async def open_negotiation(
    session: AsyncSession, clock: Clock, *, actor: Actor, offering_id: UUID, body: NegotiationIn
) -> NegotiationRow:
    """A buyer asks to negotiate about an offering on the negotiated path."""
    offering = await offerings.lock_seen(session, offering_id)
    at = await clock.read(session)
    require_path(Path(offering.path), Path.NEGOTIATED)
    rules.check_opening(
        status=OfferingStatus(offering.status),
        buyer_party_id=actor.party_id,
        seller_party_id=offering.seller_party_id,
        existing_id=await repository.open_of(session, offering_id, actor.party_id),
        related=actor.belongs_to(offering.seller_party_id, offering.holder_party_id),
    )
    quiet = rules.quiet_until(await offerings.profile_of(session, offering), at)
    row = NegotiationRow(
        offering_id=offering_id,
        buyer_party_id=actor.party_id,
        seller_party_id=offering.seller_party_id,
        status=MACHINE.initial,
        message=body.message,
        quiet_until=quiet,
        next_due_at=rules.due(MACHINE.initial, quiet),
        region_code=offering.region_code,
        entered_by=actor.user_id,
    )
    await repository.add(session, row)
    await outbox.record(
        session,
        NegotiationOpened(
            subject_id=row.id,
            at=at,
            parties=_both(row),
            offering_id=offering.id,
            title=offering.title,
            seller_party_id=row.seller_party_id,
            buyer_party_id=row.buyer_party_id,
        ),
    )
    return row


async def offer(
    session: AsyncSession, clock: Clock, *, actor: Actor, negotiation_id: UUID, body: OfferIn
) -> NegotiationOfferRow:
    """Name a price. It takes the place of the offer before it, whoever made that."""
    offering, row = await _locked(session, negotiation_id, actor.party_id)
    before = await repository.latest(session, row)
    at = await clock.read(session)
    rules.check_on_market(OfferingStatus(offering.status))
    rules.check_talking(repository.talk_of(row, before), at)
    profile = await offerings.profile_of(session, offering)
    valid_until = rules.validity(profile, body.valid_until, at)
    row.rounds += 1
    row.quiet_until = rules.quiet_until(profile, at, valid_until)
    row.next_due_at = rules.due(NegotiationStatus(row.status), row.quiet_until)
    made = NegotiationOfferRow(
        negotiation_id=row.id,
        round=row.rounds,
        side=_side(row, actor.party_id),
        amount_minor=fen(body.amount),
        terms=body.terms,
        valid_until=valid_until,
        made_at=at,
        made_by=actor.user_id,
    )
    await repository.add(session, made)
    await outbox.record(
        session,
        NegotiationOffered(
            subject_id=row.id,
            at=at,
            parties=_both(row),
            offering_id=row.offering_id,
            offer_id=made.id,
            round=made.round,
            side=_side(row, actor.party_id),
            amount=body.amount,
            valid_until=valid_until,
        ),
    )
    return made


async def accept(
    session: AsyncSession,
    clock: Clock,
    *,
    actor: Actor,
    negotiation_id: UUID,
    offer_id: UUID,
    expected: int,
) -> Award:
    """Accept the other side's latest offer: the award, and the end of every other negotiation, in one commit."""
    offering, row = await _locked(session, negotiation_id, actor.party_id)
    live = await repository.latest(session, row)
    at = await clock.read(session)
    rules.check_on_market(OfferingStatus(offering.status))
    rules.check_acceptance(
        repository.talk_of(row, live),
        offer_id=offer_id,
        side=_side(row, actor.party_id),
        at=at,
        on_both_sides=actor.belongs_to(*(party for party in _both(row) if party != actor.party_id)),
    )
    check_version(row.version, expected)
    assert live is not None
    row.accepted_round = live.round
    await _end(session, row, NegotiationStatus.AGREED, at, reason=None)
    made = await actions.award(
        session,
        clock,
        offering_id=offering.id,
        buyer_party_id=row.buyer_party_id,
        amount_minor=live.amount_minor,
        rule=AwardRule.NEGOTIATED_ACCEPTANCE,
    )
    await close_all(session, clock, offering_id=offering.id)
    return made


async def leave(
    session: AsyncSession,
    clock: Clock,
    *,
    actor: Actor,
    negotiation_id: UUID,
    expected: int,
    reason: str,
) -> NegotiationRow:
    """End a negotiation: the seller declines, the buyer withdraws."""
    _, row = await _locked(session, negotiation_id, actor.party_id)
    check_version(row.version, expected)
    at = await clock.read(session)
    await _end(session, row, rules.ending(_side(row, actor.party_id)), at, reason=reason)
    return row


async def close_all(session: AsyncSession, clock: Clock, *, offering_id: UUID) -> None:
    """End the negotiations about an offering that has left the market; one that is still there keeps them."""
    offering = await offerings.lock(session, offering_id)
    at = await clock.read(session)
    if offering.status == OfferingStatus.OPEN:
        return
    for row in await repository.lock_open(session, offering_id):
        await _end(session, row, NegotiationStatus.CLOSED, at, reason=None)


async def sweep(session: AsyncSession, clock: Clock) -> bool:
    """Let one negotiation expire in which nobody has spoken for too long, if there is one."""
    row = await repository.take_due(session)
    if row is None:
        return False
    at = await clock.read(session)
    await _end(session, row, NegotiationStatus.EXPIRED, at, reason=None)
    return True


async def _locked(
    session: AsyncSession, negotiation_id: UUID, party_id: UUID
) -> tuple[OfferingRow, NegotiationRow]:
    offering_id = await repository.offering_of(session, negotiation_id, party_id)
    offering = await offerings.lock(session, offering_id)
    return offering, await repository.lock(session, negotiation_id)


async def _end(
    session: AsyncSession, row: NegotiationRow, to: NegotiationStatus, at: datetime, *, reason: str | None
) -> None:
    MACHINE.advance(row, to)
    row.ended_at, row.end_reason, row.next_due_at = at, reason, rules.due(to, row.quiet_until)
    await outbox.record(
        session,
        NegotiationEnded(
            subject_id=row.id,
            at=at,
            parties=_both(row),
            offering_id=row.offering_id,
            status=row.status,
            reason=reason,
        ),
    )


def _side(row: NegotiationRow, party_id: UUID) -> Side:
    return Side.SELLER if party_id == row.seller_party_id else Side.BUYER


def _both(row: NegotiationRow) -> tuple[UUID, UUID]:
    return (row.seller_party_id, row.buyer_party_id)
