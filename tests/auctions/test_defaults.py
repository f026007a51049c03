"""The buyer's default: two persons, one commit, money that adds up, and nobody's name in public."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions.defaults import actions, queries, rules
from app.auctions.defaults.errors import (
    DefaultDecided,
    DefaultFoundBefore,
    DefaultNeedsSecondPerson,
    DefaultTooEarly,
    NoDepositForfeited,
    NothingAwarded,
    ReauctionMayFollow,
)
from app.auctions.defaults.rules import Resale
from app.auctions.defaults.schemas import DefaultIn, DispositionIn
from app.auctions.defaults.states import Ground
from app.auctions.defaults.tables import DefaultRow
from app.auctions.errors import OperatorIsSeller
from app.auctions.rules.terms import Organiser
from app.events.tables import EventRow
from app.identity.permissions import Role
from app.identity.tables import CreditRecordRow, PartyRow
from app.kit.errors import NotFound, Stale
from app.markets.award import AwardEnding
from app.markets.registrations.tables import RegistrationRow
from app.markets.tables import AwardEndingRow, AwardRow, OfferingRow
from app.settlement.dispositions import actions as dispositions
from app.settlement.tables import DepositRow
from tests.auctions.sale import START, seconds
from tests.auctions.stored import deposits
from tests.factories.auctions import CLOCK, Sale, advance_to, close, make_started, place
from tests.factories.identity import Member, make_member

DECLARED = DefaultIn(ground=Ground.DECLARED, document_no="违约认定〔2026〕3号", reason="书面声明不再受让")


async def colleague(session: AsyncSession, of: Member, *roles: Role) -> Member:
    """Somebody else of the same organisation."""
    party = await session.get_one(PartyRow, of.party_id)
    return await make_member(session, *roles, party=party, name="复核人")


async def sold(session: AsyncSession) -> Sale:
    """A sale that was knocked down to the first bidder at 210 万."""
    sale = await make_started(session)
    await place(session, sale, sale.bidders[1], "2000000.00")
    await place(session, sale, sale.bidders[0], "2100000.00")
    await close(session, sale)
    return sale


async def propose(session: AsyncSession, sale: Sale, asked: DefaultIn = DECLARED) -> DefaultRow:
    """The operator's proposal."""
    return await actions.propose_default(
        session, CLOCK, actor=sale.operator.actor, auction_id=sale.auction_id, asked=asked
    )


async def defaulted(session: AsyncSession, sale: Sale) -> DefaultRow:
    """A confirmed default."""
    found = await propose(session, sale)
    second = await colleague(session, sale.operator, Role.OPERATOR)
    return await actions.confirm_default(
        session, CLOCK, actor=second.actor, auction_id=sale.auction_id, expected=found.version
    )


# --- the finding ------------------------------------------------------------------------------------------------------


async def test_a_confirmed_default_rescinds_forfeits_and_notes_in_one_commit(session: AsyncSession) -> None:
    sale = await sold(session)
    assert await deposits(session, sale) == ["held", "released"]
    found = await defaulted(session, sale)
    buyer = sale.bidders[0]
    assert (found.status, found.forfeited_minor, found.price_minor) == ("confirmed", 20_000_000, 210_000_000)
    assert await deposits(session, sale) == ["forfeited", "released"]
    ending = await session.get_one(AwardEndingRow, found.award_id)
    assert (ending.ending, ending.document_no) == (AwardEnding.RESCINDED, DECLARED.document_no)
    offering = await session.get_one(OfferingRow, sale.offering_id, populate_existing=True)
    assert (offering.status, offering.public_amount_minor) == ("failed", None)
    registration = await session.get_one(RegistrationRow, sale.registrations[0], populate_existing=True)
    assert registration.status == "defaulted"
    (credit,) = await session.scalars(
        select(CreditRecordRow).where(CreditRecordRow.party_id == buyer.party_id)
    )
    row = await sale.row(session)
    assert (credit.kind, credit.reference, credit.document_no) == (
        "buyer_default",
        row.number,
        DECLARED.document_no,
    )
    # The sale itself was held and its record is closed: that stays so.
    assert row.status == "awarded"


