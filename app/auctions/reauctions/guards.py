"""What stands in the way of a draft or a notice that repeats a sale. Sales that repeat none pass."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions.reauctions import repository, rules
from app.auctions.rules.terms import Terms
from app.markets.tables import OfferingRow


async def check_terms(session: AsyncSession, offering: OfferingRow, asked: Terms) -> None:
    """Refuse terms of a re-auction that go beyond its limits. Raises the family of `ReauctionRefused`."""
    previous = await repository.previous(session, offering.id)
    if previous is None:
        return
    before, limits = await repository.before_of(session, previous)
    earlier = await session.get_one(OfferingRow, previous.offering_id)
    has_paper = offering.decision_document_no != earlier.decision_document_no
    rules.check_terms_again(before.terms, asked, limits, has_paper=has_paper)


async def check_notice(session: AsyncSession, offering: OfferingRow, at: datetime) -> None:
    """Refuse the notice of a re-auction once its period is over. Raises `ReauctionTooLate`."""
    previous = await repository.previous(session, offering.id)
    if previous is not None:
        before, _ = await repository.before_of(session, previous)
        rules.check_in_time(before, at)
