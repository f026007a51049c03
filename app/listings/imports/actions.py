"""Starting an import, and storing what was read of its file, one short transaction after another."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.clock import Clock
from app.db.numbers import next_numbers
from app.identity.access import Actor
from app.identity.queries import party_names
from app.jobs.port import enqueue
from app.kit.errors import Refusal
from app.kit.ids import new_id
from app.listings import repository as achievements
from app.listings.actions import NUMBER_PREFIX, holder_of, rewrite
from app.listings.imports import errors, repository
from app.listings.imports.reading.parser import FileFailed, ParsedRow
from app.listings.imports.rules.outcomes import check_unfinished, outcome
from app.listings.imports.rules.rows import Finding
from app.listings.imports.schemas import ImportQuery, MappingIn
from app.listings.imports.states import MACHINE, ImportStatus, RowOutcome
from app.listings.imports.tables import ImportMappingRow, ImportRow
from app.listings.rules.content import check_share_parties
from app.listings.rules.review import behalf
from app.listings.states import MACHINE as ACHIEVEMENT

JOB = "imports.run"
BEYOND_DRAFT = Finding(
    None,
    None,
    RowOutcome.NOT_CHANGED_BEYOND_DRAFT,
    "该成果已提交或已登记，内容不同的行没有覆盖它",
    "The achievement is beyond draft; the row differs from it and has not changed it",
)


@dataclass(frozen=True)
class Upload:
    """A file that waits in the import directory under a random name (None: it stays where its owner has it)."""

    name: str | None
    size: int
    digest: bytes


@dataclass(frozen=True)
class Chunk:
    """Rows of one transaction with what becomes of each."""

    rows: Sequence[tuple[ParsedRow, RowOutcome, Sequence[Finding]]]

    def with_outcome(self, wanted: RowOutcome) -> list[ParsedRow]:
        """The rows of one outcome."""
        return [row for row, became, _ in self.rows if became is wanted]


async def store_mapping(session: AsyncSession, *, actor: Actor, told: MappingIn) -> ImportMappingRow:
    """Keep a mapping for the actor's party."""
    row = ImportMappingRow(
        party_id=actor.party_id,
        name=told.name,
        mapping=told.mapping.model_dump(mode="json"),
        region_code=actor.party_region,
        entered_by=actor.user_id,
    )
    session.add(row)
    await session.flush()
    return row


async def start_import(
    session: AsyncSession, *, actor: Actor, asked: ImportQuery, upload: Upload, mapping: dict[str, Any] | None
) -> ImportRow:
    """Note an import. Whoever gave a file by name has it run by the worker; the command runs it itself."""
    holder = await holder_of(session, actor, asked.on_behalf_of)
    check_unfinished(await repository.unfinished(session, actor.party_id))
    row = ImportRow(
        id=new_id(),
        status=MACHINE.initial,
        party_id=actor.party_id,
        holder_party_id=holder.id,
        region_code=holder.region_code,
        entered_by=actor.user_id,
        entered_on_behalf_of=behalf(holder.id, actor.party_id),
        format=asked.format,
        source=asked.source,
        dry_run=asked.dry_run,
        mapping=mapping,
        file_name=upload.name,
        file_bytes=upload.size,
        file_digest=upload.digest,
    )
    session.add(row)
    await session.flush()
    return row


async def queue_import(
    session: AsyncSession, *, actor: Actor, asked: ImportQuery, upload: Upload
) -> ImportRow:
    """Start an import of an uploaded file, for the worker."""
    mapping = (
        await repository.mapping(session, asked.mapping_id, actor.party_id)
        if asked.mapping_id is not None
        else None
    )
    row = await start_import(session, actor=actor, asked=asked, upload=upload, mapping=mapping)
    await enqueue(session, JOB, {"import_id": str(row.id)}, key=f"{JOB}:{row.id}")
    return row


async def begin(session: AsyncSession, clock: Clock, *, import_id: UUID) -> ImportRow | None:
    """Begin a run, or go on with one whose worker went away. None for one that has ended."""
    row = await repository.lock(session, import_id)
    if row.status == ImportStatus.QUEUED:
        MACHINE.advance(row, ImportStatus.RUNNING)
        row.started_at = await clock.read(session)
    row.touched_at = func.clock_timestamp()
    await session.flush()
    return row if row.status == ImportStatus.RUNNING else None


async def note_total(session: AsyncSession, *, import_id: UUID, total: int) -> None:
    """How many rows there will be, for the progress."""
    row = await repository.lock(session, import_id)
    row.rows_total = total


async def store_rows(
    session: AsyncSession, clock: Clock, *, import_id: UUID, rows: Sequence[ParsedRow]
) -> None:
    """Deal with some rows in one transaction. Rows that an earlier attempt has committed are passed over.

    Raises `FileFailed` if the run was given up meanwhile.
    """
    run = await repository.lock(session, import_id)
    if run.status != ImportStatus.RUNNING:
        raise FileFailed.of(errors.RunInterrupted())
    fresh = [row for row in rows if row.number > run.last_row]
    ids = [row.content.external_id for row in fresh if row.content is not None]
    stored = await repository.stored(session, run, ids)
    names = await _names(session, run, fresh)
    chunk = Chunk([_decided(row, stored, names) for row in fresh])
    if not run.dry_run:
        await _create(session, clock, run, chunk.with_outcome(RowOutcome.CREATED), names)
        await _update(session, clock, chunk.with_outcome(RowOutcome.UPDATED), stored)
    told = [(row.number, became, findings) for row, became, findings in chunk.rows if findings]
    await repository.insert_findings(session, run.id, told)
    _count(run, chunk)
    await session.flush()


