"""Sealed sales with custodians who hold their private keys themselves, and bidders' clients."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions import actions as auctions
from app.auctions.rules.sealed.terms import DropRule, Office, SealingMethod
from app.auctions.rules.terms import CloseKind, Format
from app.auctions.schemas import TermsIn
from app.auctions.sealed import actions, queries
from app.auctions.sealed.schemas import (
    CustodyIn,
    EnvelopesOut,
    OpenedShareIn,
    OpeningDecisionIn,
    PassOut,
    SealedIn,
    SeatIn,
    SharesIn,
)
from app.auctions.sealed.tables import CustodianKeyRow
from app.auctions.tables import AuctionRow
from app.identity.permissions import Role
from app.identity.states import PartyKind
from app.sealing.custody import Custody, Seat, answer_challenge, fingerprint, public_bytes
from app.sealing.envelopes import Content, bid, open_share, seal
from app.sealing.wire import Envelope, Place
from tests.factories.auctions import (
    CLOCK,
    TERMS,
    Sale,
    add_bidder,
    advance_to,
    make_draft,
    timetable,
)
from tests.factories.identity import Member, make_member

SEALED_TERMS = TERMS.model_copy(
    update={
        "format": Format.SEALED_ONCE,
        "close": CloseKind.DEADLINE,
        "sealed": SealedIn(),
    }
)


def sealed_terms(
    *,
    rounds: int = 1,
    method: SealingMethod = SealingMethod.CUSTODIANS,
    drop: DropRule = DropRule.NONE,
    **changed: Any,
) -> TermsIn:
    """Terms of one round of offers, or of several."""
    more = {
        "format": Format.SEALED_ROUNDS if rounds > 1 else Format.SEALED_ONCE,
        "rounds_max": rounds,
        "sealed": SealedIn(method=method, drop=drop),
    }
    return SEALED_TERMS.model_copy(update=more | changed)


@dataclass(frozen=True)
class Custodian:
    """Somebody with a key pair of his own."""

    member: Member
    key: X25519PrivateKey
    row: CustodianKeyRow

    @property
    def fingerprint(self) -> str:
        """Of his key."""
        return fingerprint(public_bytes(self.key))


@dataclass
class SealedSale(Sale):
    """A sale with its custodians, seat by seat, deputies behind their principals."""

    custodians: list[list[Custodian]] = field(default_factory=list)


async def make_custodian(session: AsyncSession, member: Member) -> Custodian:
    """Somebody who registers a key and proves that he has it."""
    key = X25519PrivateKey.generate()
    row = await actions.register_key(
        session, actor=member.actor, public_key=public_bytes(key), name="开标密钥"
    )
    answer = answer_challenge(key, row.challenge)
    await actions.prove_key(session, CLOCK, actor=member.actor, key_id=row.id, answer=answer)
    return Custodian(member, key, row)


async def make_seats(session: AsyncSession, seller: Member, *, seats: int = 3) -> list[list[Custodian]]:
    """Exchange (with a deputy), seller, supervisor; two more parties for five seats."""
    exchange = [await make_member(session, Role.AUCTIONEER, kind=PartyKind.EXCHANGE) for _ in range(2)]
    others = [await make_member(session, Role.SUPERVISOR) for _ in range(seats - 2)]
    people = [exchange, [seller], *([one] for one in others)]
    return [[await make_custodian(session, one) for one in seat] for seat in people]


async def make_sealed_draft(
    session: AsyncSession, terms: TermsIn = SEALED_TERMS, *, seats: int = 3
) -> SealedSale:
    """A drafted sale whose seats are taken."""
    sale = await make_draft(session, terms)
    assert terms.sealed is not None
    by_market = terms.sealed.method is SealingMethod.SERVER
    custodians = [] if by_market else await make_seats(session, sale.seller, seats=seats)
    offices = [Office.EXCHANGE, Office.SELLER, Office.SUPERVISOR, Office.NOTARY, Office.SUPERVISOR]
    asked = CustodyIn(
        seats=[
            SeatIn(office=office, key_ids=[one.row.id for one in seat])
            for office, seat in zip(offices, custodians, strict=False)
        ]
    )
    row = await sale.row(session)
    await actions.seat_custodians(
        session,
        actor=sale.operator.actor,
        auction_id=sale.auction_id,
        asked=asked,
        expected=row.version,
    )
    return SealedSale(**vars(sale), custodians=custodians)


async def make_sealed_registered(
    session: AsyncSession, terms: TermsIn = SEALED_TERMS, *, bidders: int = 3, seats: int = 3
) -> SealedSale:
    """A sale whose registration has closed, and whose deposits are due."""
    sale = await make_sealed_draft(session, terms, seats=seats)
    row = await auctions.publish_notice(
        session,
        CLOCK,
        actor=sale.operator.actor,
        auction_id=sale.auction_id,
        notice_in=await timetable(session),
        expected=(await sale.row(session)).version,
    )
    assert row.registration_opens_at is not None and row.deposit_due_at is not None
    await advance_to(session, row.registration_opens_at)
    for _ in range(bidders):
        await add_bidder(session, sale)
    await advance_to(session, row.deposit_due_at)
    await sweep_until(session, sale, "registration_closed")
    return sale


async def make_sealing(
    session: AsyncSession, terms: TermsIn = SEALED_TERMS, *, bidders: int = 3, seats: int = 3
) -> SealedSale:
    """A sale that takes envelopes."""
    sale = await make_sealed_registered(session, terms, bidders=bidders, seats=seats)
    if sale.custodians:
        await rehearse(session, sale)
    row = await auctions.mark_ready(
        session, CLOCK, actor=sale.finance.checker.actor, auction_id=sale.auction_id
    )
    assert row.starts_at is not None
    await advance_to(session, row.starts_at)
    await sweep_until(session, sale, "sealing")
    return sale


async def sweep_until(session: AsyncSession, sale: Sale, status: str) -> AuctionRow:
    """Let happen what is due, until the sale has this status. Others' sales may be due before it."""
    while (await sale.row(session)).status != status:
        assert await auctions.sweep(session, CLOCK)
    return await sale.row(session)