async def test_the_public_is_told_of_the_default_without_a_name(session: AsyncSession) -> None:
    sale = await sold(session)
    await defaulted(session, sale)
    told = list(
        await session.scalars(
            select(EventRow)
            .where(EventRow.subject_id == sale.auction_id, EventRow.kind.contains("default"))
            .order_by(EventRow.id)
        )
    )
    assert [(event.kind, event.public) for event in told] == [
        ("auctions.sale_defaulted", True),
        ("auctions.buyer_defaulted", False),
    ]
    assert str(sale.bidders[0].party_id) not in str(told[0].payload)
    assert str(told[0].payload.get("price")) == "2100000.00"
    assert set(told[1].parties) == {sale.seller.party_id, sale.bidders[0].party_id}


async def test_nothing_changes_before_a_second_person_has_confirmed(session: AsyncSession) -> None:
    sale = await sold(session)
    found = await propose(session, sale)
    with pytest.raises(DefaultNeedsSecondPerson):
        await actions.confirm_default(
            session, CLOCK, actor=sale.operator.actor, auction_id=sale.auction_id, expected=found.version
        )
    second = await colleague(session, sale.operator, Role.OPERATOR)
    with pytest.raises(Stale):
        await actions.confirm_default(
            session, CLOCK, actor=second.actor, auction_id=sale.auction_id, expected=found.version + 1
        )
    assert await deposits(session, sale) == ["held", "released"]
    assert await session.get(AwardEndingRow, found.award_id) is None


async def test_a_refused_proposal_leaves_the_award_and_room_for_another(session: AsyncSession) -> None:
    sale = await sold(session)
    found = await propose(session, sale)
    with pytest.raises(DefaultFoundBefore):
        await propose(session, sale)
    second = await colleague(session, sale.operator, Role.OPERATOR)
    await actions.refuse_default(
        session,
        CLOCK,
        actor=second.actor,
        auction_id=sale.auction_id,
        expected=found.version,
        reason="证据不足",
    )
    with pytest.raises(DefaultDecided):
        await actions.confirm_default(
            session, CLOCK, actor=second.actor, auction_id=sale.auction_id, expected=found.version
        )
    assert await deposits(session, sale) == ["held", "released"]
    assert (await defaulted(session, sale)).status == "confirmed"


async def test_the_buyer_has_the_whole_of_his_last_day(session: AsyncSession) -> None:
    sale = await sold(session)
    asked = DECLARED.model_copy(update={"ground": Ground.NOT_CONFIRMED})
    with pytest.raises(DefaultTooEarly) as early:
        await propose(session, sale, asked)
    assert early.value.data["due_on"]
    at = await CLOCK.read(session)
    await advance_to(session, at + timedelta(days=20))
    assert str((await propose(session, sale, asked)).due_on) == early.value.data["due_on"]


async def test_a_sale_without_a_buyer_has_nobody_in_default(session: AsyncSession) -> None:
    sale = await make_started(session)
    with pytest.raises(NothingAwarded):
        await propose(session, sale)
    await close(session, sale)
    with pytest.raises(NothingAwarded):
        await propose(session, sale)


async def test_nobody_finds_the_buyer_of_his_own_partys_sale_in_default(session: AsyncSession) -> None:
    sale = await sold(session)
    for concerned in (sale.seller, sale.bidders[0]):
        insider = await colleague(session, concerned, Role.OPERATOR)
        with pytest.raises(OperatorIsSeller):
            await actions.propose_default(
                session, CLOCK, actor=insider.actor, auction_id=sale.auction_id, asked=DECLARED
            )
    elsewhere = await make_member(session, Role.OPERATOR, region_scope="330200")
    with pytest.raises(NotFound):
        await actions.propose_default(
            session, CLOCK, actor=elsewhere.actor, auction_id=sale.auction_id, asked=DECLARED
        )


# --- the money --------------------------------------------------------------------------------------------------------


def ask(**changed: object) -> DispositionIn:
    """1.2 万 costs by their list."""
    usual = {"costs": "12000.00", "costs_document_no": "费用清单〔2026〕9号", "note": "悔拍保证金处置"}
    return DispositionIn.model_validate(usual | changed)


