"""Facts and rows as wire shapes, where nothing more has to be read."""

from typing import Any

from app.auctions import repository
from app.auctions.rules.facts import Fact
from app.auctions.rules.snapshot import Snapshot
from app.auctions.rules.terms import Terms
from app.auctions.schemas import AnnouncementOut, DayOut, PriceOut, ProxyOut
from app.auctions.states import AuctionStatus
from app.auctions.tables import AuctionRow, ProxyRow
from app.kit.schemas import MoneyOut


def money(amount_minor: int | None) -> MoneyOut | None:
    """An amount, or None."""
    return None if amount_minor is None else MoneyOut.of(amount_minor)


def winner(now: Snapshot) -> str | None:
    """Under which code the sale was awarded."""
    if now.status is not AuctionStatus.AWARDED:
        return None
    return now.priority.taken_by.code if now.priority.taken_by else now.leader_code


def line(row: AuctionRow) -> dict[str, Any]:
    """What every line of a list says of a sale."""
    return {
        "id": row.id,
        "number": row.number,
        "offering_id": row.offering_id,
        "title": row.title,
        "status": row.status,
        "start_price": MoneyOut.of(repository.terms_of(row).start_price_minor),
        "current_price": money(row.current_minor),
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
        "rounds_max",
    )
    return {
        **{name: getattr(terms, name) for name in same},
        "reserve_price": money(terms.reserve_minor),
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
