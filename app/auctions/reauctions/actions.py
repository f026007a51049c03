"""Sell a lot again: a clone of its offering and a new draft, in one commit."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions import actions as auctions
from app.auctions import repository as rows
from app.auctions.reauctions import repository, rules
from app.auctions.reauctions.schemas import ReauctionIn
from app.auctions.tables import AuctionRow
from app.db.clock import Clock
from app.identity.access import Actor
from app.markets import actions as markets


async def call_reauction(
    session: AsyncSession, clock: Clock, *, actor: Actor, auction_id: UUID, asked: ReauctionIn
) -> AuctionRow:
    """Draft the re-auction of the actor's own lot that passed in or lost its buyer; the operator gives notice anew.

    No second review: nothing but the price may differ, and the profile that was pinned stays. Raises `NotFound`, the
    family of `ReauctionRefused`, `TermsOutOfBounds`, and the market's refusals where an achievement can no longer be
    sold.
    """
    row = await rows.lock_own(session, auction_id, actor.party_id)
    at = await clock.read(session)
    before, limits = await repository.before_of(session, row)
    rules.check_free(before, limits, at)
    offering = await markets.offer_again(
        session,
        clock,
        actor=actor,
        offering_id=row.offering_id,
        decision_document_no=asked.decision_document_no,
        decided_on=asked.decided_on,
    )
    return await auctions.create_auction(
        session, clock, actor=actor, offering_id=offering.id, terms=asked.terms
    )
