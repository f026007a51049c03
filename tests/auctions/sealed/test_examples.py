"""Worked examples over the database, as a lawyer would tell them: one offer each, and written rounds."""

from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions import queries as auctions
from app.auctions.rules.sealed.terms import DropRule
from app.sealing.envelopes import nothing
from tests.auctions.stored import deposits, events_of, registration_states
from tests.factories.auctions import Sale
from tests.factories.sealed import hand_in, make_sealing, open_all, sealed_terms, send


async def codes(session: AsyncSession, sale: Sale) -> list[str]:
    """The bidders' codes, in their order."""
    found = [
        (await auctions.standing(session, actor=one.actor, auction_id=sale.auction_id)).bidder_code
        for one in sale.bidders
    ]
    return [code for code in found if code is not None]


async def test_the_highest_of_three_sealed_offers_buys_at_its_own_price(session: AsyncSession) -> None:
    """Start 200 万. A offers 210, B 310, C changes 190 (too low) to 250 before the deadline."""
    sale = await make_sealing(session)
    a, b, c = sale.bidders
    await send(session, sale, a, "2100000.00")
    await send(session, sale, b, "3100000.00")
    await send(session, sale, c, "1900000.00")
    await send(session, sale, c, "2500000.00")
    row = await open_all(session, sale)
    winner = (await codes(session, sale))[1]
    assert (row.status, row.leader_code, row.current_minor) == ("awarded", winner, 310_000_000)
    assert await registration_states(session, sale) == ["not_winner", "winner", "not_winner"]
    assert await deposits(session, sale) == ["released", "held", "released"]
    opened = next(one for one in await events_of(session, sale) if one.kind == "envelopes_opened")
    outcomes = [one["outcome"] for one in opened.payload["results"]]
    assert (outcomes.count("bid"), outcomes.count("none"), outcomes.count("void")) == (3, 5, 0)


async def test_who_takes_his_offer_back_has_made_none(session: AsyncSession) -> None:
    sale = await make_sealing(session, bidders=2)
    await send(session, sale, sale.bidders[0], "2100000.00")
    await send(session, sale, sale.bidders[1], "9000000.00")
    await send(session, sale, sale.bidders[1], nothing())
    row = await open_all(session, sale)
    assert (row.status, row.current_minor, row.bid_no) == ("awarded", 210_000_000, 1)


async def test_without_an_offer_at_the_start_price_the_lot_passes_in(session: AsyncSession) -> None:
    sale = await make_sealing(session, bidders=2)
    await send(session, sale, sale.bidders[0], "1999999.99")
    row = await open_all(session, sale)
    assert (row.status, row.leader_code) == ("passed_in", None)
    opened = next(one for one in await events_of(session, sale) if one.kind == "envelopes_opened")
    void = [one for one in opened.payload["results"] if one["outcome"] == "void"]
    assert [(one["reason"], one["culprit"]) for one in void] == [
        ("below_floor", (await codes(session, sale))[0])
    ]


async def test_who_ties_for_the_highest_goes_into_one_extra_round(session: AsyncSession) -> None:
    """A and B offer 300, C 250. In the extra round only A and B may seal; B goes to 320 and buys."""
    sale = await make_sealing(session)
    a, b, c = sale.bidders
    for one, amount in ((a, "3000000.00"), (b, "3000000.00"), (c, "2500000.00")):
        await send(session, sale, one, amount)
    row = await open_all(session, sale)
    assert (row.status, row.folded["sealing"]["is_tie"]) == ("sealing", True)
    assert row.folded["sealing"]["among"] == sorted((await codes(session, sale))[:2])
    await send(session, sale, b, "3200000.00")
    row = await open_all(session, sale, round_no=2)
    assert (row.status, row.leader_code, row.current_minor) == (
        "awarded",
        (await codes(session, sale))[1],
        320_000_000,
    )


async def test_if_nobody_raises_in_the_extra_round_the_earlier_offer_stands(session: AsyncSession) -> None:
    sale = await make_sealing(session, bidders=2)
    await send(session, sale, sale.bidders[1], "3000000.00")
    await send(session, sale, sale.bidders[0], "3000000.00")
    await open_all(session, sale)
    row = await open_all(session, sale, seats=(2, 3), round_no=2)
    assert (row.status, row.leader_code) == ("awarded", (await codes(session, sale))[1])


async def test_in_written_rounds_each_round_starts_above_the_best_of_the_one_before(
    session: AsyncSession,
) -> None:
    """Three rounds, the lowest drops out. 210, 230, 250; then 260 and 255 by B and C; then B 270 against C's silence."""
    sale = await make_sealing(session, sealed_terms(rounds=3, drop=DropRule.LOWEST))
    a, b, c = sale.bidders
    a_code, b_code, c_code = await codes(session, sale)
    for one, amount in ((a, "2100000.00"), (b, "2300000.00"), (c, "2500000.00")):
        await send(session, sale, one, amount)
    row = await open_all(session, sale)
    state = row.folded["sealing"]
    assert (row.status, state["round_no"], state["floor_minor"]) == ("sealing", 2, 250_000_000)
    assert state["among"] == sorted([b_code, c_code])
    assert a_code not in state["among"]
    await send(session, sale, b, "2600000.00")
    await send(session, sale, c, "2550000.00")
    row = await open_all(session, sale, round_no=2)
    assert row.folded["sealing"]["floor_minor"] == 260_000_000
    await send(session, sale, b, "2700000.00")
    row = await open_all(session, sale, round_no=3)
    assert (row.status, row.leader_code, row.current_minor) == ("awarded", b_code, 270_000_000)
    assert row.bid_no == 6


async def test_a_deputy_opens_where_the_custodian_is_stuck_in_traffic(session: AsyncSession) -> None:
    sale = await make_sealing(session, bidders=1)
    await send(session, sale, sale.bidders[0], "2000000.00")
    await open_all(session, sale, seats=(3,))
    row = await hand_in(session, sale, sale.custodians[0][1])
    assert (row.status, row.current_minor) == ("awarded", 200_000_000)


async def test_three_of_five_open_where_five_seats_are_taken(session: AsyncSession) -> None:
    sale = await make_sealing(session, bidders=1, seats=5)
    await send(session, sale, sale.bidders[0], "2000000.00")
    row = await open_all(session, sale, seats=(1, 4))
    assert row.status == "opening"
    row = await hand_in(session, sale, sale.custodians[4][0])
    assert row.status == "awarded"
