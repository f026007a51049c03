"""Enter joint buyers, and let each consent."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.db.clock import Clock
from app.events import outbox
from app.identity.access import Actor
from app.identity.states import ReviewStatus
from app.kit.errors import NotFound
from app.markets import repository as offerings
from app.markets.events import JointMemberConsented, JointMemberInvited
from app.markets.registrations import repository as registrations
from app.markets.registrations.joint import repository, rules
from app.markets.registrations.joint.errors import ConsentedBefore, JointMemberUnknown
from app.markets.registrations.joint.rules import Share
from app.markets.registrations.joint.schemas import JointShareIn
from app.markets.registrations.states import UNDECIDED, RegistrationStatus
from app.markets.registrations.tables import RegistrationRow
from app.markets.tables import OfferingRow


async def check(
    session: AsyncSession, offering: OfferingRow, *, lead_party_id: UUID, asked: Sequence[JointShareIn]
) -> list[Share]:
    """The shares that a lead names for a locked offering. Raises what `rules.check_joint` does, `JointMemberUnknown`."""
    shares = [Share(one.party_id, one.share_bp) for one in asked]
    parties = {share.party_id for share in shares}
    rules.check_joint(
        shares,
        lead_party_id=lead_party_id,
        allowed=offering.joint_allowed,
        concerned=(offering.seller_party_id, offering.holder_party_id),
        taken=await repository.taken(session, offering.id, parties),
        barred=[one for one in parties if await offerings.defaulted_on_lot(session, offering, one)],
    )
    if parties - await repository.known(session, parties):
        raise JointMemberUnknown(field="/body/joint")
    return shares


async def enter(
    session: AsyncSession, *, actor: Actor, row: RegistrationRow, shares: Sequence[Share], at: datetime
) -> None:
    """Store the members of a new registration and tell the others that their consent is asked."""
    await repository.add(session, row, shares, consented_by=actor.user_id, at=at)
    await outbox.record(
        session,
        *(
            JointMemberInvited(
                subject_id=row.id,
                at=at,
                parties=(share.party_id,),
                registration_number=row.number,
                offering_id=row.offering_id,
                lead_party_id=row.buyer_party_id,
                share_bp=share.share_bp,
            )
            for share in shares
            if share.party_id != row.buyer_party_id
        ),
    )


async def consent(
    session: AsyncSession, clock: Clock, *, actor: Actor, registration_id: UUID
) -> RegistrationRow:
    """Consent for the actor's party to buy with others. Raises `NotFound` for who is no member, `ConsentedBefore`."""
    offering_id = await registrations.offering_of(session, registration_id)
    if offering_id is None:
        raise NotFound()
    await offerings.lock(session, offering_id)
    row = await registrations.lock(session, registration_id)
    at = await clock.read(session)
    members = await repository.members_of(session, row.id)
    mine = next((one for one in members if one.party_id == actor.party_id), None)
    if mine is None:
        raise NotFound()
    if mine.consented_at is not None or RegistrationStatus(row.status) not in UNDECIDED:
        raise ConsentedBefore(status_now=row.status)
    mine.consented_at, mine.consented_by = at, actor.user_id
    await session.flush()
    await outbox.record(
        session,
        JointMemberConsented(
            subject_id=row.id,
            at=at,
            parties=(row.buyer_party_id, actor.party_id),
            registration_number=row.number,
            offering_id=row.offering_id,
            party_id=actor.party_id,
        ),
    )
    return row


async def reviewed(session: AsyncSession, row: RegistrationRow) -> ReviewStatus:
    """The review that counts for a registration: passed only where every member's is."""
    members = await repository.members_of(session, row.id)
    parties = {row.buyer_party_id, *(one.party_id for one in members)}
    found = await repository.statuses(session, parties)
    return ReviewStatus.APPROVED if found == {ReviewStatus.APPROVED} else ReviewStatus.PENDING


async def require_consents(session: AsyncSession, row: RegistrationRow) -> None:
    """Raise `JointConsentMissing` while a member of a registration that is to be qualified has not consented."""
    members = await repository.members_of(session, row.id)
    rules.check_consents([one.party_id for one in members if one.consented_at is None])