async def test_the_deposit_waits_for_the_reauction_unless_the_seller_gives_it_up(
    session: AsyncSession,
) -> None:
    sale = await sold(session)
    await defaulted(session, sale)
    finance = sale.finance
    with pytest.raises(ReauctionMayFollow):
        await actions.propose_disposition(
            session, CLOCK, actor=finance.maker.actor, auction_id=sale.auction_id, asked=ask()
        )
    row = await actions.propose_disposition(
        session,
        CLOCK,
        actor=finance.maker.actor,
        auction_id=sale.auction_id,
        asked=ask(reauction_given_up_by="放弃再次竞价声明〔2026〕1号"),
    )
    assert (row.costs_minor, row.shortfall_minor, row.seller_minor) == (1_200_000, 0, 18_800_000)
    assert (row.source, row.claim_minor) == ("house rule, after 法释〔2016〕18号 art. 24", 0)
    done = await dispositions.confirm(
        session, CLOCK, actor=finance.checker.actor, disposition_id=row.id, version=row.version
    )
    assert done.status == "confirmed"
    # The two sides and finance read it with the finding; who arranges the sale reads the finding alone.
    for reader in (sale.seller.actor, finance.checker.actor):
        told = await queries.read_default(session, actor=reader, auction_id=sale.auction_id)
        assert told.disposition is not None
        assert (told.disposition.status, [str(line.purpose) for line in told.disposition.lines]) == (
            "confirmed",
            ["costs", "shortfall", "seller"],
        )
    told = await queries.read_default(session, actor=sale.operator.actor, auction_id=sale.auction_id)
    assert (told.forfeited.amount, told.disposition) == ("200000.00", None)


async def test_a_default_that_is_not_confirmed_leaves_nothing_to_dispose_of(session: AsyncSession) -> None:
    sale = await sold(session)
    await propose(session, sale)
    with pytest.raises(NoDepositForfeited):
        await actions.propose_disposition(
            session, CLOCK, actor=sale.finance.maker.actor, auction_id=sale.auction_id, asked=ask()
        )


def test_the_shortfall_is_the_price_before_less_the_price_after_and_never_negative() -> None:
    usual = {
        "number": "PM-2026-000001",
        "price_minor": 210_000_000,
        "reauction_until": START + timedelta(days=30),
        "given_up_by": None,
        "at": START,
    }
    lower = Resale(number="PM-2026-000002", ended=True, price_minor=180_000_000)
    assert rules.shortfall_of(**usual, resale=lower).amount_minor == 30_000_000  # type: ignore[arg-type]
    higher = Resale(number="PM-2026-000002", ended=True, price_minor=250_000_000)
    assert rules.shortfall_of(**usual, resale=higher).amount_minor == 0  # type: ignore[arg-type]
    passed_in = Resale(number="PM-2026-000002", ended=True, price_minor=None)
    assert rules.shortfall_of(**usual, resale=passed_in).basis == "PM-2026-000002 流拍"  # type: ignore[arg-type]
    with pytest.raises(ReauctionMayFollow):
        rules.shortfall_of(**usual, resale=Resale(number="PM-2", ended=False, price_minor=None))  # type: ignore[arg-type]
    late = usual | {"at": START + timedelta(days=30) + seconds(1)}
    assert rules.shortfall_of(**late, resale=None).amount_minor == 0  # type: ignore[arg-type]


def test_the_statute_is_named_only_where_a_licensed_house_sells() -> None:
    assert rules.source_of(Organiser.LICENSED_AUCTION_HOUSE) == "拍卖法 art. 39"
    assert rules.source_of(Organiser.EXCHANGE_ONLINE_BIDDING) == "house rule, after 法释〔2016〕18号 art. 24"


async def test_a_sale_without_a_deposit_is_rescinded_all_the_same(session: AsyncSession) -> None:
    from tests.factories.auctions import TERMS

    sale = await make_started(session, terms=TERMS.model_copy(update={"deposit": "0.00"}))
    await place(session, sale, sale.bidders[0], "2000000.00")
    await close(session, sale)
    assert (await defaulted(session, sale)).forfeited_minor == 0
    none = await session.scalars(select(DepositRow.id).where(DepositRow.reference_id.in_(sale.registrations)))
    assert none.all() == []
    award = await session.scalar(select(AwardRow).where(AwardRow.offering_id == sale.offering_id))
    assert award is not None
