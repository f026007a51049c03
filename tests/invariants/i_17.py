"""I-17. Each journal's postings sum to zero, and so do all accounts; each balance is the sum of its postings."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from tests.invariants.record import require
from tests.invariants.stored import Stored

_UNBALANCED = text(
    "SELECT count(*) FROM (SELECT 1 FROM postings GROUP BY journal_id HAVING sum(amount_minor) <> 0) j"
)
_SUM = text("SELECT coalesce(sum(balance_minor), 0) FROM accounts")
_DIFFERING = text(
    "SELECT count(*) FROM accounts a WHERE balance_minor <>"
    " (SELECT coalesce(sum(amount_minor), 0) FROM postings p WHERE p.account_id = a.id)"
)


async def of_database(session: AsyncSession, _: Stored) -> None:
    """The whole ledger."""
    for statement, what in (
        (_UNBALANCED, "journals"),
        (_SUM, "fen over all accounts"),
        (_DIFFERING, "accounts"),
    ):
        wrong = (await session.execute(statement)).scalar_one()
        require(wrong == 0, "I-17", f"{wrong} {what} do not balance")
