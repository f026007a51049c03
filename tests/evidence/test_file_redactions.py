"""A file is taken away by two persons: from that commit on nobody is given it, its owner is told, a tombstone stays."""

import httpx
from sqlalchemy import text

from app.db.session import Database
from app.identity.permissions import Role
from app.kit.ids import new_id
from app.worker import Worker
from tests.factories.files import make_file
from tests.factories.identity import make_member


async def test_one_asks_another_decides_and_the_file_is_gone(
    client: httpx.AsyncClient, database: Database, worker: Worker
) -> None:
    async with database.transaction() as session:
        owner = await make_member(session, Role.ENTERPRISE_USER)
        asking, deciding = [await make_member(session, Role.OPERATOR) for _ in range(2)]
        far = await make_member(session, Role.OPERATOR, region_scope="440100")
        row = await make_file(session, owner, name="身份证.pdf", subject_id=new_id())
    path, body = (
        f"/v1/files/{row.id}/redactions",
        {"reason": "personal_data", "document_no": "遮蔽〔2026〕3号"},
    )
    assert (await client.post(path, json=body, headers=owner.headers)).status_code == 403
    assert (await client.post(path, json=body, headers=far.headers)).status_code == 404
    asked = await client.post(path, json=body, headers=asking.headers)
    assert asked.status_code == 201, asked.text
    again = await client.post(path, json=body, headers=deciding.headers)
    assert again.json()["id"] == asked.json()["id"]
    review, yes = f"/v1/redactions/{asked.json()['id']}/review", {"approved": True}
    version = {"If-Match": '"v1"'}
    alone = await client.post(review, json=yes, headers=asking.headers | version)
    assert (alone.status_code, alone.json()["code"]) == (403, "redaction_by_same_person")
    assert (await client.get(f"/v1/files/{row.id}/content", headers=owner.headers)).status_code == 200
    done = await client.post(review, json=yes, headers=deciding.headers | version)
    assert (done.status_code, done.json()["status"], done.json()["file_id"]) == (200, "done", str(row.id))
    gone = await client.get(f"/v1/files/{row.id}/content", headers=owner.headers)
    assert (gone.status_code, gone.json()["code"]) == (409, "file_gone")
    late = await client.post(path, json=body, headers=asking.headers)
    assert (late.status_code, late.json()["code"]) == (409, "record_text_absent")
    listed = (await client.get(path, headers=asking.headers)).json()["data"]
    assert [one["status"] for one in listed] == ["done"]
    await worker.drain()
    async with database.session() as session:
        found = await session.execute(
            text(
                "SELECT parties, public FROM events WHERE kind = 'evidence.file_redacted' AND subject_id = :id"
            ),
            {"id": row.id},
        )
        assert [(list(one.parties), one.public) for one in found] == [([owner.party_id], False)]
