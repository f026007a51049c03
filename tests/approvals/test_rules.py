"""Which steps an amount needs, who may speak, what an opinion decides, and the record; without a database."""

from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.approvals import errors
from app.approvals.rules import chain, flow, record
from app.approvals.rules.chain import Step
from app.approvals.rules.flow import Delegation, Room, Standing
from app.approvals.states import CASE, STEP, CaseStatus, Decision, StepKind, StepQuorum, StepStatus
from app.identity.permissions import Role
from app.kit.ids import new_id
from app.kit.states import IllegalTransition

DEAN, LAWYER, CHAIR, MAKER, DEPUTY = (new_id() for _ in range(5))
WAN = 1_000_000
"""万元 in fen."""
W, N, A, F, B, K = StepStatus
TODAY = date(2026, 11, 25)


class Case:
    """Anything with a status."""

    def __init__(self, status: Any) -> None:
        self.status = status


def step(**told: Any) -> Step:
    given: dict[str, Any] = {
        "group": 1,
        "kind": StepKind.DEPARTMENT,
        "title": "学院意见",
        "quorum": StepQuorum.ANY,
        "user_ids": (DEAN,),
    }
    return Step(**given | told)


def standing(position: int, group: int, status: StepStatus, **told: Any) -> Standing:
    given: dict[str, Any] = {"quorum": StepQuorum.ANY, "user_ids": frozenset({DEAN})}
    return Standing(position=position, group=group, status=status, **given | told)


def room(**told: Any) -> Room:
    given: dict[str, Any] = {
        "named": frozenset({DEAN, LAWYER}),
        "delegations": (),
        "makers": frozenset({MAKER}),
    }
    return Room(**given | told)


def lent(by: UUID, to: UUID = DEPUTY, **told: Any) -> Delegation:
    given: dict[str, Any] = {"from_on": TODAY, "until_on": TODAY}
    return Delegation(from_user_id=by, to_user_id=to, **given | told)


@pytest.mark.parametrize(("here", "to"), list(product(CaseStatus, CaseStatus)))
def test_a_case_moves_along_the_edges_of_its_machine_and_no_others(here: CaseStatus, to: CaseStatus) -> None:
    case = Case(here)
    if CASE.allows(here, to):
        CASE.advance(case, to)
        assert case.status is to
    else:
        with pytest.raises(IllegalTransition):
            CASE.advance(case, to)


@pytest.mark.parametrize(("here", "to"), list(product(StepStatus, StepStatus)))
def test_a_step_moves_along_the_edges_of_its_machine_and_no_others(here: StepStatus, to: StepStatus) -> None:
    one = Case(here)
    if STEP.allows(here, to):
        STEP.advance(one, to)
        assert one.status is to
    else:
        with pytest.raises(IllegalTransition):
            STEP.advance(one, to)


@pytest.mark.parametrize(
    ("amount", "binds"),
    [
        (0, False),
        (100 * WAN - 1, False),
        (100 * WAN, True),
        (500 * WAN - 1, True),
        (500 * WAN, False),
        (None, True),
    ],
)
def test_a_step_binds_from_its_amount_up_to_but_not_including_the_next(
    amount: int | None, binds: bool
) -> None:
    assert step(from_minor=100 * WAN, below_minor=500 * WAN).binds(amount) is binds


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"user_ids": ()}, "approvers"),
        ({"role": Role.ORG_LEADER}, "approvers"),
        ({"user_ids": (DEAN, DEAN)}, "approvers"),
        ({"user_ids": (), "role": Role.ORG_LEADER, "quorum": StepQuorum.ALL}, "quorum"),
        ({"from_minor": -1}, "amount"),
        ({"from_minor": 5, "below_minor": 5}, "amount"),
        ({"deadline_days": 0}, "deadline"),
        ({"deadline_days": 61}, "deadline"),
        ({"deadline_days": 3, "reminder_days": 3}, "reminder"),
        ({"deadline_days": 3, "reminder_days": 0}, "reminder"),
    ],
)
def test_a_step_that_cannot_work_is_refused_with_its_fault(told: dict[str, Any], why: str) -> None:
    with pytest.raises(errors.ChainUnfit) as refused:
        chain.check_chain([step(), step(**told)])
    assert (refused.value.field, refused.value.data["why"]) == ("/body/steps/1", why)


