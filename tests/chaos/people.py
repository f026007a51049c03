"""Who uses the service during a storm, and writes down what he asked, when, and what he was told."""

import asyncio
import contextlib
import json
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from math import inf
from typing import Any

import httpx

from app.kit.ids import new_id
from app.kit.money import fen, yuan
from tests.chaos.cluster import Cluster
from tests.factories.auctions import Sale
from tests.factories.identity import Member
from tests.invariants.i_03 import Bid, Operation, Read, Refused

SENDINGS = 4
PATIENCE_SECONDS = 4.0
HASTY_SECONDS = 0.02
ENDED = {"awarded", "passed_in", "cancelled"}
LANE = 100
"""Amounts are so many fen apart that each bidder has a lane of his own: no two bids are of one amount."""


@dataclass(frozen=True)
class Sent:
    """A bid that somebody wants to be answered."""

    member: Member
    key: str
    amount: int
    call: float
    by: str


@dataclass
class History:
    """What all clients of one sale saw."""

    operations: list[Operation] = field(default_factory=list)
    sent: set[int] = field(default_factory=set)
    """Every amount that anybody sent, in fen."""
    acknowledged: dict[int, int] = field(default_factory=dict)
    """bid_no → amount in fen."""
    kept: list[tuple[Sent, dict[str, Any]]] = field(default_factory=list)
    """The accepted bids and the answers to them."""
    heard: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    """Events by watcher."""
    answers: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    """What no client may ever be told: a 500, an answer of another amount, two bids of one number."""

    def unknown(self) -> int:
        """How many bids were never answered."""
        return sum(one.back == inf for one in self.operations)


