"""Taking envelopes without a trace of whose they are.

Nothing is announced, no fact is entered, no key of a request is kept; every slot of the round is written anew, so that
not even the row that changed can be told. At random times the same happens with nothing in it.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions import repository as auctions
from app.auctions.actions.closing import decide
from app.auctions.errors.sealed import EnvelopeDoesNotFit, EnvelopePassInvalid
from app.auctions.rules import engine
from app.auctions.rules.sealed.commands import Seal
from app.auctions.rules.sealed.receipts import check_replaces, received
from app.auctions.sealed.repository import bidders, slots
from app.auctions.sealed.vault import Holder, Kept, Shown, vault_of
from app.auctions.states import AuctionStatus
from app.db.clock import Clock
from app.sealing.envelopes import fits
from app.sealing.wire import Envelope

STIRS_PER_MINUTE: Final = 1
SWEEPS_PER_MINUTE: Final = 240


@dataclass(frozen=True)
class Taken:
    """An envelope that lies with the market."""

    envelope: Envelope
    received_at: datetime


async def take_envelope(
    session: AsyncSession, clock: Clock, *, auction_id: UUID, shown: str, envelope: Envelope
) -> Taken:
    """Put an envelope into its slot in place of what was there. The last one before the deadline counts.

    The very same envelope, sent once more, keeps its time of receipt; another one takes its place only with a pass that was
    given since. An envelope counts if market time, read under the auction's lock, is before the round's end. `shown` is
    the pass.
    """
    await _check_pass(session, auction_id, shown, envelope)
    row = await auctions.lock_announced(session, auction_id)
    at = await clock.read(session)
    kept = await slots.kept_in(session, row.id, envelope.round_no)
    registration_id, given_to = _of_pass(session, kept, shown, envelope)
    standing = await bidders.standing_of(session, registration_id, given_to.user_id)
    command = Seal(bidder=standing, round_no=envelope.round_no)
    given = (await auctions.beside(session, [row], at))[row.id].given
    if engine.decide(auctions.snapshot_of(row), command, at, given):
        # Only what was due: the sealing itself enters nothing.
        await decide(session, clock, row, command, at)
    sealed = auctions.terms_of(row).sealed
    assert sealed is not None
    before = kept[envelope.envelope_id]
    if not fits(envelope, before.envelope.place, slots.custody_of(sealed)):
        raise EnvelopeDoesNotFit()
    lies_since = before.holder.received_at if before.holder else None
    same = lies_since if before.envelope == envelope else None
    if not same:
        check_replaces(given_to.given_at, lies_since=lies_since)
    when = received(auctions.snapshot_of(row), at, before=same)
    mine = before if same else Kept(envelope, Holder(registration_id, given_to.user_id, when))
    await slots.rewrite(session, kept | {envelope.envelope_id: mine})
    return Taken(envelope, when)


async def _check_pass(session: AsyncSession, auction_id: UUID, shown: str, envelope: Envelope) -> None:
    """Refuse who has no pass before the auction's lock is asked for."""
    if envelope.auction_id != auction_id:
        raise EnvelopePassInvalid()
    _of_pass(session, await slots.kept_in(session, auction_id, envelope.round_no), shown, envelope)


def _of_pass(
    session: AsyncSession, kept: dict[UUID, Kept], shown: str, envelope: Envelope
) -> tuple[UUID, Shown]:
    """The registration for which the slot is kept, and the person with the pass."""
    found = kept.get(envelope.envelope_id)
    if found is None or found.holder is None or envelope.round_no < 1:
        raise EnvelopePassInvalid()
    registration_id = found.holder.registration_id
    given_to = vault_of(session).holder_of_pass(shown, envelope.place, registration_id)
    if given_to is None:
        raise EnvelopePassInvalid()
    return registration_id, given_to


async def stir(session: AsyncSession, _: Clock) -> bool:
    """Write all slots of every round that is being sealed anew, about once a minute, at times that nobody plans.

    What a bidder causes happens without him as well: who watches the tables cannot tell one from the other.
    """
    if secrets.randbelow(SWEEPS_PER_MINUTE) >= STIRS_PER_MINUTE:
        return False
    for row in await slots.take_sealing(session, AuctionStatus.SEALING):
        try:
            kept = await slots.kept_in(session, row.id, auctions.snapshot_of(row).sealing.round_no)
        except InvalidTag:
            continue
        await slots.rewrite(session, kept)
    return False
