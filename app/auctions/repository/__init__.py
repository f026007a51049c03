"""Loading, locking and saving auctions. All statements that write are here.

Lock order: the auction's row first, `FOR NO KEY UPDATE`; what lies below (offering, registrations, accounts) after it
and only where the sale ends. A bid locks nothing but its auction.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import and_, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions.rules import engine
from app.auctions.rules.facts import BidPlaced, Fact
from app.auctions.rules.record import fact_of, link, payload
from app.auctions.rules.snapshot import Snapshot, Standing
from app.auctions.rules.terms import Terms, Timetable
from app.auctions.states import ENDED, MACHINE, AuctionStatus
from app.auctions.tables import AuctionEventRow, AuctionRow, BidRow
from app.identity.access import Actor
from app.kit.errors import NotFound
from app.markets.registrations.states import RegistrationStatus
from app.markets.registrations.tables import RegistrationRow
from app.markets.tables import OfferingRow
from app.settlement.states import DepositStatus
from app.settlement.tables import DepositRow

TERMS: Final = TypeAdapter(Terms)

_MAY_BID = (RegistrationStatus.QUALIFIED, RegistrationStatus.QUALIFIED_PENDING_DEPOSIT)
"""Decided in his favour; whether the deposit is held is asked of settlement itself."""

_COUNTED = (
    "seq",
    "bid_no",
    "current_minor",
    "leader_code",
    "leader_seq",
    "free_ends_at",
    "ends_at",
    "extension_count",
    "suspended_at",
    "last_at",
)


def stored_terms(terms: Terms) -> dict[str, Any]:
    """Terms as they are stored."""
    plain: dict[str, Any] = TERMS.dump_python(terms, mode="json")
    return plain


def terms_of(row: AuctionRow) -> Terms:
    """The terms of a row."""
    return TERMS.validate_python(row.terms)


def snapshot_of(row: AuctionRow) -> Snapshot:
    """What the engine needs to know of a row."""
    return Snapshot(
        terms=terms_of(row),
        status=AuctionStatus(row.status),
        timetable=_timetable_of(row),
        interrupted=AuctionStatus(row.interrupted) if row.interrupted else None,
        **{name: getattr(row, name) for name in _COUNTED},
    )


def _timetable_of(row: AuctionRow) -> Timetable | None:
    if (
        row.registration_opens_at is None
        or row.registration_closes_at is None
        or row.deposit_due_at is None
        or row.starts_at is None
    ):
        return None
    return Timetable(
        registration_opens_at=row.registration_opens_at,
        registration_closes_at=row.registration_closes_at,
        deposit_due_at=row.deposit_due_at,
        starts_at=row.starts_at,
    )


async def lock(session: AsyncSession, auction_id: UUID) -> AuctionRow:
    """The auction, locked until the transaction ends. Raises `NotFound`."""
    found = await session.execute(
        select(AuctionRow)
        .where(AuctionRow.id == auction_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    row = found.scalar_one_or_none()
    if row is None:
        raise NotFound()
    return row


async def take_due(session: AsyncSession) -> AuctionRow | None:
    """One auction on which something is due by market time, locked; rows that somebody else holds are passed over."""
    found = await session.execute(
        select(AuctionRow)
        .where(AuctionRow.next_due_at <= text("market_now()"))
        .where((AuctionRow.retry_at.is_(None)) | (AuctionRow.retry_at <= text("clock_timestamp()")))
        .order_by(AuctionRow.next_due_at)
        .limit(1)
        .with_for_update(key_share=True, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return found.scalar_one_or_none()


async def put_off(session: AsyncSession, auction_id: UUID) -> None:
    """Leave an auction whose sweep failed alone for five real seconds."""
    await session.execute(
        update(AuctionRow)
        .where(AuctionRow.id == auction_id)
        .values(retry_at=text("clock_timestamp() + interval '5 seconds'"))
    )


async def save(
    session: AsyncSession,
    row: AuctionRow,
    facts: Sequence[Fact],
    *,
    registration_id: UUID | None = None,
    placed_by: UUID | None = None,
) -> dict[int, bytes]:
    """Append the facts to the record and its chain, the bid among them to the bids, and fold them into the row.

    Returns the hash of each by its `seq`.
    """
    if not facts:
        return {}
    head, after = row.chain_head, snapshot_of(row)
    events: list[dict[str, Any]] = []
    for fact in facts:
        after = engine.apply(after, fact)
        if row.status != after.status:
            MACHINE.advance(row, after.status)
        digest = link(row.id, fact, head)
        events.append(
            {
                "auction_id": row.id,
                "seq": fact.seq,
                "kind": fact.kind,
                "payload": payload(fact),
                "at": fact.at,
                "prev_hash": head,
                "hash": digest,
            }
        )
        head = digest
    _fold_into(row, after)
    row.chain_head = head
    await session.flush()
    await session.execute(insert(AuctionEventRow), events)
    bids = [fact for fact in facts if isinstance(fact, BidPlaced)]
    if bids:
        await session.execute(insert(BidRow), [_bid(row, bid, registration_id, placed_by) for bid in bids])
    return {event["seq"]: event["hash"] for event in events}


def _bid(
    row: AuctionRow, bid: BidPlaced, registration_id: UUID | None, placed_by: UUID | None
) -> dict[str, Any]:
    return {
        "auction_id": row.id,
        "bid_no": bid.bid_no,
        "seq": bid.seq,
        "registration_id": registration_id,
        "bidder_code": bid.bidder_code,
        "amount_minor": bid.amount_minor,
        "at": bid.at,
        "placed_by": placed_by,
    }


def _fold_into(row: AuctionRow, after: Snapshot) -> None:
    for name in _COUNTED:
        setattr(row, name, getattr(after, name))
    if after.timetable is not None:
        for name, instant in asdict(after.timetable).items():
            setattr(row, name, instant)
        row.sorted_at = after.timetable.starts_at
    row.terms = stored_terms(after.terms)
    row.interrupted = after.interrupted
    row.next_due_at = engine.due(after)
    row.retry_at = None


async def facts_of(
    session: AsyncSession, auction_id: UUID, after: int = 0, limit: int = 1_000
) -> list[tuple[Fact, bytes]]:
    """The public facts after a `seq`, in order, each with its hash."""
    found = await session.execute(
        select(AuctionEventRow)
        .where(AuctionEventRow.auction_id == auction_id, AuctionEventRow.seq > after)
        .order_by(AuctionEventRow.seq)
        .limit(limit)
    )
    return [
        (fact_of(seq=row.seq, at=row.at, kind=row.kind, payload=row.payload), row.hash)
        for row in found.scalars()
    ]


def pinned(row: AuctionRow) -> Snapshot:
    """The draft from which the record of this row unfolds."""
    return engine.draft(terms_of(row))


@dataclass(frozen=True)
class Bidder:
    """Who bids, at this moment: the registration that he bids under and what the engine needs to know of him."""

    registration_id: UUID | None
    standing: Standing


@dataclass(frozen=True)
class Identity:
    """Whose bid it was. Read only where the sale ends, or for the bidder himself."""

    registration_id: UUID
    party_id: UUID


async def bidder_of(session: AsyncSession, row: AuctionRow, actor: Actor) -> Bidder:
    """The standing of somebody's party in a locked auction, in one statement: seller, registration, decision, deposit,
    code. Related is also who belongs to the seller, the holder or the exchange while he acts for another party.
    """
    party_id = actor.party_id
    found = await session.execute(
        select(
            OfferingRow.holder_party_id,
            RegistrationRow.id,
            RegistrationRow.status,
            RegistrationRow.passed,
            RegistrationRow.bidder_code,
            DepositRow.status.label("deposit_status"),
        )
        .select_from(OfferingRow)
        .outerjoin(
            RegistrationRow,
            and_(RegistrationRow.offering_id == OfferingRow.id, RegistrationRow.buyer_party_id == party_id),
        )
        .outerjoin(DepositRow, DepositRow.reference_id == RegistrationRow.id)
        .where(OfferingRow.id == row.offering_id)
    )
    told = found.one()
    return Bidder(
        registration_id=told.id,
        standing=Standing(
            is_seller=party_id == row.seller_party_id,
            is_related=actor.serves_exchange
            or actor.belongs_to(row.seller_party_id, told.holder_party_id, row.entered_on_behalf_of),
            is_registered=told.id is not None,
            is_qualified=bool(told.passed) and told.status in _MAY_BID,
            deposit_held=told.deposit_status == DepositStatus.HELD,
            code=told.bidder_code,
        ),
    )


async def bidder_at(session: AsyncSession, auction_id: UUID, bid_no: int) -> Identity:
    """Whose bid has this number."""
    found = await session.execute(
        select(RegistrationRow.id, RegistrationRow.buyer_party_id)
        .join(BidRow, BidRow.registration_id == RegistrationRow.id)
        .where(BidRow.auction_id == auction_id, BidRow.bid_no == bid_no)
    )
    told = found.one()
    return Identity(told.id, told.buyer_party_id)


async def leader_party_id(session: AsyncSession, row: AuctionRow) -> UUID | None:
    """Who leads a locked auction: whom the next bid outbids."""
    return (await bidder_at(session, row.id, row.bid_no)).party_id if row.bid_no else None


async def lock_announced(session: AsyncSession, auction_id: UUID) -> AuctionRow:
    """An announced auction, locked. A draft is `NotFound`: nobody outside learns that there is one."""
    row = await lock(session, auction_id)
    if not is_announced(row):
        raise NotFound()
    return row


async def lock_in_region(session: AsyncSession, auction_id: UUID, region_prefix: str) -> AuctionRow:
    """An auction of a region's subtree, locked: staff of a city run their own sales. Others are `NotFound`."""
    row = await lock(session, auction_id)
    if not row.region_code.startswith(region_prefix):
        raise NotFound()
    return row


async def lock_own(session: AsyncSession, auction_id: UUID, seller_party_id: UUID) -> AuctionRow:
    """The party's own auction, locked. Somebody else's is `NotFound`."""
    row = await lock(session, auction_id)
    if row.seller_party_id != seller_party_id:
        raise NotFound()
    return row


async def open_of(session: AsyncSession, offering_id: UUID) -> AuctionRow | None:
    """The auction of an offering that has not ended."""
    found = await session.execute(
        select(AuctionRow).where(AuctionRow.offering_id == offering_id, AuctionRow.status.not_in(ENDED))
    )
    return found.scalar_one_or_none()


def is_announced(row: AuctionRow) -> bool:
    """Whether the public knows of the sale. A draft, also a discarded one, is nobody's business."""
    return row.starts_at is not None


async def add(session: AsyncSession, row: AuctionRow) -> AuctionRow:
    """Store a new draft."""
    session.add(row)
    await session.flush()
    return row
