"""A batch of bids in one transaction: judged in the order in which they came, answered under their keys.

A bid whose key is on record is answered from it. One whose key comes a second time in the same batch gets the first
one's answer. What is refused is on record too, but for what the caller can put right under the same key.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions import queries
from app.auctions.actions.ledger import Judged, Ledger, Parties, Wish
from app.auctions.repository import batches
from app.auctions.schemas import BidIn
from app.db import plain
from app.db.clock import Clock
from app.http.answers import Answer, Kept, KeyUse, found_kept, keep, looking_up
from app.http.idempotency import IdempotencyKeyReused
from app.http.problems import InternalFault, answer_of
from app.http.session import NOT_KEPT
from app.identity.access import Actor
from app.kit.errors import Refusal
from app.kit.money import fen

log = structlog.get_logger()

_JSON = {"content-type": "application/json"}


@dataclass(frozen=True)
class Asked:
    """A bid as it was asked for, by whom, under which key. request_id: what a refusal of it names."""

    auction_id: UUID
    actor: Actor
    bid: BidIn
    use: KeyUse
    request_id: str

    def wish(self) -> Wish:
        """What is to be judged."""
        return Wish(
            auction_id=self.auction_id,
            party_id=self.actor.party_id,
            user_id=self.actor.user_id,
            amount_minor=fen(self.bid.amount),
            confirmed=self.bid.confirm_jump,
        )


async def place_bids(
    session: AsyncSession,
    clock: Clock,
    *,
    asked: Sequence[Asked],
    patience_seconds: float | None,
    parties: Parties | None = None,
    meanwhile: Callable[[], None] = lambda: None,
) -> list[Answer | None]:
    """Judge these bids and store what they come to; the caller commits. An answer for each, in their order.

    None: somebody else holds the auction. patience_seconds: how long to wait for it instead. parties: what the caller
    remembers from batch to batch; meanwhile: called before the wait for what is written. Raises `KeyTaken` where a
    key has been used meanwhile, and whatever the database raises: then nothing has happened.
    """
    plain.use_waits(session, meanwhile)
    if patience_seconds is not None:
        await batches.be_patient(session, patience_seconds)
    wanted = {one.auction_id for one in asked}
    rows = await batches.take(session, wanted, wait=patience_seconds is not None)
    absent = wanted - rows.keys()
    held = await batches.existing(session, absent) if absent else set()
    mine = [one for one in asked if one.auction_id not in held]
    keys = looking_up({one.use.name for one in mine})
    wishes = [one.wish() for one in mine]
    ledger = await Ledger.open(session, rows, wishes, parties, beside=keys)
    page = _Page(kept=found_kept(ledger.beside), ledger=ledger)
    for one, wish in zip(mine, wishes, strict=True):
        page.hear(one, wish)
    async with plain.posting(session):
        await page.ledger.write(session, clock)
        page.answer_accepted()
        await keep(session, page.new)
    page.ledger.hand_over(session)
    return [None if one.auction_id in held else page.answer_to(one) for one in asked]


class _Page:
    """The answers of one batch as they come to be."""

    def __init__(self, kept: dict[tuple[UUID, str], Kept], ledger: Ledger) -> None:
        self.kept, self.ledger = kept, ledger
        self.new: list[Kept] = []
        self._first: dict[tuple[UUID, str], Asked] = {}
        self._answers: dict[int, Answer] = {}
        self._accepted: list[tuple[Asked, Judged]] = []

    def hear(self, one: Asked, wish: Wish) -> None:
        """Judge one bid, unless its key has an answer or will get one."""
        name = one.use.name
        on_record = self.kept.get(name)
        if on_record is not None:
            self._answers[id(one)] = on_record.answer if on_record.use == one.use else _reused(one)
            return
        first = self._first.setdefault(name, one)
        if first is not one:
            if first.use != one.use:
                self._answers[id(one)] = _reused(one)
            return
        try:
            self._accepted.append((one, self.ledger.judge(wish)))
        except Refusal as refusal:
            self._settle(one, answer_of(refusal, one.request_id), keep=refusal.status not in NOT_KEPT)
        except Exception as error:
            log.error("bid_not_judged", auction_id=str(one.auction_id), exc_info=error)
            self._settle(one, answer_of(InternalFault(), one.request_id), keep=False)

    def answer_accepted(self) -> None:
        """Write the answers of accepted bids."""
        for one, judged in self._accepted:
            receipt = self.ledger.receipt(judged)
            body = queries.bid_body(judged.row.id, judged.bid, judged.after, judged.digest, receipt)
            self._settle(one, Answer(201, body, _JSON), keep=True)

    def answer_to(self, one: Asked) -> Answer:
        """The answer to a bid: its own, or that of the first one with its key."""
        own = self._answers.get(id(one))
        if own is not None:
            return own
        first = self._answers[id(self._first[one.use.name])]
        return Answer(first.status, first.body, first.headers, replayed=True)

    def _settle(self, one: Asked, answer: Answer, *, keep: bool) -> None:
        self._answers[id(one)] = answer
        if keep:
            self.new.append(Kept(one.use, answer))


def _reused(one: Asked) -> Answer:
    return answer_of(IdempotencyKeyReused(field="/header/Idempotency-Key"), one.request_id)
