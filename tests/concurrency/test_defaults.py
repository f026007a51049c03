"""Races after the close, on committed databases: a default and a contract that is concluded in the same instant."""

import asyncio
from typing import Any

from sqlalchemy import func, select

from app.auctions.defaults import actions as defaults
from app.auctions.defaults.tables import DefaultRow
from app.contracts import actions as contracts
from app.contracts.tables import ContractRow
from app.db.session import Database
from app.events.tables import EventRow
from app.identity.permissions import Role
from app.identity.tables import CreditRecordRow
from app.kit.errors import Refusal
from app.kit.ids import new_id
from app.markets.events import OfferingAwarded
from app.markets.tables import AwardEndingRow
from app.settlement.dispositions import actions as dispositions
from app.settlement.tables import DepositRow, JournalRow, PostingRow
from tests.auctions.test_defaults import DECLARED, ask, colleague, sold
from tests.factories.auctions import CLOCK, Sale
from tests.factories.identity import Member


async def at_once(*calls: Any) -> list[str]:
    """What became of calls that run at the same time: `done`, or a refusal's code."""

    async def outcome(call: Any) -> str:
        try:
            await call
        except Refusal as refusal:
            return refusal.code
        return "done"

    return await asyncio.gather(*(outcome(call) for call in calls))


async def with_contract(database: Database) -> tuple[Sale, ContractRow, DefaultRow, Member]:
    """A sold lot whose seller has confirmed the contract, and a default that waits for its second person."""
    async with database.transaction() as session:
        sale = await sold(session)
        found = await session.scalars(
            select(EventRow).where(
                EventRow.kind == OfferingAwarded.kind, EventRow.subject_id == sale.offering_id
            )
        )
        # The factory's offering names no achievement.
        told = found.one().payload | {"subject_ids": [str(new_id())]}
        await contracts.draft_contract(session, CLOCK, award=OfferingAwarded.model_validate(told))
        contract = (
            await session.scalars(select(ContractRow).where(ContractRow.offering_id == sale.offering_id))
        ).one()
        await contracts.confirm_contract(
            session, CLOCK, actor=sale.seller.actor, contract_id=contract.id, version=contract.version
        )
        proposed = await defaults.propose_default(
            session, CLOCK, actor=sale.operator.actor, auction_id=sale.auction_id, asked=DECLARED
        )
        second = await colleague(session, sale.operator, Role.OPERATOR)
    return sale, contract, proposed, second


async def test_a_default_and_a_concluded_contract_never_both_hold(fresh_database: Database) -> None:
    for _ in range(5):
        sale, contract, proposed, second = await with_contract(fresh_database)
        buyer = sale.bidders[0]

        async def default(
            sale: Sale = sale, second: Member = second, proposed: DefaultRow = proposed
        ) -> None:
            async with fresh_database.transaction() as session:
                await defaults.confirm_default(
                    session,
                    CLOCK,
                    actor=second.actor,
                    auction_id=sale.auction_id,
                    expected=proposed.version,
                )

        async def conclude(buyer: Member = buyer, contract: ContractRow = contract) -> None:
            async with fresh_database.transaction() as session:
                await contracts.confirm_contract(
                    session,
                    CLOCK,
                    actor=buyer.actor,
                    contract_id=contract.id,
                    version=contract.version,
                )

        outcomes = await at_once(default(), conclude())
        async with fresh_database.transaction() as session:
            deposit = await session.scalar(
                select(DepositRow.status).where(DepositRow.reference_id == sale.registrations[0])
            )
            ending = await session.scalar(
                select(AwardEndingRow.ending).where(AwardEndingRow.award_id == contract.award_id)
            )
            told = await session.get_one(DefaultRow, proposed.id)
            assert (outcomes, deposit, ending, told.status) in (
                (["done", "award_was_rescinded"], "forfeited", "rescinded", "confirmed"),
                (["award_was_concluded", "done"], "applied", "concluded", "proposed"),
            )
            assert await session.scalar(select(func.sum(PostingRow.amount_minor))) == 0


async def test_two_who_confirm_a_default_at_once_forfeit_one_deposit(fresh_database: Database) -> None:
    sale, _, proposed, second = await with_contract(fresh_database)
    async with fresh_database.transaction() as session:
        third = await colleague(session, sale.operator, Role.OPERATOR)

    async def confirm(who: Member) -> None:
        async with fresh_database.transaction() as session:
            await defaults.confirm_default(
                session, CLOCK, actor=who.actor, auction_id=sale.auction_id, expected=proposed.version
            )

    outcomes = await at_once(confirm(second), confirm(third))
    assert sorted(outcomes) == ["default_decided", "done"]
    async with fresh_database.transaction() as session:
        buyer = sale.bidders[0].party_id
        notes = select(func.count()).where(CreditRecordRow.party_id == buyer)
        assert await session.scalar(notes) == 1
        taken = select(func.count()).where(JournalRow.kind == "deposit_forfeited")
        assert await session.scalar(taken) == 1


async def test_two_who_confirm_a_disposition_at_once_move_the_money_once(fresh_database: Database) -> None:
    sale, _, proposed, second = await with_contract(fresh_database)
    async with fresh_database.transaction() as session:
        await defaults.confirm_default(
            session, CLOCK, actor=second.actor, auction_id=sale.auction_id, expected=proposed.version
        )
        row = await defaults.propose_disposition(
            session,
            CLOCK,
            actor=sale.finance.maker.actor,
            auction_id=sale.auction_id,
            asked=ask(reauction_given_up_by="声明〔2026〕1号"),
        )
        third = await colleague(session, sale.finance.maker, Role.FINANCE)

    async def confirm(who: Member) -> None:
        async with fresh_database.transaction() as session:
            await dispositions.confirm(
                session, CLOCK, actor=who.actor, disposition_id=row.id, version=row.version
            )

    outcomes = await at_once(confirm(sale.finance.checker), confirm(third))
    assert sorted(outcomes) == ["done", "stale_version"]
    async with fresh_database.transaction() as session:
        assert await session.scalar(select(func.count()).where(JournalRow.kind == "deposit_disposed")) == 1
        assert await session.scalar(select(func.sum(PostingRow.amount_minor))) == 0
