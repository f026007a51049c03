"""A data room: who is told of which file, who is given it, signed versions, marks on pages, the close, and questions."""

import hashlib
from dataclasses import replace
from uuid import UUID

import httpx
import pytest
import typst

from app.db.clock import Clock
from app.db.session import Database
from app.files.states import FileClass
from app.kit.errors import NotFound, Refusal
from app.markets import actions as markets
from app.markets.award import AwardRule
from app.markets.dataroom.errors import (
    DataRoomClosed,
    NdaMissing,
    NdaOutdated,
    NdaUnsigned,
    RoomFull,
)
from app.markets.dataroom.rules import Reader, Room, check_ask, check_put, check_read, check_sign, sees
from app.markets.dataroom.states import MACHINE, QuestionStatus
from app.papers import PagesUnfit, count_pages, marked
from app.papers.press import fonts
from tests.factories import markets as made
from tests.factories.files import make_file
from tests.factories.identity import Member

CLOCK = Clock()
TEXT = "受让方承诺对资料室内的资料保密。"
OPEN = Room(is_public=True, is_closed=False, nda_version=2)
CLOSED = replace(OPEN, is_closed=True)
DRAFT = Room(is_public=False, is_closed=False, nda_version=2)
SELLER = Reader(is_inside=True, takes_part=False, signed_version=None)
STRANGER = Reader(is_inside=False, takes_part=False, signed_version=None)
BUYER = Reader(is_inside=False, takes_part=True, signed_version=None)
_C = FileClass


@pytest.mark.parametrize(
    ("file_class", "reader", "room", "refusal"),
    [
        (_C.PUBLIC, STRANGER, OPEN, None),
        (_C.PUBLIC, STRANGER, CLOSED, None),
        (_C.PUBLIC, STRANGER, DRAFT, NotFound),
        (_C.REGISTERED, STRANGER, OPEN, NotFound),
        (_C.REGISTERED, BUYER, OPEN, None),
        (_C.REGISTERED, BUYER, CLOSED, DataRoomClosed),
        (_C.REGISTERED, STRANGER, CLOSED, NotFound),
        (_C.NDA, STRANGER, OPEN, NotFound),
        (_C.NDA, BUYER, OPEN, NdaUnsigned),
        (_C.NDA, replace(BUYER, signed_version=1), OPEN, NdaUnsigned),
        (_C.NDA, replace(BUYER, signed_version=2), OPEN, None),
        (_C.NDA, replace(BUYER, signed_version=2), CLOSED, DataRoomClosed),
        (_C.NDA, replace(STRANGER, signed_version=2), OPEN, NotFound),
        (_C.NDA, BUYER, replace(OPEN, nda_version=None), NdaUnsigned),
        *(
            (one, SELLER, room, None)
            for one in (_C.PUBLIC, _C.REGISTERED, _C.NDA)
            for room in (DRAFT, OPEN, CLOSED)
        ),
    ],
)
def test_who_is_given_which_file(
    file_class: FileClass, reader: Reader, room: Room, refusal: type[Refusal] | None
) -> None:
    if refusal is None:
        check_read(file_class, reader, room)
        assert sees(file_class, reader, room)
        return
    with pytest.raises(refusal):
        check_read(file_class, reader, room)


@pytest.mark.parametrize(
    ("reader", "room", "version", "same", "refusal"),
    [
        (BUYER, OPEN, 2, True, None),
        (BUYER, OPEN, 1, True, NdaOutdated),
        (BUYER, OPEN, 2, False, NdaOutdated),
        (BUYER, CLOSED, 2, True, DataRoomClosed),
        (BUYER, replace(OPEN, nda_version=None), 1, True, NdaMissing),
        (STRANGER, OPEN, 2, True, NotFound),
        (BUYER, DRAFT, 2, True, NotFound),
    ],
)
def test_who_may_sign_which_version(
    reader: Reader, room: Room, version: int, same: bool, refusal: type[Refusal] | None
) -> None:
    if refusal is None:
        check_sign(reader, room, version=version, same_text=same)
        return
    with pytest.raises(refusal):
        check_sign(reader, room, version=version, same_text=same)


