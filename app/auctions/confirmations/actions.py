"""Write the record at the close, sign it, void it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions import repository as auctions
from app.auctions.confirmations import repository, rules
from app.auctions.confirmations.errors import ConfirmationNotFound
from app.auctions.confirmations.events import ConfirmationIssued, ConfirmationSigned, ConfirmationVoided
from app.auctions.confirmations.states import MACHINE, ConfirmationStatus, Signatory
from app.auctions.confirmations.tables import ConfirmationRow
from app.auctions.rules import notice
from app.auctions.rules.facts import KnockedDown
from app.auctions.tables import AuctionRow
from app.calendar.queries import add_working_days
from app.db.clock import Clock
from app.db.numbers import next_number
from app.events import outbox
from app.http.etags import check_version
from app.identity.access import Actor
from app.identity.permissions import Permission
from app.identity.queries import party_names
from app.kit.dates import market_date
from app.kit.money import yuan
from app.markets.award import Award
from app.markets.profiles import Profile
from app.markets.registrations.repository import Buyer

NUMBER_PREFIX = "CJ"


async def issue(
    session: AsyncSession,
    row: AuctionRow,
    fact: KnockedDown,
    *,
    award: Award,
    buyers: list[Buyer],
    profile: Profile,
) -> ConfirmationRow:
    """Write the record of a close, in its commit: both sides, the price in figures and capitals, the chain's head.

    Due within the working days that the rule profile says, counted from the day of the close.
    """
    terms = auctions.terms_of(row)
    names = await party_names(session, [row.seller_party_id, *(buyer.party_id for buyer in buyers)])
    due = await add_working_days(session, market_date(fact.at), profile.auction.confirmation_days.value)
    figures, capitals = rules.price_words(terms.price, fact.amount_minor)
    made = ConfirmationRow(
        number=await next_number(session, NUMBER_PREFIX, fact.at),
        auction_id=row.id,
        auction_number=row.number,
        award_id=award.award_id,
        offering_id=row.offering_id,
        region_code=row.region_code,
        title=row.title,
        seller_party_id=row.seller_party_id,
        seller_name=names[row.seller_party_id],
        buyer_party_ids=[buyer.party_id for buyer in buyers],
        buyers=[
            {"party_id": str(buyer.party_id), "name": names[buyer.party_id], "share_bp": buyer.share_bp}
            for buyer in buyers
        ],
        organiser=terms.organiser,
        source=rules.source_of(terms.organiser),
        bidder_code=fact.bidder_code,
        bid_no=fact.bid_no,
        by_priority=fact.by_priority,
        price_minor=fact.amount_minor,
        price_figures=figures,
        price_capitals=capitals,
        knocked_down_at=fact.at,
        seq=row.seq,
        chain_head=row.chain_head,
        due_on=due.on,
        status=MACHINE.initial,
    )
    await repository.add(session, made)
    await outbox.record(session, _issued(made))
    return made


def _issued(made: ConfirmationRow) -> ConfirmationIssued:
    return ConfirmationIssued(
        subject_id=made.id,
        at=made.knocked_down_at,
        parties=_sides(made),
        number=made.number,
        auction_id=made.auction_id,
        auction_number=made.auction_number,
        title=made.title,
        bidder_code=made.bidder_code,
        amount=yuan(made.price_minor),
        due_on=made.due_on,
    )


async def sign(
    session: AsyncSession, clock: Clock, *, actor: Actor, confirmation_id: UUID, expected: int
) -> ConfirmationRow:
    """Sign for the actor's own side: the buyer who bid, or the organiser's staff of the region.

    A signature after `due_on` still counts, until a default is found. Raises `ConfirmationNotFound`, `OperatorIsSeller`,
    `Stale`, `ConfirmationVoided`, `SignedBefore`, `OnePersonSignsOnce`.
    """
    auction_id = await repository.auction_of(session, confirmation_id)
    if auction_id is None:
        raise ConfirmationNotFound()
    auction = await auctions.lock(session, auction_id)
    row = await repository.of_auction(session, auction_id)
    assert row is not None
    at = await clock.read(session)
    side = _side_of(actor, row)
    if side is Signatory.ORGANISER:
        notice.check_publisher(concerned=actor.belongs_to(row.seller_party_id, *row.buyer_party_ids))
    check_version(row.version, expected)
    other = row.organiser_signed_by if side is Signatory.BUYER else row.buyer_signed_by
    to = rules.after_signature(ConfirmationStatus(row.status), side, same_person=actor.user_id == other)
    MACHINE.advance(row, to)
    _put(row, side, actor, at)
    await session.flush()
    await outbox.record(
        session,
        ConfirmationSigned(
            subject_id=row.id,
            at=at,
            parties=_sides(row),
            number=row.number,
            auction_id=auction.id,
            side=side,
            status=to,
        ),
    )
    return row


async def void(session: AsyncSession, *, auction_id: UUID, at: datetime) -> None:
    """Void the record of a locked auction whose buyer defaulted."""
    row = await repository.of_auction(session, auction_id)
    if row is None:
        return
    MACHINE.advance(row, ConfirmationStatus.VOIDED)
    await session.flush()
    await outbox.record(
        session,
        ConfirmationVoided(
            subject_id=row.id, at=at, parties=_sides(row), number=row.number, auction_id=auction_id
        ),
    )


def _side_of(actor: Actor, row: ConfirmationRow) -> Signatory:
    if actor.party_id == row.buyer_party_ids[0] and actor.may(Permission.CONTRACT_CONFIRM):
        return Signatory.BUYER
    if actor.may(Permission.AUCTION_MANAGE) and row.region_code.startswith(actor.region_prefix):
        return Signatory.ORGANISER
    raise ConfirmationNotFound()


def _put(row: ConfirmationRow, side: Signatory, actor: Actor, at: datetime) -> None:
    setattr(row, f"{side}_signed_at", at)
    setattr(row, f"{side}_signed_by", actor.user_id)
    setattr(row, f"{side}_signed_name", actor.user_name)


def _sides(row: ConfirmationRow) -> tuple[UUID, ...]:
    return (row.seller_party_id, *row.buyer_party_ids)