async def rehearse(session: AsyncSession, sale: SealedSale, *seats: int) -> None:
    """The rehearsal, opened by these seats (as many as suffice, unless told)."""
    await actions.rehearse(session, actor=sale.operator.actor, auction_id=sale.auction_id)
    for seat in seats or range(1, len(sale.custodians) // 2 + 2):
        await hand_in(session, sale, sale.custodians[seat - 1][0], round_no=0)


# --- the bidder's client ----------------------------------------------------------------------------------------------


async def pass_for(session: AsyncSession, sale: Sale, bidder: Member) -> PassOut:
    """A bidder's pass of the present round."""
    return await queries.envelope_pass(session, CLOCK, actor=bidder.actor, auction_id=sale.auction_id)


def custody_of(given: PassOut) -> Custody:
    """The seats and keys that a pass names."""
    seats = tuple(Seat(seat.no, tuple(bytes.fromhex(key) for key in seat.keys)) for seat in given.seats)
    return Custody(given.threshold, seats)


def place_of(given: PassOut) -> Place:
    """Where a pass lets one seal."""
    return Place(given.auction_id, given.round_no, given.envelope_id)


def sealed_with(given: PassOut, content: Content | str) -> Envelope:
    """An envelope for a pass: an amount of the bidder's, or a content of one's own."""
    told = bid(content, given.bidder_code) if isinstance(content, str) else content
    return seal(told, place_of(given), custody_of(given))


async def send(session: AsyncSession, sale: Sale, bidder: Member, content: Content | str) -> Envelope:
    """Seal and hand in."""
    given = await pass_for(session, sale, bidder)
    envelope = sealed_with(given, content)
    await actions.take_envelope(
        session, CLOCK, auction_id=sale.auction_id, shown=given.envelope_pass, envelope=envelope
    )
    return envelope


# --- the opening ------------------------------------------------------------------------------------------------------


async def close_sealing(session: AsyncSession, sale: Sale) -> AuctionRow:
    """Let the round's deadline pass."""
    row = await sale.row(session)
    assert row.ends_at is not None
    await advance_to(session, row.ends_at)
    return await sweep_until(session, sale, "opening")


def opened_by(custodian: Custodian, envelopes: EnvelopesOut) -> list[OpenedShareIn]:
    """What a custodian's client makes of the published envelopes."""
    shares = []
    for envelope in envelopes.data:
        try:
            _, share = open_share(envelope, custodian.key)
        except ValueError:
            shares.append(OpenedShareIn(envelope_id=envelope.envelope_id, share=None))
        else:
            shares.append(OpenedShareIn(envelope_id=envelope.envelope_id, share=share.hex()))
    return shares


async def hand_in(
    session: AsyncSession, sale: SealedSale, custodian: Custodian, *, round_no: int = 1
) -> AuctionRow:
    """One custodian fetches, opens and hands in."""
    envelopes = await queries.envelopes_of(
        session, actor=custodian.member.actor, auction_id=sale.auction_id, round_no=round_no
    )
    asked = SharesIn(round_no=round_no, key=custodian.fingerprint, shares=opened_by(custodian, envelopes))
    return await actions.hand_in_shares(
        session, CLOCK, actor=custodian.member.actor, auction_id=sale.auction_id, asked=asked
    )


async def open_all(
    session: AsyncSession, sale: SealedSale, seats: Sequence[int] = (1, 2), round_no: int = 1
) -> AuctionRow:
    """The close, and the opening by these seats."""
    await close_sealing(session, sale)
    for seat in seats:
        await hand_in(session, sale, sale.custodians[seat - 1][0], round_no=round_no)
    return await sale.row(session)


async def decide(session: AsyncSession, sale: SealedSale, *, proceed: bool) -> AuctionRow:
    """The seller's decision."""
    asked = OpeningDecisionIn(proceed=proceed, document_no="校办〔2026〕31号", note="系统格式原因")
    return await actions.decide_opening(
        session, CLOCK, actor=sale.seller.actor, auction_id=sale.auction_id, asked=asked
    )
