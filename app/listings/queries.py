"""What other rooms and the API read of achievements."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.identity.access import Actor
from app.identity.permissions import Permission
from app.identity.queries import party_names
from app.identity.states import PartyKind
from app.identity.tables import PartyRow
from app.kit.errors import NotFound
from app.listings import repository
from app.listings.projections import AchievementOut, page
from app.listings.states import AchievementStatus, IpType, SecrecyLevel, ShareBasis
from app.listings.tables import AchievementRow


@dataclass(frozen=True)
class ShareFact:
    """One holder's share. `party_id` is null for a holder without an account."""

    party_id: UUID | None
    holder_name: str
    share_bp: int
    basis: ShareBasis
    confirmed_at: datetime | None


@dataclass(frozen=True)
class IpRightFact:
    """One right, as guards need it."""

    id: UUID
    type: IpType
    name: str
    country_code: str
    application_no: str | None
    grant_no: str | None
    expires_on: date | None
    holders: tuple[str, ...]
    annual_fee_paid_until: date | None
    pledged: bool | None


@dataclass(frozen=True)
class OfferingSubject:
    """An achievement as the subject of an offering: the facts that the guards of a sale ask for."""

    id: UUID
    number: str
    title: str
    status: AchievementStatus
    holder_party_id: UUID
    holder_kind: PartyKind
    holder_name: str
    region_code: str
    secrecy_level: SecrecyLevel
    secrecy_reviewed: bool
    shares: tuple[ShareFact, ...]
    ip_rights: tuple[IpRightFact, ...]
    completers: tuple[str, ...]

    @property
    def shares_confirmed(self) -> bool:
        """Whether every holder has confirmed his share and together they make the whole."""
        whole = sum(share.share_bp for share in self.shares) == 10_000
        return whole and all(share.confirmed_at is not None for share in self.shares)


async def achievement(
    session: AsyncSession, achievement_id: UUID, actor: Actor | None
) -> tuple[AchievementOut, int]:
    """The page of one achievement and its version: whole for its parties and reviewers, else what is public.

    Raises `NotFound` for what is neither published nor in the caller's reach.
    """
    row = await session.get(AchievementRow, achievement_id)
    if row is None:
        raise NotFound()
    inside = actor is not None and await _within(session, row, actor)
    if not inside and row.status != AchievementStatus.PUBLISHED:
        raise NotFound()
    names = await party_names(session, [row.holder_party_id])
    rights = await repository.rights_of(session, row.id)
    shares = await repository.shares_of(session, row.id) if inside else None
    return page(row, names[row.holder_party_id], rights, shares), row.version


async def _within(session: AsyncSession, row: AchievementRow, actor: Actor) -> bool:
    seen = repository.reach(actor, Permission.ACHIEVEMENT_REVIEW, Permission.READ_ALL)
    found = await session.scalar(
        select(AchievementRow.id).where(AchievementRow.id == row.id, or_(seen, repository.shared_with(actor)))
    )
    return found is not None


async def offering_subject(
    session: AsyncSession, achievement_id: UUID, *, lock: bool = False
) -> OfferingSubject:
    """The facts about one achievement, whoever asks. Raises `NotFound`.

    lock: hold the row against every change (a withdrawal above all) until the caller's transaction ends.
    """
    statement = (
        select(AchievementRow, PartyRow.kind, PartyRow.name)
        .join(PartyRow, PartyRow.id == AchievementRow.holder_party_id)
        .where(AchievementRow.id == achievement_id)
        .execution_options(populate_existing=True)
    )
    if lock:
        statement = statement.with_for_update(read=True, of=AchievementRow)
    found = (await session.execute(statement)).one_or_none()
    if found is None:
        raise NotFound()
    row, kind, name = found
    return OfferingSubject(
        id=row.id,
        number=row.number,
        title=row.title,
        status=AchievementStatus(row.status),
        holder_party_id=row.holder_party_id,
        holder_kind=PartyKind(kind),
        holder_name=name,
        region_code=row.region_code,
        secrecy_level=SecrecyLevel(row.secrecy_level),
        secrecy_reviewed=row.secrecy_review is not None,
        shares=await _shares(session, achievement_id),
        ip_rights=await _ip_rights(session, achievement_id),
        completers=tuple(str(completer["name"]) for completer in row.completers),
    )


async def _shares(session: AsyncSession, achievement_id: UUID) -> tuple[ShareFact, ...]:
    return tuple(
        ShareFact(
            party_id=row.party_id,
            holder_name=row.holder_name,
            share_bp=row.share_bp,
            basis=ShareBasis(row.basis),
            confirmed_at=row.confirmed_at,
        )
        for row in await repository.shares_of(session, achievement_id)
    )


async def _ip_rights(session: AsyncSession, achievement_id: UUID) -> tuple[IpRightFact, ...]:
    return tuple(
        IpRightFact(
            id=row.id,
            type=IpType(row.type),
            name=row.name,
            country_code=row.country_code,
            application_no=row.application_no,
            grant_no=row.grant_no,
            expires_on=row.expires_on,
            holders=tuple(row.holders),
            annual_fee_paid_until=row.annual_fee_paid_until,
            pledged=row.pledged,
        )
        for row in await repository.rights_of(session, achievement_id)
    )
