"""Judging bids and storing what they come to: one bid or a batch, on one auction or many, in one transaction.

The beats of every write, for a batch: the auctions are locked, the clock is read once, what the engine needs is read for
all bids in one statement each, the engine judges the bids in the order in which they came, each on the snapshot that
the one before has left, and what was accepted is stored in a constant number of statements.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions import repository
from app.auctions.actions.closing import codes_concerned, events_of, follow, topic
from app.auctions.repository import batches
from app.auctions.rules import engine
from app.auctions.rules.commands import BidVia, PlaceBid
from app.auctions.rules.facts import BidPlaced, Fact
from app.auctions.rules.snapshot import Snapshot
from app.auctions.sessions.repository.units import InSession
from app.auctions.tables import AuctionRow
from app.db import plain
from app.db.clock import Clock
from app.events import outbox
from app.hub import tell, wake
from app.kit.errors import Busy, NotFound
from app.kit.frozen import made
from app.signing.rules.receipts import Batch


@dataclass(frozen=True, slots=True)
class Wish:
    """A bid that somebody wants to place, in fen. confirmed: a large jump is meant.

    user_id: who sends it for the party; in the hall (`BidVia.FLOOR`), who enters it and is not asked for his own standing.
    """

    auction_id: UUID
    party_id: UUID
    user_id: UUID
    amount_minor: int
    via: BidVia = BidVia.WEB
    confirmed: bool = False

    @property
    def by(self) -> UUID | None:
        """Who bids over the web; None in the hall."""
        return None if self.via is BidVia.FLOOR else self.user_id

    @property
    def name(self) -> tuple[UUID, UUID, UUID | None]:
        """Whose standing in which auction this bid needs."""
        return (self.auction_id, self.party_id, self.by)


@dataclass(frozen=True, slots=True)
class Judged:
    """An accepted bid: its fact, its hash in the chain, and the auction after it."""

    row: AuctionRow
    bid: BidPlaced
    digest: bytes
    after: Snapshot


@dataclass
class _Book:
    """A locked auction, and what is being entered into its record."""

    draft: repository.Draft
    beside: repository.Beside
    decisions: list[tuple[Sequence[Fact], str | None]] = field(default_factory=list)


class Parties:
    """Which party bids under which code of which offering, as far as somebody remembers it: a code is never drawn twice."""

    KEPT: Final = 50_000

    def __init__(self) -> None:
        self._known: dict[tuple[UUID, str], UUID] = {}

    def learn(self, offering_id: UUID, code: str, party_id: UUID) -> None:
        """Remember one."""
        if len(self._known) >= self.KEPT:
            self._known.clear()
        self._known[offering_id, code] = party_id

    async def of(
        self, session: AsyncSession, codes: Collection[tuple[UUID, str]]
    ) -> Mapping[tuple[UUID, str], UUID]:
        """The parties behind these codes; asked for where they are not remembered."""
        found = {name: self._known[name] for name in codes if name in self._known}
        for (offering_id, code), one in (
            await repository.identities_of(session, [name for name in codes if name not in found])
        ).items():
            self.learn(offering_id, code, one.party_id)
            found[offering_id, code] = one.party_id
        return found


NOTHING_ELSE: Final = plain.Reading("SELECT WHERE false", ())


class Ledger:
    """Locked auctions on which bids are judged at one instant. Nothing is stored before `write`."""

    def __init__(
        self,
        read: repository.Locked,
        books: Mapping[UUID, _Book],
        bidders: Mapping[tuple[UUID, UUID, UUID | None], repository.Bidder],
        here: InSession,
        parties: Parties,
        *,
        waiting: Collection[UUID] = (),
    ) -> None:
        self.at, self.beside = read.at, read.beside
        self._books, self._bidders, self._here = books, bidders, here
        self._parties, self._waiting = parties, waiting
        self._signed: Batch | None = None
        self._indices: dict[tuple[UUID, int], int] = {}

    @classmethod
    async def open(
        cls,
        session: AsyncSession,
        rows: Mapping[UUID, AuctionRow],
        wishes: Sequence[Wish],
        parties: Parties | None = None,
        beside: plain.Reading = NOTHING_ELSE,
    ) -> "Ledger":
        """Read the clock and what the engine needs to know for these wishes; in the same statement what the caller wants
        to read beside it (`Ledger.beside`). The rows are locked stand-ins.
        """
        announced = {key: row for key, row in rows.items() if repository.is_announced(row)}
        asked = {wish.name: wish for wish in wishes if wish.auction_id in announced}
        read = await repository.read_locked(
            session,
            [
                repository.Asking(announced[wish.auction_id], wish.party_id, wish.by)
                for wish in asked.values()
            ],
            beside,
        )
        locked = list(announced.values())
        given = await repository.beside(session, locked, read.at, apart=True)
        here = await InSession.open(session, locked, [one.standing.code for one in read.bidders])
        books = {key: _Book(repository.Draft.of(announced[key]), one) for key, one in given.items()}
        return cls(
            read,
            books,
            dict(zip(asked, read.bidders, strict=True)),
            here,
            parties or Parties(),
            waiting=announced.keys() - books.keys(),
        )

    def judge(self, wish: Wish) -> Judged:
        """Let the engine judge one bid. Raises its refusal, in which case nothing has happened; `NotFound` for an
        auction that is absent or still a draft: nobody outside learns that there is one; `Busy` for one of which it is
        not known yet whether an outage touched it.
        """
        book = self._books.get(wish.auction_id)
        if wish.auction_id in self._waiting:
            raise Busy()
        if book is None:
            raise NotFound()
        draft, bidder, here = book.draft, self._bidders[wish.name], self._here
        command = made(
            PlaceBid,
            bidder=here.standing(wish.auction_id, bidder.standing, by=wish.by),
            amount_minor=wish.amount_minor,
            via=wish.via,
            confirmed=wish.confirmed,
        )
        leader_before = draft.now.leader_code
        given = here.given(wish.auction_id, book.beside.given, leader_before)
        decided = engine.judge(draft.now, command, self.at, given)
        facts = decided.facts
        bids = [fact for fact in facts if isinstance(fact, BidPlaced)]
        here.lead(wish.auction_id, bids[-1].bidder_code)
        sender = None
        if bidder.registration_id is not None:
            sender = repository.Sender(bidder.registration_id, wish.user_id)
        digests = draft.enter(facts, sender=sender, proxies=book.beside.proxies, after=decided.now)
        book.decisions.append((facts, leader_before))
        bid = next(fact for fact in bids if fact.via is not BidVia.PROXY)
        self._parties.learn(draft.row.offering_id, bid.bidder_code, wish.party_id)
        return Judged(draft.row, bid, digests[bid.seq], draft.now)

    def receipt(self, judged: Judged) -> dict[str, Any] | None:
        """The receipt of a bid that was written; None where this process does not sign."""
        if self._signed is None:
            return None
        return self._signed.receipt(self._indices[judged.row.id, judged.bid.seq])

    async def write(self, session: AsyncSession, clock: Clock) -> None:
        """Store what was entered, do what follows, record the events, and wake who watches once it is durable."""
        books = [book for book in self._books.values() if book.decisions]
        for book in books:
            told = [fact for facts, _ in book.decisions for fact in facts]
            await follow(session, clock, book.draft, told)
        await self._here.write(session, self.at)
        self._signed = await repository.append(session, [book.draft for book in books])
        if self._signed is not None:
            entries = enumerate(self._signed.entries)
            self._indices = {(entry.chain_id, entry.seq): index for index, entry in entries}
        await batches.update_rows(session, [book.draft.row for book in books])
        codes = {
            (book.draft.row.offering_id, code)
            for book in books
            for facts, leader in book.decisions
            for code in codes_concerned(facts, leader)
        }
        known = await self._parties.of(session, codes)
        events = []
        for book in books:
            row = book.draft.row
            for facts, leader in book.decisions:
                concerned = [known[row.offering_id, code] for code in sorted(codes_concerned(facts, leader))]
                events += events_of(row, facts, concerned)
            wake(session, topic(row.id))
        await outbox.record(session, *events)

    def hand_over(self, session: AsyncSession) -> None:
        """Leave the facts and their hashes for those who watch in this process. For a transaction without savepoints."""
        for book in self._books.values():
            if book.decisions:
                facts = [fact for told, _ in book.decisions for fact in told]
                hashes = [event["hash"] for event in book.draft.events]
                tell(session, topic(book.draft.row.id), list(zip(facts, hashes, strict=True)))
