"""What can be read about imports: only by the party that asked for them."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import String, cast, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from app.identity.access import Actor
from app.identity.permissions import Permission, Role, permissions_of
from app.identity.states import PartyKind, ReviewStatus
from app.identity.tables import MembershipRow, PartyRow, UserRow
from app.kit.errors import NotFound
from app.kit.paging import decode_cursor, encode_cursor
from app.kit.schemas import Page
from app.listings.imports.errors import ReportNotReady
from app.listings.imports.schemas import CountsOut, FailureOut, MappingOut, OperationOut
from app.listings.imports.states import FileFormat, ImportStatus
from app.listings.imports.tables import ImportFindingRow, ImportMappingRow, ImportRow

_ENDED = (ImportStatus.SUCCEEDED, ImportStatus.FAILED)


async def operation(session: AsyncSession, operation_id: UUID, actor: Actor) -> OperationOut:
    """One operation of the actor's party. Raises `NotFound`."""
    return operation_out(await _own(session, operation_id, actor))


async def report_ready(session: AsyncSession, operation_id: UUID, actor: Actor) -> None:
    """Raise unless the actor's party has this operation and it has ended."""
    row = await _own(session, operation_id, actor)
    if row.status not in _ENDED:
        raise ReportNotReady(state=row.status)


async def _own(session: AsyncSession, operation_id: UUID, actor: Actor) -> ImportRow:
    row = await session.scalar(
        select(ImportRow).where(ImportRow.id == operation_id, ImportRow.party_id == actor.party_id)
    )
    if row is None:
        raise NotFound()
    return row


def operation_out(row: ImportRow) -> OperationOut:
    """A run as the operation that is shown."""
    failure = None
    if row.failure_code is not None:
        failure = FailureOut(
            code=row.failure_code, reason=row.failure_zh or "", reason_en=row.failure_en or ""
        )
    return OperationOut(
        id=row.id,
        kind="achievement_import",
        state=ImportStatus(row.status),
        dry_run=row.dry_run,
        format=FileFormat(row.format),
        source=row.source,
        holder_party_id=row.holder_party_id,
        file_bytes=row.file_bytes,
        rows_total=row.rows_total,
        rows_done=row.rows_done,
        counts=CountsOut(
            created=row.created_rows,
            updated=row.updated_rows,
            unchanged=row.unchanged_rows,
            not_changed_beyond_draft=row.beyond_draft_rows,
            refused=row.refused_rows,
        ),
        failure=failure,
        created_at=row.created_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
        report=f"/v1/operations/{row.id}/report" if row.status in _ENDED else None,
    )


async def findings(
    session: AsyncSession, import_id: UUID, *, after: tuple[int, int], limit: int
) -> Sequence[ImportFindingRow]:
    """What was said about rows, in their order."""
    key = tuple_(ImportFindingRow.row, ImportFindingRow.position)
    return (
        await session.scalars(
            select(ImportFindingRow)
            .where(ImportFindingRow.import_id == import_id, key > tuple_(*after))
            .order_by(ImportFindingRow.row, ImportFindingRow.position)
            .limit(limit)
        )
    ).all()


async def mappings(
    session: AsyncSession, actor: Actor, *, cursor: str | None, limit: int
) -> Page[MappingOut]:
    """The mappings that the actor's party keeps, the newest first."""
    bound = {"list": "mappings", "party": str(actor.party_id)}
    statement = select(ImportMappingRow).where(ImportMappingRow.party_id == actor.party_id)
    if cursor is not None:
        statement = statement.where(ImportMappingRow.id < decode_cursor(cursor, bound, (UUID,))[0])
    rows = (await session.scalars(statement.order_by(ImportMappingRow.id.desc()).limit(limit + 1))).all()
    more, rows = len(rows) > limit, rows[:limit]
    return Page(
        data=[MappingOut.model_validate(row) for row in rows],
        next_cursor=encode_cursor((rows[-1].id,), bound) if more else None,
        has_more=more,
    )


async def importers(session: AsyncSession, who: str | None) -> list[Actor]:
    """People who may import, for the command on the market's own machine: it speaks for one of them.

    who: a login, or a party's name, code or id; None for anybody. Transfer officers come first, then the longest here.
    """
    statement = (
        select(MembershipRow, UserRow, PartyRow)
        .join(UserRow, UserRow.id == MembershipRow.user_id)
        .join(PartyRow, PartyRow.id == MembershipRow.party_id)
        .where(MembershipRow.ended_at.is_(None), UserRow.disabled_at.is_(None))
        .order_by(MembershipRow.created_at, MembershipRow.id)
    )
    if who is not None:
        named = (UserRow.login == who.lower(), PartyRow.name == who, PartyRow.uscc == who.upper())
        statement = statement.where(or_(*named, cast(PartyRow.id, String) == who.lower()))
    found = [_actor(*row) for row in (await session.execute(statement)).all()]
    able = [actor for actor in found if actor.may(Permission.IMPORT_RUN)]
    return sorted(able, key=lambda actor: Role.TTO_OFFICER not in actor.roles)


def _actor(membership: MembershipRow, user: UserRow, party: PartyRow) -> Actor:
    roles = frozenset(Role(role) for role in membership.roles)
    return Actor(
        user_id=user.id,
        user_name=user.name,
        party_id=party.id,
        party_kind=PartyKind(party.kind),
        party_status=ReviewStatus(party.status),
        party_region=party.region_code,
        roles=roles,
        permissions=permissions_of(roles),
        region_scope=membership.region_scope,
        via="session",
        credential_id=user.id,
    )
