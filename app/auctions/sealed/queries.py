"""Reading sealed sales: a bidder's pass, the opening as it goes, the published envelopes, custodians' keys."""

from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions import repository as auctions
from app.auctions.errors.sealed import CustodianMayNotBid, EnvelopePassInvalid, NothingToOpen
from app.auctions.queries import visible_row
from app.auctions.rules import engine
from app.auctions.rules.sealed.commands import Seal
from app.auctions.rules.sealed.receipts import pass_time
from app.auctions.sealed.actions.envelopes import Taken
from app.auctions.sealed.repository import keys, shares, slots
from app.auctions.sealed.schemas import (
    CustodianKeyOut,
    CustodianKeysOut,
    EnvelopeReceiptOut,
    EnvelopesOut,
    LeafOut,
    OpeningOut,
    PassOut,
    SeatKeysOut,
    SeatProgressOut,
)
from app.auctions.sealed.tables import CustodianKeyRow
from app.auctions.sealed.vault import vault_of
from app.auctions.shapes import money, unit_of
from app.auctions.states import AuctionStatus
from app.auctions.tables import AuctionRow
from app.db.clock import Clock
from app.identity.access import Actor
from app.identity.permissions import Permission
from app.identity.tables import PartyRow
from app.kit.dates import wire
from app.kit.schemas import MoneyOut
from app.sealing.custody import fingerprint
from app.sealing.wire import Envelope
from app.signing.keyring import signer_of


async def envelope_pass(session: AsyncSession, clock: Clock, *, actor: Actor, auction_id: UUID) -> PassOut:
    """What the actor's client needs to seal in this round. Refuses whom the sealing itself would refuse.

    Nothing is written: that somebody fetched his pass is nobody's business either.
    """
    row = await visible_row(session, actor, auction_id)
    now, at = auctions.snapshot_of(row), await clock.read(session)
    bidder = await auctions.bidder_of(session, row, actor)
    given = (await auctions.beside(session, [row], at))[row.id].given
    engine.decide(now, Seal(bidder=bidder.standing, round_no=now.sealing.round_no), at, given)
    sealed = now.terms.sealed
    assert sealed is not None and bidder.standing.code is not None
    prints = {fingerprint(bytes.fromhex(key)) for seat in sealed.seats for key in seat.keys}
    if actor.belongs_to(*await keys.parties_of(session, prints)):
        raise CustodianMayNotBid()
    kept = await slots.kept_in(session, row.id, now.sealing.round_no)
    for one in kept.values():
        if one.holder is not None and one.holder.registration_id == bidder.registration_id:
            place = one.envelope.place
            given_at = pass_time(now, at, lies_since=one.holder.received_at)
            shown = vault_of(session).pass_of(place, one.holder.registration_id, actor.user_id, given_at)
            return PassOut(
                auction_id=row.id,
                round_no=place.round_no,
                envelope_id=place.envelope_id,
                bidder_code=bidder.standing.code,
                envelope_pass=shown,
                threshold=sealed.threshold,
                seats=[SeatKeysOut(no=seat.no, keys=list(seat.keys)) for seat in sealed.seats],
                start_price=MoneyOut.of(now.terms.start_price_minor, unit_of(now.terms)),
                floor=money(now.sealing.floor_minor, unit_of(now.terms)),
                ends_at=now.ends_at,
            )
    raise EnvelopePassInvalid()


async def receipt(session: AsyncSession, taken: Taken) -> EnvelopeReceiptOut:
    """The receipt of an envelope, signed where the market signs."""
    envelope = taken.envelope
    told: dict[str, Any] = {
        "algorithm": "jishi-envelope-receipt-1",
        "auction_id": str(envelope.auction_id),
        "commitment": envelope.commitment,
        "digest": envelope.digest.hex(),
        "envelope_id": str(envelope.envelope_id),
        "received_at": wire(taken.received_at),
        "round_no": envelope.round_no,
    }
    signer = await signer_of(session)
    signature = signer.sign(told) if signer is not None else None
    return EnvelopeReceiptOut(
        auction_id=envelope.auction_id,
        round_no=envelope.round_no,
        envelope_id=envelope.envelope_id,
        commitment=envelope.commitment,
        digest=envelope.digest.hex(),
        received_at=taken.received_at,
        key_id=signature.key_id if signature else None,
        signature=signature.value.hex() if signature else None,
    )


