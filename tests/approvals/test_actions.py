"""Cases through their chains on a real database: order, duties apart, returns, reminders, records."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.approvals import actions, errors, queries
from app.approvals.rules import record
from app.approvals.schemas import DelegationIn
from app.approvals.states import CaseStatus, DecisionSubject, FolderKind, StepStatus
from app.approvals.tables import CaseRow, EntryRow, EntryTextRow, StepRow
from app.db.clock import move_sandbox_clock
from app.events.tables import EventRow
from app.identity.permissions import Role
from app.identity.tables import PartyRow
from app.kit.dates import end_of_day, market_date
from app.kit.errors import NotFound
from app.kit.ids import new_id
from tests.factories.approvals import CLOCK, Unit, make_case, make_chain, make_running, make_unit, put, say
from tests.factories.identity import make_member


@pytest.fixture
async def unit(session: AsyncSession) -> Unit:
    """A university's people."""
    return await make_unit(session)


async def statuses(session: AsyncSession, row: CaseRow) -> list[str]:
    found = select(StepRow.status).where(StepRow.case_id == row.id, StepRow.round == row.round)
    return list(await session.scalars(found.order_by(StepRow.position)))


async def head_of(session: AsyncSession, row: CaseRow) -> bytes:
    entries = await session.scalars(
        select(EntryRow)
        .where(EntryRow.case_id == row.id)
        .order_by(EntryRow.seq)
        .execution_options(populate_existing=True)
    )
    return record.head(row.id, [record.Entry(one.seq, one.kind, one.at, one.payload) for one in entries])


async def test_a_case_goes_from_its_parallel_steps_to_the_last_and_other_rooms_read_the_verdict(
    session: AsyncSession, unit: Unit
) -> None:
    row = await make_running(session, unit)
    assert await statuses(session, row) == ["open", "open", "waiting"]
    row = await say(session, row, unit.legal, 1, opinion="合同文本合规")
    assert await statuses(session, row) == ["open", "approved", "waiting"]
    row = await say(session, row, unit.asset, 0)
    assert await statuses(session, row) == ["approved", "approved", "open"]
    row = await say(session, row, unit.leader, 2, document_no="校办纪要〔2026〕9号")
    told = await queries.verdict(
        session,
        subject_kind=DecisionSubject.OFFERING,
        subject_id=row.subject_id,
        party_ids=[row.party_id],
        lock=True,
    )
    assert told is not None and told.decided_on is not None
    assert (told.status, told.document_no) == (CaseStatus.APPROVED, "校办纪要〔2026〕9号")
    assert told.chain_hash == (await head_of(session, row)).hex()
    elsewhere = await queries.verdict(
        session, subject_kind=DecisionSubject.OFFERING, subject_id=row.subject_id, party_ids=[new_id()]
    )
    assert elsewhere is None


async def test_below_its_amount_a_step_is_skipped(session: AsyncSession, unit: Unit) -> None:
    row = await make_running(session, unit, amount_minor=99_999_999)
    assert await statuses(session, row) == ["skipped", "open", "waiting"]


async def test_the_last_approval_names_its_paper(session: AsyncSession, unit: Unit) -> None:
    row = await make_running(session, unit, amount_minor=1)
    row = await say(session, row, unit.legal, 1)
    with pytest.raises(errors.DecisionNumberMissing):
        await say(session, row, unit.leader, 2)


async def test_a_step_is_decided_in_its_turn_and_by_whom_it_names(session: AsyncSession, unit: Unit) -> None:
    row = await make_running(session, unit)
    with pytest.raises(errors.StepNotOpen):
        await say(session, row, unit.leader, 2)
    with pytest.raises(errors.StepNotOpen):
        await say(session, row, unit.leader, 7)
    with pytest.raises(errors.ApproverNotNamed):
        await say(session, row, unit.legal, 0)
    with pytest.raises(NotFound):
        await say(session, row, await make_member(session, Role.ORG_LEADER), 0)


async def test_a_case_whose_maker_alone_could_decide_a_step_does_not_start(session: AsyncSession) -> None:
    both = await make_member(session, Role.TTO_OFFICER, Role.ORG_LEADER)
    unit = await make_unit(session, both)
    chain = await make_chain(
        session,
        unit,
        steps=[{"group": 1, "kind": "other", "title": "负责人", "user_ids": [str(both.user_id)]}],
    )
    row = await make_case(session, unit, chain)
    await session.flush()
    with pytest.raises(errors.ChainUnfit):
        await actions.submit_case(session, CLOCK, actor=both.actor, case_id=row.id, expected=row.version)


