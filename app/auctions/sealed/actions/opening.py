"""The opening: custodians hand in opened shares, the market puts them together once they suffice for every envelope.

What was handed in is stored at once and each time looked at as a whole, so that a restart in between loses nothing. All
envelopes are opened in one transaction: amounts become known together.
"""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions import repository as auctions
from app.auctions.actions.closing import decide
from app.auctions.errors.sealed import (
    AlreadyReleased,
    EnvelopesDiffer,
    NotACustodian,
    NothingToOpen,
    OpeningNotHalted,
    ReleaseNotAsked,
    ShareDisagrees,
)
from app.auctions.rules import notice
from app.auctions.rules.sealed.commands import DecideOpening, HaltOpening, OpenEnvelopes, PassRehearsal
from app.auctions.rules.sealed.state import Fault, Found
from app.auctions.rules.sealed.terms import SealedTerms, SealingMethod
from app.auctions.sealed.repository import bidders, keys, shares, slots
from app.auctions.sealed.repository.shares import HandedIn
from app.auctions.sealed.schemas import OpeningDecisionIn, SharesIn
from app.auctions.sealed.vault import Kept, vault_of
from app.auctions.states import AuctionStatus
from app.auctions.tables import AuctionRow
from app.db.clock import Clock
from app.identity.access import Actor
from app.kit.money import fen
from app.sealing.custody import fingerprint
from app.sealing.envelopes import (
    CommitmentDisagreesError,
    DealtFalselyError,
    Kind,
    ShareDisagreesError,
    UnopenableError,
    check_share,
    open_envelope,
    open_share,
)
from app.sealing.wire import Envelope
from app.signing.rules.merkle import Tree

RELEASES_NEEDED = 2
Shares = Mapping[UUID, Mapping[int, bytes | None]]
"""Envelope → seat → its share, or None where the seat could not open it."""


async def hand_in_shares(
    session: AsyncSession, clock: Clock, *, actor: Actor, auction_id: UUID, asked: SharesIn
) -> AuctionRow:
    """Store what one seat has opened; with the last share that is needed, everything is opened.

    Raises `NotACustodian`, `NothingToOpen`, `ShareDisagrees` for a share that is not the one that was committed to.
    """
    row = await auctions.lock_announced(session, auction_id)
    sealed = _sealed(row)
    seat = await _seat_of(session, sealed, actor, asked.key)
    round_no = _round_in_hand(row, rehearsal=asked.round_no == 0)
    kept = await slots.kept_in(session, row.id, round_no)
    if asked.round_no != round_no or not kept:
        raise NothingToOpen(round_no=round_no)
    given = []
    for one in asked.shares:
        if one.envelope_id not in kept:
            raise NothingToOpen(envelope_id=str(one.envelope_id))
        share = bytes.fromhex(one.share) if one.share is not None else None
        if share is not None:
            _check(kept[one.envelope_id].envelope, seat, share)
        given.append(HandedIn(one.envelope_id, seat, share, asked.key, actor.user_id))
    await shares.hand_in(session, given)
    await _go_on(session, clock, row, kept)
    return row


async def release_opening(
    session: AsyncSession, clock: Clock, *, actor: Actor, auction_id: UUID
) -> AuctionRow:
    """One officer's release of a sale that the market itself sealed. The second one lets it be opened."""
    row = await auctions.lock_in_region(session, auction_id, actor.region_prefix)
    notice.check_publisher(concerned=actor.belongs_to(row.seller_party_id))
    if _sealed(row).method is not SealingMethod.SERVER:
        raise ReleaseNotAsked()
    round_no = _round_in_hand(row, rehearsal=False)
    if not await shares.release(session, row.id, round_no, actor.user_id):
        raise AlreadyReleased()
    if len(await shares.released_by(session, row.id, round_no)) < RELEASES_NEEDED:
        return row
    kept = await slots.kept_in(session, row.id, round_no)
    await shares.hand_in(session, [_own_share(session, one.envelope) for one in kept.values()])
    await _go_on(session, clock, row, kept)
    return row


async def decide_opening(
    session: AsyncSession, clock: Clock, *, actor: Actor, auction_id: UUID, asked: OpeningDecisionIn
) -> AuctionRow:
    """The seller decides about envelopes that cannot be opened; on his word the opening goes on, or the sale ends."""
    row = await auctions.lock_own(session, auction_id, actor.party_id)
    at = await clock.read(session)
    _sealed(row)
    kept = await slots.kept_in(session, row.id, auctions.snapshot_of(row).sealing.round_no)
    if asked.proceed:
        await _check_hopeless(session, row, kept)
    command = DecideOpening(proceed=asked.proceed, document_no=asked.document_no, note=asked.note)
    await decide(session, clock, row, command, at)
    if asked.proceed:
        await _go_on(session, clock, row, kept)
    return row


async def _check_hopeless(session: AsyncSession, row: AuctionRow, kept: Mapping[UUID, Kept]) -> None:
    """Refuse to go on without an envelope to which a late share has given hope again: it might still open."""
    halted = set(auctions.snapshot_of(row).sealing.halted)
    if row.status != AuctionStatus.OPENING or not halted:
        return
    found = await _opened(session, row, kept, await _shares(session, row, kept))
    if halted - {one.envelope_id for one in found if one is not None and one.fault is Fault.UNOPENABLE}:
        raise OpeningNotHalted()


def _sealed(row: AuctionRow) -> SealedTerms:
    sealed = auctions.terms_of(row).sealed
    if sealed is None:
        raise NothingToOpen()
    return sealed


