"""What is broadcast: joined while the pace says so, skipped when it is too much, told in order to whoever comes when."""

import asyncio
from collections.abc import AsyncIterator, Iterable, MutableMapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from app.db.session import Database
from app.http.broadcast import Broadcast, Broadcaster, Frame, Pace
from app.http.lines import BUFFER_BYTES, Line, Piece, Relay

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
SIZE = 1_000


class Ear(Line):
    """A line whose watcher remembers each write."""

    def __init__(self, place: int = 0) -> None:
        super().__init__(place)
        self.heard: list[str] = []

    def write(self, piece: Piece) -> bool:
        self.heard.append(piece.plain.decode().replace(".", ""))
        return True

    async def carry(self, send: Any) -> None:
        """Nothing."""


class Numbers(Broadcast):
    """A broadcast of numbers that the test tells."""

    def __init__(self, broadcaster: Broadcaster) -> None:
        super().__init__(broadcaster)
        self.kept: list[int] = []
        self.ready.set()

    async def read_on(self) -> None:
        await asyncio.Event().wait()

    async def behind(self, place: int) -> Sequence[Frame]:
        return ()

    def beat(self, at: datetime, place: int) -> bytes:
        return f"<{place}>".encode()

    def skipped(self, first: int, last: int) -> bytes:
        return f"[{first}-{last}]".encode()

    def passed(self, frames: Iterable[Frame]) -> None:
        self.kept += [place for place, _ in frames]

    def number(self, *numbers: int) -> None:
        """Tell numbers, each of a thousand bytes."""
        for one in numbers:
            self.tell(one, f" {one}".encode().ljust(SIZE, b"."))


@pytest.fixture
async def numbers(database: Database) -> AsyncIterator[Numbers]:
    """A hundred writes a second, and four hundred thousand bytes."""
    made = Numbers(Broadcaster(database, pace=Pace(writes_per_second=100, bytes_per_second=400 * SIZE)))
    made.open()
    yield made
    made.close()


async def test_news_within_the_pace_are_written_at_once_and_one_by_one(numbers: Numbers) -> None:
    ear = Ear()
    numbers.join(ear)
    for one in (1, 2, 3):
        numbers.number(one)
        await asyncio.sleep(0.01)
    assert ear.heard == [" 1", " 2", " 3"]


async def test_news_above_the_pace_are_joined_and_nobody_misses_any(numbers: Numbers) -> None:
    ears = [Ear() for _ in range(10)]
    for ear in ears:
        numbers.join(ear)
    for one in range(1, 41):
        numbers.number(one)
        await asyncio.sleep(0.01)
    await asyncio.sleep(1)
    for ear in ears:
        assert "".join(ear.heard).split() == [str(one) for one in range(1, 41)]
    # Ten lines at a hundred writes a second: ten pieces a second, and one or two more for the burst.
    assert len(ears[0].heard) <= 16
    assert numbers.kept == list(range(1, 41))


async def test_more_than_a_second_can_carry_is_skipped_with_its_places_and_the_latest_is_told(
    numbers: Numbers,
) -> None:
    ears = [Ear() for _ in range(10)]
    for ear in ears:
        numbers.join(ear)
    numbers.number(*range(1, 42))
    await asyncio.sleep(0.05)
    assert [ear.heard for ear in ears] == [["[1-40] 41"]] * 10
    assert numbers.place == 41
    # Who comes back for what was left out finds it.
    assert numbers.kept == list(range(1, 42))


async def test_as_much_as_a_second_can_carry_is_told_whole(numbers: Numbers) -> None:
    ears = [Ear() for _ in range(10)]
    for ear in ears:
        numbers.join(ear)
    numbers.number(*range(1, 41))
    await asyncio.sleep(0.05)
    assert [ear.heard for ear in ears] == [["".join(f" {one}" for one in range(1, 41))]] * 10


async def test_a_heartbeat_names_what_has_been_told_with_it_and_no_more(numbers: Numbers) -> None:
    ear = Ear()
    numbers.join(ear)
    numbers.number(1, 2)
    numbers.strike(NOON)
    await asyncio.sleep(0.01)
    assert ear.heard == [" 1 2<2>"]


async def test_one_who_has_heard_more_elsewhere_is_not_told_it_again(numbers: Numbers) -> None:
    early, usual = Ear(place=2), Ear()
    numbers.join(usual)
    numbers.join(early)
    numbers.strike(NOON)
    await asyncio.sleep(0.01)
    for one in (1, 2, 3):
        numbers.number(one)
        await asyncio.sleep(0.01)
    assert usual.heard == ["<0>", " 1", " 2", " 3"]
    assert early.heard == ["<2>", " 3"]


class Stiff(Ear):
    """A line whose buffer is full whenever the test says so."""

    full = False

    def write(self, piece: Piece) -> bool:
        return not self.full and super().write(piece)


async def test_one_whose_buffer_is_full_leaves_the_line_at_his_place_and_the_others_hear_on(
    numbers: Numbers,
) -> None:
    slow, usual = Stiff(), Ear()
    for ear in (slow, usual):
        numbers.join(ear)
    for one in (1, 2, 3):
        slow.full = one > 1
        numbers.number(one)
        await asyncio.sleep(0.01)
    assert (slow.heard, slow.place) == ([" 1"], 1)
    assert usual.heard == [" 1", " 2", " 3"]


async def test_a_line_through_asgi_keeps_no_more_than_its_buffer_and_sends_all_of_that() -> None:
    line = Relay(0)
    taken: list[int] = []
    may_take = asyncio.Event()

    async def send(message: MutableMapping[str, Any]) -> None:
        await may_take.wait()
        taken.append(len(message["body"]))

    carrying = asyncio.create_task(line.carry(send))
    piece = Piece.of(b"x" * (BUFFER_BYTES // 4))
    assert line.write(piece)
    await asyncio.sleep(0.01)
    assert [line.write(piece) for _ in range(6)] == [True] * 4 + [False] * 2
    may_take.set()
    await asyncio.wait_for(carrying, 5)
    assert taken == [len(piece.plain), 4 * len(piece.plain)]


def test_a_piece_is_a_chunk_of_its_length() -> None:
    assert Piece.of(b"0123456789abcdef").chunk == b"10\r\n0123456789abcdef\r\n"
