"""Evidence packs: whole, checked offline by bytes alone, also after keys were rotated; what was changed or taken is told."""

import hashlib
import io
import json
import random
import zipfile
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from app.approvals.states import FolderKind
from app.approvals.tables import FolderItemRow
from app.config import Settings
from app.db.clock import Clock
from app.db.session import Database
from app.evidence.actions.packs import order_pack, record_pack, write_pack
from app.evidence.queries.packs import gather
from app.evidence.rules.packs import MANIFEST, SIGNATURE, is_pack, verify_pack
from app.files import actions as files
from app.files.states import FileClass
from app.identity.permissions import Role
from app.kit.errors import Again
from app.kit.ids import new_id
from app.markets.dataroom import actions as dataroom
from app.signing.keyring import Keyring
from tests.evidence.sales import make_ended
from tests.evidence.test_verify import verify
from tests.factories import markets
from tests.factories.files import make_file, small_pdf
from tests.factories.identity import Member, make_member
from tests.factories.notices import make_notice

CLOCK = Clock()


@dataclass
class Deal:
    """A sale that has ended, with its notice and a folder of two files."""

    offering_id: UUID
    seller: Member
    file_ids: list[UUID]


async def make_deal(database: Database) -> Deal:
    async with database.transaction() as session:
        sale = await make_ended(session)
        row = await sale.row(session)
        await make_notice(session, sale.seller, about_kind="offering", about_id=row.offering_id)
        kept = []
        for title in ("专利协议定价报告", "关联关系说明"):
            file = await make_file(
                session, sale.seller, data=small_pdf(title), name=f"{title}.pdf", subject_id=new_id()
            )
            kept.append(file.id)
            session.add(
                FolderItemRow(
                    deal_id=row.offering_id,
                    party_id=sale.seller.party_id,
                    kind=FolderKind.PRICE_REPORT,
                    title=title,
                    file_id=file.id,
                    added_by=sale.seller.user_id,
                    added_at=await CLOCK.read(session),
                )
            )
        await session.flush()
        return Deal(row.offering_id, sale.seller, kept)


