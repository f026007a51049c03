"""Loading, locking and saving offerings. The offering's row is the first lock of everything that sells it.

Lock order: auction, offering, registration or negotiation, then what settlement locks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app.db import plain
from app.identity.states import PartyKind
from app.identity.tables import PartyRow
from app.kit.errors import NotFound
from app.kit.ids import new_id
from app.markets.award import LUMP_SUM, AwardEnding, AwardRule, PriceForm
from app.markets.profiles import Profile
from app.markets.profiles import repository as profiles
from app.markets.registrations.joint.tables import JointMemberRow
from app.markets.rules import Sale
from app.markets.states import OfferingStatus
from app.markets.tables import AwardEndingRow, AwardRow, OfferingRow, OfferingSubjectRow


async def lock(session: AsyncSession, offering_id: UUID) -> OfferingRow:
    """The offering, locked until the transaction ends. Raises `NotFound`."""
    found = await session.execute(
        select(OfferingRow)
        .where(OfferingRow.id == offering_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    row = found.scalar_one_or_none()
    if row is None:
        raise NotFound()
    return row


async def lock_in_region(session: AsyncSession, offering_id: UUID, region_prefix: str) -> OfferingRow:
    """An offering of a region's subtree, locked: staff of a city see to their own. Others are `NotFound`."""
    row = await lock(session, offering_id)
    if not row.region_code.startswith(region_prefix):
        raise NotFound()
    return row


async def lock_seen(session: AsyncSession, offering_id: UUID) -> OfferingRow:
    """An offering that has come to market, locked. One that never did is nobody's to buy: `NotFound`."""
    row = await lock(session, offering_id)
    if row.opened_at is None:
        raise NotFound()
    return row


async def lock_own(session: AsyncSession, offering_id: UUID, seller_party_id: UUID) -> OfferingRow:
    """The party's own offering, locked. Somebody else's is `NotFound`."""
    row = await lock(session, offering_id)
    if row.seller_party_id != seller_party_id:
        raise NotFound()
    return row


async def add(session: AsyncSession, row: OfferingRow, subjects: Sequence[OfferingSubjectRow]) -> OfferingRow:
    """Store a new offering with its subjects."""
    session.add(row)
    await session.flush()
    await put_subjects(session, row.id, subjects)
    return row


async def put_subjects(
    session: AsyncSession, offering_id: UUID, subjects: Sequence[OfferingSubjectRow]
) -> None:
    """Replace what an offering is of."""
    await session.execute(delete(OfferingSubjectRow).where(OfferingSubjectRow.offering_id == offering_id))
    for position, subject in enumerate(subjects, start=1):
        subject.offering_id, subject.position = offering_id, position
    session.add_all(subjects)
    await session.flush()


async def subject_ids(session: AsyncSession, offering_id: UUID) -> tuple[UUID, ...]:
    """The achievements (or the demand) that an offering is of, in their order."""
    found = await session.execute(
        select(func.coalesce(OfferingSubjectRow.achievement_id, OfferingSubjectRow.demand_id))
        .where(OfferingSubjectRow.offering_id == offering_id)
        .order_by(OfferingSubjectRow.position)
    )
    return tuple(found.scalars())


@dataclass(frozen=True)
class Sold:
    """An offering as an award sees it, the place of its last award (0: none), and what it is of."""

    sale: Sale
    last_position: int
    subject_ids: tuple[UUID, ...]


_SOLD: Final = (
    "SELECT ARRAY(SELECT buyer_party_id FROM awards WHERE offering_id = $1::uuid) AS buyers,"
    # Rescinded awards no longer count and keep their place.
    " (SELECT coalesce(max(position), 0) FROM awards WHERE offering_id = $1::uuid) AS last_position,"
    " ARRAY(SELECT coalesce(achievement_id, demand_id) FROM offering_subjects WHERE offering_id = $1::uuid"
    "  ORDER BY position) AS subject_ids"
)


async def sold_of(session: AsyncSession, row: OfferingRow) -> Sold:
    """What an award needs to know of a locked offering."""
    (found,) = await plain.fetch(session, _SOLD, row.id)
    sale = Sale(
        status=OfferingStatus(row.status),
        capacity=row.capacity,
        awards=row.awards_count,
        seller_party_id=row.seller_party_id,
        buyers=frozenset(found["buyers"]),
    )
    return Sold(sale, found["last_position"], tuple(found["subject_ids"]))


