"""Maxima that bidders leave with the market."""

import secrets
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions import repository
from app.auctions.actions.closing import decide
from app.auctions.rules.commands import CancelProxy, SetProxy
from app.auctions.tables import AuctionRow, ProxyRow, ProxySource
from app.db.clock import Clock
from app.identity.access import Actor
from app.kit.money import fen
from app.signing.rules.chain import commitment


async def set_proxy(
    session: AsyncSession, clock: Clock, *, actor: Actor, auction_id: UUID, maximum: str
) -> ProxyRow:
    """Leave a maximum of so many yuan for the actor's party, in place of the one that it has."""
    row = await repository.lock_announced(session, auction_id)
    bidder = await repository.bidder_of(session, row, actor)
    return await leave_maximum(
        session,
        clock,
        row=row,
        bidder=bidder,
        max_minor=fen(maximum),
        placed_by=actor.user_id,
        source=ProxySource.WEB,
    )


async def leave_maximum(
    session: AsyncSession,
    clock: Clock,
    *,
    row: AuctionRow,
    bidder: repository.Bidder,
    max_minor: int,
    placed_by: UUID,
    source: ProxySource,
    document_no: str | None = None,
) -> ProxyRow:
    """Leave a maximum (fen) for a bidder of a locked auction; what it bids at once is part of the same commit.

    source, document_no: an absentee's or telephone bidder's signed form, entered by a clerk.
    """
    at = await clock.read(session)
    salt, no = secrets.token_bytes(16), row.proxy_no + 1
    command = SetProxy(
        bidder=bidder.standing,
        max_minor=max_minor,
        no=no,
        commitment=commitment(salt, {"auction_id": str(row.id), "max_minor": max_minor}),
    )
    sender = repository.Sender(bidder.registration_id, placed_by) if bidder.registration_id else None
    by = placed_by if source is ProxySource.WEB else None
    await decide(session, clock, row, command, at, sender=sender, by=by)
    assert bidder.registration_id is not None and bidder.standing.code is not None
    before = await repository.proxy_of(session, row.id, bidder.registration_id)
    if before is not None:
        before.ended_at = at
    row.proxy_no = no
    await session.flush()
    made = ProxyRow(
        auction_id=row.id,
        no=no,
        registration_id=bidder.registration_id,
        bidder_code=bidder.standing.code,
        max_minor=max_minor,
        salt=salt,
        commitment=command.commitment,
        source=source,
        document_no=document_no,
        placed_by=placed_by,
        made_at=at,
    )
    session.add(made)
    await session.flush()
    return made


async def cancel_proxy(session: AsyncSession, clock: Clock, *, actor: Actor, auction_id: UUID) -> None:
    """Take the party's maximum back. What it has bid stands."""
    row = await repository.lock_announced(session, auction_id)
    at = await clock.read(session)
    bidder = await repository.bidder_of(session, row, actor)
    mine = (
        await repository.proxy_of(session, row.id, bidder.registration_id)
        if bidder.registration_id is not None
        else None
    )
    command = CancelProxy(bidder=bidder.standing, commitment=mine.commitment if mine else None)
    await decide(session, clock, row, command, at)
    if mine is not None:
        mine.ended_at = at
        await session.flush()