def _round_in_hand(row: AuctionRow, *, rehearsal: bool) -> int:
    """The round that is being opened, 0 for the rehearsal. Raises `NothingToOpen`."""
    wanted = AuctionStatus.REGISTRATION_CLOSED if rehearsal else AuctionStatus.OPENING
    if row.status != wanted:
        raise NothingToOpen(status_now=row.status)
    return 0 if rehearsal else auctions.snapshot_of(row).sealing.round_no


async def _seat_of(session: AsyncSession, sealed: SealedTerms, actor: Actor, key: str) -> int:
    mine = await keys.of_person(session, actor.user_id, actor.party_id)
    for seat in sealed.seats:
        if key in mine and key in {fingerprint(bytes.fromhex(public)) for public in seat.keys}:
            return seat.no
    raise NotACustodian()


def _check(envelope: Envelope, seat: int, share: bytes) -> None:
    try:
        check_share(envelope, seat, share)
    except ShareDisagreesError:
        raise ShareDisagrees(envelope_id=str(envelope.envelope_id), seat=seat) from None


def _own_share(session: AsyncSession, envelope: Envelope) -> HandedIn:
    """The market's own seat. What it cannot open it says so, like everybody."""
    opener = vault_of(session).opener
    try:
        seat, share = open_share(envelope, opener)
    except ValueError:
        seat, share = 1, None
    return HandedIn(envelope.envelope_id, seat, share, envelope.shares[0].key, None)


async def _go_on(session: AsyncSession, clock: Clock, row: AuctionRow, kept: Mapping[UUID, Kept]) -> None:
    """Open everything, if what was handed in suffices for every envelope, or is known not to."""
    state = auctions.snapshot_of(row).sealing
    rehearsal = row.status == AuctionStatus.REGISTRATION_CLOSED
    if not rehearsal and Tree(one.envelope.leaf for one in kept.values()).root.hex() != state.root:
        raise EnvelopesDiffer()
    given = await _shares(session, row, kept)
    opened = await _opened(session, row, kept, given)
    found = [one for one in opened if one is not None]
    if len(found) < len(opened):
        return
    at = await clock.read(session)
    closed = tuple(one.envelope_id for one in found if one.fault is Fault.UNOPENABLE)
    if rehearsal:
        if all(one.kind is Kind.NONE for one in found):
            seats = tuple(sorted({seat for one in given.values() for seat, share in one.items() if share}))
            await decide(session, clock, row, PassRehearsal(seats=seats), at)
        return
    if set(closed) - set(state.struck):
        if set(closed) != set(state.halted):
            await decide(session, clock, row, HaltOpening(envelope_ids=closed), at)
        return
    codes = await _codes(session, kept)
    sealers = {
        codes[one.holder.registration_id]: auctions.Sender(one.holder.registration_id, one.holder.user_id)
        for one in kept.values()
        if one.holder is not None and one.holder.user_id is not None
    }
    await decide(session, clock, row, OpenEnvelopes(found=tuple(found)), at, sealers=sealers)


async def _shares(session: AsyncSession, row: AuctionRow, kept: Mapping[UUID, Kept]) -> Shares:
    given: dict[UUID, dict[int, bytes | None]] = {envelope_id: {} for envelope_id in kept}
    rehearsal = row.status == AuctionStatus.REGISTRATION_CLOSED
    round_no = 0 if rehearsal else auctions.snapshot_of(row).sealing.round_no
    for share in await shares.shares_of(session, row.id, round_no):
        given[share.envelope_id][share.seat] = share.share
    return given


async def _codes(session: AsyncSession, kept: Mapping[UUID, Kept]) -> Mapping[UUID, str]:
    registered = {one.holder.registration_id for one in kept.values() if one.holder is not None}
    return await bidders.codes_of(session, registered)


async def _opened(
    session: AsyncSession, row: AuctionRow, kept: Mapping[UUID, Kept], given: Shares
) -> list[Found | None]:
    """What is known of every envelope by the shares that were handed in."""
    sealed, codes = _sealed(row), await _codes(session, kept)
    return [_found(one, given[envelope_id], sealed, codes) for envelope_id, one in kept.items()]


def _found(
    kept: Kept, given: Mapping[int, bytes | None], sealed: SealedTerms, codes: Mapping[UUID, str]
) -> Found | None:
    """What one envelope held, or that it cannot be opened; None while it still may."""
    envelope, holder = kept.envelope, kept.holder
    known = Found(
        envelope_id=str(envelope.envelope_id),
        commitment=envelope.commitment,
        digest=envelope.digest.hex(),
        holder_code=codes.get(holder.registration_id) if holder is not None else None,
        received_at=holder.received_at if holder is not None else None,
    )
    valid = {seat: share for seat, share in given.items() if share is not None}
    failed = len(given) - len(valid)
    if len(valid) < sealed.threshold:
        hopeless = len(sealed.seats) - failed < sealed.threshold
        return replace(known, fault=Fault.UNOPENABLE) if hopeless else None
    try:
        content = open_envelope(envelope, valid, threshold=sealed.threshold).content
    except DealtFalselyError:
        return replace(known, fault=Fault.DEALT_FALSELY)
    except CommitmentDisagreesError:
        return replace(known, fault=Fault.COMMITMENT_DISAGREES)
    except UnopenableError:
        return replace(known, fault=Fault.UNOPENABLE)
    return replace(
        known,
        kind=content.kind,
        code=content.code or None,
        amount_minor=fen(content.amount) if content.amount else None,
        salt=content.salt,
    )
