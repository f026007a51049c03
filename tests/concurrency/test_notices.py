"""A notice under many hands at once: objections against the end of its period, mends against its end, one against another.

Hypothesis chooses who does what at the same moment, on a committed database. Whatever it chooses: one outcome, the refused
are told why, nothing waits for ever, and the record is whole.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.config import Settings
from app.db.clock import Clock, move_sandbox_clock
from app.db.session import Database
from app.identity.permissions import Role
from app.identity.states import PartyKind
from app.identity.tables import PartyRow
from app.kit.errors import Refusal
from app.kit.ids import new_id
from app.notices import actions, repository
from app.notices.rules.record import EntryKind, link
from app.notices.states import LIVE, UNDECIDED, MendKind, NoticeStatus, RevokedReason, UpheldEffect
from app.notices.tables import NoticeEntryRow, NoticeHoldRow, NoticeMendRow, NoticeRow, ObjectionRow
from app.signing.rules.chain import GENESIS
from tests import servers
from tests.factories.identity import Member, make_member
from tests.factories.notices import draft_of, make_mend, make_notice, make_objection

CLOCK = Clock()
Act = Callable[["Hands", AsyncSession], Awaitable[object]]
DECISION: dict[str, Any] = {"findings": "经核查", "document_no": "科技处〔2026〕12号"}
ENDS = {EntryKind.PASSED, EntryKind.FAILED, EntryKind.REVOKED, EntryKind.SUPERSEDED}


class Hands:
    """The people around one notice, and what they try."""

    def __init__(self, officer: Member, leader: Member, filers: list[Member], notice_id: UUID) -> None:
        self.officer, self.leader, self.filers, self.notice_id = officer, leader, filers, notice_id

    async def notice(self, session: AsyncSession) -> NoticeRow:
        return await session.get_one(NoticeRow, self.notice_id)

    async def file(self, session: AsyncSession, place: int) -> object:
        return await make_objection(session, await self.notice(session), self.filers[place])

    async def decide(self, session: AsyncSession, place: int, how: str) -> object:
        found = await session.scalars(
            select(ObjectionRow)
            .where(
                ObjectionRow.notice_id == self.notice_id,
                ObjectionRow.filer_party_id == self.filers[place].party_id,
            )
            .order_by(ObjectionRow.id.desc())
            .limit(1)
        )
        row = found.one_or_none()
        if row is None:
            return None
        told: dict[str, Any] = {"objection_id": row.id, "expected": row.version}
        by = self.leader.actor
        if how == "accept":
            return await actions.accept(session, CLOCK, actor=by, **told)
        if how == "reject":
            return await actions.reject(session, CLOCK, actor=by, findings="形式不符", **told)
        if how == "withdraw":
            return await actions.withdraw(session, CLOCK, actor=self.filers[place].actor, **told)
        effect = UpheldEffect.TERMINATE if how == "uphold" else None
        return await actions.decide(
            session, CLOCK, actor=by, upheld=effect is not None, effect=effect, **told, **DECISION
        )

    async def propose(self, session: AsyncSession) -> object:
        return await make_mend(session, await self.notice(session), self.officer)

    async def confirm(self, session: AsyncSession) -> object:
        mend = await repository.open_mend(session, self.notice_id)
        if mend is None:
            return None
        assert mend.kind == MendKind.CORRECTION
        return await actions.confirm_mend(
            session, CLOCK, actor=self.leader.actor, mend_id=mend.id, expected=mend.version
        )

    async def revoke(self, session: AsyncSession) -> object:
        return await actions.revoke(
            session, CLOCK, notice_id=self.notice_id, reason_class=RevokedReason.OTHER, note="撤回"
        )

    async def supersede(self, session: AsyncSession) -> object:
        row = await self.notice(session)
        draft = draft_of(row.owner_party_id, about_id=row.about_id)
        return await actions.supersede(session, CLOCK, notice_id=row.id, by=draft, actor=self.officer.actor)


ACTS: dict[str, Act] = {
    "end": lambda _, session: actions.sweep(session, CLOCK),
    "propose": lambda hands, session: hands.propose(session),
    "confirm": lambda hands, session: hands.confirm(session),
    "revoke": lambda hands, session: hands.revoke(session),
    "change": lambda hands, session: hands.supersede(session),
    **{
        f"file {place}": (lambda hands, session, place=place: hands.file(session, place))
        for place in range(2)
    },
    **{
        f"{how} {place}": (lambda hands, session, place=place, how=how: hands.decide(session, place, how))
        for place in range(2)
        for how in ("accept", "reject", "withdraw", "uphold", "dismiss")
    },
}
OFTEN = [name for name in ACTS if name not in ("revoke", "change", "uphold 0", "uphold 1")]


class Notices(RuleBasedStateMachine):
    """One notice of fifteen days, and what happens to it."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.name = f"notices_{new_id().hex}"
        self.url = servers.create_database(self.name)
        self.database: Database
        self.hands: Hands

    @initialize()
    def published(self) -> None:
        self.runner.run(self._publish())

    async def _publish(self) -> None:
        self.database = Database(Settings(database_url=self.url).asyncpg_url, pool_size=4)
        async with self.database.transaction() as session:
            officer = await make_member(session, Role.TTO_OFFICER, kind=PartyKind.UNIVERSITY)
            party = await session.get_one(PartyRow, officer.party_id)
            leader = await make_member(session, Role.ORG_LEADER, party=party)
            filers = [await make_member(session, Role.ENTERPRISE_USER) for _ in range(2)]
            notice = await make_notice(session, officer)
        self.hands = Hands(officer, leader, filers, notice.id)

    @rule(days=st.sampled_from([1, 7, 14, 15]))
    def days_pass(self, days: int) -> None:
        async def advance() -> None:
            async with self.database.transaction() as session:
                await move_sandbox_clock(session, advance=timedelta(days=days), rate=None)

        self.runner.run(advance())

    @rule(names=st.lists(st.sampled_from(OFTEN), min_size=2, max_size=3))
    def together(self, names: list[str]) -> None:
        self.runner.run(self._together(names))

    @rule(name=st.sampled_from(["revoke", "change", "uphold 0"]), other=st.sampled_from(list(ACTS)))
    def an_end_against_another(self, name: str, other: str) -> None:
        self.runner.run(self._together([name, other]))

    async def _together(self, names: list[str]) -> None:
        await asyncio.gather(*(self._attempt(ACTS[name]) for name in names))

    async def _attempt(self, act: Act) -> None:
        """A refusal is an answer; anything else breaks the test."""
        try:
            async with self.database.transaction() as session:
                await act(self.hands, session)
        except Refusal as refusal:
            assert refusal.detail_zh and refusal.code != "busy"

    @invariant()
    def one_outcome_and_a_whole_record(self) -> None:
        self.runner.run(self._check())

    async def _check(self) -> None:
        async with self.database.transaction() as session:
            row = await self.hands.notice(session)
            of = NoticeEntryRow.notice_id == row.id
            entries = list(
                await session.scalars(select(NoticeEntryRow).where(of).order_by(NoticeEntryRow.seq))
            )
            objections = list(
                await session.scalars(select(ObjectionRow).where(ObjectionRow.notice_id == row.id))
            )
            held = list(
                await session.scalars(
                    select(NoticeHoldRow).where(
                        NoticeHoldRow.notice_id == row.id, NoticeHoldRow.ended_at.is_(None)
                    )
                )
            )
            mends = list(
                await session.scalars(select(NoticeMendRow).where(NoticeMendRow.notice_id == row.id))
            )
        self._check_record(row, entries)
        undecided = [one for one in objections if one.status in UNDECIDED]
        assert row.open_objections == len(undecided)
        assert (row.status == NoticeStatus.PAUSED) == bool(held)
        if row.status == NoticeStatus.PASSED:
            assert row.ends_at is not None and row.ended_at is not None
            assert undecided == [] and row.ended_at >= row.ends_at
        if row.status not in LIVE:
            assert row.next_due_at is None
            assert [mend for mend in mends if mend.status == "proposed"] == []

    def _check_record(self, row: NoticeRow, entries: list[NoticeEntryRow]) -> None:
        previous = GENESIS
        for place, entry in enumerate(entries, 1):
            assert (entry.seq, entry.prev_hash) == (place, previous)
            previous = link(
                row.id, seq=entry.seq, kind=entry.kind, at=entry.at, payload=entry.payload, previous=previous
            )
            assert entry.hash == previous
        assert row.chain_head == previous
        ends = [entry.kind for entry in entries if entry.kind in ENDS]
        # Only what has passed may be taken back afterwards.
        assert len(ends) <= 1 or ends == [EntryKind.PASSED, EntryKind.REVOKED]
        assert (row.status in LIVE) == (not ends)

    def teardown(self) -> None:
        if hasattr(self, "database"):
            self.runner.run(self.database.dispose())
        self.runner.close()
        servers.drop_database(self.name)


def test_whatever_happens_at_once_a_notice_has_one_outcome_and_a_whole_record() -> None:
    run_state_machine_as_test(
        Notices,
        settings=settings(
            max_examples=6,
            stateful_step_count=10,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