def test_what_may_be_put_into_a_room_and_asked_about_it() -> None:
    check_put(_C.NDA, DRAFT, count=199)
    for refusal, file_class, room, count in (
        (DataRoomClosed, _C.PUBLIC, CLOSED, 0),
        (RoomFull, _C.PUBLIC, OPEN, 200),
        (NdaMissing, _C.NDA, replace(OPEN, nda_version=None), 0),
    ):
        with pytest.raises(refusal):
            check_put(file_class, room, count=count)
    check_ask(OPEN)
    for refused, room in ((NotFound, DRAFT), (DataRoomClosed, CLOSED)):
        with pytest.raises(refused):
            check_ask(room)
    assert MACHINE.transitions == {
        QuestionStatus.ASKED: frozenset({QuestionStatus.ANSWERED, QuestionStatus.DECLINED}),
        QuestionStatus.ANSWERED: frozenset(),
        QuestionStatus.DECLINED: frozenset(),
    }


def paged(count: int) -> bytes:
    """A PDF of so many pages."""
    source = (
        f'#set text(font: "Noto Sans CJK SC")\n#for n in range({count}) [第 #n 页 #pagebreak(weak: true)]'
    )
    printed = typst.compile(source.encode(), font_paths=fonts(), format="pdf")
    assert isinstance(printed, bytes)
    return printed


TWO_PAGES = paged(2)


@pytest.mark.parametrize("pages", [1, 2, 3, 7, 8, 31])
def test_pages_are_counted_exactly_and_all_of_them_are_set(pages: int) -> None:
    source = paged(pages)
    assert count_pages(source, "application/pdf") == pages
    printed = marked(source, "application/pdf", pages, ["某公司 · 张三", "2026-11-25 20:00:00"])
    assert count_pages(printed, "application/pdf") == pages
    assert printed != marked(source, "application/pdf", pages, ["某公司 · 李四", "2026-11-25 20:00:00"])


def test_a_file_that_is_no_pdf_inside_cannot_be_marked() -> None:
    for data in (b"%PDF-1.7 kept", b"%PDF-", paged(2)[:400]):
        with pytest.raises(PagesUnfit):
            count_pages(data, "application/pdf")
    with pytest.raises(PagesUnfit):
        count_pages(b"\x89PNG\r\n\x1a\n", "image/png")


class Played:
    """A listed sale with a data room, a registered buyer and a stranger."""

    def __init__(self, client: httpx.AsyncClient, seller: Member, buyer: Member, other: Member) -> None:
        self.client, self.seller, self.buyer, self.other = client, seller, buyer, other
        self.offering_id: UUID
        self.files: dict[str, UUID] = {}

    async def post(self, who: Member, path: str, body: object, **headers: str) -> httpx.Response:
        return await self.client.post(path, json=body, headers=who.headers | headers)

    async def room(self, who: Member | None) -> dict[str, object]:
        headers = who.headers if who else {}
        told = await self.client.get(f"/v1/offerings/{self.offering_id}/room", headers=headers)
        assert told.status_code == 200, told.text
        found: dict[str, object] = told.json()
        return found

    async def get(self, who: Member | None, kind: str) -> httpx.Response:
        headers = who.headers if who else {}
        return await self.client.get(f"/v1/room-files/{self.files[kind]}/content", headers=headers)

    async def publish_nda(self, text: str) -> httpx.Response:
        return await self.client.put(
            f"/v1/offerings/{self.offering_id}/nda", json={"text": text}, headers=self.seller.headers
        )

    async def sign(self, who: Member, version: int, text: str) -> httpx.Response:
        body = {"version": version, "sha256": hashlib.sha256(text.encode()).hexdigest()}
        return await self.post(who, f"/v1/offerings/{self.offering_id}/nda-signature", body)


@pytest.fixture
async def played(client: httpx.AsyncClient, database: Database) -> Played:
    async with database.transaction() as session:
        market = await made.make_market(session)
        offering = await made.make_listed(session, market)
        other = await made.make_buyer(session)
        buyer, _ = await made.make_qualified(session, market, offering.id)
        kept = {
            kind: await make_file(
                session, market.seller, data=TWO_PAGES, file_class=FileClass(kind), name=f"{kind}.pdf"
            )
            for kind in ("public", "registered", "nda")
        }
    one = Played(client, market.seller, buyer, other)
    one.offering_id = offering.id
    early = {"file_id": str(kept["nda"].id), "title": "技术方案"}
    refused = await one.post(one.seller, f"/v1/offerings/{offering.id}/room-files", early)
    assert (refused.status_code, refused.json()["code"]) == (409, "nda_missing")
    assert (await one.publish_nda(TEXT)).status_code == 200
    for kind, file in kept.items():
        body = {"file_id": str(file.id), "title": kind}
        put = await one.post(one.seller, f"/v1/offerings/{offering.id}/room-files", body)
        assert put.status_code == 201, put.text
        one.files[kind] = UUID(next(row["id"] for row in put.json()["files"] if row["title"] == kind))
    return one


