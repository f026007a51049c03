"""Records of sales that our own faults interrupted: replayed offline to the same end, and no part of an outage's fact
can be changed unnoticed.
"""

import copy
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions import actions
from app.auctions.rules.commands import Call, Hammer, MarkReady, OpenLot, Resume, Tick
from app.auctions.rules.terms import CloseKind, SessionProfile
from app.auctions.schemas import ResumeIn
from app.evidence.actions import publish_head
from app.evidence.rules.checking import verify_record
from app.kit.dates import wire
from app.kit.outages import Outage
from app.markets.fairness import reason_en, reason_zh
from tests.auctions.sale import (
    CLOSES,
    DEPOSIT_DUE,
    NOTICE,
    OPENS,
    START,
    Sale,
    notice,
    ready,
    seconds,
    started,
)
from tests.auctions.test_rules_outages import back
from tests.evidence.test_records import record_of
from tests.evidence.test_verify import verify, written
from tests.evidence.written import KEYS, document_of, rewritten
from tests.factories.auctions import CLOCK, advance_to, close, make_started, place
from tests.factories.outages import outage, record_outage

Record = dict[str, Any]
END = START + seconds(3_900)


def postponed() -> Sale:
    """Down over the end for half a minute; who bids after it extends and wins."""
    sale = started()
    sale.bids("3260", 200, END - seconds(400))
    down = outage(7, END - seconds(15), 30)
    back(sale, Tick(), down.ended_at, down)
    sale.bids("4711", 210, down.ended_at + seconds(10))
    sale.bids("3260", 220, down.ended_at + seconds(20))
    sale.ticks(END + seconds(86_400))
    return sale


def postponed_twice() -> Sale:
    """Down over the end, and over the postponed end again."""
    sale = started()
    sale.bids("3260", 200, START)
    first = outage(7, END - seconds(15), 30)
    back(sale, Tick(), first.ended_at, first)
    second = outage(9, first.ended_at + seconds(290), 30)
    back(sale, Tick(), second.ended_at, second)
    sale.ticks(END + seconds(86_400))
    return sale


def suspended() -> Sale:
    """Down past the limit: suspended, resumed by a person an hour later, and sold."""
    sale = started()
    sale.bids("3260", 200, END - seconds(400))
    down = outage(7, END - seconds(100), 1_801)
    back(sale, Tick(), down.ended_at, down)
    back(sale, Resume(note="系统已恢复，继续竞价"), down.ended_at + seconds(3_600), down)
    end = sale.now.ends_at
    assert end is not None
    sale.bids("4711", 210, end - seconds(10))
    sale.ticks(end + seconds(86_400))
    return sale


def with_a_later_deadline() -> Sale:
    """Down over the end of registration; nobody bids."""
    sale = Sale()
    sale.does(notice(), NOTICE)
    sale.ticks(OPENS)
    down = outage(3, CLOSES - seconds(60), 601)
    back(sale, Tick(), down.ended_at, down)
    sale.ticks(CLOSES + seconds(7_200))
    sale.does(MarkReady(), DEPOSIT_DUE)
    sale.ticks(START)
    sale.ticks(END)
    return sale


def in_a_hall() -> Sale:
    """Down between the auctioneer's calls, which begin again."""
    sale = ready(
        close=CloseKind.HAMMER,
        session_profile=SessionProfile.HALL,
        called_up=True,
        free_seconds=0,
        window_seconds=0,
    )
    sale.does(OpenLot(), START)
    sale.bids("3260", 200, START + seconds(5))
    sale.does(Call(number=1), START + seconds(10))
    down = outage(2, START + seconds(12), 11)
    back(sale, Tick(), down.ended_at, down)
    at = down.ended_at
    for number in (1, 2, 3):
        at += seconds(20)
        sale.does(Call(number=number), at)
    sale.does(Hammer(), at + seconds(20))
    return sale


@pytest.mark.parametrize(
    ("history", "kind"),
    [
        (postponed, "postponed"),
        (postponed_twice, "postponed"),
        (suspended, "suspended"),
        (with_a_later_deadline, "postponed"),
        (in_a_hall, "postponed"),
    ],
)
def test_a_sale_that_an_outage_touched_is_replayed_to_the_same_end(
    history: Callable[[], Sale], kind: str
) -> None:
    sale = history()
    assert kind in sale.kinds()
    told = document_of(sale)
    report = verify_record(told, pinned=KEYS)
    assert ([found.en for found in report.differences], report.notes) == ([], [])
    assert {name: told["outcome"][name] for name in report.outcome} == report.outcome
    assert report.outcome["extension_count"] == sale.now.extension_count


