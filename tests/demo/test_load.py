"""The demonstration loaded whole: its history, its live auction; once, and into a sandbox only."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from app.config import ROOT, Settings
from app.db.migrate import upgrade
from app.db.session import Database
from app.demo import DAYS_BACK, data, lots
from app.demo.history import READY_LOTS
from app.demo.load import EXCHANGE, LOCK, load_into
from app.demo.local import found
from app.demo.logins import PASSWORD, everybody
from app.demo.play import play
from app.embedded import ServersFault
from app.kit.ids import new_id
from tests import servers
from tests.journeys.conftest import settings_of

PUBLISHED, HIDDEN = 55, 5


async def rows(url: str, statement: str) -> list[tuple[Any, ...]]:
    connection = await asyncpg.connect(url)
    try:
        return [tuple(row.values()) for row in await connection.fetch(statement)]
    finally:
        await connection.close()


async def count(url: str, statement: str) -> dict[Any, int]:
    return {tuple(row[:-1]) if len(row) > 2 else row[0]: row[-1] for row in await rows(url, statement)}


@pytest.fixture
async def url() -> AsyncIterator[str]:
    """A new sandbox."""
    name = f"demo_{new_id().hex}"
    yield await servers.create_database_async(name)
    await servers.drop_database_async(name)


@pytest.fixture
def settings(url: str) -> Settings:
    return settings_of(url)


async def a_past(url: str) -> None:
    """Let a sandbox begin as `migrate --days-back` makes it begin. The guard that forbids it is put back."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("ALTER TABLE market_clock DISABLE TRIGGER market_clock_guard")
        await connection.execute(
            f"UPDATE market_clock SET real_at = now(), market_at = now() - interval '{DAYS_BACK} days'"
        )
        await connection.execute("ALTER TABLE market_clock ENABLE TRIGGER market_clock_guard")
    finally:
        await connection.close()


@pytest.mark.timeout(300)
async def test_the_history_is_played_up_to_the_present_and_loaded_once(url: str, settings: Settings) -> None:
    await a_past(url)
    began = datetime.now(UTC)
    told = await load_into(settings)
    assert PASSWORD in told and lots.GUEST in told

    [(kind, at, real, rate)] = await rows(
        url, "SELECT kind, market_now(), clock_timestamp(), rate FROM market_clock"
    )
    assert (kind, rate) == ("sandbox", 1)
    assert abs(at - real) < timedelta(milliseconds=5)

    statuses = await count(url, "SELECT status, count(*) FROM achievements GROUP BY 1")
    assert statuses == {"published": PUBLISHED, "submitted": 2, "returned": 1, "registered": 1, "draft": 1}
    assert sum(statuses.values()) == len(data.achievements()) == PUBLISHED + HIDDEN
    demands = await count(url, "SELECT status, outcome, count(*) FROM demands GROUP BY 1, 2")
    assert demands[("closed", "awarded")] == 1
    assert sum(demands.values()) == len(data.demands()) == 25
    assert demands[("published", None)] == 20
    awards = await count(url, "SELECT rule, count(*) FROM awards GROUP BY 1")
    assert awards == {
        "negotiated_acceptance": 1,
        "listed_single_buyer": 1,
        "auction_highest_bid": 1,
        "demand_choice": 1,
    }
    assert await count(url, "SELECT status, count(*) FROM contracts GROUP BY 1") == {"confirmed": 4}
    assert [row[0] for row in await rows(url, "SELECT amount_minor FROM contracts ORDER BY 1")] == [
        28_000_000,
        46_800_000,
        76_000_000,
        300_000_000,
    ]
    [(balance,)] = await rows(url, "SELECT sum(amount_minor) FROM postings")
    assert balance == 0
    latest = (await rows(url, "SELECT max(confirmed_at) FROM contracts"))[0][0]
    assert latest < began - timedelta(days=9)

    await _expect_live_lots(url, began)

    before = await rows(url, "SELECT max(id), count(*) FROM events")
    clock = await rows(url, "SELECT * FROM market_clock")
    assert await load_into(settings) == told
    assert await rows(url, "SELECT max(id), count(*) FROM events") == before
    assert await rows(url, "SELECT * FROM market_clock") == clock


