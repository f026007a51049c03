"""Reading negotiations: both sides their own, supervisors of the region all of it; nobody else knows of one."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app.identity.access import Actor
from app.identity.permissions import Permission
from app.identity.tables import PartyRow
from app.kit.errors import NotFound
from app.kit.paging import decode_cursor, encode_cursor
from app.kit.schemas import MoneyOut
from app.markets.negotiated import sheets
from app.markets.negotiated.schemas import NegotiationLine, NegotiationOut, NegotiationPage, OfferOut
from app.markets.negotiated.states import NegotiationStatus, Side
from app.markets.negotiated.tables import NegotiationOfferRow, NegotiationRow
from app.markets.tables import OfferingRow

_SELLER, _BUYER = aliased(PartyRow), aliased(PartyRow)


def _visible(actor: Actor) -> ColumnElement[bool]:
    mine = or_(
        NegotiationRow.buyer_party_id == actor.party_id, NegotiationRow.seller_party_id == actor.party_id
    )
    if actor.may(Permission.READ_ALL):
        return or_(mine, NegotiationRow.region_code.startswith(actor.region_prefix))
    return mine


def _all(actor: Actor) -> Select[NegotiationRow, OfferingRow, str, str]:
    return (
        select(NegotiationRow, OfferingRow, _SELLER.name, _BUYER.name)
        .join(OfferingRow, OfferingRow.id == NegotiationRow.offering_id)
        .join(_SELLER, _SELLER.id == NegotiationRow.seller_party_id)
        .join(_BUYER, _BUYER.id == NegotiationRow.buyer_party_id)
        .where(_visible(actor))
        .execution_options(populate_existing=True)
    )


async def list_negotiations(
    session: AsyncSession,
    *,
    actor: Actor,
    offering_id: UUID | None,
    status: NegotiationStatus | None,
    cursor: str | None,
    limit: int,
) -> NegotiationPage:
    """The negotiations that the caller may see, the latest first."""
    filters = {"offering": offering_id, "status": status}
    statement = _all(actor)
    if offering_id is not None:
        statement = statement.where(NegotiationRow.offering_id == offering_id)
    if status is not None:
        statement = statement.where(NegotiationRow.status == status)
    if cursor is not None:
        (last_id,) = decode_cursor(cursor, filters, (UUID,))
        statement = statement.where(NegotiationRow.id < last_id)
    rows = list(await session.execute(statement.order_by(NegotiationRow.id.desc()).limit(limit + 1)))
    shown, more = rows[:limit], len(rows) > limit
    return NegotiationPage(
        data=[NegotiationLine(**_line(actor, *found)) for found in shown],
        next_cursor=encode_cursor([shown[-1][0].id], filters) if more else None,
        has_more=more,
    )


async def negotiation(session: AsyncSession, *, actor: Actor, negotiation_id: UUID) -> NegotiationOut:
    """One negotiation with its offers, the first one first. Raises `NotFound` for anybody else's."""
    found = (await session.execute(_all(actor).where(NegotiationRow.id == negotiation_id))).one_or_none()
    if found is None:
        raise NotFound()
    row = found[0]
    offers = await session.scalars(
        select(NegotiationOfferRow)
        .where(NegotiationOfferRow.negotiation_id == row.id)
        .order_by(NegotiationOfferRow.round)
    )
    return NegotiationOut(
        **_line(actor, *found),
        message=row.message,
        **{name: getattr(row, name) for name in _AGREED},
        end_reason=row.end_reason,
        offers=[offer_out(one, row) for one in offers],
    )


_AGREED: Final = (
    "origin",
    "accepted_round",
    "agreed_at",
    "agreed_on",
    "agreed_document_no",
    "buyer_confirmed_at",
    "decision_document_no",
    "decided_on",
    "price_report_no",
    "related",
    "related_description",
    "notice_id",
    "sign_due_at",
    "contract_document_no",
)


def offer_out(one: NegotiationOfferRow, row: NegotiationRow) -> OfferOut:
    """An offer, and whether it is the one that can be accepted."""
    return OfferOut(
        id=one.id,
        round=one.round,
        side=Side(one.side),
        amount=MoneyOut.of(one.amount_minor),
        terms=one.terms,
        sheet=sheets.told(sheets.read(one.sheet)),
        valid_until=one.valid_until,
        made_at=one.made_at,
        live=row.status == NegotiationStatus.OPEN and one.round == row.rounds,
    )


def _line(actor: Actor, row: NegotiationRow, sale: OfferingRow, seller: str, buyer: str) -> dict[str, Any]:
    sides = {row.seller_party_id: Side.SELLER, row.buyer_party_id: Side.BUYER}
    return {
        "id": row.id,
        "version": row.version,
        "offering_id": row.offering_id,
        "offering_number": sale.number,
        "offering_title": sale.title,
        "status": row.status,
        "side": sides.get(actor.party_id),
        "seller_party_id": row.seller_party_id,
        "seller_name": seller,
        "buyer_party_id": row.buyer_party_id,
        "buyer_name": buyer,
        "rounds": row.rounds,
        "quiet_until": row.quiet_until,
        "created_at": row.created_at,
        "ended_at": row.ended_at,
    }
