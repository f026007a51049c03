"""How an award ends: both sides concluded the contract, or it is rescinded for the buyer's default.

An award has one ending at most (primary key), decided under the lock of its offering: a contract that is concluded and
a default that is declared in the same instant cannot both hold.
"""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.db.clock import Clock
from app.events import outbox
from app.kit.errors import NotFound
from app.kit.money import yuan
from app.markets import repository, rules
from app.markets.actions.awards import closed
from app.markets.award import AwardEnding
from app.markets.events import AwardRescinded
from app.markets.registrations import actions as registrations
from app.markets.states import MACHINE, OfferingStatus
from app.markets.tables import AwardRow, OfferingRow

REASON_DEFAULT = "受让方违约，成交结果已撤销"


async def standing_award(session: AsyncSession, *, award_id: UUID) -> tuple[OfferingRow, AwardRow]:
    """The award and its offering, locked, while nothing has ended it.

    Raises `NotFound`, `AwardWasRescinded`, `AwardWasConcluded`.
    """
    offering_id = await repository.offering_of_award(session, award_id)
    if offering_id is None:
        raise NotFound()
    row = await repository.lock(session, offering_id)
    made = await repository.award_of(session, award_id)
    rules.check_standing(await repository.ending_of(session, award_id))
    return row, made


async def conclude(session: AsyncSession, clock: Clock, *, award_id: UUID, decided_by: UUID) -> None:
    """Both sides have concluded the contract: the award can no longer be rescinded.

    Raises `AwardWasRescinded`, `AwardWasConcluded`.
    """
    await standing_award(session, award_id=award_id)
    at = await clock.read(session)
    await repository.add_ending(
        session, award_id=award_id, ending=AwardEnding.CONCLUDED, at=at, decided_by=decided_by
    )


async def rescind(
    session: AsyncSession, clock: Clock, *, award_id: UUID, document_no: str, reason: str, decided_by: UUID
) -> AwardRow:
    """Rescind an award for its buyer's default, by a named paper. The award stays on record with its ending.

    The winner's registration ends as defaulted; what becomes of its deposit is decided by whoever calls. An offering on
    which nobody else has an award ends failed; one that is still open has room again. Raises `AwardWasRescinded`,
    `AwardWasConcluded`.
    """
    row, made = await standing_award(session, award_id=award_id)
    at = await clock.read(session)
    await repository.add_ending(
        session,
        award_id=award_id,
        ending=AwardEnding.RESCINDED,
        at=at,
        decided_by=decided_by,
        document_no=document_no,
        reason=reason,
    )
    row.awards_count -= 1
    failed = row.status == OfferingStatus.AWARDED and not row.awards_count
    if failed:
        MACHINE.advance(row, OfferingStatus.FAILED)
        row.closed_at, row.close_reason, row.public_amount_minor = at, REASON_DEFAULT, None
    await session.flush()
    if made.registration_id is not None:
        await registrations.default(session, registration_id=made.registration_id, at=at)
    await outbox.record(
        session,
        AwardRescinded(
            subject_id=row.id,
            at=at,
            parties=(made.seller_party_id, made.buyer_party_id),
            award_id=made.id,
            offering_id=row.id,
            offering_number=row.number,
            title=row.title,
            seller_party_id=made.seller_party_id,
            buyer_party_id=made.buyer_party_id,
            amount=yuan(made.amount_minor),
            document_no=document_no,
            reason=reason,
        ),
        *([closed(row, at)] if failed else []),
    )
    return made