async def _expect_live_lots(url: str, began: datetime) -> None:
    """One is live, and the next nine days are covered without anybody's doing."""
    sales = await count(url, "SELECT status, count(*) FROM auctions GROUP BY 1")
    assert sales == {
        "awarded": 1,
        "passed_in": 1,
        "free_bidding": 1,
        "ready": READY_LOTS - 1,
        "registration_open": len(data.sales()["live_lots"]) - READY_LOTS + len(data.hall()["lots"]),
    }
    sessions = await rows(url, "SELECT status, starts_at > clock_timestamp() FROM sale_sessions")
    assert sessions == [("noticed", True)]
    running = "SELECT starts_at, ends_at, bid_no FROM auctions WHERE status = 'free_bidding'"
    [(starts_at, ends_at, bids)] = await rows(url, running)
    assert starts_at < began < ends_at and bids == 4
    starts = [
        row[0] for row in await rows(url, "SELECT starts_at FROM auctions WHERE status = 'ready' ORDER BY 1")
    ]
    assert starts == [starts_at + number * timedelta(days=1) for number in range(1, READY_LOTS)]
    guest = (
        "SELECT count(*) FROM registrations r JOIN parties p ON p.id = r.buyer_party_id"
        f" WHERE p.uscc = '{data.organisation('lbjm')['uscc']}' AND r.status = 'qualified'"
    )
    assert await rows(url, guest) == [(len(data.sales()["live_lots"]) + len(data.hall()["lots"]),)]


async def test_a_live_database_is_refused_in_one_line_and_left_alone(url: str, settings: Settings) -> None:
    name = f"live_{new_id().hex}"
    live = await servers.create_database_async(name, "template1")
    try:
        await asyncio.to_thread(upgrade, live)  # migrations run a loop of their own
        with pytest.raises(ServersFault, match=r"正式库.*live database") as refused:
            await load_into(settings_of(live))
        assert "\n" not in str(refused.value)
        assert await rows(live, "SELECT count(*) FROM parties") == [(0,)]
    finally:
        await servers.drop_database_async(name)


async def test_a_load_that_was_cut_short_is_noticed(url: str, settings: Settings) -> None:
    database = Database(settings.asyncpg_url, pool_size=1)
    await found(database, data.organisation(EXCHANGE))
    await database.dispose()
    with pytest.raises(ServersFault, match="make reset"):
        await load_into(settings)
    assert await rows(url, "SELECT count(*) FROM parties") == [(1,)]


async def test_two_loads_at_once_are_one(url: str, settings: Settings) -> None:
    other = await asyncpg.connect(url)
    await other.execute(f"SELECT pg_advisory_lock({LOCK})")
    with pytest.raises(ServersFault, match="another process"):
        await load_into(settings)
    await other.close()


async def test_without_a_key_nothing_is_begun(url: str, settings: Settings) -> None:
    with pytest.raises(ServersFault, match="SECRET_KEY"):
        await load_into(settings.model_copy(update={"secret_key": None}))
    assert await rows(url, "SELECT count(*) FROM parties") == [(0,)]


def test_everybody_has_one_login() -> None:
    logins = [row[0] for row in everybody()]
    assert len(logins) == len(set(logins))
    written = {str(one["login"]) for party in data.organisations() for one in party["people"]}
    assert written < set(logins)


def test_every_planned_lot_can_be_bid_for() -> None:
    planned = lots.planned()
    titles = [sale["title"] for sale in planned]
    assert len(titles) == len(set(titles)) > 35
    for sale in planned:
        keys = [one["party"] for one in sale["bidders"]]
        assert sale["seller"] not in keys and len(keys) == len(set(keys)) >= 2
        limits = [robot.limit_minor for robot in lots.robots_of(sale)]
        assert min(limits) > lots.fen_of_wan(sale["start_wan"])


def test_a_lot_made_anew_is_the_same_one() -> None:
    row = data.achievement("DEMO-CG-008")
    assert lots.made_of(row) == lots.made_of(row)
    again = lots.made_of(row, again=2)
    assert again is not None and again["title"].endswith("（第 2 次公告）")


def test_a_state_enterprise_offers_no_lot() -> None:
    assert lots.made_of(data.achievement("DEMO-CG-056")) is None
    assert lots.made_of(data.achievement("DEMO-CG-024")) is None  # equity and joint work are not auctioned


async def test_a_world_that_is_not_there_is_said_in_one_line() -> None:
    said: list[str] = []
    assert await asyncio.to_thread(play, "http://127.0.0.1:9", tell=said.append) is False
    assert "127.0.0.1:9" in said[-1]


def test_the_document_lists_everybody_and_the_password() -> None:
    text = (ROOT / "docs" / "demonstration.md").read_text(encoding="utf-8")
    for login, name, party, job in everybody():
        assert f"| `{login}` | {name} | {party} | {job} |" in text
    assert PASSWORD in text and f"--days-back {DAYS_BACK}" in text
