"""Who bids: his standing at this moment, and, where the sale ends, who stands behind a code."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final
from uuid import UUID

from asyncpg import Record
from sqlalchemy import Select, and_, bindparam, column, func, select, true
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions.rules.snapshot import Standing
from app.auctions.tables import AuctionRow
from app.db import plain
from app.db.clock import NOW
from app.identity.access import Actor
from app.identity.states import PartyKind
from app.identity.tables import MembershipRow, PartyRow
from app.kit.frozen import made
from app.markets import repository as offerings
from app.markets.priority.states import Reach
from app.markets.priority.tables import HolderRow
from app.markets.registrations.states import RegistrationStatus
from app.markets.registrations.tables import RegistrationRow
from app.markets.tables import OfferingRow
from app.settlement.states import DepositStatus
from app.settlement.tables import DepositRow

_MAY_BID = (RegistrationStatus.QUALIFIED, RegistrationStatus.QUALIFIED_PENDING_DEPOSIT)
"""Decided in his favour; whether the deposit is held is asked of settlement itself."""


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


async def bidder_for(session: AsyncSession, row: AuctionRow, party_id: UUID) -> Bidder:
    """The standing of a party in a locked auction for which somebody in the hall enters a bid or a signed form's maximum.

    Whoever enters it is not asked; related is the party itself where it is the holder's, or that for whom the sale was
    entered.
    """
    return (await bidders_of(session, [Asking(row, party_id, None)]))[0]


async def bidder_of(session: AsyncSession, row: AuctionRow, actor: Actor) -> Bidder:
    """The standing of somebody's party in a locked auction. Related is also who belongs to the seller, the holder or the
    exchange while he acts for another party.
    """
    return (await bidders_of(session, [Asking(row, actor.party_id, actor.user_id)]))[0]


@dataclass(frozen=True, slots=True)
class Asking:
    """Whose standing is asked: a party in a locked auction, and the person who acts for it (None: not asked)."""

    row: AuctionRow
    party_id: UUID
    user_id: UUID | None


async def bidders_of(session: AsyncSession, asking: Sequence[Asking]) -> list[Bidder]:
    """The standing of each of these, in one statement: seller, registration, decision, deposit, code; and to which
    parties the person belongs at this moment.
    """
    if not asking:
        return []
    found = await plain.fetch(session, _STANDING, *_values(asking))
    bidders: list[Bidder | None] = [None] * len(asking)
    for told in found:
        place = told["place"] - 1
        bidders[place] = _bidder(asking[place], told)
    return [one for one in bidders if one is not None]


@dataclass(frozen=True, slots=True)
class Locked:
    """What was read once auctions were locked: market time, standings, and the rows of what was read beside them."""

    at: datetime
    bidders: list[Bidder]
    beside: Sequence[Sequence[Any]]


async def read_locked(session: AsyncSession, asking: Sequence[Asking], beside: plain.Reading) -> Locked:
    """Market time, the standings of `bidders_of`, and what else is to be read, in one statement after the locks."""
    found = await plain.fetch(session, _read_locked(beside.statement), *_values(asking), *beside.values)
    bidders: list[Bidder | None] = [None] * len(asking)
    for _, _, *told in found:
        if told[0] is not None:
            bidders[told[0] - 1] = _bidder(asking[told[0] - 1], told)
    return Locked(found[0]["at"], [one for one in bidders if one is not None], found[0]["beside"])


@cache
def _read_locked(beside: str) -> str:
    # What is beside comes with the first standing alone, or alone where there is none.
    return (
        "SELECT once.at, CASE WHEN coalesce(s.place, 1) = 1 THEN once.beside END AS beside, s.*"
        f" FROM (SELECT ({NOW}) AS at, ARRAY(SELECT b FROM ({plain.shifted(beside, 3)}) b) AS beside) once"
        f" LEFT JOIN ({_STANDING}) s ON true ORDER BY s.place"
    )


def _values(asking: Sequence[Asking]) -> tuple[list[Any], ...]:
    return (
        [one.row.offering_id for one in asking],
        [one.party_id for one in asking],
        [one.user_id for one in asking],
    )


def _standing() -> Select[Any]:
    """The statement of `bidders_of`: made once, since making it costs more than running it."""
    ids = ARRAY(PG_UUID(as_uuid=True))
    asked = (
        func.unnest(
            bindparam("offerings", type_=ids), bindparam("parties", type_=ids), bindparam("users", type_=ids)
        )
        .table_valued(
            column("offering_id", PG_UUID(as_uuid=True)),
            column("party_id", PG_UUID(as_uuid=True)),
            column("user_id", PG_UUID(as_uuid=True)),
            with_ordinality="place",
        )
        .render_derived(name="asked")
    )
    own = _memberships(asked)
    return (
        select(
            asked.c.place,
            OfferingRow.holder_party_id,
            RegistrationRow.id,
            RegistrationRow.status,
            RegistrationRow.passed,
            RegistrationRow.bidder_code,
            RegistrationRow.agent_user_id,
            RegistrationRow.agent_limit_minor,
            offerings.defaulted_before(OfferingRow, asked.c.party_id).label("is_barred"),
            HolderRow.rank.label("priority_rank"),
            DepositRow.status.label("deposit_status"),
            own.c.parties,
            own.c.serves_exchange,
        )
        .select_from(asked)
        .join(OfferingRow, OfferingRow.id == asked.c.offering_id)
        .join(own, true())
        .outerjoin(
            RegistrationRow,
            and_(
                RegistrationRow.offering_id == asked.c.offering_id,
                RegistrationRow.buyer_party_id == asked.c.party_id,
            ),
        )
        .outerjoin(DepositRow, DepositRow.reference_id == RegistrationRow.id)
        .outerjoin(
            HolderRow,
            and_(
                HolderRow.offering_id == asked.c.offering_id,
                HolderRow.party_id == asked.c.party_id,
                HolderRow.reach != Reach.WAIVED,
            ),
        )
    )


def _memberships(asked: Any) -> Any:
    """The parties to which the asking person belongs at this moment, and whether one of them is an exchange."""
    return (
        select(
            func.array_agg(MembershipRow.party_id).label("parties"),
            func.bool_or(PartyRow.kind == PartyKind.EXCHANGE).label("serves_exchange"),
        )
        .join(PartyRow, PartyRow.id == MembershipRow.party_id)
        .where(
            MembershipRow.user_id == asked.c.user_id,
            MembershipRow.ended_at.is_(None),
            MembershipRow.accepted_at.is_not(None),
        )
        .lateral("own")
    )


_STANDING: Final = plain.written(_standing(), "offerings", "parties", "users")


def _bidder(asked: Asking, told: Record | Sequence[Any]) -> Bidder:
    row, party_id = asked.row, asked.party_id
    _, holder, id_, status, passed, code, agent, limit_minor, barred, rank, deposit, parties, exchange = told
    others = (holder, row.entered_on_behalf_of)
    return made(
        Bidder,
        registration_id=id_,
        standing=made(
            Standing,
            is_seller=party_id == row.seller_party_id,
            is_related=bool(exchange)
            or party_id in others
            or any(one == row.seller_party_id or one in others for one in parties or ()),
            is_registered=id_ is not None,
            is_qualified=bool(passed) and status in _MAY_BID,
            deposit_held=deposit == DepositStatus.HELD,
            code=code,
            is_barred=bool(barred),
            is_agent=asked.user_id is None or agent is None or agent == asked.user_id,
            limit_minor=limit_minor,
            priority_rank=rank,
        ),
    )


async def identity_of(session: AsyncSession, row: AuctionRow, code: str) -> Identity:
    """Who stands behind a code. Asked only where the sale ends, or in order to tell him."""
    return (await identities(session, row, [code]))[code]


async def identities(session: AsyncSession, row: AuctionRow, codes: Iterable[str]) -> dict[str, Identity]:
    """Who stands behind these codes of a sale."""
    found = await identities_of(session, {(row.offering_id, code) for code in codes})
    return {code: identity for (_, code), identity in found.items()}


async def identities_of(
    session: AsyncSession, codes: Collection[tuple[UUID, str]]
) -> dict[tuple[UUID, str], Identity]:
    """Who stands behind codes of several sales, each named by its offering."""
    if not codes:
        return {}
    found = await plain.fetch(
        session, _BEHIND, [offering for offering, _ in codes], [code for _, code in codes]
    )
    return {(offering, code): Identity(id_, party) for offering, code, id_, party in found}


_BEHIND: Final = (
    "SELECT r.offering_id, r.bidder_code, r.id, r.buyer_party_id FROM registrations r"
    " JOIN unnest($1::uuid[], $2::text[]) AS a (offering_id, code)"
    " ON r.offering_id = a.offering_id AND r.bidder_code = a.code"
)
