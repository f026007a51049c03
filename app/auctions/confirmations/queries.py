"""Reading confirmation records, and how sales ended."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions import queries as auctions
from app.auctions import repository as rows
from app.auctions.confirmations import rules
from app.auctions.confirmations.errors import ConfirmationNotFound
from app.auctions.confirmations.schemas import (
    BuyerOut,
    ConfirmationOut,
    ConfirmationPage,
    ResultOut,
    SignatureOut,
)
from app.auctions.confirmations.states import ConfirmationStatus, Signatory
from app.auctions.confirmations.tables import ConfirmationRow
from app.auctions.reauctions import repository as reauctions
from app.auctions.rules.facts import Cancelled, KnockedDown
from app.auctions.states import ENDED
from app.auctions.tables import AuctionRow
from app.calendar.queries import add_working_days
from app.db.clock import Clock
from app.identity.access import Actor, within_scope
from app.identity.permissions import Permission
from app.identity.queries import party_names
from app.kit.dates import market_date
from app.kit.errors import NotFound
from app.kit.paging import decode_cursor, encode_cursor
from app.kit.schemas import MoneyOut
from app.markets import repository as offerings
from app.markets.tables import OfferingRow


def _seen_by(actor: Actor) -> Select[ConfirmationRow]:
    """A seller's and a buyer's own; for the market's staff and those who supervise it, their region's."""
    seen = [
        ConfirmationRow.seller_party_id == actor.party_id,
        ConfirmationRow.buyer_party_ids.contains([actor.party_id]),
    ]
    if actor.may(Permission.AUCTION_MANAGE) or actor.may(Permission.READ_ALL):
        seen.append(within_scope(ConfirmationRow.region_code, actor))
    return select(ConfirmationRow).where(or_(*seen)).execution_options(populate_existing=True)


async def list_confirmations(
    session: AsyncSession,
    clock: Clock,
    *,
    actor: Actor,
    auction_id: UUID | None,
    overdue: bool | None,
    cursor: str | None,
    limit: int,
) -> ConfirmationPage:
    """Confirmation records, the newest first. `overdue`: not signed by both, and past their last day. Raises `CursorInvalid`."""
    filters: dict[str, Any] = {"list": "confirmations", "auction": auction_id, "overdue": overdue}
    today = market_date(await clock.read(session))
    statement = _seen_by(actor)
    if auction_id is not None:
        statement = statement.where(ConfirmationRow.auction_id == auction_id)
    if overdue is not None:
        late = (ConfirmationRow.due_on < today) & ConfirmationRow.status.not_in(
            (ConfirmationStatus.SIGNED, ConfirmationStatus.VOIDED)
        )
        statement = statement.where(late if overdue else ~late)
    if cursor is not None:
        statement = statement.where(ConfirmationRow.id < decode_cursor(cursor, filters, (UUID,))[0])
    found = (await session.scalars(statement.order_by(ConfirmationRow.id.desc()).limit(limit + 1))).all()
    page, more = found[:limit], len(found) > limit
    return ConfirmationPage(
        data=[_told(row, today) for row in page],
        next_cursor=encode_cursor([page[-1].id], filters) if more else None,
        has_more=more,
    )


async def read_confirmation(
    session: AsyncSession, clock: Clock, *, actor: Actor, confirmation_id: UUID
) -> ConfirmationOut:
    """One confirmation record. Raises `ConfirmationNotFound` for anybody whom it does not concern."""
    row = (await session.scalars(_seen_by(actor).where(ConfirmationRow.id == confirmation_id))).one_or_none()
    if row is None:
        raise ConfirmationNotFound()
    return _told(row, market_date(await clock.read(session)))


def _told(row: ConfirmationRow, today: date) -> ConfirmationOut:
    status = ConfirmationStatus(row.status)
    return ConfirmationOut.model_validate(
        {name: getattr(row, name) for name in ConfirmationOut.model_fields if hasattr(row, name)}
        | {
            "buyers": [BuyerOut.model_validate(buyer, strict=False) for buyer in row.buyers],
            "price": MoneyOut.of(row.price_minor),
            "chain_head": row.chain_head.hex(),
            "overdue": rules.is_overdue(status, row.due_on, today),
            "buyer_signature": _signature(row, Signatory.BUYER),
            "organiser_signature": _signature(row, Signatory.ORGANISER),
        }
    )


def _signature(row: ConfirmationRow, side: Signatory) -> SignatureOut | None:
    at = getattr(row, f"{side}_signed_at")
    if at is None:
        return None
    return SignatureOut(
        user_id=getattr(row, f"{side}_signed_by"), name=getattr(row, f"{side}_signed_name"), at=at
    )


async def read_result(session: AsyncSession, *, auction_id: UUID) -> ResultOut:
    """How an announced sale ended. Raises `NotFound` before it has."""
    row = await auctions.visible_row(session, None, auction_id)
    if row.status not in ENDED or row.last_at is None:
        raise NotFound()
    terms = rows.terms_of(row)
    offering = await session.get_one(OfferingRow, row.offering_id)
    days = (await offerings.profile_of(session, offering)).auction.result_notice_days.value
    until = await add_working_days(session, market_date(row.last_at), days)
    last = (await rows.facts_of(session, row.id, row.seq - 1, 1))[0][0]
    knocked = last if isinstance(last, KnockedDown) else None
    previous = await reauctions.previous(session, row.offering_id)
    names = await party_names(session, [row.seller_party_id])
    price = knocked.amount_minor if knocked is not None else None
    return ResultOut(
        auction_id=row.id,
        number=row.number,
        title=row.title,
        seller_name=names[row.seller_party_id],
        outcome="defaulted" if await reauctions.is_defaulted(session, row) else row.status,
        price=MoneyOut.of(price) if price is not None else None,
        price_kind=terms.price.kind,
        price_figures=rules.price_words(terms.price, price)[0] if price is not None else None,
        bidder_code=knocked.bidder_code if knocked is not None else None,
        bids=row.bid_no,
        ended_at=row.last_at,
        published_until_on=until.on,
        note=last.note if isinstance(last, Cancelled) else None,
        chain_head=row.chain_head.hex(),
        seq=row.seq,
        previous_auction_id=previous.id if previous is not None else None,
        reauction_id=await _announced(session, row),
    )


async def _announced(session: AsyncSession, row: AuctionRow) -> UUID | None:
    after = await reauctions.following(session, row.id)
    return after.id if after is not None and rows.is_announced(after) else None
