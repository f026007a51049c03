"""Files over HTTP: kept, read by whom it may concern and on record, taken away with a tombstone left."""

import hashlib
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.config import Settings
from app.db.clock import Clock
from app.db.session import Database
from app.files import actions
from app.files.states import FileClass
from app.identity.permissions import Role
from app.kit.ids import new_id
from app.worker import Worker
from tests.factories.files import archive, make_file, small_pdf
from tests.factories.identity import Member, make_member

CLOCK = Clock()


async def send(
    client: httpx.AsyncClient, member: Member, data: bytes, *, key: str | None = None, **asked: str
) -> httpx.Response:
    """Upload."""
    headers = member.headers | ({"Idempotency-Key": key} if key else {})
    params = {"file_class": "internal", "name": "报告.pdf"} | asked
    return await client.post("/v1/files", params=params, content=data, headers=headers)


def blobs(settings: Settings) -> set[Path]:
    """Everything in the store."""
    return {path for path in settings.file_directory.rglob("*") if path.is_file()}


async def test_a_file_is_kept_with_its_digest_and_given_back_as_it_was(
    client: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction() as session:
        owner = await make_member(session, Role.ENTERPRISE_USER)
    data = small_pdf()
    answer = await send(client, owner, data, name="C:\\fakepath\\报告.exe")
    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert told["sha256"] == hashlib.sha256(data).hexdigest()
    assert (told["size"], told["media_type"], told["name"]) == (len(data), "application/pdf", "报告.exe.pdf")
    assert answer.headers["location"] == f"/v1/files/{told['id']}"
    found = await client.get(f"/v1/files/{told['id']}/content", headers=owner.headers)
    assert (found.status_code, found.content) == (200, data)
    assert found.headers["content-type"] == "application/pdf"
    assert found.headers["content-disposition"] == "attachment; filename*=UTF-8''%E6%8A%A5%E5%91%8A.exe.pdf"
    assert found.headers["x-content-type-options"] == "nosniff"
    assert found.headers["cache-control"] == "private, no-store"
    reads = (await client.get(f"/v1/files/{told['id']}/reads", headers=owner.headers)).json()["data"]
    assert [(one["user_name"], one["way"]) for one in reads] == [("王某", "download")]


async def test_the_same_key_keeps_one_file_and_one_blob(
    client: httpx.AsyncClient, database: Database, settings: Settings
) -> None:
    async with database.transaction() as session:
        owner = await make_member(session, Role.ENTERPRISE_USER)
    before, key = blobs(settings), str(new_id())
    first = await send(client, owner, small_pdf(), key=key)
    again = await send(client, owner, small_pdf(), key=key)
    other = await send(client, owner, small_pdf("另一份"), key=key)
    assert first.json()["id"] == again.json()["id"]
    assert again.headers["idempotency-replayed"] == "true"
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert len(blobs(settings) - before) == 1


async def test_what_is_refused_leaves_no_bytes(
    client: httpx.AsyncClient, database: Database, settings: Settings
) -> None:
    async with database.transaction() as session:
        owner, clerk = (
            await make_member(session, Role.ENTERPRISE_USER),
            await make_member(session, Role.AUDITOR),
        )
    before = blobs(settings)
    answers = [
        (await send(client, owner, b"MZ\x90\x00program"), 422, "media_type_refused"),
        (await send(client, owner, archive(run_exe=b"x")), 422, "archive_refused"),
        (await send(client, owner, archive(a_txt=b"x"), file_class="nda"), 422, "file_needs_pages"),
        (await send(client, owner, b""), 422, "upload_empty"),
        (await send(client, owner, small_pdf(), file_class="secret"), 422, "input_invalid"),
        (await send(client, clerk, small_pdf()), 403, "permission_missing"),
        (await client.post("/v1/files", content=b"x"), 401, "unauthenticated"),
    ]
    assert [(one.status_code, one.json()["code"]) for one, _, _ in answers] == [
        (status, code) for _, status, code in answers
    ]
    assert blobs(settings) == before


async def test_a_file_is_read_by_its_owner_by_whom_a_room_lets_and_by_staff_of_the_region(
    client: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction() as session:
        owner = await make_member(session, Role.ENTERPRISE_USER)
        reader, stranger = [await make_member(session, Role.TTO_OFFICER) for _ in range(2)]
        operator, auditor = (
            await make_member(session, Role.OPERATOR),
            await make_member(session, Role.AUDITOR),
        )
        far = await make_member(session, Role.OPERATOR, region_scope="440100")
        row = await make_file(session, owner)
        secret = await make_file(session, owner, file_class=FileClass.NDA)
        subject = actions.Subject("objection", new_id())
        for file in (row, secret):
            await actions.attach(
                session,
                owner_party_id=owner.party_id,
                file_id=file.id,
                subject=subject,
                readers=[reader.party_id, reader.party_id],
            )
    for file, may in ((row, (owner, reader, operator, auditor)), (secret, (owner, reader, auditor))):
        for member in (owner, reader, stranger, operator, auditor, far):
            answer = await client.get(f"/v1/files/{file.id}/content", headers=member.headers)
            assert answer.status_code == (200 if member in may else 404)
        assert (await client.get(f"/v1/files/{file.id}/content")).status_code == 404
    reads = await client.get(f"/v1/files/{row.id}/reads", params={"limit": 3}, headers=owner.headers)
    assert (len(reads.json()["data"]), reads.json()["has_more"]) == (3, True)
    rest = {"limit": 3, "cursor": reads.json()["next_cursor"]}
    page = await client.get(f"/v1/files/{row.id}/reads", params=rest, headers=owner.headers)
    assert len(page.json()["data"]) == 1
    assert (await client.get(f"/v1/files/{row.id}/reads", headers=reader.headers)).status_code == 404


async def test_a_public_file_that_was_opened_is_read_by_visitors(
    client: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction() as session:
        owner = await make_member(session, Role.ENTERPRISE_USER)
        row = await make_file(session, owner, file_class=FileClass.PUBLIC)
    assert (await client.get(f"/v1/files/{row.id}")).status_code == 404
    async with database.transaction() as session:
        await actions.open_to_all(session, file_id=row.id, at=await CLOCK.read(session))
    assert (await client.get(f"/v1/files/{row.id}")).json()["is_open"] is True
    assert (await client.get(f"/v1/files/{row.id}/content")).status_code == 200
    reads = (await client.get(f"/v1/files/{row.id}/reads", headers=owner.headers)).json()["data"]
    assert [one["user_name"] for one in reads] == [None]


async def test_what_is_taken_away_is_gone_at_once_and_its_bytes_with_the_next_sweep(
    client: httpx.AsyncClient, database: Database, settings: Settings, worker: Worker
) -> None:
    async with database.transaction() as session:
        owner, officer = await make_member(session, Role.ENTERPRISE_USER), await make_member(session)
        row = await make_file(session, owner, name="张三的身份证.pdf", subject_id=new_id())
    held = blobs(settings)
    async with database.transaction() as session:
        at = await CLOCK.read(session)
        await actions.take_away(
            session, CLOCK, file_id=row.id, at=at, reason="personal_data", by=officer.user_id
        )
    answer = await client.get(f"/v1/files/{row.id}/content", headers=owner.headers)
    assert (answer.status_code, answer.json()["code"], answer.json()["reason"]) == (
        409,
        "file_gone",
        "personal_data",
    )
    told = (await client.get(f"/v1/files/{row.id}", headers=owner.headers)).json()
    assert (told["status"], told["name"], told["tombstone"]["reason"]) == (
        "redacted",
        "依法遮蔽",
        "personal_data",
    )
    assert told["sha256"] == hashlib.sha256(b"%PDF-1.7 kept").hexdigest()
    await worker.drain()
    assert len(held - blobs(settings)) == 1
    async with database.session() as session:
        assert (
            await session.execute(text("SELECT store_key FROM files WHERE id = :id"), {"id": row.id})
        ).scalar() is None


async def test_an_own_file_that_nothing_uses_is_deleted_and_one_in_use_is_not(
    client: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction() as session:
        owner, other = [await make_member(session, Role.ENTERPRISE_USER) for _ in range(2)]
        spare = await make_file(session, owner)
        used = await make_file(session, owner, subject_id=new_id())
    assert (await client.delete(f"/v1/files/{spare.id}", headers=other.headers)).status_code == 404
    gone = await client.delete(f"/v1/files/{spare.id}", headers=owner.headers)
    assert (gone.status_code, gone.json()["status"]) == (200, "destroyed")
    again = await client.delete(f"/v1/files/{spare.id}", headers=owner.headers)
    assert (again.status_code, again.json()["code"]) == (409, "file_gone")
    kept = await client.delete(f"/v1/files/{used.id}", headers=owner.headers)
    assert (kept.status_code, kept.json()["code"]) == (409, "file_in_use")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE files SET sha256 = sha256 || '\\x00'",
        "UPDATE files SET size = 1",
        "UPDATE files SET status = 'kept', taken_at = NULL, taken_by = NULL, taken_reason = NULL WHERE status <> 'kept'",
        "UPDATE files SET owner_party_id = (SELECT id FROM parties WHERE id <> files.owner_party_id LIMIT 1)",
        "DELETE FROM files",
        "UPDATE file_reads SET way = 'packed'",
        "DELETE FROM file_reads",
    ],
)
async def test_the_database_itself_lets_nobody_change_what_a_file_is_or_who_read_it(
    database: Database, statement: str
) -> None:
    async with database.session() as session:
        with pytest.raises(IntegrityError):
            await session.execute(text(statement))