@pytest.mark.parametrize(
    ("steps", "why"),
    [
        ([], "steps"),
        ([step()] * 21, "steps"),
        ([step(group=2), step(group=1)], "order"),
        ([step(from_minor=1)], "amount"),
        ([step(below_minor=100 * WAN)], "amount"),
        ([step(below_minor=100 * WAN), step(group=2, from_minor=100 * WAN + 1)], "amount"),
    ],
)
def test_a_chain_that_leaves_an_amount_undecided_is_refused(steps: list[Step], why: str) -> None:
    with pytest.raises(errors.ChainUnfit) as refused:
        chain.check_chain(steps)
    assert (refused.value.field, refused.value.data["why"]) == ("/body/steps", why)


TIERS = st.tuples(st.integers(0, 6), st.one_of(st.none(), st.integers(1, 7)))


@given(st.lists(TIERS, min_size=1, max_size=4))
def test_a_chain_that_is_taken_has_a_step_for_every_amount(tiers: list[tuple[int, int | None]]) -> None:
    steps = [step(from_minor=first, below_minor=below) for first, below in tiers]
    if any(below is not None and below <= first for first, below in tiers):
        return
    covered = all(any(one.binds(amount) for one in steps) for amount in range(9))
    try:
        chain.check_chain(steps)
        assert covered
    except errors.ChainUnfit as refused:
        assert not covered
        assert not any(one.binds(refused.data["amount_minor"]) for one in steps)


THREE = [
    step(),
    step(group=2, title="国资处", kind=StepKind.ASSET, from_minor=100 * WAN),
    step(group=2, title="法务", kind=StepKind.LEGAL, user_ids=(LAWYER,)),
    step(
        group=3, title="校长办公会", kind=StepKind.PRESIDENT_MEETING, from_minor=800 * WAN, user_ids=(CHAIR,)
    ),
]


@pytest.mark.parametrize(
    ("amount", "statuses"),
    [
        (0, (N, K, W, K)),
        (100 * WAN - 1, (N, K, W, K)),
        (100 * WAN, (N, W, W, K)),
        (800 * WAN - 1, (N, W, W, K)),
        (800 * WAN, (N, W, W, W)),
        (None, (N, W, W, W)),
    ],
)
def test_steps_below_their_amount_are_skipped_and_an_unknown_amount_skips_none(
    amount: int | None, statuses: tuple[StepStatus, ...]
) -> None:
    assert flow.begin(THREE, amount) == statuses


def test_where_the_first_group_is_skipped_the_next_one_opens() -> None:
    steps = [step(from_minor=10), step(group=2, below_minor=10)]
    assert flow.begin(steps, 9) == (K, N)


@pytest.mark.parametrize(
    ("statuses", "opens"),
    [
        ((N, W, W, W), ()),
        ((A, W, W, W), (1, 2)),
        ((A, A, N, W), ()),
        ((A, A, A, W), (3,)),
        ((A, K, A, K), ()),
        ((A, A, A, A), ()),
    ],
)
def test_a_group_opens_when_the_one_before_it_is_done(
    statuses: tuple[StepStatus, ...], opens: tuple[int, ...]
) -> None:
    groups = (1, 2, 2, 3)
    told = [
        standing(at, group, status) for at, (group, status) in enumerate(zip(groups, statuses, strict=True))
    ]
    assert flow.to_open(told) == opens