def add_award(
    session: AsyncSession,
    row: OfferingRow,
    *,
    position: int,
    buyer_party_id: UUID,
    registration_id: UUID | None,
    amount_minor: int,
    rule: AwardRule,
    at: datetime,
    price: PriceForm = LUMP_SUM,
) -> AwardRow:
    """An award of a locked offering, counted, and stored with the session's next flush."""
    row.awards_count += 1
    award = AwardRow(
        id=new_id(),
        offering_id=row.id,
        position=position,
        seller_party_id=row.seller_party_id,
        buyer_party_id=buyer_party_id,
        registration_id=registration_id,
        amount_minor=amount_minor,
        price=vars(price),
        rule=rule,
        awarded_at=at,
    )
    session.add(award)
    return award


async def offering_of_award(session: AsyncSession, award_id: UUID) -> UUID | None:
    """Of which offering an award is."""
    found = await session.execute(select(AwardRow.offering_id).where(AwardRow.id == award_id))
    return found.scalar_one_or_none()


async def award_of(session: AsyncSession, award_id: UUID) -> AwardRow:
    """An award. Lock its offering first where its ending is at stake."""
    return await session.get_one(AwardRow, award_id)


async def ending_of(session: AsyncSession, award_id: UUID) -> AwardEnding | None:
    """How an award ended. None: it stands."""
    found = await session.execute(select(AwardEndingRow.ending).where(AwardEndingRow.award_id == award_id))
    ending = found.scalar_one_or_none()
    return AwardEnding(ending) if ending is not None else None


async def add_ending(
    session: AsyncSession,
    *,
    award_id: UUID,
    ending: AwardEnding,
    at: datetime,
    decided_by: UUID,
    document_no: str | None = None,
    reason: str | None = None,
) -> None:
    """Store how an award of a locked offering ended."""
    session.add(
        AwardEndingRow(
            award_id=award_id,
            ending=ending,
            document_no=document_no,
            reason=reason,
            decided_by=decided_by,
            at=at,
        )
    )
    await session.flush()


async def defaulted_on_lot(session: AsyncSession, row: OfferingRow, party_id: UUID) -> bool:
    """Whether a party's award of this lot, in whichever of its offerings, was rescinded for its default."""
    lot = row.first_offering_id or row.id
    found = await session.execute(
        select(AwardEndingRow.award_id)
        .join(AwardRow, AwardRow.id == AwardEndingRow.award_id)
        .join(OfferingRow, OfferingRow.id == AwardRow.offering_id)
        .where(
            AwardEndingRow.ending == AwardEnding.RESCINDED,
            _bought(party_id),
            func.coalesce(OfferingRow.first_offering_id, OfferingRow.id) == lot,
        )
        .limit(1)
    )
    return found.scalar_one_or_none() is not None


def _bought(party_id: Any) -> ColumnElement[bool]:
    """The condition that a party is the buyer of an award, or one of its joint buyers."""
    jointly = exists().where(
        JointMemberRow.registration_id == AwardRow.registration_id, JointMemberRow.party_id == party_id
    )
    return or_(AwardRow.buyer_party_id == party_id, jointly.correlate_except(JointMemberRow))


def defaulted_before(offering: type[OfferingRow], party_id: Any) -> ColumnElement[bool]:
    """The condition that an offering is of a re-auction, and the party's award in an earlier one was rescinded."""
    earlier = aliased(OfferingRow)
    return and_(
        offering.first_offering_id.is_not(None),
        exists()
        .where(
            _bought(party_id),
            AwardEndingRow.award_id == AwardRow.id,
            AwardEndingRow.ending == AwardEnding.RESCINDED,
            earlier.id == AwardRow.offering_id,
            func.coalesce(earlier.first_offering_id, earlier.id) == offering.first_offering_id,
        )
        .correlate_except(AwardRow, AwardEndingRow, earlier),
    )


async def party_seat(session: AsyncSession, party_id: UUID) -> tuple[PartyKind, str]:
    """A party's kind and region: they choose the rule profile."""
    kind, region = (
        await session.execute(select(PartyRow.kind, PartyRow.region_code).where(PartyRow.id == party_id))
    ).one()
    return PartyKind(kind), region


async def profile_of(session: AsyncSession, row: OfferingRow) -> Profile:
    """The profile that a submitted offering has pinned, as it binds in the seller's region."""
    assert row.profile_code is not None and row.profile_version is not None
    found = await profiles.pinned(session, row.profile_code, row.profile_version)
    return found.in_region(row.region_code)
