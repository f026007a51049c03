"""Listings' SQL for writing: find what the caller may change, lock it, store what rules have judged."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.identity.access import Actor
from app.identity.permissions import Permission
from app.kit.errors import NotFound
from app.kit.ids import new_id
from app.kit.money import fen, yuan
from app.listings.rules.content import WHOLE_BP, price_bounds
from app.listings.rules.description import AchievementContent, IpRightIn, ShareIn
from app.listings.rules.review import Standing
from app.listings.states import AchievementStatus, SecrecyLevel, ShareBasis
from app.listings.tables import AchievementRow, IpRightRow, OwnershipShareRow

_SCALARS = (
    "title",
    "title_en",
    "abstract",
    "tech_field",
    "achievement_class",
    "industry_code",
    "form",
    "attribute",
    "stage",
    "level",
    "registry_number",
    "secrecy_level",
    "research_begins_on",
    "research_ends_on",
    "first_completer",
    "fund_source",
    "tech_report_no",
    "application_scope",
    "market_prospect",
    "application_status",
    "conversion_status",
    "conversion_benefit",
    "price_form",
    "service_result",
    "segregated_ledger",
    "dual_use",
)
_LISTS = ("keywords", "completer_organisations", "honours", "innovation_points", "cooperation_modes", "tags")
_DOCUMENTS = ("summary", "secrecy_review", "contact")
_DOCUMENT_LISTS = ("completers", "projects", "indicators")


def own(actor: Actor) -> ColumnElement[bool]:
    """What the actor's party holds, or what its people typed in for others."""
    return or_(
        AchievementRow.holder_party_id == actor.party_id, AchievementRow.entered_by_party_id == actor.party_id
    )


def held(actor: Actor) -> ColumnElement[bool]:
    """What the actor's party holds."""
    return AchievementRow.holder_party_id == actor.party_id


def reviewable(actor: Actor) -> ColumnElement[bool]:
    """What has left the draft in the region's subtree that the actor is responsible for."""
    return and_(
        AchievementRow.status != AchievementStatus.DRAFT,
        AchievementRow.region_code.startswith(actor.region_prefix, autoescape=True),
    )


def reach(actor: Actor, *permissions: Permission) -> ColumnElement[bool]:
    """The actor's own; with any of these permissions what he may review as well."""
    return or_(own(actor), reviewable(actor)) if any(map(actor.may, permissions)) else own(actor)


def shared_with(actor: Actor) -> ColumnElement[bool]:
    """What the actor's party holds, or has a share in."""
    share = select(OwnershipShareRow.id).where(
        OwnershipShareRow.achievement_id == AchievementRow.id, OwnershipShareRow.party_id == actor.party_id
    )
    return or_(held(actor), and_(AchievementRow.status != AchievementStatus.DRAFT, share.exists()))