async def finish(session: AsyncSession, clock: Clock, *, import_id: UUID) -> None:
    """The file has been read to its end."""
    row = await repository.lock(session, import_id)
    at = await clock.read(session)
    MACHINE.advance(row, ImportStatus.SUCCEEDED)
    row.finished_at, row.file_name = at, None


async def fail(session: AsyncSession, clock: Clock, *, import_id: UUID, failed: FileFailed) -> None:
    """The file could not be read, or not to its end. What chunks have stored stays."""
    row = await repository.lock(session, import_id)
    at = await clock.read(session)
    MACHINE.advance(row, ImportStatus.FAILED)
    row.finished_at, row.file_name = at, None
    row.failure_code, row.failure_zh, row.failure_en = failed.code, failed.zh, failed.en


async def give_up_stale(session: AsyncSession, clock: Clock) -> bool:
    """A sweep: fail one run whose worker has not been heard of for long."""
    row = await repository.stale(session)
    if row is None:
        return False
    await fail(session, clock, import_id=row.id, failed=FileFailed.of(errors.RunInterrupted()))
    return True


async def _names(session: AsyncSession, run: ImportRow, rows: Sequence[ParsedRow]) -> dict[UUID, str]:
    shares = [share for row in rows if row.content is not None for share in row.content.ownership_shares]
    asked = {share.party_id for share in shares if share.party_id is not None}
    return await party_names(session, asked | {run.holder_party_id})


def _decided(
    row: ParsedRow, stored: Mapping[str, repository.Stored], names: Mapping[UUID, str]
) -> tuple[ParsedRow, RowOutcome, Sequence[Finding]]:
    if row.content is None:
        return row, RowOutcome.REFUSED, row.findings
    try:
        check_share_parties(row.content.ownership_shares, names.keys())
    except Refusal as refusal:
        return row, RowOutcome.REFUSED, (Finding.of(refusal),)
    there = stored.get(row.content.external_id)
    became = outcome((there.status, there.digest) if there is not None else None, row.digest)
    return row, became, (BEYOND_DRAFT,) if became is RowOutcome.NOT_CHANGED_BEYOND_DRAFT else ()


async def _create(
    session: AsyncSession,
    clock: Clock,
    run: ImportRow,
    rows: Sequence[ParsedRow],
    names: Mapping[UUID, str],
) -> None:
    made, rights, shares = [], [], []
    for row in rows:
        assert row.content is not None
        key = new_id()
        made.append(
            achievements.described(row.content)
            | {
                "id": key,
                "status": ACHIEVEMENT.initial,
                "holder_party_id": run.holder_party_id,
                "region_code": run.region_code,
                "entered_by": run.entered_by,
                "entered_by_party_id": run.party_id,
                "entered_on_behalf_of": run.entered_on_behalf_of,
                "source": run.source,
                "external_id": row.content.external_id,
                "import_digest": row.digest,
            }
        )
        rights += achievements.rights_as_values(key, row.content.ip_rights)
        shares += achievements.shares_as_values(
            key, row.content.ownership_shares, names, holder_party_id=run.holder_party_id
        )
    if not made:
        return
    numbers = await next_numbers(session, NUMBER_PREFIX, await clock.read(session), count=len(made))
    for values, number in zip(made, numbers, strict=True):
        values["number"] = number
    await repository.insert_achievements(session, made, rights, shares)


async def _update(
    session: AsyncSession,
    clock: Clock,
    rows: Sequence[ParsedRow],
    stored: Mapping[str, repository.Stored],
) -> None:
    for parsed in rows:
        assert parsed.content is not None
        row = await repository.achievement(session, stored[parsed.content.external_id].id)
        await rewrite(session, row, parsed.content, {"ip_rights", "ownership_shares"})
        row.import_digest = parsed.digest
        row.owner_confirmed_at = row.owner_confirmed_by = None
        achievements.touch(row, await clock.read(session))
        await session.flush()


def _count(run: ImportRow, chunk: Chunk) -> None:
    counted = Counter(became for _, became, _ in chunk.rows)
    run.created_rows += counted[RowOutcome.CREATED]
    run.updated_rows += counted[RowOutcome.UPDATED]
    run.unchanged_rows += counted[RowOutcome.UNCHANGED]
    run.beyond_draft_rows += counted[RowOutcome.NOT_CHANGED_BEYOND_DRAFT]
    run.refused_rows += counted[RowOutcome.REFUSED]
    run.rows_done += len(chunk.rows)
    run.last_row = max((row.number for row, _, _ in chunk.rows), default=run.last_row)
    run.touched_at = func.clock_timestamp()
