"""Agreed terms on their way to a contract: entered from outside, confirmed, decided on, signed as noticed."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.db.clock import Clock
from app.events import outbox
from app.http.etags import check_version
from app.identity import actions as identity
from app.identity.access import Actor
from app.identity.actions.registration import NewPerson, PartyTexts
from app.identity.queries import party_facts
from app.identity.rules.parties import Identity
from app.identity.sealing import Sealer
from app.kit.dates import market_date
from app.kit.errors import NotFound
from app.markets import repository as offerings
from app.markets.award import Award, AwardRule
from app.markets.events import BuyerAnswered, ContractSigned, TermsDecided
from app.markets.negotiated import repository, rules, sheets
from app.markets.negotiated.actions.beats import both, end, locked, move, others, require_reviewed
from app.markets.negotiated.actions.talks import sell, tell_agreed, write
from app.markets.negotiated.errors import BuyerUnnamed
from app.markets.negotiated.schemas import AgreedTermsIn, BuyerIn, SigningIn, UnitDecisionIn
from app.markets.negotiated.states import MACHINE, ON_NOTICE, NegotiationStatus, Origin
from app.markets.negotiated.tables import NegotiationRow
from app.markets.negotiated.termsheet import pinned
from app.markets.rules import require_path
from app.markets.states import OfferingStatus, Path
from app.markets.tables import OfferingRow
from app.notices import actions as notices
from app.notices.rules.clock import check_passed


@dataclass(frozen=True)
class Entered:
    """Terms that were entered, and an invitation for a buyer who is new here."""

    negotiation: NegotiationRow
    invitation: str | None


async def enter_agreed(
    session: AsyncSession,
    clock: Clock,
    *,
    actor: Actor,
    sealer: Sealer,
    offering_id: UUID,
    body: AgreedTermsIn,
) -> Entered:
    """The seller enters terms that were agreed outside the market 线下谈妥. The buyer has yet to confirm them.

    Raises `DayAhead`, `BuyerUnnamed`, `BuyerIsSeller`, `OfferingNotOpen`, `NegotiationExists`, `TermSheetUnfit`, and for
    a new buyer the refusals of a registration.
    """
    offering = await offerings.lock_own(session, offering_id, actor.party_id)
    at = await clock.read(session)
    require_path(Path(offering.path), Path.NEGOTIATED)
    rules.check_agreed(
        agreed_on=body.agreed_on,
        today=market_date(at),
        buyer_party_id=body.buyer_party_id,
        names_buyer=body.buyer is not None,
    )
    buyer_id, invitation = await _buyer(session, clock, actor, sealer, body)
    rules.check_opening(
        status=OfferingStatus(offering.status),
        buyer_party_id=buyer_id,
        seller_party_id=offering.seller_party_id,
        existing_id=await repository.open_of(session, offering_id, buyer_id),
        related=buyer_id == offering.holder_party_id,
    )
    row = NegotiationRow(
        offering_id=offering_id,
        buyer_party_id=buyer_id,
        seller_party_id=offering.seller_party_id,
        status=MACHINE.initial,
        origin=Origin.OFFLINE,
        agreed_on=body.agreed_on,
        agreed_document_no=body.document_no,
        quiet_until=rules.quiet_until(await offerings.profile_of(session, offering), at),
        region_code=offering.region_code,
        entered_by=actor.user_id,
    )
    await repository.add(session, row)
    # What was agreed elsewhere is not an offer that runs out: its validity plays no part.
    made = await write(session, offering, row, body, at=at, valid_until=row.quiet_until, actor=actor)
    row.accepted_round, row.agreed_at = made.round, at
    move(row, NegotiationStatus.TERMS_AGREED)
    await tell_agreed(session, row, made, at)
    return Entered(row, invitation)


async def answer(
    session: AsyncSession,
    clock: Clock,
    *,
    actor: Actor,
    negotiation_id: UUID,
    expected: int,
    confirms: bool,
    reason: str | None,
) -> NegotiationRow:
    """The buyer stands by terms that were entered for it, or contests them, which ends the negotiation.

    A seller who needs neither decision nor notice has sold with the confirmation. Raises `NotFound` for the seller.
    """
    offering, row = await locked(session, negotiation_id, actor.party_id)
    if actor.party_id != row.buyer_party_id:
        raise NotFound()
    check_version(row.version, expected)
    at = await clock.read(session)
    rules.check_confirming(
        NegotiationStatus(row.status),
        confirmed=row.buyer_confirmed_at is not None,
        confirms=confirms,
        reason=reason,
        on_both_sides=actor.belongs_to(*others(row, actor.party_id)),
    )
    if not confirms:
        await end(session, row, NegotiationStatus.TERMINATED, at, reason=reason)
    else:
        steps = rules.needs_steps(await offerings.profile_of(session, offering))
        if not steps:
            await require_reviewed(session, row)
        row.buyer_confirmed_at, row.buyer_confirmed_by = at, actor.user_id
        if not steps:
            live = await repository.accepted(session, row)
            await sell(session, clock, row, live, at, rule=AwardRule.NEGOTIATED_OFFLINE)
    await outbox.record(
        session,
        BuyerAnswered(
            subject_id=row.id,
            at=at,
            parties=both(row),
            offering_id=row.offering_id,
            confirms=confirms,
            reason=reason,
        ),
    )
    return row


async def decide(
    session: AsyncSession,
    clock: Clock,
    *,
    actor: Actor,
    negotiation_id: UUID,
    expected: int,
    body: UnitDecisionIn,
) -> NegotiationRow:
    """Record the unit's internal decision to sell on the agreed terms. Raises `NotFound` for the buyer."""
    offering, row = await _seller_locked(session, actor, negotiation_id)
    check_version(row.version, expected)
    at = await clock.read(session)
    rules.check_decision(
        await offerings.profile_of(session, offering),
        NegotiationStatus(row.status),
        price_report_no=body.price_report_no,
        is_related=body.related.is_related,
        description=body.related.description,
    )
    rules.check_day(body.decided_on, market_date(at), field="decided_on")
    row.decision_document_no, row.decided_on = body.document_no, body.decided_on
    row.price_report_no = body.price_report_no
    row.related, row.related_description = body.related.is_related, body.related.description
    move(row, NegotiationStatus.DECIDED)
    live = await repository.accepted(session, row)
    await outbox.record(
        session,
        TermsDecided(
            subject_id=row.id,
            at=at,
            parties=both(row),
            offering_id=row.offering_id,
            term_hash=live.term_hash,
            document_no=body.document_no,
        ),
    )
    return row


