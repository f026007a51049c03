"""Reading offerings: SQL to schemas."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import exists, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.clock import Clock
from app.demands.tables import DemandRow
from app.identity.access import Actor
from app.identity.tables import PartyRow
from app.kit.errors import NotFound
from app.kit.paging import decode_cursor, encode_cursor
from app.listings.tables import AchievementRow
from app.markets import drafts, guards, repository
from app.markets.guards import Guard
from app.markets.listed.tables import ListingRow
from app.markets.queries.sight import money, sees_inside, visible
from app.markets.schemas import (
    DecisionOut,
    GuardOut,
    GuardsOut,
    ListingOut,
    OfferingLine,
    OfferingOut,
    OfferingPage,
    OfferingPrivate,
    SecrecyOut,
    SubjectOut,
)
from app.markets.states import DISCREET, ListingStatus, OfferingStatus, Path, SubjectKind
from app.markets.tables import OfferingRow, OfferingSubjectRow


def _line(row: OfferingRow, seller_name: str, *, inside: bool) -> dict[str, Any]:
    # How many have bought says who else may, where only one can: it is told when the sale is over.
    counted = inside or row.capacity != 1 or row.closed_at is not None
    return {
        "id": row.id,
        "number": row.number,
        "title": row.title,
        "path": row.path,
        "status": row.status,
        "mode": row.mode,
        "seller_party_id": row.seller_party_id,
        "seller_name": seller_name,
        "capacity": row.capacity,
        "awards_count": row.awards_count if counted else None,
        "ask": money(row.ask_minor),
        "price": money(row.public_amount_minor) if row.closed_at is not None else None,
        "registration_ends_at": row.registration_ends_at,
        "opened_at": row.opened_at,
        "closed_at": row.closed_at,
    }


async def list_offerings(
    session: AsyncSession,
    *,
    actor: Actor | None,
    path: Path | None,
    status: OfferingStatus | None,
    seller_party_id: UUID | None,
    achievement_id: UUID | None,
    mine: bool,
    cursor: str | None,
    limit: int,
) -> OfferingPage:
    """Offerings, the latest on the market first. Without a status: those that are open, or all of the caller's own."""
    shown_status = status or (None if mine else OfferingStatus.OPEN)
    filters = {
        "path": path,
        "status": shown_status,
        "seller": seller_party_id,
        "achievement": achievement_id,
        "mine": actor.party_id if mine and actor else None,
    }
    statement = select(OfferingRow, PartyRow.name).join(PartyRow, PartyRow.id == OfferingRow.seller_party_id)
    statement = statement.where(visible(actor))
    if mine and actor is not None:
        statement = statement.where(OfferingRow.seller_party_id == actor.party_id)
    if path is not None:
        statement = statement.where(OfferingRow.path == path)
    if shown_status is not None:
        statement = statement.where(OfferingRow.status == shown_status)
    if seller_party_id is not None:
        statement = statement.where(OfferingRow.seller_party_id == seller_party_id)
    if achievement_id is not None:
        of_it = exists().where(
            OfferingSubjectRow.offering_id == OfferingRow.id,
            OfferingSubjectRow.achievement_id == achievement_id,
        )
        statement = statement.where(of_it)
    if cursor is not None:
        at, last_id = decode_cursor(cursor, filters, (datetime, UUID))
        statement = statement.where(tuple_(OfferingRow.sorted_at, OfferingRow.id) < tuple_(at, last_id))
    statement = statement.order_by(OfferingRow.sorted_at.desc(), OfferingRow.id.desc()).limit(limit + 1)
    rows = list(await session.execute(statement))
    shown, more = rows[:limit], len(rows) > limit
    return OfferingPage(
        data=[OfferingLine(**_line(row, name, inside=sees_inside(actor, row))) for row, name in shown],
        next_cursor=encode_cursor([shown[-1][0].sorted_at, shown[-1][0].id], filters) if more else None,
        has_more=more,
    )


