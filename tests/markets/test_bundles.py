"""Bundles: one price divided over several rights, agreed before the notice, exact to the fen."""

from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncSession

from app.identity.permissions import Role
from app.kit.errors import NotFound
from app.kit.ids import new_id
from app.markets import actions as offerings
from app.markets.bundles import actions, queries, repository, rules
from app.markets.bundles.errors import (
    AllocationPinned,
    AllocationUnfit,
    BundleNotAgreed,
    BundleUnallocated,
)
from app.markets.listed import actions as listed
from app.markets.schemas import ReviewIn
from app.markets.tables import OfferingRow
from tests.factories.identity import make_member
from tests.factories.listings import make_registered
from tests.factories.markets import CLOCK, Market, make_approved, make_market, make_submitted


async def bundle(session: AsyncSession) -> tuple[Market, UUID, list[UUID]]:
    """An approved listing of two rights of one holder."""
    market = await make_market(session)
    second = await make_registered(session, market.seller, market.operator)
    ids = [market.achievement_id, second.id]
    row = await make_approved(session, market, achievement_ids=[str(one) for one in ids])
    return market, row.id, ids


async def publish(session: AsyncSession, market: Market, offering_id: UUID) -> None:
    row = await session.get_one(OfferingRow, offering_id, populate_existing=True)
    await listed.publish(
        session, CLOCK, actor=market.operator.actor, offering_id=offering_id, expected=row.version
    )


async def test_a_bundle_without_a_division_gets_no_notice(session: AsyncSession) -> None:
    market, offering_id, _ = await bundle(session)
    with pytest.raises(BundleUnallocated):
        await publish(session, market, offering_id)


async def test_a_bundle_whose_price_is_divided_goes_to_market_and_is_pinned(session: AsyncSession) -> None:
    market, offering_id, ids = await bundle(session)
    shares = [(ids[0], 6_500), (ids[1], 3_500)]
    await actions.allocate(session, CLOCK, actor=market.seller.actor, offering_id=offering_id, shares=shares)
    await publish(session, market, offering_id)
    told = await queries.allocation(session, actor=market.seller.actor, offering_id=offering_id)
    assert ([one.share_bp for one in told.shares], told.agreed) == ([6_500, 3_500], True)
    assert await repository.split(session, offering_id, 100_000_001) == {
        ids[0]: 65_000_001,
        ids[1]: 35_000_000,
    }
    with pytest.raises(AllocationPinned):
        await actions.allocate(
            session, CLOCK, actor=market.seller.actor, offering_id=offering_id, shares=shares
        )


async def submitted_for_negotiation(session: AsyncSession) -> tuple[Market, OfferingRow, list[UUID]]:
    """Two rights of one holder, submitted on the negotiated path."""
    market = await make_market(session)
    second = await make_registered(session, market.seller, market.operator)
    ids = [market.achievement_id, second.id]
    row = await make_submitted(
        session,
        market,
        path="negotiated",
        ask_amount=None,
        period_days=None,
        deposit_amount=None,
        achievement_ids=[str(one) for one in ids],
    )
    await session.flush()
    return market, row, ids


async def review(session: AsyncSession, market: Market, row: OfferingRow, *, approved: bool) -> None:
    """The operator's decision."""
    body = ReviewIn(approved=approved, reason="同意" if approved else "请约定价款分配比例")
    await offerings.review(
        session, CLOCK, actor=market.operator.actor, offering_id=row.id, expected=row.version, body=body
    )


async def test_a_bundle_without_a_division_is_not_put_up_for_negotiation(session: AsyncSession) -> None:
    market, row, ids = await submitted_for_negotiation(session)
    with pytest.raises(BundleUnallocated):
        async with session.begin_nested():
            await review(session, market, row, approved=True)
    await session.refresh(row)
    assert (row.status, row.opened_at) == ("submitted", None)
    shares = [(ids[0], 6_500), (ids[1], 3_500)]
    await actions.allocate(session, CLOCK, actor=market.seller.actor, offering_id=row.id, shares=shares)
    await review(session, market, row, approved=True)
    assert row.status == "open"
    with pytest.raises(AllocationPinned):
        await actions.allocate(session, CLOCK, actor=market.seller.actor, offering_id=row.id, shares=shares)


async def test_a_bundle_to_which_a_holder_has_not_agreed_is_not_put_up_for_negotiation(
    session: AsyncSession,
) -> None:
    market, row, ids = await submitted_for_negotiation(session)
    shares = [(ids[0], 6_500), (ids[1], 3_500)]
    await repository.put_shares(session, row.id, shares)
    with pytest.raises(BundleNotAgreed) as refused:
        await review(session, market, row, approved=True)
    assert refused.value.data["parties"] == [str(market.seller.party_id)]


async def test_a_bundle_can_be_returned_to_its_seller_without_a_division(session: AsyncSession) -> None:
    market, row, _ = await submitted_for_negotiation(session)
    await review(session, market, row, approved=False)
    assert row.status == "returned"


async def test_shares_name_every_right_once_and_make_up_the_whole(session: AsyncSession) -> None:
    market, offering_id, ids = await bundle(session)
    for shares in (
        [(ids[0], 10_000)],
        [(ids[0], 5_000), (ids[0], 5_000)],
        [(ids[0], 5_000), (new_id(), 5_000)],
        [(ids[0], 5_000), (ids[1], 4_999)],
    ):
        with pytest.raises(AllocationUnfit):
            await actions.allocate(
                session, CLOCK, actor=market.seller.actor, offering_id=offering_id, shares=shares
            )


async def test_the_division_is_nobody_elses_business(session: AsyncSession) -> None:
    market, offering_id, ids = await bundle(session)
    await actions.allocate(
        session,
        CLOCK,
        actor=market.seller.actor,
        offering_id=offering_id,
        shares=[(ids[0], 1), (ids[1], 9_999)],
    )
    stranger = await make_member(session, Role.TTO_OFFICER)
    with pytest.raises(NotFound):
        await queries.allocation(session, actor=stranger.actor, offering_id=offering_id)
    with pytest.raises(NotFound):
        await actions.agree(session, CLOCK, actor=stranger.actor, offering_id=offering_id)


def test_every_holder_must_agree() -> None:
    one, two, holder, other = new_id(), new_id(), new_id(), new_id()
    shares = {one: 5_000, two: 5_000}
    with pytest.raises(BundleNotAgreed) as refused:
        rules.check_notice([one, two], shares, [holder, other], [holder])
    assert refused.value.data["parties"] == [str(other)]
    rules.check_notice([one, two], shares, [holder, other], [holder, other])
    rules.check_notice([one], {}, [holder], [])


def test_three_equal_parts_of_a_price_differ_by_a_fen() -> None:
    ids = [new_id() for _ in range(3)]
    told = rules.split(100, [(ids[0], 3_333), (ids[1], 3_333), (ids[2], 3_334)])
    assert [told[one] for one in ids] == [33, 33, 34]


@given(
    amount=st.integers(0, 10**14),
    cuts=st.lists(st.integers(1, 9_999), min_size=1, max_size=19, unique=True).map(sorted),
)
def test_the_parts_are_the_whole_and_each_is_within_a_fen_of_its_share(amount: int, cuts: list[int]) -> None:
    bounds = [0, *cuts, 10_000]
    shares = [(new_id(), high - low) for low, high in pairwise(bounds)]
    told = rules.split(amount, shares)
    assert sum(told.values()) == amount
    assert all(0 <= told[one] * 10_000 - amount * share + 10_000 <= 20_000 for one, share in shares)
