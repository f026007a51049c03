"""Human numbers such as `CG-2026-000042`: what people read to each other over the telephone.

Numbers come from a counter row, so a rolled back transaction gives its number back and the series has no gap.
The price is that two makers of the same kind wait for each other; nothing on the bid path takes a number.
Prefixes: CG 成果, XQ 需求, JY 交易项目, PM 竞价, HT 合同, DZ 到账, CJ 成交确认书. Registrations (BM 报名) and deposits (BZ 保证金) are
numbered at random: whoever registers first and last would else read from his own two numbers how many came between.
"""

import secrets
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.db import plain
from app.kit.dates import market_date

_NEXT = (
    "INSERT INTO numbers AS n (prefix, year, last) VALUES ($1::text, $2::integer, $3::bigint)"
    " ON CONFLICT (prefix, year) DO UPDATE SET last = n.last + $3::bigint RETURNING last"
)


async def next_number(session: AsyncSession, prefix: str, at: datetime) -> str:
    """The next number of a kind in the market year of `at`. Take it late: it locks the counter until commit."""
    return (await next_numbers(session, prefix, at, count=1))[0]


async def next_numbers(session: AsyncSession, prefix: str, at: datetime, *, count: int) -> list[str]:
    """The next numbers of a kind, in order, for rows that are stored together. `count` may be 0."""
    year = market_date(at).year
    last: int = (await plain.fetch(session, _NEXT, prefix, year, count))[0][0]
    return [f"{prefix}-{year}-{number:06d}" for number in range(last - count + 1, last + 1)]


def random_number(prefix: str, at: datetime) -> str:
    """A number of a kind in the market year of `at` from which nobody counts the others: eight random digits.

    The column's unique index refuses one that is taken (a 409 that a repeat overcomes): once in 10,000 at 10,000 a year.
    """
    return f"{prefix}-{market_date(at).year}-{secrets.randbelow(10**8):08d}"