async def offering(session: AsyncSession, *, actor: Actor | None, offering_id: UUID) -> OfferingOut:
    """One offering as the caller may see it. Raises `NotFound` for absent and foreign ones alike."""
    found = (
        await session.execute(
            select(OfferingRow, PartyRow.name, ListingRow)
            .join(PartyRow, PartyRow.id == OfferingRow.seller_party_id)
            .outerjoin(ListingRow, ListingRow.offering_id == OfferingRow.id)
            .where(OfferingRow.id == offering_id, visible(actor))
            .execution_options(populate_existing=True)
        )
    ).one_or_none()
    if found is None:
        raise NotFound()
    row, name, listing = found
    inside = sees_inside(actor, row)
    profile = await repository.profile_of(session, row) if row.profile_code is not None else None
    return OfferingOut(
        **_line(row, name, inside=inside),
        version=row.version,
        region_code=row.region_code,
        subject_kind=row.subject_kind,
        subjects=await _subjects(session, row),
        territory=row.territory,
        field_of_use=row.field_of_use,
        term_months=row.term_months,
        profile_code=profile.code if profile else None,
        profile_version=profile.version if profile else None,
        profile_title_zh=profile.title_zh if profile else None,
        profile_source=profile.source if profile else None,
        buyer_conditions=row.buyer_conditions,
        payment_terms=row.payment_terms,
        period_days=row.period_days,
        deposit=money(row.deposit_minor),
        registration_opens_at=row.registration_opens_at,
        deposit_due_at=row.deposit_due_at,
        listing=_listing(listing),
        close_reason=row.close_reason,
        withdrawal_reason=row.withdrawal_reason,
        created_at=row.created_at,
        private=_private(row) if inside else None,
    )


def _listing(row: ListingRow | None) -> ListingOut | None:
    if row is None:
        return None
    told = {name: getattr(row, name) for name in ListingOut.model_fields}
    if told["status"] in DISCREET:
        told["status"] = ListingStatus.EVALUATING
    return ListingOut.model_validate(told)


def _private(row: OfferingRow) -> OfferingPrivate:
    decision, secrecy = None, None
    if row.decision_document_no is not None and row.decided_on is not None:
        decision = DecisionOut(
            document_no=row.decision_document_no,
            decided_on=row.decided_on,
            document_id=row.decision_document_id,
        )
    if row.secrecy_reviewer and row.secrecy_reviewed_on and row.secrecy_document_no:
        secrecy = SecrecyOut(
            reviewer=row.secrecy_reviewer,
            reviewed_on=row.secrecy_reviewed_on,
            document_no=row.secrecy_document_no,
        )
    return OfferingPrivate(
        decision=decision,
        secrecy=secrecy,
        shares_declared=row.shares_declared,
        submitted_at=row.submitted_at,
        reviewed_at=row.reviewed_at,
        review_reason=row.review_reason,
        withdrawal_document_no=row.withdrawal_document_no,
    )


async def _subjects(session: AsyncSession, row: OfferingRow) -> list[SubjectOut]:
    found = await session.execute(
        select(
            func.coalesce(AchievementRow.id, DemandRow.id),
            func.coalesce(AchievementRow.number, DemandRow.number),
            func.coalesce(AchievementRow.title, DemandRow.title),
        )
        .select_from(OfferingSubjectRow)
        .outerjoin(AchievementRow, AchievementRow.id == OfferingSubjectRow.achievement_id)
        .outerjoin(DemandRow, DemandRow.id == OfferingSubjectRow.demand_id)
        .where(OfferingSubjectRow.offering_id == row.id)
        .order_by(OfferingSubjectRow.position)
    )
    kind = SubjectKind(row.subject_kind)
    return [SubjectOut(kind=kind, id=one, number=number, title=title) for one, number, title in found]


async def guards_of(session: AsyncSession, clock: Clock, *, actor: Actor, offering_id: UUID) -> GuardsOut:
    """How the guards of the caller's own offering stand now, before or after it is submitted."""
    row = await session.get(OfferingRow, offering_id)
    if row is None or not sees_inside(actor, row) or row.subject_kind != SubjectKind.ACHIEVEMENT:
        raise NotFound()
    facts, _ = await drafts.submission(session, clock, row)
    return GuardsOut(data=[_guard(one) for one in guards.judge(facts)])


def _guard(one: Guard) -> GuardOut:
    refusal = one.refusal
    return GuardOut(
        guard=one.guard,
        outcome=one.outcome,
        source=one.source,
        code=refusal.code if refusal else None,
        detail_zh=refusal.detail_zh if refusal else None,
        detail_en=refusal.detail_en if refusal else None,
    )
