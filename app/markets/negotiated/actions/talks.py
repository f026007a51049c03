"""What can be done in a negotiation: open it, offer, accept, leave. The offering is locked first, then the negotiation.

So two acceptances, of two buyers or of both sides, are decided one after the other, and the second finds the sale over.
"""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.db.clock import Clock
from app.events import outbox
from app.http.etags import check_version
from app.identity.access import Actor
from app.markets import actions
from app.markets import repository as offerings
from app.markets.award import Award, AwardRule
from app.markets.events import NegotiationOffered, NegotiationOpened, TermsAgreed
from app.markets.negotiated import repository, rules, sheets
from app.markets.negotiated.actions import noticing
from app.markets.negotiated.actions.beats import both, end, locked, move, others, require_reviewed, side_of
from app.markets.negotiated.schemas import NegotiationIn, OfferIn, TermsIn
from app.markets.negotiated.states import MACHINE, NegotiationStatus, Side
from app.markets.negotiated.tables import NegotiationOfferRow, NegotiationRow
from app.markets.negotiated.termsheet import pinned, term_hash
from app.markets.rules import require_path
from app.markets.states import OfferingStatus, Path
from app.markets.tables import OfferingRow
from app.notices.states import RevokedReason

_WITHDREW: Final = {
    Side.SELLER: RevokedReason.SELLER_WITHDRAWS,
    Side.BUYER: RevokedReason.BUYER_WITHDRAWS,
}


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
            parties=both(row),
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
    offering, row = await locked(session, negotiation_id, actor.party_id)
    before = await repository.latest(session, row)
    at = await clock.read(session)
    rules.check_on_market(OfferingStatus(offering.status))
    rules.check_offering(repository.talk_of(row, before), at)
    profile = await offerings.profile_of(session, offering)
    valid_until = rules.validity(profile, body.valid_until, at)
    made = await write(session, offering, row, body, at=at, valid_until=valid_until, actor=actor)
    row.quiet_until = rules.quiet_until(profile, at, valid_until)
    if row.status == NegotiationStatus.TERMS_AGREED:
        # Whoever offers anew no longer stands by what was agreed.
        row.accepted_round = row.agreed_at = row.buyer_confirmed_at = row.buyer_confirmed_by = None
        move(row, NegotiationStatus.OPEN)
    row.next_due_at = rules.due(NegotiationStatus(row.status), row.quiet_until)
    await session.flush()
    await outbox.record(
        session,
        NegotiationOffered(
            subject_id=row.id,
            at=at,
            parties=both(row),
            offering_id=row.offering_id,
            offer_id=made.id,
            round=made.round,
            side=side_of(row, actor.party_id),
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
) -> Award | None:
    """Accept the other side's latest offer: the award, and the end of every other negotiation, in one commit.

    None: the terms are agreed and nothing is sold yet, because the seller needs his unit's decision and a public notice.
    """
    offering, row = await locked(session, negotiation_id, actor.party_id)
    live = await repository.latest(session, row)
    at = await clock.read(session)
    rules.check_on_market(OfferingStatus(offering.status))
    rules.check_acceptance(
        repository.talk_of(row, live),
        offer_id=offer_id,
        side=side_of(row, actor.party_id),
        at=at,
        on_both_sides=actor.belongs_to(*others(row, actor.party_id)),
    )
    check_version(row.version, expected)
    assert live is not None
    # Asked first: once the round is accepted, the row must not be stored before its state follows.
    steps = rules.needs_steps(await offerings.profile_of(session, offering))
    if not steps:
        await require_reviewed(session, row)
    by_buyer = side_of(row, actor.party_id) is Side.BUYER
    row.accepted_round, row.agreed_at, row.buyer_confirmed_at = live.round, at, at
    row.buyer_confirmed_by = actor.user_id if by_buyer else live.made_by
    if steps:
        move(row, NegotiationStatus.TERMS_AGREED)
        await tell_agreed(session, row, live, at)
        return None
    return await sell(session, clock, row, live, at, rule=AwardRule.NEGOTIATED_ACCEPTANCE)


async def sell(
    session: AsyncSession,
    clock: Clock,
    row: NegotiationRow,
    live: NegotiationOfferRow,
    at: datetime,
    *,
    rule: AwardRule,
) -> Award:
    """The award on the accepted terms of a locked negotiation, and the end of every other one, in one commit."""
    await end(session, row, NegotiationStatus.AGREED, at, reason=None)
    made = await actions.award(
        session,
        clock,
        offering_id=row.offering_id,
        buyer_party_id=row.buyer_party_id,
        amount_minor=live.amount_minor,
        rule=rule,
        price=sheets.price_of(sheets.read(live.sheet)),
    )
    await close_all(session, clock, offering_id=row.offering_id)
    return made


async def write(
    session: AsyncSession,
    offering: OfferingRow,
    row: NegotiationRow,
    terms: TermsIn,
    *,
    at: datetime,
    valid_until: datetime,
    actor: Actor,
) -> NegotiationOfferRow:
    """Write the next round of a locked negotiation: a term sheet and how long it holds. Raises `TermSheetUnfit`."""
    subject_ids = await offerings.subject_ids(session, offering.id)
    sheet = sheets.written(terms, offering, buyer_party_id=row.buyer_party_id, subject_ids=subject_ids)
    row.rounds += 1
    made = NegotiationOfferRow(
        negotiation_id=row.id,
        round=row.rounds,
        side=side_of(row, actor.party_id),
        amount_minor=sheet.amount_minor,
        terms=terms.terms,
        sheet=sheets.stored(sheet),
        term_hash=term_hash(pinned(sheet)),
        valid_until=valid_until,
        made_at=at,
        made_by=actor.user_id,
    )
    await repository.add(session, made)
    return made


async def tell_agreed(
    session: AsyncSession, row: NegotiationRow, live: NegotiationOfferRow, at: datetime
) -> None:
    """Tell both sides that terms are agreed."""
    await outbox.record(
        session,
        TermsAgreed(
            subject_id=row.id,
            at=at,
            parties=both(row),
            offering_id=row.offering_id,
            round=live.round,
            term_hash=live.term_hash,
            origin=row.origin,
        ),
    )


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
    _, row = await locked(session, negotiation_id, actor.party_id)
    check_version(row.version, expected)
    at = await clock.read(session)
    side = side_of(row, actor.party_id)
    await noticing.take_back(session, clock, row, _WITHDREW[side])
    to = rules.ending(NegotiationStatus(row.status), side)
    await end(session, row, to, at, reason=reason)
    return row


async def close_all(session: AsyncSession, clock: Clock, *, offering_id: UUID) -> None:
    """End the negotiations about an offering that has left the market; one that is still there keeps them."""
    offering = await offerings.lock(session, offering_id)
    at = await clock.read(session)
    if offering.status == OfferingStatus.OPEN:
        return
    for row in await repository.lock_live(session, offering_id):
        await noticing.take_back(session, clock, row, RevokedReason.SELLER_WITHDRAWS)
        await end(session, row, NegotiationStatus.CLOSED, at, reason=None)


async def sweep(session: AsyncSession, clock: Clock) -> bool:
    """Let one negotiation expire in which nobody has spoken for too long, or lapse that nobody signed, if there is one."""
    row = await repository.take_due(session)
    if row is None:
        return False
    at = await clock.read(session)
    await end(session, row, rules.overdue(NegotiationStatus(row.status)), at, reason=None)
    return True
