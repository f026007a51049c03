"""Before the sale: custodians' keys, their seats, the rehearsal."""

from dataclasses import replace
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions import repository as auctions
from app.auctions.errors.sealed import (
    CustodianKeyTaken,
    CustodianKeyUnknown,
    NothingToOpen,
    PossessionNotProven,
    RehearsalNotAsked,
    SaleNotSealed,
)
from app.auctions.rules import notice
from app.auctions.rules.sealed.rehearsal import needs_rehearsal
from app.auctions.rules.sealed.terms import (
    SPLITS,
    Office,
    SealedTerms,
    SealingMethod,
    SeatTerms,
    check_custody,
)
from app.auctions.sealed.repository import keys, slots
from app.auctions.sealed.schemas import CustodyIn
from app.auctions.sealed.tables import CustodianKeyRow
from app.auctions.sealed.vault import vault_of
from app.auctions.states import AuctionStatus
from app.auctions.tables import AuctionRow
from app.db.clock import Clock
from app.http.etags import check_version
from app.identity.access import Actor
from app.sealing.custody import challenge, digest_of_answer, fingerprint, public_bytes

SERVER_NAME = "交易平台（代为密封）"


async def register_key(
    session: AsyncSession, *, actor: Actor, public_key: bytes, name: str
) -> CustodianKeyRow:
    """Register a public key that the actor made himself, and ask him to open something sealed to it."""
    named = fingerprint(public_key)
    if await keys.is_taken(session, named):
        raise CustodianKeyTaken()
    try:
        sealed, expected = challenge(public_key)
    except ValueError:
        # Of small order: nothing that is sealed to it stays secret.
        raise CustodianKeyUnknown(field="/body/public_key") from None
    return await keys.add(
        session,
        CustodianKeyRow(
            party_id=actor.party_id,
            user_id=actor.user_id,
            name=name,
            public_key=public_key,
            fingerprint=named,
            challenge=sealed,
            answer_digest=expected,
        ),
    )


async def prove_key(
    session: AsyncSession, clock: Clock, *, actor: Actor, key_id: UUID, answer: bytes
) -> CustodianKeyRow:
    """Believe a key whose holder has opened what was sealed to it. A proven one stays proven."""
    row = await keys.lock_own(session, key_id, actor.user_id, actor.party_id)
    if digest_of_answer(answer) != row.answer_digest:
        raise PossessionNotProven(field="/body/answer")
    if row.proven_at is None:
        row.proven_at = await clock.read(session)
        await session.flush()
    return row


async def retire_key(session: AsyncSession, clock: Clock, *, actor: Actor, key_id: UUID) -> CustodianKeyRow:
    """Let a key take no further seat. What was sealed to it its holder still opens."""
    row = await keys.lock_own(session, key_id, actor.user_id, actor.party_id)
    if row.retired_at is None:
        row.retired_at = await clock.read(session)
        await session.flush()
    return row


async def seat_custodians(
    session: AsyncSession, *, actor: Actor, auction_id: UUID, asked: CustodyIn, expected: int
) -> AuctionRow:
    """Give a draft's seats to custodians' keys. The notice pins them."""
    row = await auctions.lock_in_region(session, auction_id, actor.region_prefix)
    check_version(row.version, expected)
    notice.check_publisher(concerned=actor.belongs_to(row.seller_party_id))
    notice.check_draft(AuctionStatus(row.status))
    terms = auctions.terms_of(row)
    if terms.sealed is None:
        raise SaleNotSealed()
    by_market = terms.sealed.method is SealingMethod.SERVER
    sealed = _own_seat(session, terms.sealed) if by_market else await _seats(session, terms.sealed, asked)
    check_custody(sealed)
    row.terms = auctions.stored_terms(replace(terms, sealed=sealed))
    await session.flush()
    return row


def _own_seat(session: AsyncSession, sealed: SealedTerms) -> SealedTerms:
    public = public_bytes(vault_of(session).opener).hex()
    seat = SeatTerms(no=1, office=Office.SERVER, holder=SERVER_NAME, keys=(public,))
    return replace(sealed, threshold=1, seats=(seat,))


async def _seats(session: AsyncSession, sealed: SealedTerms, asked: CustodyIn) -> SealedTerms:
    found = await keys.usable(session, {key_id for seat in asked.seats for key_id in seat.key_ids})
    seats = []
    for no, seat in enumerate(asked.seats, start=1):
        if missing := [str(key_id) for key_id in seat.key_ids if key_id not in found]:
            raise CustodianKeyUnknown(field=f"/body/seats/{no - 1}/key_ids", key_ids=missing)
        held = [found[key_id] for key_id in seat.key_ids]
        seats.append(
            SeatTerms(
                no=no,
                office=seat.office,
                holder=held[0][1].name,
                keys=tuple(key.public_key.hex() for key, _ in held),
            )
        )
    return replace(sealed, threshold=SPLITS.get(len(seats), 0), seats=tuple(seats))


async def rehearse(session: AsyncSession, *, actor: Actor, auction_id: UUID) -> AuctionRow:
    """Seal a dummy for the custodians to open. An earlier rehearsal that nobody finished is dropped."""
    row = await auctions.lock_in_region(session, auction_id, actor.region_prefix)
    notice.check_publisher(concerned=actor.belongs_to(row.seller_party_id))
    now = auctions.snapshot_of(row)
    if now.terms.sealed is None or not needs_rehearsal(now):
        raise RehearsalNotAsked()
    if now.status is not AuctionStatus.REGISTRATION_CLOSED:
        raise NothingToOpen(status_now=str(now.status))
    await slots.forget(session, row.id, 0)
    await slots.prepare(session, row.id, 0, now.terms.sealed, [None])
    await slots.publish(session, row.id, 0)
    return row