async def test_a_delegate_decides_under_his_own_name_until_the_delegation_ends(
    session: AsyncSession, unit: Unit
) -> None:
    today = market_date(await CLOCK.read(session))
    party = await session.get_one(PartyRow, unit.officer.party_id)
    deputy = await make_member(session, Role.APPROVER, party=party)
    body = DelegationIn(to_user_id=deputy.user_id, from_on=today, until_on=today, document_no="委〔2026〕1号")
    lent = await actions.delegate(session, CLOCK, actor=unit.asset.actor, body=body)
    row = await make_running(session, unit)
    row = await say(session, row, deputy, 0, opinion="代处长同意")
    shown = await queries.case(session, actor=unit.leader.actor, case_id=row.id)
    said = shown.steps[0].opinions[0]
    assert (said.user_id, said.on_behalf_of) == (deputy.user_id, unit.asset.user_id)
    other = await make_running(session, unit)
    await actions.revoke(session, CLOCK, actor=unit.asset.actor, delegation_id=lent.id)
    with pytest.raises(errors.ApproverNotNamed):
        await say(session, other, deputy, 0)
    for changed in (
        {"to_user_id": unit.asset.user_id},
        {"to_user_id": new_id()},
        {"until_on": today - timedelta(days=1)},
    ):
        with pytest.raises(errors.DelegationUnfit):
            await actions.delegate(
                session, CLOCK, actor=unit.asset.actor, body=body.model_copy(update=changed)
            )


async def test_a_case_that_came_back_goes_through_every_step_again(session: AsyncSession, unit: Unit) -> None:
    row = await make_running(session, unit)
    row = await say(session, row, unit.legal, 1)
    row = await say(session, row, unit.asset, 0, "returned")
    assert row.status == CaseStatus.RETURNED
    await session.flush()
    row = await actions.submit_case(
        session, CLOCK, actor=unit.officer.actor, case_id=row.id, expected=row.version
    )
    assert (row.round, await statuses(session, row)) == (2, ["open", "open", "waiting"])
    row = await say(session, row, unit.legal, 1)
    row = await say(session, row, unit.asset, 0, "refused")
    assert (row.status, row.document_no) == (CaseStatus.REFUSED, None)
    assert not await session.scalar(select(StepRow).where(StepRow.next_due_at.is_not(None)))
    with pytest.raises(errors.CaseStage):
        await say(session, row, unit.leader, 2)
    assert await head_of(session, row) == row.head


async def test_papers_that_are_missing_hold_a_case_up_and_are_named(
    session: AsyncSession, unit: Unit
) -> None:
    wanted = (FolderKind.PRICE_REPORT, FolderKind.APPLICATION_FORM)
    row = await make_case(session, unit, required=wanted)
    await put(session, unit, row, FolderKind.PRICE_REPORT)
    await session.flush()
    with pytest.raises(errors.FolderIncomplete) as refused:
        await actions.submit_case(
            session, CLOCK, actor=unit.officer.actor, case_id=row.id, expected=row.version
        )
    assert refused.value.data["missing"] == ["application_form"]
    await put(session, unit, row, FolderKind.APPLICATION_FORM)
    await put(session, unit, row, FolderKind.APPLICATION_FORM, document_no="校科〔2026〕8号")
    await actions.submit_case(session, CLOCK, actor=unit.officer.actor, case_id=row.id, expected=row.version)
    told = await queries.folder(session, deal_id=row.deal_id, party_id=row.party_id)
    assert [(one.kind, one.document_no, one.replaced_at is None) for one in told.data] == [
        ("application_form", "校科〔2026〕7号", False),
        ("application_form", "校科〔2026〕8号", True),
        ("price_report", "校科〔2026〕7号", True),
    ]