async def test_a_data_room_from_the_signature_to_the_close(played: Played, database: Database) -> None:
    shown = {
        who: [row["file_class"] for row in (await played.room(member))["files"]]  # type: ignore[attr-defined]
        for who, member in (("visitor", None), ("other", played.other), ("buyer", played.buyer))
    }
    assert shown == {"visitor": ["public"], "other": ["public"], "buyer": ["public", "registered", "nda"]}
    assert (await played.get(None, "public")).status_code == 200
    assert (await played.get(played.other, "registered")).status_code == 404
    assert (await played.get(played.other, "nda")).status_code == 404
    assert (await played.get(played.buyer, "registered")).content == TWO_PAGES
    unsigned = await played.get(played.buyer, "nda")
    assert (unsigned.status_code, unsigned.json()["code"]) == (409, "nda_unsigned")
    assert (await played.sign(played.other, 1, TEXT)).status_code == 404
    assert (await played.sign(played.buyer, 1, TEXT)).status_code == 200
    given = await played.get(played.buyer, "nda")
    assert (given.status_code, given.headers["content-type"]) == (200, "application/pdf")
    assert given.content != TWO_PAGES
    assert count_pages(given.content, "application/pdf") == 2
    assert (await played.publish_nda(TEXT + "期限五年。")).json()["nda"]["version"] == 2
    again = await played.get(played.buyer, "nda")
    assert (again.status_code, again.json()["code"], again.json()["nda_version"]) == (409, "nda_unsigned", 2)
    outdated = await played.sign(played.buyer, 1, TEXT)
    assert (outdated.status_code, outdated.json()["code"]) == (409, "nda_outdated")
    assert (await played.sign(played.buyer, 2, TEXT + "期限五年。")).status_code == 200
    assert (await played.get(played.buyer, "nda")).status_code == 200
    counts = {row["title"]: row["downloads"] for row in (await played.room(played.seller))["files"]}  # type: ignore[attr-defined]
    assert counts == {"public": 1, "registered": 1, "nda": 2}
    async with database.transaction() as session:
        await markets.award(
            session,
            CLOCK,
            offering_id=played.offering_id,
            buyer_party_id=played.buyer.party_id,
            amount_minor=80_000_000,
            rule=AwardRule.LISTED_SINGLE_BUYER,
        )
    for kind, status in (("public", 200), ("registered", 409), ("nda", 409)):
        closed = await played.get(played.buyer, kind)
        assert closed.status_code == status
        assert status == 200 or closed.json()["code"] == "data_room_closed"
    assert (await played.get(played.other, "registered")).status_code == 404
    assert (await played.get(played.seller, "registered")).status_code == 200


async def test_an_answer_is_for_everybody_and_nobody_learns_who_asked(
    played: Played, database: Database
) -> None:
    path = f"/v1/offerings/{played.offering_id}/questions"
    asked = await played.post(played.buyer, path, {"text": "样机能否实地查看？"})
    assert asked.status_code == 201, asked.text
    other = await played.post(played.other, path, {"text": "价格能否商量？"})
    lists = {
        who: [row["text"] for row in (await played.client.get(path, headers=headers)).json()["data"]]
        for who, headers in (
            ("visitor", {}),
            ("buyer", played.buyer.headers),
            ("seller", played.seller.headers),
        )
    }
    assert lists == {
        "visitor": [],
        "buyer": ["样机能否实地查看？"],
        "seller": ["价格能否商量？", "样机能否实地查看？"],
    }
    answer = f"/v1/questions/{asked.json()['id']}/answer"
    stranger = await played.post(played.other, answer, {"text": "可以"}, **{"If-Match": '"v1"'})
    assert stranger.status_code == 404
    told = await played.post(played.seller, answer, {"text": "工作日可预约。"}, **{"If-Match": '"v1"'})
    assert (told.status_code, told.json()["status"], told.json()["is_mine"]) == (200, "answered", False)
    twice = await played.post(played.seller, answer, {"text": "不可以"}, **{"If-Match": '"v2"'})
    assert (twice.status_code, twice.json()["code"]) == (409, "illegal_transition")
    no = f"/v1/questions/{other.json()['id']}/declining"
    assert (
        await played.post(played.seller, no, {"text": "请报价。"}, **{"If-Match": '"v1"'})
    ).status_code == 200
    public = await played.client.get(path)
    assert [(row["text"], row["answer"]) for row in public.json()["data"]] == [
        ("样机能否实地查看？", "工作日可预约。")
    ]
    for mark in (str(played.buyer.party_id), str(played.buyer.user_id), "受让方经办人"):
        assert mark not in public.text + told.text
