"""Reading auctions: SQL to schemas. Drafts are their seller's and the market's staff's; the rest is public."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions import repository
from app.auctions.rules import engine
from app.auctions.rules.facts import BidCorrected, BidPlaced, Fact
from app.auctions.rules.snapshot import Snapshot
from app.auctions.schemas import (
    AnnouncementOut,
    AuctionLine,
    AuctionOut,
    AuctionPage,
    BidLine,
    BidOut,
    BidPage,
    EventOut,
    EventPage,
    OwnProxyOut,
    StandingOut,
    StepOut,
)
from app.auctions.sealed.shown import sealed_out
from app.auctions.shapes import (
    announcement_out,
    event_out,
    first_refusal,
    line,
    money,
    proxy_out,
    rules,
    unit_of,
    winner,
)
from app.auctions.states import BEGUN, ENDED, PUBLISHED, AuctionStatus
from app.auctions.tables import AuctionEventRow, AuctionRow, BidRow, ProxyRow
from app.identity.access import Actor
from app.identity.permissions import Permission
from app.identity.tables import PartyRow
from app.kit.dates import wire
from app.kit.errors import NotFound
from app.kit.money import yuan
from app.kit.paging import decode_cursor, encode_cursor
from app.kit.schemas import MoneyOut
from app.markets.registrations.tables import RegistrationRow
from app.markets.tables import OfferingSubjectRow
from app.settlement.tables import DepositRow
from app.signing.schemas import EntryReceiptOut

GROUPS: dict[str, tuple[AuctionStatus, ...]] = {
    "live": (*BEGUN, AuctionStatus.SUSPENDED),
    "coming": PUBLISHED,
    "ended": ENDED,
}


def bid_out(
    auction_id: UUID, bid: BidPlaced, after: Snapshot, digest: bytes, receipt: Mapping[str, Any] | None
) -> BidOut:
    """An accepted bid, with the end after it and its receipt."""
    return BidOut(
        auction_id=auction_id,
        bid_no=bid.bid_no,
        seq=bid.seq,
        bidder_code=bid.bidder_code,
        amount=MoneyOut.of(bid.amount_minor, unit_of(after.terms)),
        at=bid.at,
        via=bid.via,
        struck=False,
        ends_at=after.ends_at,
        extension_count=after.extension_count,
        hash=digest.hex(),
        receipt=EntryReceiptOut(**receipt) if receipt is not None else None,
    )


def bid_body(
    auction_id: UUID, bid: BidPlaced, after: Snapshot, digest: bytes, receipt: Mapping[str, Any] | None
) -> bytes:
    """`bid_out` as the bytes of its answer, in the same order: what thousands of bids a minute are told."""
    told = {
        "struck": False,
        "bid_no": bid.bid_no,
        "seq": bid.seq,
        "bidder_code": bid.bidder_code,
        "amount": {"amount": yuan(bid.amount_minor), "currency": unit_of(after.terms)},
        "at": wire(bid.at),
        "via": bid.via,
        "auction_id": str(auction_id),
        "ends_at": wire(after.ends_at) if after.ends_at is not None else None,
        "extension_count": after.extension_count,
        "hash": digest.hex(),
        "receipt": receipt,
    }
    return orjson.dumps(told)


def _whole(
    row: AuctionRow, seller_name: str, achievement_id: UUID | None, announcement: AnnouncementOut | None
) -> AuctionOut:
    now = repository.snapshot_of(row)
    terms = now.terms
    unit = unit_of(terms)
    return AuctionOut(
        **line(row),
        seller_party_id=row.seller_party_id,
        seller_name=seller_name,
        achievement_id=achievement_id,
        origin=row.origin,
        region_code=row.region_code,
        organiser=terms.organiser,
        format=terms.format,
        close=terms.close,
        session_profile=terms.session_profile,
        ladder=[
            StepOut(
                from_price=MoneyOut.of(step.from_minor, unit),
                increment=MoneyOut.of(step.increment_minor, unit),
            )
            for step in terms.ladder.steps
        ],
        increment=MoneyOut.of(now.increment_minor, unit),
        next_amount=MoneyOut.of(now.next_minor, unit),
        deposit=MoneyOut.of(terms.deposit_minor),
        current_bidder_code=row.leader_code,
        registration_opens_at=row.registration_opens_at,
        registration_closes_at=row.registration_closes_at,
        deposit_due_at=row.deposit_due_at,
        ended_at=now.last_at if now.status in ENDED else None,
        free_ends_at=row.free_ends_at,
        free_seconds=terms.free_seconds,
        window_seconds=terms.window_seconds,
        extension_count=row.extension_count,
        extensions_max=terms.extensions_max,
        jump_cap_bp=terms.jump_cap_bp,
        sealed=sealed_out(now),
        **rules(terms),
        priority_until=now.priority.until,
        calls=now.hall.calls,
        warns_until=now.hall.warns_until,
        continues_at=now.today.continues_at if now.status is AuctionStatus.ADJOURNED else None,
        winner_code=winner(now),
        announcement=announcement,
        seq=row.seq,
        version=row.version,
        award_id=row.award_id,
        chain_head=row.chain_head.hex(),
    )


async def state_of(session: AsyncSession, auction_id: UUID) -> Snapshot:
    """A sale as it stands. Raises `NotFound`."""
    return repository.snapshot_of(await _row(session, auction_id))


async def _row(session: AsyncSession, auction_id: UUID) -> AuctionRow:
    row = await session.get(AuctionRow, auction_id)
    if row is None:
        raise NotFound()
    return row


async def fold_on(
    session: AsyncSession, auction_id: UUID, state: Snapshot | None, *, limit: int, after: int = 0
) -> tuple[Snapshot, list[EventOut]]:
    """The state after the next facts, at most `limit`, and the events among them that lie after a `seq`.

    state: where to read on; None begins at the record's start.
    """
    if state is None:
        state = repository.pinned(await _row(session, auction_id))
    return fold(state, await repository.facts_of(session, auction_id, state.seq, limit), after=after)


def fold(
    state: Snapshot, facts: Sequence[tuple[Fact, bytes]], *, after: int = 0
) -> tuple[Snapshot, list[EventOut]]:
    """The events of facts, each with its hash, that follow a state, and the state after them; no events up to `after`."""
    told = []
    for fact, digest in facts:
        state = engine.apply(state, fact)
        if fact.seq > after:
            told.append(event_out(fact, state, digest))
    return state, told


async def events_between(
    session: AsyncSession, auction_id: UUID, *, after: int, limit: int
) -> list[EventOut]:
    """The public events after a `seq`, oldest first, each with the state after it."""
    state: Snapshot | None = None
    found: list[EventOut] = []
    while len(found) < limit:
        before = 0 if state is None else state.seq
        state, told = await fold_on(session, auction_id, state, limit=500, after=after)
        found += told
        if state.seq < before + 500:
            break
    return found[:limit]


def _visible(actor: Actor | None) -> Any:
    """What the caller may see: everything that has been announced, his own drafts, and all drafts for staff."""
    announced = AuctionRow.starts_at.is_not(None)
    if actor is None:
        return announced
    if actor.may(Permission.AUCTION_MANAGE) or actor.may(Permission.READ_ALL):
        return AuctionRow.region_code.startswith(actor.region_prefix) | announced
    return or_(announced, AuctionRow.seller_party_id == actor.party_id)


async def list_auctions(
    session: AsyncSession,
    *,
    actor: Actor | None,
    status: str | None,
    offering_id: UUID | None,
    cursor: str | None,
    limit: int,
) -> AuctionPage:
    """Sales, the latest start first. `status`: a state, or `live`, `coming`, `ended`."""
    filters = {"status": status, "offering_id": offering_id}
    statement = select(AuctionRow).where(_visible(actor))
    if status is not None:
        statement = statement.where(AuctionRow.status.in_(GROUPS.get(status, (status,))))
    if offering_id is not None:
        statement = statement.where(AuctionRow.offering_id == offering_id)
    if cursor is not None:
        at, last_id = decode_cursor(cursor, filters, (datetime, UUID))
        statement = statement.where(tuple_(AuctionRow.sorted_at, AuctionRow.id) < (at, last_id))
    statement = statement.order_by(AuctionRow.sorted_at.desc(), AuctionRow.id.desc()).limit(limit + 1)
    rows = list((await session.execute(statement)).scalars())
    shown, more = rows[:limit], len(rows) > limit
    return AuctionPage(
        data=[AuctionLine(**line(row)) for row in shown],
        next_cursor=encode_cursor([shown[-1].sorted_at, shown[-1].id], filters) if more else None,
        has_more=more,
    )


async def visible_row(session: AsyncSession, actor: Actor | None, auction_id: UUID) -> AuctionRow:
    """An auction that the caller may see. Raises `NotFound` for one that is absent and one that is not his alike."""
    found = await session.execute(select(AuctionRow).where(AuctionRow.id == auction_id, _visible(actor)))
    row = found.scalar_one_or_none()
    if row is None:
        raise NotFound()
    return row


async def read_auction(session: AsyncSession, *, actor: Actor | None, auction_id: UUID) -> AuctionOut:
    """One sale, whole. Raises `NotFound`."""
    row = await visible_row(session, actor, auction_id)
    found = await session.execute(
        select(PartyRow.name, OfferingSubjectRow.achievement_id)
        .select_from(PartyRow)
        .outerjoin(OfferingSubjectRow, OfferingSubjectRow.offering_id == row.offering_id)
        .where(PartyRow.id == row.seller_party_id)
        .order_by(OfferingSubjectRow.position)
        .limit(1)
    )
    seller_name, achievement_id = found.one()
    return _whole(
        row, seller_name, achievement_id, announcement_out(await repository.announcement_of(session, row))
    )


async def standing(session: AsyncSession, *, actor: Actor, auction_id: UUID) -> StandingOut:
    """What the actor's own organisation is in a sale. Nobody else's is ever told."""
    row = await visible_row(session, actor, auction_id)
    found = await session.execute(
        select(RegistrationRow, DepositRow.number, DepositRow.status)
        .outerjoin(DepositRow, DepositRow.reference_id == RegistrationRow.id)
        .where(
            RegistrationRow.offering_id == row.offering_id, RegistrationRow.buyer_party_id == actor.party_id
        )
    )
    told = found.one_or_none()
    registration = told[0] if told else None
    bids, maximum = 0, None
    if registration is not None:
        mine = (BidRow.auction_id == row.id) & (BidRow.registration_id == registration.id)
        bids = (await session.execute(select(func.count()).select_from(BidRow).where(mine))).scalar_one()
        maximum = await repository.maximum_of(session, row.id, registration.id)
    code = registration.bidder_code if registration else None
    now = repository.snapshot_of(row)
    return StandingOut(
        registration_id=registration.id if registration else None,
        status=registration.status if registration else None,
        bidder_code=code,
        leading=code is not None and code == row.leader_code,
        next_amount=MoneyOut.of(now.next_minor, unit_of(now.terms)),
        deposit_number=told[1] if told else None,
        deposit_status=told[2] if told else None,
        deposit_due_at=row.deposit_due_at,
        bids=bids,
        proxy_maximum=money(maximum),
        first_refusal=first_refusal(now, code),
    )


async def list_bids(
    session: AsyncSession, *, actor: Actor | None, auction_id: UUID, cursor: str | None, limit: int
) -> BidPage:
    """The accepted bids of a sale, the latest first, under codes."""
    unit = unit_of(repository.terms_of(await visible_row(session, actor, auction_id)))
    filters = {"auction_id": auction_id}
    statement = select(BidRow).where(BidRow.auction_id == auction_id)
    if cursor is not None:
        (before,) = decode_cursor(cursor, filters, (int,))
        statement = statement.where(BidRow.bid_no < before)
    rows = list((await session.execute(statement.order_by(BidRow.bid_no.desc()).limit(limit + 1))).scalars())
    shown, more = rows[:limit], len(rows) > limit
    struck = await _struck(session, auction_id)
    return BidPage(
        data=[
            BidLine(
                bid_no=row.bid_no,
                seq=row.seq,
                bidder_code=row.bidder_code,
                amount=MoneyOut.of(row.amount_minor, unit),
                at=row.at,
                via=row.via,
                struck=row.bid_no in struck,
            )
            for row in shown
        ],
        next_cursor=encode_cursor([shown[-1].bid_no], filters) if more else None,
        has_more=more,
    )


async def _struck(session: AsyncSession, auction_id: UUID) -> set[int]:
    """The numbers of the bids that corrections have struck."""
    found = await session.execute(
        select(AuctionEventRow.payload).where(
            AuctionEventRow.auction_id == auction_id, AuctionEventRow.kind == BidCorrected.kind
        )
    )
    return {number for told in found.scalars() for number in range(told["bid_no"], told["last_bid_no"] + 1)}


async def own_proxy(session: AsyncSession, *, actor: Actor, auction_id: UUID) -> OwnProxyOut:
    """The maximum in force of the actor's own party. Raises `NotFound`; nobody else's is ever told."""
    row = await visible_row(session, actor, auction_id)
    found = await session.execute(
        select(ProxyRow)
        .join(RegistrationRow, RegistrationRow.id == ProxyRow.registration_id)
        .where(
            ProxyRow.auction_id == row.id,
            ProxyRow.ended_at.is_(None),
            RegistrationRow.buyer_party_id == actor.party_id,
        )
    )
    proxy = found.scalar_one_or_none()
    if proxy is None:
        raise NotFound()
    return OwnProxyOut(
        **proxy_out(proxy).model_dump(),
        maximum=MoneyOut.of(proxy.max_minor, unit_of(repository.terms_of(row))),
        source=proxy.source,
        document_no=proxy.document_no,
    )


async def list_events(
    session: AsyncSession, *, actor: Actor | None, auction_id: UUID, cursor: str | None, limit: int
) -> EventPage:
    """The public events of a sale, the first one first: what the stream tells, for those who come later."""
    await visible_row(session, actor, auction_id)
    filters = {"auction_id": auction_id}
    after = decode_cursor(cursor, filters, (int,))[0] if cursor is not None else 0
    found = await events_between(session, auction_id, after=after, limit=limit + 1)
    shown, more = found[:limit], len(found) > limit
    return EventPage(
        data=shown,
        next_cursor=encode_cursor([shown[-1].seq], filters) if more else None,
        has_more=more,
    )