async def test_one_subject_has_one_undecided_case_and_a_new_version_of_a_chain_leaves_cases_alone(
    session: AsyncSession, unit: Unit
) -> None:
    chain = await make_chain(session, unit)
    row = await make_case(session, unit, chain)
    with pytest.raises(errors.CaseExists):
        await make_case(session, unit, chain, subject_id=row.subject_id)
    newer = await make_chain(session, unit, name=chain.name)
    assert (newer.version, chain.retired_at is None) == (2, False)
    with pytest.raises(errors.ChainRetired):
        await make_case(session, unit, chain)
    with pytest.raises(errors.ChainRetired):
        await make_case(session, unit, newer, subject_kind=DecisionSubject.WITHDRAWAL)
    await session.flush()
    await actions.submit_case(session, CLOCK, actor=unit.officer.actor, case_id=row.id, expected=row.version)
    await actions.cancel_case(
        session, CLOCK, actor=unit.officer.actor, case_id=row.id, expected=row.version, reason="条件变更"
    )
    again = await make_case(session, unit, newer, subject_id=row.subject_id)
    assert again.id != row.id


async def test_a_step_reminds_once_before_its_day_and_once_at_its_end_and_time_decides_nothing(
    session: AsyncSession, unit: Unit
) -> None:
    row = await make_running(session, unit)
    step = (
        await session.scalars(select(StepRow).where(StepRow.case_id == row.id, StepRow.position == 0))
    ).one()
    assert step.due_on is not None and step.due_at == end_of_day(step.due_on)
    await session.execute(update(StepRow).where(StepRow.position == 1).values(next_due_at=None))

    async def swept_at(instant: object) -> bool:
        now = await CLOCK.read(session)
        await move_sandbox_clock(session, advance=instant - now, rate=None)  # type: ignore[operator]
        return await actions.sweep(session, CLOCK)

    second = timedelta(seconds=1)
    assert step.remind_at is not None
    moments = [one + by for one in (step.remind_at, step.due_at) for by in (-second, 0 * second, second)]
    assert [await swept_at(moment) for moment in moments] == [False, True, False, False, True, False]
    told = await session.scalars(
        select(EventRow.payload).where(
            EventRow.kind == "approvals.step_reminded", EventRow.subject_id == row.id
        )
    )
    assert [one["overdue"] for one in told] == [False, True]
    assert (row.status, await statuses(session, row)) == (
        CaseStatus.RUNNING,
        [StepStatus.OPEN, StepStatus.OPEN, StepStatus.WAITING],
    )
    assert await head_of(session, row) == row.head


async def test_a_case_waits_for_whom_its_open_steps_name_and_strangers_do_not_see_it(
    session: AsyncSession, unit: Unit
) -> None:
    row = await make_running(session, unit)
    for member, waits in ((unit.asset, True), (unit.leader, False), (unit.officer, False)):
        page = await queries.cases(
            session, actor=member.actor, status=None, waiting=True, cursor=None, limit=10
        )
        assert [one.id for one in page.data] == ([row.id] if waits else [])
    for role in (Role.ORG_LEADER, Role.OPERATOR, Role.ENTERPRISE_USER):
        stranger = await make_member(session, role)
        with pytest.raises(NotFound):
            await queries.case(session, actor=stranger.actor, case_id=row.id)
    auditor = await make_member(session, Role.AUDITOR)
    assert (await queries.case(session, actor=auditor.actor, case_id=row.id)).number == row.number


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE approval_entries SET payload = '{}'",
        "DELETE FROM approval_entries",
        "UPDATE approval_opinions SET decision = 'refused'",
        "UPDATE approval_chains SET steps = '[{}]'",
        "UPDATE approval_texts SET text = '同意'",
        "DELETE FROM approval_texts",
    ],
)
async def test_what_was_decided_cannot_be_changed_in_the_database(
    session: AsyncSession, unit: Unit, tampering: str
) -> None:
    await say(session, await make_running(session, unit), unit.legal, 1, opinion="同意")
    await session.flush()
    with pytest.raises(IntegrityError):
        await session.execute(text(tampering))


async def test_an_opinion_that_is_taken_away_leaves_the_record_whole(
    session: AsyncSession, unit: Unit
) -> None:
    row = await say(session, await make_running(session, unit), unit.legal, 1, opinion="涉及个人信息")
    await session.execute(
        update(EntryTextRow)
        .where(EntryTextRow.case_id == row.id)
        .values(text=None, salt=None, redacted_at=await CLOCK.read(session))
    )
    assert await head_of(session, row) == row.head
