"""A payer of 17:03: never automatically, and only by the seller's written consent before any code is drawn."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions import actions as auctions
from app.events.tables import EventRow
from app.kit.errors import Stale
from app.markets.registrations import actions as registrations
from app.markets.registrations.late import actions, rules
from app.markets.registrations.late.errors import CodesDrawn, LateBeyond, LateNotAnnounced, LateNotThis
from app.markets.registrations.late.schemas import LateAcceptanceIn
from app.settlement.errors import SecondPersonNeeded
from app.settlement.rules import UNIDENTIFIED, Account
from app.settlement.tables import AccountRow, ArrivalRow, DepositRow, PostingRow
from tests.auctions.sale import START
from tests.factories.auctions import CLOCK, TERMS, Sale, add_bidder, advance_to, make_noticed
from tests.factories.identity import Member
from tests.factories.settlement import confirm, make_arrival

CONSENT = LateAcceptanceIn(consent_document_no="同意函〔2026〕2号", note="银行汇路延迟")


async def late(session: AsyncSession, *, allowed: int = 10, by: int = 3) -> tuple[Sale, ArrivalRow]:
    """A deposit that the bank posted so many minutes late; the arrival waits on the worklist."""
    sale = await make_noticed(session, TERMS.model_copy(update={"late_minutes": allowed}))
    await add_bidder(session, sale, paid=False)
    deposit = await session.scalar(select(DepositRow).where(DepositRow.reference_id == sale.registrations[0]))
    assert deposit is not None
    posted_at = deposit.due_at + timedelta(minutes=by)
    await advance_to(session, posted_at + timedelta(minutes=1))
    arrival = await confirm(
        session, sale.finance, await make_arrival(session, sale.finance, deposit, posted_at=posted_at)
    )
    assert (arrival.status, arrival.exception, deposit.status) == ("exception", "arrived_late", "required")
    return sale, arrival


async def accept(session: AsyncSession, by: Member, arrival: ArrivalRow, version: int = 0) -> ArrivalRow:
    return await actions.accept_late(
        session,
        CLOCK,
        actor=by.actor,
        arrival_id=arrival.id,
        version=version or arrival.version,
        asked=CONSENT,
    )


async def balance(session: AsyncSession, account: Account) -> int:
    found = await session.scalar(select(AccountRow.balance_minor).where(AccountRow.id == account.id))
    return -(found or 0)


async def test_three_minutes_late_counts_by_consent_and_is_published_without_the_payer(
    session: AsyncSession,
) -> None:
    sale, arrival = await late(session)
    waiting = await balance(session, UNIDENTIFIED)
    await accept(session, sale.finance.checker, arrival)
    deposit = await session.get_one(DepositRow, arrival.deposit_id, populate_existing=True)
    assert (arrival.status, deposit.status) == ("matched", "held")
    assert await balance(session, UNIDENTIFIED) == waiting - 20_000_000
    assert await session.scalar(select(func.sum(PostingRow.amount_minor))) == 0
    told = await session.scalar(select(EventRow).where(EventRow.kind == "markets.late_deposit_accepted"))
    assert told is not None and told.public
    assert (told.payload["minutes"], told.payload["consent_document_no"]) == (3, "同意函〔2026〕2号")
    assert str(sale.bidders[0].party_id) not in str(told.payload)
    await registrations.deposit_held(session, CLOCK, registration_id=sale.registrations[0])
    with pytest.raises(LateNotThis):
        await accept(session, sale.finance.checker, arrival)


async def test_without_a_word_in_the_notice_or_beyond_its_minutes_it_goes_back(
    session: AsyncSession,
) -> None:
    for allowed, by, refusal in ((0, 3, LateNotAnnounced), (10, 11, LateBeyond)):
        sale, arrival = await late(session, allowed=allowed, by=by)
        with pytest.raises(refusal):
            await accept(session, sale.finance.checker, arrival)
        assert arrival.status == "exception"


async def test_the_one_who_entered_it_does_not_accept_it_and_nobody_after_the_codes(
    session: AsyncSession,
) -> None:
    sale, arrival = await late(session)
    with pytest.raises(SecondPersonNeeded):
        await accept(session, sale.finance.maker, arrival)
    with pytest.raises(Stale):
        await accept(session, sale.finance.checker, arrival, version=arrival.version + 1)
    row = await sale.row(session)
    assert row.deposit_due_at is not None
    await advance_to(session, row.deposit_due_at + timedelta(hours=1))
    await auctions.mark_ready(session, CLOCK, actor=sale.finance.checker.actor, auction_id=row.id)
    with pytest.raises(CodesDrawn):
        await accept(session, sale.finance.checker, arrival)


def test_lateness_is_counted_in_begun_minutes() -> None:
    assert rules.minutes_late(START, START + timedelta(seconds=1)) == 1
    assert rules.minutes_late(START, START + timedelta(minutes=3)) == 3