async def lock(session: AsyncSession, achievement_id: UUID, within: ColumnElement[bool]) -> AchievementRow:
    """Lock one achievement within a reach; what lies outside is the same `NotFound` as what does not exist."""
    row = await session.scalar(
        select(AchievementRow)
        .where(AchievementRow.id == achievement_id, within)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound()
    return row


def standing(row: AchievementRow) -> Standing:
    """The facts that rules ask for."""
    return Standing(
        status=AchievementStatus(row.status),
        holder_party_id=row.holder_party_id,
        entered_by=row.entered_by,
        on_behalf=row.entered_on_behalf_of is not None,
        owner_confirmed_at=row.owner_confirmed_at,
        secrecy_level=SecrecyLevel(row.secrecy_level),
    )


def described(content: AchievementContent) -> dict[str, Any]:
    """A description as columns; its rights and shares are rows of their own."""
    documents = content.model_dump(mode="json", include={*_DOCUMENTS, *_DOCUMENT_LISTS})
    told: dict[str, Any] = {name: getattr(content, name) for name in _SCALARS}
    told |= {name: list(getattr(content, name)) for name in _LISTS} | documents
    low, high = price_bounds(content)
    return told | {
        "price_min_minor": low,
        "price_max_minor": high,
        "estimated_value_minor": (
            fen(content.estimated_value) if content.estimated_value is not None else None
        ),
        "trl_level": content.trl.level if content.trl else None,
        "trl_scheme": content.trl.scheme if content.trl else None,
    }


def describe(row: AchievementRow, content: AchievementContent) -> None:
    """Write a description into a row; what stays the same is not touched."""
    for name, value in described(content).items():
        if getattr(row, name) != value:
            setattr(row, name, value)


def content_of(
    row: AchievementRow, rights: Sequence[IpRightRow], shares: Sequence[OwnershipShareRow]
) -> dict[str, Any]:
    """A stored achievement in the form in which it was sent."""
    told: dict[str, Any] = {name: getattr(row, name) for name in (*_SCALARS, *_LISTS)}
    told |= {name: getattr(row, name) for name in (*_DOCUMENTS, *_DOCUMENT_LISTS)}
    low, high = row.price_min_minor, row.price_max_minor
    return told | {
        "price_min": yuan(low) if low is not None else None,
        "price_max": yuan(high) if high is not None else None,
        "estimated_value": (
            yuan(row.estimated_value_minor) if row.estimated_value_minor is not None else None
        ),
        "trl": {"level": row.trl_level, "scheme": row.trl_scheme} if row.trl_level is not None else None,
        "ip_rights": [{name: getattr(right, name) for name in IpRightIn.model_fields} for right in rights],
        "ownership_shares": [
            {
                "party_id": share.party_id,
                "holder_name": share.holder_name,
                "share_bp": share.share_bp,
                "basis": share.basis,
                "agreement": share.agreement,
            }
            for share in shares
        ],
    }


def rights_as_values(achievement_id: UUID, rights: Sequence[IpRightIn]) -> list[dict[str, Any]]:
    """Rights as the columns of rows, in their order."""
    return [
        right.model_dump()
        | {name: list(getattr(right, name)) for name in ("holders", "inventors", "existing_licences")}
        | {"id": new_id(), "achievement_id": achievement_id, "position": position}
        for position, right in enumerate(rights)
    ]


def shares_as_values(
    achievement_id: UUID,
    shares: Sequence[ShareIn],
    names: Mapping[UUID, str],
    *,
    holder_party_id: UUID,
) -> list[dict[str, Any]]:
    """Shares as the columns of rows, unconfirmed. None at all: the holder has the whole, by law."""
    told = shares or (ShareIn(party_id=holder_party_id, share_bp=WHOLE_BP, basis=ShareBasis.LAW),)
    return [
        share.model_dump()
        | {
            "id": new_id(),
            "achievement_id": achievement_id,
            "position": position,
            "holder_name": names[share.party_id] if share.party_id is not None else share.holder_name,
        }
        for position, share in enumerate(told)
    ]


async def replace_rights(session: AsyncSession, achievement_id: UUID, rights: Sequence[IpRightIn]) -> None:
    """Put these rights in the place of those that were there."""
    await session.execute(delete(IpRightRow).where(IpRightRow.achievement_id == achievement_id))
    session.add_all(IpRightRow(**told) for told in rights_as_values(achievement_id, rights))
    await session.flush()


async def replace_shares(
    session: AsyncSession,
    achievement_id: UUID,
    shares: Sequence[ShareIn],
    names: Mapping[UUID, str],
    *,
    holder_party_id: UUID,
) -> None:
    """Put these shares, unconfirmed, in the place of those that were there."""
    await session.execute(delete(OwnershipShareRow).where(OwnershipShareRow.achievement_id == achievement_id))
    values = shares_as_values(achievement_id, shares, names, holder_party_id=holder_party_id)
    session.add_all(OwnershipShareRow(**told) for told in values)
    await session.flush()


async def rights_of(session: AsyncSession, achievement_id: UUID) -> list[IpRightRow]:
    """The rights of an achievement, in order."""
    return list(
        await session.scalars(
            select(IpRightRow)
            .where(IpRightRow.achievement_id == achievement_id)
            .order_by(IpRightRow.position)
            .execution_options(populate_existing=True)
        )
    )


async def shares_of(session: AsyncSession, achievement_id: UUID) -> list[OwnershipShareRow]:
    """The shares of an achievement, in order."""
    return list(
        await session.scalars(
            select(OwnershipShareRow)
            .where(OwnershipShareRow.achievement_id == achievement_id)
            .order_by(OwnershipShareRow.position)
            .execution_options(populate_existing=True)
        )
    )


def touch(row: AchievementRow, at: datetime) -> None:
    """Count a change that lies in the rights or shares as one of the achievement, so that its ETag changes."""
    row.updated_at = at
