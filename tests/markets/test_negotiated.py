"""Offers and counter-offers, the one that can be accepted, and how a negotiation ends."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.clock import Clock
from app.kit.errors import NotFound, Refusal
from app.kit.states import IllegalTransition
from app.markets.award import Award
from app.markets.negotiated import actions, queries
from app.markets.negotiated.schemas import NegotiationIn, OfferIn
from app.markets.negotiated.tables import NegotiationOfferRow, NegotiationRow
from app.markets.profiles import repository as profiles
from app.markets.tables import AwardRow, OfferingRow
from tests.factories.identity import Member
from tests.factories.markets import (
    Market,
    advance_to,
    make_approved,
    make_buyer,
    make_listed,
    make_market,
    make_negotiated,
)

CLOCK = Clock()


async def talk(session: AsyncSession, sale: OfferingRow, buyer: Member) -> NegotiationRow:
    row = await actions.open_negotiation(
        session, CLOCK, actor=buyer.actor, offering_id=sale.id, body=NegotiationIn(message="想了解中试数据")
    )
    await session.flush()
    return row


async def offer(
    session: AsyncSession, row: NegotiationRow, who: Member, amount: str, **more: object
) -> NegotiationOfferRow:
    body = OfferIn.model_validate({"amount": amount, "terms": "一次性支付，含两次现场指导"} | more)
    made = await actions.offer(session, CLOCK, actor=who.actor, negotiation_id=row.id, body=body)
    await session.flush()
    return made


async def accept(session: AsyncSession, row: NegotiationRow, who: Member, offer_id: UUID) -> Award:
    return await actions.accept(
        session, CLOCK, actor=who.actor, negotiation_id=row.id, offer_id=offer_id, expected=row.version
    )


async def start(
    session: AsyncSession, **changed: object
) -> tuple[Market, OfferingRow, Member, NegotiationRow]:
    market = await make_market(session)
    sale = await make_negotiated(session, market, **changed)
    buyer = await make_buyer(session)
    return market, sale, buyer, await talk(session, sale, buyer)


async def test_accepting_the_counter_offer_is_the_award(session: AsyncSession) -> None:
    market, sale, buyer, row = await start(session)
    await offer(session, row, buyer, "400000.00")
    counter = await offer(session, row, market.seller, "460000.00")
    made = await accept(session, row, buyer, counter.id)
    assert (made.amount_minor, made.buyer_party_id, made.rule) == (
        46_000_000,
        buyer.party_id,
        "negotiated_acceptance",
    )
    assert (row.status, row.accepted_round, sale.status) == ("agreed", 2, "awarded")
    assert sale.public_amount_minor is None


async def test_the_first_acceptance_of_a_process_reads_the_rules_before_it_writes(
    session: AsyncSession,
) -> None:
    market, _, buyer, row = await start(session)
    made = await offer(session, row, buyer, "400000.00")
    profiles.forget()
    await accept(session, row, market.seller, made.id)
    assert row.status == "agreed"


async def test_the_seller_accepts_the_buyers_offer_too(session: AsyncSession) -> None:
    market, sale, buyer, row = await start(session)
    made = await offer(session, row, buyer, "400000.00")
    award = await accept(session, row, market.seller, made.id)
    assert (award.amount_minor, award.buyer_party_id) == (40_000_000, buyer.party_id)
    assert sale.status == "awarded"


async def test_nobody_accepts_his_own_offer(session: AsyncSession) -> None:
    _, sale, buyer, row = await start(session)
    made = await offer(session, row, buyer, "400000.00")
    with pytest.raises(Refusal) as refused:
        await accept(session, row, buyer, made.id)
    assert refused.value.code == "offer_is_own"
    assert sale.status == "open"


async def test_a_counter_offer_ends_the_offer_before_it(session: AsyncSession) -> None:
    market, sale, buyer, row = await start(session)
    first = await offer(session, row, buyer, "400000.00")
    await offer(session, row, market.seller, "460000.00")
    with pytest.raises(Refusal) as refused:
        await accept(session, row, market.seller, first.id)
    assert refused.value.code == "offer_not_live"
    assert sale.awards_count == 0


async def test_an_offer_is_accepted_before_its_validity_ends_and_not_at_its_end(
    session: AsyncSession,
) -> None:
    market, sale, buyer, row = await start(session)
    made = await offer(session, row, buyer, "400000.00")
    await advance_to(session, made.valid_until)
    with pytest.raises(Refusal) as refused:
        await accept(session, row, market.seller, made.id)
    assert refused.value.code == "offer_not_live"
    again = await offer(session, row, buyer, "400000.00")
    await advance_to(session, again.valid_until - timedelta(seconds=5))
    assert (await accept(session, row, market.seller, again.id)).amount_minor == 40_000_000
    assert sale.status == "awarded"


async def test_an_offers_validity_is_after_now_and_at_most_ninety_days(session: AsyncSession) -> None:
    _, _, buyer, row = await start(session)
    now = await CLOCK.read(session)
    for until in (now - timedelta(seconds=1), now + timedelta(days=91)):
        with pytest.raises(Refusal) as refused:
            await offer(session, row, buyer, "400000.00", valid_until=until)
        assert (refused.value.code, refused.value.field) == ("validity_out_of_bounds", "/body/valid_until")
    made = await offer(session, row, buyer, "400000.00", valid_until=now + timedelta(days=60))
    assert row.quiet_until == made.valid_until


async def test_the_first_acceptance_closes_the_other_negotiations(session: AsyncSession) -> None:
    market, sale, buyer, row = await start(session)
    rival = await make_buyer(session)
    other = await talk(session, sale, rival)
    theirs = await offer(session, other, market.seller, "500000.00")
    mine = await offer(session, row, market.seller, "460000.00")
    await accept(session, row, buyer, mine.id)
    await session.flush()
    assert other.status == "closed"
    with pytest.raises(Refusal) as refused:
        await accept(session, other, rival, theirs.id)
    assert refused.value.code == "offering_not_open"
    kept = await session.execute(select(AwardRow.buyer_party_id).where(AwardRow.offering_id == sale.id))
    assert list(kept.scalars()) == [buyer.party_id]


async def test_a_licence_for_several_keeps_the_other_negotiations(session: AsyncSession) -> None:
    market, sale, buyer, row = await start(session, mode="license_ordinary", capacity=2)
    other = await talk(session, sale, await make_buyer(session))
    made = await offer(session, row, market.seller, "60000.00")
    await accept(session, row, buyer, made.id)
    assert (other.status, sale.status) == ("open", "open")


async def test_one_buyer_has_one_open_negotiation(session: AsyncSession) -> None:
    _, sale, buyer, row = await start(session)
    with pytest.raises(Refusal) as refused:
        await talk(session, sale, buyer)
    assert (refused.value.code, refused.value.data) == ("negotiation_exists", {"negotiation_id": str(row.id)})


async def test_the_seller_does_not_negotiate_with_himself(session: AsyncSession) -> None:
    market = await make_market(session)
    sale = await make_negotiated(session, market)
    with pytest.raises(Refusal) as refused:
        await talk(session, sale, market.seller)
    assert refused.value.code == "buyer_is_seller"


async def test_what_is_not_negotiated_or_not_on_the_market_is_not_talked_about(session: AsyncSession) -> None:
    market = await make_market(session)
    with pytest.raises(Refusal) as refused:
        await talk(session, await make_listed(session, market), await make_buyer(session))
    assert refused.value.code == "offering_stage"
    with pytest.raises(NotFound):
        await talk(session, await make_approved(session, market), await make_buyer(session))


async def test_a_stranger_finds_no_negotiation(session: AsyncSession) -> None:
    _, _, buyer, row = await start(session)
    made = await offer(session, row, buyer, "400000.00")
    stranger = await make_buyer(session)
    for attempt in (
        offer(session, row, stranger, "1.00"),
        accept(session, row, stranger, made.id),
        queries.negotiation(session, actor=stranger.actor, negotiation_id=row.id),
    ):
        with pytest.raises(NotFound):
            await attempt


async def test_leaving_is_declining_for_the_seller_and_withdrawing_for_the_buyer(
    session: AsyncSession,
) -> None:
    market, sale, buyer, row = await start(session)
    other = await talk(session, sale, await make_buyer(session))
    await actions.leave(
        session, CLOCK, actor=buyer.actor, negotiation_id=row.id, expected=row.version, reason="预算不足"
    )
    await actions.leave(
        session,
        CLOCK,
        actor=market.seller.actor,
        negotiation_id=other.id,
        expected=other.version,
        reason="另有安排",
    )
    assert (row.status, other.status) == ("withdrawn", "declined")
    with pytest.raises(Refusal) as refused:
        await offer(session, row, buyer, "400000.00")
    assert refused.value.code == "negotiation_over"
    with pytest.raises(IllegalTransition):
        await actions.leave(
            session, CLOCK, actor=buyer.actor, negotiation_id=row.id, expected=row.version, reason="再次"
        )
    assert sale.status == "open"


async def test_who_left_may_ask_again(session: AsyncSession) -> None:
    _, sale, buyer, row = await start(session)
    await actions.leave(
        session, CLOCK, actor=buyer.actor, negotiation_id=row.id, expected=row.version, reason="暂缓"
    )
    await session.flush()
    assert (await talk(session, sale, buyer)).status == "open"


async def test_a_negotiation_in_which_nobody_speaks_expires(session: AsyncSession) -> None:
    _, _, buyer, row = await start(session)
    await advance_to(session, row.quiet_until)
    with pytest.raises(Refusal) as refused:
        await offer(session, row, buyer, "400000.00")
    assert refused.value.code == "negotiation_over"
    assert await actions.sweep(session, CLOCK) is True
    assert (row.status, row.next_due_at) == ("expired", None)
    assert await actions.sweep(session, CLOCK) is False


async def test_what_was_offered_is_never_changed(session: AsyncSession) -> None:
    _, _, buyer, row = await start(session)
    await offer(session, row, buyer, "400000.00")
    with pytest.raises(DBAPIError, match="only ever added to"):
        async with session.begin_nested():
            await session.execute(text("UPDATE negotiation_offers SET amount_minor = 1"))


async def test_both_sides_see_the_same_offers_and_only_the_last_is_live(session: AsyncSession) -> None:
    market, _, buyer, row = await start(session)
    await offer(session, row, buyer, "400000.00")
    await offer(session, row, market.seller, "460000.00")
    for who, side in ((buyer, "buyer"), (market.seller, "seller")):
        told = await queries.negotiation(session, actor=who.actor, negotiation_id=row.id)
        assert told.side == side
        assert [(one.side, one.amount.amount, one.live) for one in told.offers] == [
            ("buyer", "400000.00", False),
            ("seller", "460000.00", True),
        ]
