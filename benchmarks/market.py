"""A market to bid on: one sale played up to its bidding by the service's own actions, and copies of it.

A copy has the rows of the first one under other ids (offering, auction, registrations, deposits, record), so that a
hundred hot sales with a hundred bidders each are there in seconds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions.schemas import StepIn
from app.auctions.tables import AuctionEventRow, AuctionRow
from app.db.base import Base
from app.db.session import Database
from app.identity.access import Actor
from app.kit.ids import new_id
from app.markets.registrations.tables import RegistrationRow
from app.markets.tables import OfferingRow
from app.settlement import repository as settlement
from app.settlement.rules import BANK, Account, transfer
from app.settlement.states import AccountKind, JournalKind
from app.settlement.tables import DepositRow
from tests.factories.auctions import TERMS, Sale, make_started

START_MINOR = 1_000_000
STEP_MINOR = 100
LONG_SECONDS = 30 * 86_400


@dataclass
class Market:
    """Sales in their free phase, the keys of those who may bid in all of them, and one bidder's ids."""

    auctions: list[UUID]
    keys: list[str]
    offering_id: UUID
    registration_id: UUID
    user_id: UUID
    actor: Actor


async def make_market(database: Database, *, auctions: int, bidders: int, funded: bool = False) -> Market:
    """The first sale with so many bidders, whose deposits are held, and its copies.

    funded: the copies' deposits are in the ledger too, so that they can be released; each copy then has two of the bidders,
    the first one and another: a hundred sales that end together seldom end for the same people.
    """
    terms = TERMS.model_copy(
        update={
            "start_price": "10000.00",
            "deposit": "1000.00",
            "ladder": [StepIn(from_price="0.00", increment="1.00")],
            "free_seconds": LONG_SECONDS,
        }
    )
    async with database.transaction() as session:
        sale = await make_started(session, bidders=bidders, terms=terms)
    made = [sale.auction_id]
    for number in range(auctions - 1):
        who = sale.registrations
        if funded:
            who = [who[0], who[1 + number % (len(who) - 1)]]
        async with database.transaction() as session:
            made.append(await _copy(session, sale, who, funded=funded))
    return Market(
        auctions=made,
        keys=[member.key for member in sale.bidders],
        offering_id=sale.offering_id,
        registration_id=sale.registrations[0],
        user_id=sale.bidders[0].user_id,
        actor=sale.bidders[0].actor,
    )


async def _copy(session: AsyncSession, sale: Sale, registrations: Sequence[UUID], *, funded: bool) -> UUID:
    offering_id, auction_id = new_id(), new_id()
    number = f"BENCH-{auction_id.hex}"
    await _rows(session, OfferingRow, OfferingRow.id == sale.offering_id, id=offering_id, number=number)
    await _rows(
        session,
        AuctionRow,
        AuctionRow.id == sale.auction_id,
        id=auction_id,
        offering_id=offering_id,
        number=number,
    )
    await _rows(
        session, AuctionEventRow, AuctionEventRow.auction_id == sale.auction_id, auction_id=auction_id
    )
    ids = {old: new_id() for old in registrations}
    for model, column in ((RegistrationRow, "id"), (DepositRow, "reference_id")):
        table = model.__table__
        found = await session.execute(select(table).where(table.c[column].in_(list(ids))))
        copies = []
        for row in found.mappings():
            copied = dict(row) | {"number": f"BENCH-{new_id().hex}"}
            copied |= {"id": new_id()} | {column: ids[row[column]]}
            copies.append(copied | ({"offering_id": offering_id} if "offering_id" in copied else {}))
        await session.execute(insert(table), copies)
        if funded and model is DepositRow:
            await settlement.post(session, [_held(copied) for copied in copies])
    return auction_id


def _held(deposit: dict[str, Any]) -> settlement.Entry:
    """The journal by which a deposit came in."""
    account = Account(AccountKind.DEPOSIT, deposit_id=deposit["id"])
    return settlement.Entry(
        kind=JournalKind.DEPOSIT_HELD,
        lines=transfer(deposit["amount_minor"], debit=BANK, credit=account),
        reference_kind="deposit",
        reference_id=deposit["id"],
        at=deposit["created_at"],
    )


async def _rows(session: AsyncSession, model: type[Base], which: Any, **changed: Any) -> None:
    """Copy rows with some columns changed."""
    table = model.__table__
    found = await session.execute(select(table).where(which))
    await session.execute(insert(table), [dict(row) | changed for row in found.mappings()])


async def next_amounts(url: str, auctions: Sequence[UUID]) -> list[int]:
    """What the next bid on each must be, in fen."""
    connection = await asyncpg.connect(url)
    try:
        found = await connection.fetch(
            "SELECT id, current_minor FROM auctions WHERE id = ANY($1::uuid[])", list(auctions)
        )
    finally:
        await connection.close()
    price = {row["id"]: row["current_minor"] for row in found}
    return [START_MINOR if price[one] is None else price[one] + STEP_MINOR for one in auctions]


async def store_bids(url: str, market: Market, count: int) -> None:
    """Store so many bids of another sale, each with its event, its outbox row and its key, as if they had been placed."""
    other = market.auctions[-1]
    connection = await asyncpg.connect(url)
    try:
        first = await connection.fetchval("SELECT seq FROM auctions WHERE id = $1", other)
        for statement in _STORE:
            for start in range(0, count, STORE_CHUNK):
                end = min(count, start + STORE_CHUNK) - 1
                named = {
                    "auction": f"'{other}'::uuid",
                    "registration": f"'{market.registration_id}'::uuid",
                    "user": f"'{market.user_id}'::uuid",
                    "first": first,
                    "start": start,
                    "end": end,
                }
                await connection.execute(statement.format(**named))
        await connection.execute("VACUUM ANALYZE")
        await connection.execute("CHECKPOINT")
    finally:
        await connection.close()


STORE_CHUNK = 100_000
_STORE = (
    (
        "INSERT INTO auction_events (auction_id, seq, kind, payload, at, prev_hash, hash)"
        " SELECT {auction}, {first} + 1 + n, 'bid_placed', jsonb_build_object('bid_no', n + 1, 'bidder_code', 'X',"
        " 'amount_minor', 1000000 + n * 100, 'via', 'web'), market_now(), sha256('a'), sha256('b')"
        " FROM generate_series({start}, {end}) AS n"
    ),
    (
        "INSERT INTO bids (auction_id, bid_no, seq, registration_id, bidder_code, amount_minor, at, placed_by)"
        " SELECT {auction}, n + 1, {first} + 1 + n, {registration}, 'X', 1000000 + n * 100, market_now(), {user}"
        " FROM generate_series({start}, {end}) AS n"
    ),
    (
        "INSERT INTO events (kind, version, subject, subject_id, public, parties, payload, at)"
        " SELECT 'auctions.bid_placed', 1, 'auction', {auction}, true, '{{}}',"
        " jsonb_build_object('seq', n, 'bid_no', n, 'amount', '10000.00'), market_now()"
        " FROM generate_series({start}, {end}) AS n"
    ),
    (
        "INSERT INTO idempotency_keys (actor_id, key, route, request_hash, status, headers, body)"
        " SELECT gen_random_uuid(), n::text || 'stored-key', 'POST /v1/auctions/x/bids', repeat('0', 64), 201, '{{}}',"
        " repeat('x', 1500) FROM generate_series({start}, {end}) AS n"
    ),
)