@pytest.mark.parametrize(
    ("statuses", "case"),
    [
        ((N, W), CaseStatus.RUNNING),
        ((A, N), CaseStatus.RUNNING),
        ((A, A), CaseStatus.APPROVED),
        ((A, K), CaseStatus.APPROVED),
        ((F, N), CaseStatus.REFUSED),
        ((B, N), CaseStatus.RETURNED),
        ((F, B), CaseStatus.REFUSED),
    ],
)
def test_one_refusal_refuses_the_case_and_only_agreement_approves_it(
    statuses: tuple[StepStatus, ...], case: CaseStatus
) -> None:
    assert flow.outcome([standing(at, 1, status) for at, status in enumerate(statuses)]) is case


@pytest.mark.parametrize(
    ("quorum", "agreed", "decision", "after"),
    [
        (StepQuorum.ANY, (), Decision.APPROVED, A),
        (StepQuorum.ALL, (), Decision.APPROVED, N),
        (StepQuorum.ALL, (LAWYER,), Decision.APPROVED, A),
        (StepQuorum.ALL, (), Decision.REFUSED, F),
        (StepQuorum.ALL, (LAWYER,), Decision.RETURNED, B),
        (StepQuorum.ANY, (), Decision.REFUSED, F),
    ],
)
def test_where_all_must_agree_the_step_stays_open_until_the_last(
    quorum: StepQuorum, agreed: tuple[UUID, ...], decision: Decision, after: StepStatus
) -> None:
    one = standing(0, 1, N, quorum=quorum, user_ids=frozenset({DEAN, LAWYER}), agreed=frozenset(agreed))
    assert flow.after(one, decision, DEAN) is after


def test_an_approver_speaks_for_himself_also_where_he_is_a_delegate() -> None:
    assert flow.seat(room(), user_id=DEAN, on_behalf_of=None) == DEAN
    assert flow.seat(room(delegations=(lent(LAWYER, DEAN),)), user_id=DEAN, on_behalf_of=None) == DEAN


def test_a_delegate_speaks_in_the_name_of_the_one_who_sent_him() -> None:
    lending = room(delegations=(lent(DEAN),))
    assert flow.seat(lending, user_id=DEPUTY, on_behalf_of=None) == DEAN
    assert flow.seat(lending, user_id=DEPUTY, on_behalf_of=DEAN) == DEAN


def test_the_delegate_of_two_says_for_whom_he_speaks() -> None:
    lending = room(delegations=(lent(DEAN), lent(LAWYER)))
    with pytest.raises(errors.ApproverNotNamed):
        flow.seat(lending, user_id=DEPUTY, on_behalf_of=None)
    assert flow.seat(lending, user_id=DEPUTY, on_behalf_of=LAWYER) == LAWYER


def test_whoever_put_the_case_together_decides_nothing_even_where_he_is_named() -> None:
    with pytest.raises(errors.ApproverIsCreator):
        flow.seat(room(named=frozenset({MAKER, DEAN})), user_id=MAKER, on_behalf_of=None)
    with pytest.raises(errors.ApproverIsCreator):
        flow.seat(room(delegations=(lent(DEAN, MAKER),)), user_id=MAKER, on_behalf_of=DEAN)


def test_a_makers_delegate_decides_nothing_in_his_name() -> None:
    named = room(named=frozenset({MAKER, DEAN}), delegations=(lent(MAKER),))
    with pytest.raises(errors.ApproverIsCreator):
        flow.seat(named, user_id=DEPUTY, on_behalf_of=None)
    with pytest.raises(errors.ApproverIsCreator):
        flow.seat(named, user_id=DEPUTY, on_behalf_of=MAKER)


def test_somebody_who_is_neither_named_nor_a_delegate_is_refused() -> None:
    for on_behalf_of in (None, DEAN, CHAIR):
        with pytest.raises(errors.ApproverNotNamed):
            flow.seat(room(), user_id=CHAIR, on_behalf_of=on_behalf_of)