async def fetch(client: httpx.AsyncClient, deal: Deal) -> bytes:
    answer = await client.get(f"/v1/offerings/{deal.offering_id}/evidence-pack", headers=deal.seller.headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/zip"
    return answer.content


def items(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(held: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, one in held.items():
            archive.writestr(name, one)
    return made.getvalue()


def codes(data: bytes, pinned: dict[str, bytes] | None = None) -> list[str]:
    return [one.code for one in verify_pack(data, pinned=pinned)[1].differences]


async def test_a_pack_is_whole_stays_good_when_keys_are_rotated_and_tells_what_the_law_took(
    client: httpx.AsyncClient, app: FastAPI, database: Database, settings: Settings, tmp_path: Path
) -> None:
    deal = await make_deal(database)
    first = await fetch(client, deal)
    held = items(first)
    kinds = {one["kind"] for one in json.loads(held[MANIFEST])["items"]}
    assert kinds >= {
        "offering",
        "guards",
        "auction_record",
        "notice_record",
        "awards",
        "folder",
        "file",
        "keys",
        "page",
    }
    assert is_pack(first)
    assert codes(first) == []
    page = held["index.html"].decode()
    assert (
        "<script" not in page
        and "http://" not in page
        and "https://" not in page.replace("https://kjc.example.edu.cn", "")
    )
    assert all(words in page for words in ("专利协议定价报告", "北京时间", "证据包"))
    async with database.transaction() as session:
        keyring = Keyring.of(settings)
        await keyring.rotate(session)
        await keyring.rotate(session)
        await files.take_away(
            session,
            CLOCK,
            file_id=deal.file_ids[1],
            at=await CLOCK.read(session),
            reason="personal_data",
            by=deal.seller.user_id,
        )
    published = (await client.get("/v1/keys")).json()
    pinned = {one["id"]: bytes.fromhex(one["public_key"]) for one in published["data"]}
    assert len(pinned) == 3
    assert codes(first, pinned) == []
    assert codes(first, dict(list(pinned.items())[1:])) != []
    second = await fetch(client, deal)
    assert codes(second, pinned) == []
    assert json.loads(items(second)[SIGNATURE])["key_id"] != json.loads(held[SIGNATURE])["key_id"]
    report = verify_pack(second)[1]
    gone = [one for one in report.notes if one.code == "pack_item_redacted"]
    assert [one.details["reason"] for one in gone] == ["personal_data"]
    assert small_pdf("关联关系说明") not in items(second).values()
    path = tmp_path / "pack.zip"
    path.write_bytes(second)
    (tmp_path / "keys.json").write_text(json.dumps(published), encoding="utf-8")
    told = verify(path, "--keys", tmp_path / "keys.json")
    assert told.returncode == 0, told.stdout + told.stderr
    assert "已依法遮蔽" in told.stdout and "redacted" in told.stdout
    path.write_bytes(packed(items(second) | {"offering.json": b"{}"}))
    told = verify(path)
    assert told.returncode == 1
    assert "offering.json" in told.stdout
    _check_that_changes_are_found(held)


def _check_that_changes_are_found(held: dict[str, bytes]) -> None:
    """Any byte of any item, an item left out, put in, exchanged; a manifest of somebody's own."""
    chance = random.Random(4)
    listed = [name for name in held if name not in (MANIFEST, SIGNATURE)]
    for _ in range(60):
        name = chance.choice(listed)
        changed = bytearray(held[name])
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
        report = verify_pack(packed(held | {name: bytes(changed)}))[1]
        assert [one.details["path"] for one in report.differences] == [name]
    for name in listed:
        left = {one: data for one, data in held.items() if one != name}
        assert codes(packed(left)) == ["pack_item_missing"]
    assert codes(packed(held | {"extra.txt": b"x"})) == ["pack_item_unknown"]
    manifest = json.loads(held[MANIFEST])
    for field, code in (("items", "pack_manifest_altered"), ("keys", "key_unknown")):
        told = json.dumps(manifest | {field: []}).encode()
        assert code in codes(packed(held | {MANIFEST: told}))
    signed = json.loads(held[SIGNATURE])
    fresh = json.dumps(json.loads(held[MANIFEST]) | {"made_for": "别人"}).encode()
    signed["manifest_sha256"] = hashlib.sha256(fresh).hexdigest()
    own = packed(held | {MANIFEST: fresh, SIGNATURE: json.dumps(signed).encode()})
    assert codes(own) == ["pack_signature_wrong"]


@pytest.mark.parametrize(
    "data", [b"PK\x03\x04", b"PK\x03\x04" + b"\0" * 100, packed({}), packed({"a.txt": b"x"})]
)
def test_what_is_no_pack_is_not_verified(data: bytes) -> None:
    assert codes(data) != []


def test_an_item_that_unpacks_to_more_than_it_says_is_not_read_whole() -> None:
    bomb = packed({MANIFEST: b" " * (17 * 1024 * 1024)})
    assert len(bomb) < 100_000
    assert codes(bomb) == ["pack_unreadable"]


async def test_a_redaction_while_a_pack_is_made_makes_it_anew_without_the_text(
    app: FastAPI, database: Database
) -> None:
    deal = await make_deal(database)
    async with database.transaction() as session:
        found = await gather(session, CLOCK, deal.seller.actor, deal.offering_id)
        order = await order_pack(session, CLOCK, actor=deal.seller.actor, found=found)
        pack = write_pack(found, order, files.store_of(session))
    async with database.transaction() as session:
        at = await CLOCK.read(session)
        await files.take_away(
            session, CLOCK, file_id=deal.file_ids[0], at=at, reason="court_order", by=deal.seller.user_id
        )
    with pytest.raises(Again):
        async with database.transaction() as session:
            await record_pack(session, actor=deal.seller.actor, found=found, order=order, pack=pack)
    pack.path.unlink()


async def test_a_pack_is_for_the_seller_and_for_overseers_and_names_no_registrant_before_the_close(
    client: httpx.AsyncClient, app: FastAPI, database: Database
) -> None:
    async with database.transaction() as session:
        market = await markets.make_market(session)
        offering = await markets.make_listed(session, market)
        buyer = await markets.make_buyer(session, name="张三丰")
        await markets.register(session, offering.id, buyer)
        await dataroom.ask(session, CLOCK, actor=buyer.actor, offering_id=offering.id, text="能否看样？")
        file = await make_file(session, market.seller, file_class=FileClass.REGISTERED)
        await dataroom.put_file(
            session,
            CLOCK,
            actor=market.seller.actor,
            offering_id=offering.id,
            file_id=file.id,
            title="说明书",
            pages=None,
        )
        auditor = await make_member(session, Role.AUDITOR)
        far = await make_member(session, Role.AUDITOR, region_scope="440100")
    path = f"/v1/offerings/{offering.id}/evidence-pack"
    for member, status in (
        (market.seller, 200),
        (auditor, 200),
        (buyer, 404),
        (far, 404),
        (market.operator, 404),
    ):
        assert (await client.get(path, headers=member.headers)).status_code == status
    held = items((await client.get(path, headers=market.seller.headers)).content)
    assert "能否看样？".encode() in held["data_room.json"]
    for mark in (str(buyer.party_id), str(buyer.user_id), "张三丰"):
        assert [name for name, data in held.items() if mark.encode() in data] == []