class Crowd:
    """Bidders, readers and watchers of one sale until `stop` is set."""

    def __init__(self, cluster: Cluster, sale: Sale, seed: int) -> None:
        self.cluster, self.sale, self.seed = cluster, sale, seed
        self.history = History()
        self.stop = asyncio.Event()
        self._path = f"/v1/auctions/{sale.auction_id}"

    def start(self) -> list[asyncio.Task[None]]:
        """Everybody begins."""
        everybody = [self._bid(number) for number in range(len(self.sale.bidders))]
        everybody += [self._read(number) for number in range(2)]
        everybody += [self._watch(number) for number in range(2)]
        return [asyncio.create_task(one) for one in everybody]

    async def _bid(self, number: int) -> None:
        choice = random.Random(f"{self.seed}/bidder {number}")
        member, used = self.sale.bidders[number], 0
        async with httpx.AsyncClient(timeout=PATIENCE_SECONDS) as client:
            while not self.stop.is_set():
                seen = await self._look(client, choice, f"bidder {number}")
                if seen is None or seen.ended:
                    await asyncio.sleep(0.1)
                    continue
                base = max(seen.price or fen(START), used)
                amount = (base // LANE + choice.choice((1, 1, 2))) * LANE + number
                used = amount
                await self._send(client, choice, member, amount, f"bidder {number}")
                await asyncio.sleep(choice.choice((0, 0, 0.01, 0.05)))

    async def _read(self, number: int) -> None:
        choice = random.Random(f"{self.seed}/reader {number}")
        async with httpx.AsyncClient(timeout=PATIENCE_SECONDS) as client:
            while not self.stop.is_set():
                await self._look(client, choice, f"reader {number}")
                await asyncio.sleep(choice.uniform(0.01, 0.1))

    async def _look(self, client: httpx.AsyncClient, choice: random.Random, by: str) -> Read | None:
        url = choice.choice(self.cluster.nodes).url
        call = time.monotonic()
        try:
            answer = await client.get(f"{url}{self._path}")
        except httpx.HTTPError:
            await asyncio.sleep(0.02)
            return None
        self._count("read", answer)
        if answer.status_code != 200:
            await asyncio.sleep(0.05)
            return None
        told = answer.json()
        price = told["current_price"]
        seen = Read(told["bid_no"], fen(price["amount"]) if price else None, told["status"] in ENDED)
        self.history.operations.append(Operation(call, time.monotonic(), seen, by))
        return seen

    async def _send(
        self, client: httpx.AsyncClient, choice: random.Random, member: Member, amount: int, by: str
    ) -> None:
        """One bid under one key, through whichever server, asked again while it is not answered."""
        sent = Sent(member, new_id().hex, amount, time.monotonic(), by)
        self.history.sent.add(amount)
        for _ in range(choice.choice((1, SENDINGS, SENDINGS))):
            url = choice.choice(self.cluster.nodes).url
            hasty = choice.random() < 0.05
            try:
                answer = await client.post(
                    f"{url}{self._path}/bids",
                    json={"amount": yuan(amount)},
                    headers=member.headers | {"Idempotency-Key": sent.key},
                    timeout=HASTY_SECONDS if hasty else PATIENCE_SECONDS,
                )
            except httpx.HTTPError:
                self.history.answers["bid unanswered"] += 1
                continue
            self._count("bid", answer)
            if answer.status_code not in (429, 503):
                self._answered(answer, sent)
                return
            await asyncio.sleep(0.05)
        self.history.operations.append(Operation(sent.call, inf, Bid(amount), by))

    def _answered(self, answer: httpx.Response, sent: Sent) -> None:
        history, back, told, amount = self.history, time.monotonic(), answer.json(), sent.amount
        if answer.status_code == 201:
            number = told["bid_no"]
            if fen(told["amount"]["amount"]) != amount:
                history.faults.append(f"a bid of {amount} was answered as one of {told['amount']}")
            if history.acknowledged.setdefault(number, amount) != amount:
                history.faults.append(f"two bids of number {number} were acknowledged")
            history.kept.append((sent, told))
            history.operations.append(Operation(sent.call, back, Bid(amount, number), sent.by))
            return
        price = told.get("current_price") if told.get("code") == "bid_not_above_current" else None
        did = Refused(amount, fen(price) if price else None)
        history.operations.append(Operation(sent.call, back, did, sent.by))

    def _count(self, what: str, answer: httpx.Response) -> None:
        code = f" {answer.json().get('code')}" if answer.status_code in (403, 409) else ""
        self.history.answers[f"{what} {answer.status_code}{code}"] += 1
        if answer.status_code >= 500 and answer.status_code != 503:
            self.history.faults.append(f"{what} was answered {answer.status_code}: {answer.text[:200]}")

    async def _watch(self, number: int) -> None:
        """Reads the stream, from one server or the other, and comes back with the id of what it heard last."""
        heard = self.history.heard.setdefault(f"watcher {number}", [])
        turn = number
        while not self.stop.is_set():
            node = self.cluster.nodes[turn % 2]
            turn += 1
            last = {"Last-Event-ID": str(heard[-1]["seq"])} if heard else {}
            with contextlib.suppress(httpx.HTTPError):
                # A stream is never silent for longer than its heartbeat.
                async with (
                    httpx.AsyncClient(timeout=7) as client,
                    client.stream("GET", f"{node.url}{self._path}/stream", headers=last) as response,
                ):
                    if response.status_code == 200:
                        await self._listen(response, heard)
            await asyncio.sleep(0.1)

    async def _listen(self, response: httpx.Response, heard: list[dict[str, Any]]) -> None:
        name = ""
        async for line in response.aiter_lines():
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
            elif line.startswith("data: ") and name != "heartbeat":
                heard.append(json.loads(line.removeprefix("data: ")))
            if self.stop.is_set():
                return

    async def ask_again(self, count: int) -> None:
        """Repeat accepted bids under their keys: the answer is the one that was given, and nothing happens."""
        choice = random.Random(self.seed)
        kept = choice.sample(self.history.kept, min(count, len(self.history.kept)))
        async with httpx.AsyncClient(timeout=10) as client:
            for sent, told in kept:
                answer = await client.post(
                    f"{choice.choice(self.cluster.nodes).url}{self._path}/bids",
                    json={"amount": yuan(sent.amount)},
                    headers=sent.member.headers | {"Idempotency-Key": sent.key},
                )
                if (answer.status_code, answer.json()) != (201, told):
                    self.history.faults.append(f"a repeated key was answered {answer.text[:200]}")


START = "2000000.00"
