"""Facts and rows as wire shapes, where nothing more has to be read."""

from typing import Any

from app.auctions import repository
from app.auctions.rules.facts import BidCorrected, BidPlaced, Fact
from app.auctions.rules.snapshot import Snapshot
from app.auctions.rules.terms import Terms
from app.auctions.schemas import AnnouncementOut, DayOut, EventOut, FirstRefusal, PriceOut, ProxyOut
from app.auctions.states import AuctionStatus
from app.auctions.tables import AuctionRow, ProxyRow
from app.kit.schemas import MoneyOut
from app.markets.award import PriceKind

PERCENT = "%"
"""What stands for a currency where a royalty rate is bid: `3.50` is then 3.50 %."""


def money(amount_minor: int | None, unit: str = "CNY") -> MoneyOut | None:
    """An amount, or None."""
    return None if amount_minor is None else MoneyOut.of(amount_minor, unit)


def unit_of(terms: Terms) -> str:
    """What the numbers of a sale count: yuan, or percent of a royalty."""
    return PERCENT if terms.price.kind is PriceKind.ROYALTY_RATE else "CNY"


def winner(now: Snapshot) -> str | None:
    """Under which code the sale was awarded."""
    if now.status is not AuctionStatus.AWARDED:
        return None
    return now.priority.taken_by.code if now.priority.taken_by else now.leader_code


def line(row: AuctionRow) -> dict[str, Any]:
    """What every line of a list says of a sale."""
    terms = repository.terms_of(row)
    return {
        "id": row.id,
        "number": row.number,
        "offering_id": row.offering_id,
        "title": row.title,
        "status": row.status,
        "price_kind": terms.price.kind,
        "start_price": MoneyOut.of(terms.start_price_minor, unit_of(terms)),
        "current_price": money(row.current_minor, unit_of(terms)),
        "bid_no": row.bid_no,
        "starts_at": row.starts_at,
        "ends_at": row.ends_at,
    }


def rules(terms: Terms) -> dict[str, Any]:
    """What the terms say of reserve, first refusal, price form and hours."""
    price = terms.price
    same = (
        "jump_confirm_steps",
        "jump_confirm_bp",
        "notice_days_min",
        "called_up",
        "call_seconds",
        "has_reserve",
        "reserve_commitment",
        "proxy_allowed",
        "priority",
        "priority_seconds",
        "joint_allowed",
        "late_minutes",
        "rounds_max",
    )
    return {
        **{name: getattr(terms, name) for name in same},
        "reserve_price": money(terms.reserve_minor, unit_of(terms)),
        "day": DayOut(**vars(terms.day)) if terms.day else None,
        "price": PriceOut(
            kind=price.kind,
            royalty_bp=price.royalty_bp,
            entry_fee=money(price.entry_fee_minor),
            years=price.years,
        ),
    }


def proxy_out(proxy: ProxyRow) -> ProxyOut:
    """A maximum without its amount: what may be kept with an idempotency key."""
    return ProxyOut(
        auction_id=proxy.auction_id, no=proxy.no, commitment=proxy.commitment, made_at=proxy.made_at
    )


def announcement_out(fact: Fact | None) -> AnnouncementOut | None:
    """What was last said of the sale itself."""
    if fact is None:
        return None
    reason, note = getattr(fact, "reason", None), getattr(fact, "note", None)
    return AnnouncementOut(seq=fact.seq, kind=fact.kind, at=fact.at, reason=reason, note=note)


def first_refusal(now: Snapshot, code: str | None) -> FirstRefusal | None:
    """A holder's own right while the sale waits for its holders; None for everybody else."""
    state = now.priority
    if now.status is not AuctionStatus.PRIORITY_PENDING or code not in {one.code for one in state.holders}:
        return None
    if code not in state.answered:
        return FirstRefusal.OPEN
    taken = state.taken_by is not None and state.taken_by.code == code
    return FirstRefusal.TAKEN if taken else FirstRefusal.ANSWERED


def event_out(fact: Fact, after: Snapshot, digest: bytes) -> EventOut:
    """A fact and the state after it, as anybody may see them."""
    unit = unit_of(after.terms)
    return EventOut(
        seq=fact.seq,
        kind=fact.kind,
        at=fact.at,
        status=after.status,
        current_price=money(after.current_minor, unit),
        current_bidder_code=after.leader_code,
        increment=MoneyOut.of(after.increment_minor, unit),
        next_amount=MoneyOut.of(after.next_minor, unit),
        bid_no=after.bid_no,
        starts_at=after.timetable.starts_at if after.timetable else None,
        free_ends_at=after.free_ends_at,
        ends_at=after.ends_at,
        extension_count=after.extension_count,
        calls=after.hall.calls,
        warns_until=after.hall.warns_until,
        continues_at=after.today.continues_at if after.status is AuctionStatus.ADJOURNED else None,
        priority_until=after.priority.until,
        via=fact.via if isinstance(fact, BidPlaced) else None,
        struck_from=fact.bid_no if isinstance(fact, BidCorrected) else None,
        winner_code=winner(after),
        reason=getattr(fact, "reason", None),
        note=getattr(fact, "note", None),
        hash=digest.hex(),
    )