async def test_the_published_record_of_a_postponed_sale_is_verified_by_the_command(
    session: AsyncSession, tmp_path: Path
) -> None:
    sale = await make_started(session)
    await place(session, sale, sale.bidders[0], "2000000.00")
    ends_at = (await sale.row(session)).ends_at
    assert ends_at is not None
    await advance_to(session, ends_at + seconds(20))
    await record_outage(session, ends_at - seconds(10), ends_at + seconds(20))
    assert await actions.sweep(session, CLOCK)
    await place(session, sale, sale.bidders[1], "2100000.00")
    await close(session, sale)
    row = await sale.row(session)
    await publish_head(session, CLOCK, auction_id=sale.auction_id)
    told = await record_of(session, sale)
    assert [entry["kind"] for entry in told["facts"]].count("postponed") == 1
    ended = verify(written(tmp_path / "record.json", told))
    assert ended.returncode == 0, ended.stdout + ended.stderr
    report = verify_record(told)
    assert report.outcome["amount_minor"] == row.current_minor == 210_000_000
    assert report.outcome["bidder_code"] == row.leader_code
    assert report.outcome["extension_count"] == row.extension_count
    assert report.outcome["ends_at"] == told["outcome"]["ends_at"]

    place_of = entry(told, "postponed")["seq"]
    entry(told, "postponed")["payload"]["began_at"] = "2026-01-01T00:00:00.000000Z"
    ended = verify(written(tmp_path / "tampered.json", told))
    assert ended.returncode == 1
    assert f"[entry_altered] 第 {place_of} 条" in ended.stdout


async def test_the_published_record_of_a_sale_suspended_by_a_long_outage_is_verified_by_the_command(
    session: AsyncSession, tmp_path: Path
) -> None:
    sale = await make_started(session)
    await place(session, sale, sale.bidders[0], "2000000.00")
    ends_at = (await sale.row(session)).ends_at
    assert ends_at is not None
    await advance_to(session, ends_at + seconds(3_600))
    await record_outage(session, ends_at - seconds(100), ends_at + seconds(3_600))
    assert await actions.sweep(session, CLOCK)
    assert (await sale.row(session)).status == "suspended"
    await actions.resume(
        session,
        CLOCK,
        actor=sale.operator.actor,
        auction_id=sale.auction_id,
        asked=ResumeIn(note="系统已恢复"),
    )
    await place(session, sale, sale.bidders[1], "2100000.00")
    await close(session, sale)
    row = await sale.row(session)
    await publish_head(session, CLOCK, auction_id=sale.auction_id)
    told = await record_of(session, sale)
    kinds = [one["kind"] for one in told["facts"]]
    assert kinds.index("suspended") < kinds.index("resumed")
    ended = verify(written(tmp_path / "record.json", told))
    assert ended.returncode == 0, ended.stdout + ended.stderr
    report = verify_record(told)
    assert (report.outcome["bidder_code"], report.outcome["amount_minor"]) == (row.leader_code, 210_000_000)
    assert report.outcome["extension_count"] == row.extension_count


# --- tampering --------------------------------------------------------------------------------------------------------


def entry(told: Record, kind: str, nth: int = 0) -> Record:
    """The nth entry of a kind."""
    found: Record = [one for one in told["facts"] if one["kind"] == kind][nth]
    return found


def _later(instant: str, by: int) -> str:
    return wire(datetime.fromisoformat(instant) + seconds(by))


def _moves(kind: str, field: str, by: int, nth: int = 0) -> Callable[[Record], None]:
    def change(told: Record) -> None:
        held = entry(told, kind, nth)["payload"]
        held[field] = _later(held[field], by)

    return change


def _renumbers(kind: str, number: int, nth: int = 0) -> Callable[[Record], None]:
    return lambda told: entry(told, kind, nth)["payload"].update(outage_no=number)


def _removes(kind: str, nth: int = 0) -> Callable[[Record], None]:
    return lambda told: told["facts"].remove(entry(told, kind, nth))