def test_nobody_speaks_twice_to_a_step_and_no_name_is_used_twice() -> None:
    with pytest.raises(errors.ApproverSpoke):
        flow.seat(room(spoken=frozenset({DEAN}), seats=frozenset({DEAN})), user_id=DEAN, on_behalf_of=None)
    used = room(delegations=(lent(DEAN),), spoken=frozenset({DEAN}), seats=frozenset({DEAN}))
    with pytest.raises(errors.ApproverSpoke):
        flow.seat(used, user_id=DEPUTY, on_behalf_of=None)
    twice = room(delegations=(lent(DEAN, LAWYER),), spoken=frozenset({LAWYER}), seats=frozenset({LAWYER}))
    with pytest.raises(errors.ApproverSpoke):
        flow.seat(twice, user_id=LAWYER, on_behalf_of=DEAN)


@pytest.mark.parametrize(
    ("on", "kinds", "covers"),
    [
        (date(2026, 11, 24), (), False),
        (date(2026, 11, 25), (), True),
        (date(2026, 11, 27), (), True),
        (date(2026, 11, 28), (), False),
        (date(2026, 11, 26), (StepKind.LEGAL,), True),
        (date(2026, 11, 26), (StepKind.ASSET,), False),
    ],
)
def test_a_delegation_holds_on_its_first_and_on_its_last_day(
    on: date, kinds: tuple[StepKind, ...], covers: bool
) -> None:
    one = lent(DEAN, from_on=TODAY, until_on=date(2026, 11, 27), kinds=frozenset(kinds))
    assert one.covers(StepKind.LEGAL, on) is covers


@pytest.mark.parametrize(("micros", "overdue"), [(-1, False), (0, True), (1, True)])
def test_a_step_is_overdue_from_midnight_after_its_last_day(micros: int, overdue: bool) -> None:
    due_at = datetime(2026, 12, 2, 16, tzinfo=UTC)
    assert flow.is_overdue(due_at, due_at + timedelta(microseconds=micros)) is overdue


@pytest.mark.parametrize(
    ("told", "holders", "fits"),
    [
        ({"user_ids": (MAKER,)}, (), False),
        ({"user_ids": (MAKER, DEAN)}, (), True),
        ({"user_ids": (MAKER, DEAN), "quorum": StepQuorum.ALL}, (), False),
        ({"user_ids": (LAWYER, DEAN), "quorum": StepQuorum.ALL}, (), True),
        ({"user_ids": (), "role": Role.ORG_LEADER}, (), False),
        ({"user_ids": (), "role": Role.ORG_LEADER}, (MAKER,), False),
        ({"user_ids": (), "role": Role.ORG_LEADER}, (MAKER, DEAN), True),
    ],
)
def test_a_case_does_not_start_where_only_its_maker_could_decide_a_step(
    told: dict[str, Any], holders: tuple[UUID, ...], fits: bool
) -> None:
    if fits:
        flow.check_decidable(step(**told), 0, holders=holders, makers=frozenset({MAKER}))
    else:
        with pytest.raises(errors.ChainUnfit):
            flow.check_decidable(step(**told), 0, holders=holders, makers=frozenset({MAKER}))


def entry(seq: int, **payload: Any) -> record.Entry:
    return record.Entry(seq, "decided", datetime(2026, 11, 25, 1, seq, tzinfo=UTC), payload)


def test_a_changed_dropped_or_moved_entry_changes_the_head_of_the_record() -> None:
    case_id = new_id()
    entries = [entry(1, decision="approved"), entry(2, decision="approved"), entry(3, decision="approved")]
    true = record.head(case_id, entries)
    assert true != record.GENESIS
    for other in (
        [entries[0], entry(2, decision="refused"), entries[2]],
        [entries[0], entries[2]],
        [entries[1], entries[0], entries[2]],
        entries[:2],
    ):
        assert record.head(case_id, other) != true
    assert record.head(new_id(), entries) != true


def test_an_opinion_stands_behind_a_commitment_that_its_salt_alone_opens() -> None:
    told = record.commitment(b"0" * 16, "同意按评估价转让")
    assert record.commitment(b"0" * 16, "同意按评估价转让") == told
    assert record.commitment(b"1" * 16, "同意按评估价转让") != told
    assert record.commitment(b"0" * 16, "不同意") != told