async def sign(
    session: AsyncSession,
    clock: Clock,
    *,
    actor: Actor,
    negotiation_id: UUID,
    expected: int,
    body: SigningIn,
) -> Award:
    """The contract was signed on the noticed terms: the award. Raises `NotFound` for the buyer, `NegotiationStage`,
    `SigningOverdue`, `ContractDiffersFromNotice`, `BuyerNotReviewed`.
    """
    offering, row = await _seller_locked(session, actor, negotiation_id)
    check_version(row.version, expected)
    live = await repository.accepted(session, row) if row.accepted_round is not None else None
    if row.notice_id is not None and NegotiationStatus(row.status) in ON_NOTICE:
        check_passed(await notices.clock_of(session, row.notice_id))
    at = await clock.read(session)
    subject_ids = await offerings.subject_ids(session, offering.id)
    signed = sheets.written(body, offering, buyer_party_id=row.buyer_party_id, subject_ids=subject_ids)
    rules.check_signing(
        NegotiationStatus(row.status),
        at=at,
        sign_due_at=row.sign_due_at,
        noticed=pinned(sheets.read(live.sheet)) if live is not None else {},
        signed=pinned(signed),
    )
    assert live is not None
    rules.check_day(body.signed_on, market_date(at), field="signed_on")
    await require_reviewed(session, row)
    row.contract_document_no, row.signed_on = body.document_no, body.signed_on
    made = await sell(session, clock, row, live, at, rule=AwardRule.NEGOTIATED_NOTICED)
    await outbox.record(
        session,
        ContractSigned(
            subject_id=row.id,
            at=at,
            parties=both(row),
            offering_id=row.offering_id,
            notice_id=row.notice_id,
            term_hash=live.term_hash,
            document_no=body.document_no,
        ),
    )
    return made


async def _seller_locked(
    session: AsyncSession, actor: Actor, negotiation_id: UUID
) -> tuple[OfferingRow, NegotiationRow]:
    offering, row = await locked(session, negotiation_id, actor.party_id)
    if actor.party_id != row.seller_party_id:
        raise NotFound()
    return offering, row


async def _buyer(
    session: AsyncSession, clock: Clock, actor: Actor, sealer: Sealer, body: AgreedTermsIn
) -> tuple[UUID, str | None]:
    if body.buyer is None:
        assert body.buyer_party_id is not None
        if await party_facts(session, body.buyer_party_id) is None:
            raise BuyerUnnamed(field="/body/buyer_party_id")
        return body.buyer_party_id, None
    made = await identity.introduce_party(
        session,
        clock,
        sealer=sealer,
        identity=_identity(body.buyer),
        texts=PartyTexts(name=body.buyer.name, name_en=None, objection_procedure=None),
        person=NewPerson(login=body.buyer.contact_login, name=body.buyer.contact_name, password_hash=None),
        actor=actor,
    )
    return made.party.id, made.invitation


def _identity(buyer: BuyerIn) -> Identity:
    return Identity(
        kind=buyer.kind,
        region_code=buyer.region_code,
        country_code=buyer.country_code,
        uscc=buyer.uscc,
        registration_no=buyer.registration_no,
        person_number=None,
    )