CHANGES = [
    ("its beginning", postponed, "postponed", _moves("postponed", "began_at", -1)),
    ("its end", postponed, "postponed", _moves("postponed", "ended_at", 1)),
    ("the new end", postponed, "postponed", _moves("postponed", "ends_at", 60)),
    ("its number", postponed, "postponed", _renumbers("postponed", 8)),
    ("itself", postponed, "postponed", _removes("postponed")),
    ("a suspension's beginning", suspended, "suspended", _moves("suspended", "since", -1)),
    ("a suspension's number", suspended, "suspended", _renumbers("suspended", 8)),
    ("a suspension", suspended, "suspended", _removes("suspended")),
    ("a resumption's end", suspended, "resumed", _moves("resumed", "ends_at", 60)),
    ("a resumption", suspended, "resumed", _removes("resumed")),
]


@pytest.mark.parametrize(
    ("history", "kind", "change"), [one[1:] for one in CHANGES], ids=[one[0] for one in CHANGES]
)
def test_a_changed_outage_is_found_at_its_entry(
    history: Callable[[], Sale], kind: str, change: Callable[[Record], None]
) -> None:
    told = document_of(history())
    place_of = entry(told, kind)["seq"]
    change(told)
    found = [one.seq for one in verify_record(told, pinned=KEYS).differences if one.seq is not None]
    assert min(found) == place_of


REWRITTEN = [
    ("it began after the end", postponed, "postponed", _moves("postponed", "began_at", 16), 0),
    ("its end, and not its reason", postponed, "postponed", _moves("postponed", "ended_at", 60), 0),
    ("it ended before it began", postponed, "postponed", _moves("postponed", "ended_at", -60), 0),
    ("the new end", postponed, "postponed", _moves("postponed", "ends_at", 60), 0),
    ("no outage at all", postponed, "postponed", _removes("postponed"), 0),
    ("one outage twice", postponed_twice, "postponed", _renumbers("postponed", 7, 1), 1),
    ("the later one first", postponed_twice, "postponed", _renumbers("postponed", 6, 1), 1),
    ("within the one before", postponed_twice, "postponed", _moves("postponed", "began_at", -300, 1), 1),
    ("a suspension after the end", suspended, "suspended", _moves("suspended", "since", 120), 0),
    ("no suspension", suspended, "suspended", _removes("suspended"), 0),
    ("more time given back", suspended, "resumed", _moves("resumed", "ends_at", 60), 0),
]


@pytest.mark.parametrize(
    ("history", "kind", "change", "nth"), [one[1:] for one in REWRITTEN], ids=[one[0] for one in REWRITTEN]
)
def test_the_rules_find_a_changed_outage_even_where_the_market_itself_signed_it_again(
    history: Callable[[], Sale], kind: str, change: Callable[[Record], None], nth: int
) -> None:
    told = document_of(history())
    assert verify_record(rewritten(copy.deepcopy(told)), pinned=KEYS).verified
    place_of = entry(told, kind, nth)["seq"]
    change(told)
    signed_again = orjson.loads(orjson.dumps(rewritten(told)))
    found = verify_record(signed_again, pinned=KEYS).differences
    assert [one.seq for one in found if one.seq is not None][:1] == [place_of], [one.en for one in found]


@pytest.mark.parametrize(
    "change",
    [
        _moves("postponed", "ended_at", -60, 1),
        _moves("postponed", "began_at", -300, 1),
        _renumbers("postponed", 7, 1),
    ],
    ids=["it ends before it began", "it began within the one before", "it has the number of the one before"],
)
def test_an_outage_that_cannot_have_been_is_named_even_where_its_reason_was_written_anew(
    change: Callable[[Record], None],
) -> None:
    told = document_of(postponed_twice())
    second = entry(told, "postponed", 1)
    change(told)
    held = second["payload"]
    began_at, ended_at = (datetime.fromisoformat(held[name]) for name in ("began_at", "ended_at"))
    forged = Outage(held["outage_no"], began_at, ended_at, 30)
    held.update(reason_zh=reason_zh(forged), reason_en=reason_en(forged))
    found = verify_record(rewritten(told), pinned=KEYS).differences
    assert ("outage_impossible", second["seq"]) in [(one.code, one.seq) for one in found]