async def opening(
    session: AsyncSession, *, actor: Actor | None, auction_id: UUID, round_no: int | None
) -> OpeningOut:
    """How far an opening, or its rehearsal (round 0), has come. Raises `NothingToOpen` for a sale without envelopes."""
    row = await visible_row(session, actor, auction_id)
    now = auctions.snapshot_of(row)
    if now.terms.sealed is None:
        raise NothingToOpen()
    shown = now.sealing.round_no if round_no is None else round_no
    envelopes = await _published(session, row, shown)
    given = await shares.shares_of(session, row.id, shown)
    by_seat: dict[int, list[bool]] = {}
    for share in given:
        by_seat.setdefault(share.seat, []).append(share.share is not None)
    current = shown == now.sealing.round_no
    return OpeningOut(
        auction_id=row.id,
        round_no=shown,
        threshold=now.terms.sealed.threshold,
        seats=[
            SeatProgressOut(
                no=seat.no,
                office=seat.office,
                holder=seat.holder,
                handed_in=bool(envelopes) and len(by_seat.get(seat.no, ())) == len(envelopes),
                failed=by_seat.get(seat.no, []).count(False),
            )
            for seat in now.terms.sealed.seats
        ],
        releases=len(await shares.released_by(session, row.id, shown)),
        root=now.sealing.root if current else None,
        leaves=[
            LeafOut(envelope_id=one.envelope_id, commitment=one.commitment, digest=one.digest.hex())
            for one in envelopes
        ],
        halted=list(now.sealing.halted) if current else [],
    )


async def envelopes_of(
    session: AsyncSession, *, actor: Actor, auction_id: UUID, round_no: int
) -> EnvelopesOut:
    """The envelopes of a round whose root is published (or of the rehearsal), for custodians and all who check."""
    row = await visible_row(session, actor, auction_id)
    return EnvelopesOut(data=await _published(session, row, round_no))


async def _published(session: AsyncSession, row: AuctionRow, round_no: int) -> list[Envelope]:
    now = auctions.snapshot_of(row)
    if round_no == now.sealing.round_no and now.stage is AuctionStatus.SEALING:
        return []
    found = await slots.rows_of(session, row.id, round_no)
    return [Envelope.model_validate(one.envelope) for one in found if one.envelope is not None]


async def custodian_keys(session: AsyncSession, *, actor: Actor) -> CustodianKeysOut:
    """The actor's own keys; for who runs sales, everybody's proven ones as well."""
    mine = (CustodianKeyRow.user_id == actor.user_id) & (CustodianKeyRow.party_id == actor.party_id)
    usable = CustodianKeyRow.proven_at.is_not(None) & CustodianKeyRow.retired_at.is_(None)
    seen = or_(mine, usable) if actor.may(Permission.AUCTION_MANAGE) else mine
    found = await session.execute(
        select(CustodianKeyRow, PartyRow.name)
        .join(PartyRow, PartyRow.id == CustodianKeyRow.party_id)
        .where(seen)
        .order_by(CustodianKeyRow.id)
        .limit(500)
    )
    return CustodianKeysOut(data=[key_out(row, name, actor) for row, name in found])


async def custodian_key(session: AsyncSession, *, actor: Actor, row: CustodianKeyRow) -> CustodianKeyOut:
    """One key of the actor's."""
    name = (await session.execute(select(PartyRow.name).where(PartyRow.id == row.party_id))).scalar_one()
    return key_out(row, name, actor)


def key_out(row: CustodianKeyRow, party_name: str, actor: Actor) -> CustodianKeyOut:
    """A key as it is shown; its challenge only to its holder."""
    waits = row.proven_at is None and row.user_id == actor.user_id
    return CustodianKeyOut(
        id=row.id,
        fingerprint=row.fingerprint,
        public_key=row.public_key.hex(),
        name=row.name,
        party_id=row.party_id,
        party_name=party_name,
        challenge=row.challenge.hex() if waits else None,
        proven_at=row.proven_at,
        retired_at=row.retired_at,
    )
