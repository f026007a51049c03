"""Verbs on achievements against the database: the facts that a sale asks for, events, and what a change leaves."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.clock import Clock
from app.identity.permissions import Role
from app.identity.states import PartyKind
from app.kit.errors import NotFound, Stale
from app.kit.ids import new_id
from app.listings import actions, queries
from app.listings.errors import AchievementIncomplete, AchievementNotEditable
from app.listings.rules.description import AchievementPatch
from tests.factories.identity import make_member
from tests.factories.listings import make_draft, make_officer, make_operator, make_published, make_registered


async def _events(session: AsyncSession) -> list[tuple[str, bool, dict[str, Any]]]:
    rows = await session.execute(
        text("SELECT kind, public, payload FROM events WHERE kind LIKE 'listings.%' ORDER BY id")
    )
    return [(row.kind, row.public, row.payload) for row in rows]


async def test_a_new_achievement_is_wholly_its_holders_and_unconfirmed(session: AsyncSession) -> None:
    officer = await make_officer(session)
    row = await make_draft(session, officer)
    facts = await queries.offering_subject(session, row.id)
    assert (facts.status, facts.holder_kind, facts.region_code) == ("draft", PartyKind.UNIVERSITY, "330106")
    assert [(share.party_id, share.share_bp) for share in facts.shares] == [(officer.party_id, 10_000)]
    assert facts.shares_confirmed is False
    assert [right.application_no for right in facts.ip_rights] == ["202110123456.7"]
    assert row.number.startswith("CG-")


async def test_confirmed_shares_are_a_fact_of_the_offering(session: AsyncSession) -> None:
    row = await make_registered(session)
    facts = await queries.offering_subject(session, row.id, lock=True)
    assert (facts.status, facts.shares_confirmed, facts.secrecy_reviewed) == ("registered", True, False)


async def test_what_does_not_exist_has_no_facts(session: AsyncSession) -> None:
    with pytest.raises(NotFound):
        await queries.offering_subject(session, new_id())


async def test_two_holders_confirm_one_after_the_other(session: AsyncSession) -> None:
    officer, partner = await make_officer(session), await make_officer(session)
    shares = [
        {"party_id": str(officer.party_id), "share_bp": 6_000},
        {"party_id": str(partner.party_id), "share_bp": 4_000, "basis": "agreement"},
    ]
    row = await make_registered(session, officer, shares_confirmed=True, ownership_shares=shares)
    assert (await queries.offering_subject(session, row.id)).shares_confirmed is False
    row = await actions.confirm_shares(
        session, Clock(), actor=partner.actor, achievement_id=row.id, expected_version=row.version
    )
    assert (await queries.offering_subject(session, row.id)).shares_confirmed is True


async def test_the_way_to_the_list_is_told_in_events_and_only_its_end_is_public(
    session: AsyncSession,
) -> None:
    row = await make_published(session)
    told = await _events(session)
    assert [(kind, public) for kind, public, _ in told] == [
        ("listings.achievement_submitted", False),
        ("listings.achievement_registered", False),
        ("listings.achievement_published", True),
    ]
    assert told[-1][2]["number"] == row.number
    assert "contact" not in str(told)


@pytest.mark.parametrize(("published", "kind"), [(True, "withdrawn"), (False, "abandoned")])
async def test_a_withdrawal_is_public_only_for_what_was_and_never_repeats_the_title(
    session: AsyncSession, published: bool, kind: str
) -> None:
    officer = await make_officer(session)
    row = await (make_published if published else make_registered)(session, officer)
    await actions.withdraw(
        session,
        Clock(),
        actor=officer.actor,
        achievement_id=row.id,
        reason="不再转化",
        expected_version=row.version,
    )
    name, public, payload = (await _events(session))[-1]
    assert (name, public) == (f"listings.achievement_{kind}", published)
    assert ("title" in payload) is not published


async def test_what_was_submitted_is_not_edited(session: AsyncSession) -> None:
    officer = await make_officer(session)
    row = await make_registered(session, officer)
    with pytest.raises(AchievementNotEditable):
        await actions.amend_achievement(
            session,
            Clock(),
            actor=officer.actor,
            achievement_id=row.id,
            patch=AchievementPatch(title="别的"),
            expected_version=row.version,
        )
    assert row.title == "球形氮化硼导热垫片"


async def test_an_incomplete_draft_is_not_submitted(session: AsyncSession) -> None:
    officer = await make_officer(session)
    row = await make_draft(session, officer, ip_rights=[], contact=None)
    with pytest.raises(AchievementIncomplete):
        await actions.submit(
            session, Clock(), actor=officer.actor, achievement_id=row.id, expected_version=row.version
        )
    assert await _events(session) == []


async def test_a_stranger_and_an_old_version_change_nothing(session: AsyncSession) -> None:
    officer, stranger = await make_officer(session), await make_officer(session)
    row = await make_draft(session, officer)
    told: dict[str, Any] = {"achievement_id": row.id, "reason": "x"}
    with pytest.raises(NotFound):
        await actions.withdraw(session, Clock(), actor=stranger.actor, expected_version=row.version, **told)
    with pytest.raises(Stale):
        await actions.withdraw(session, Clock(), actor=officer.actor, expected_version=9, **told)
    assert row.status == "draft"


async def test_a_supervisor_reads_what_was_submitted_and_not_drafts(session: AsyncSession) -> None:
    supervisor = await make_member(session, Role.SUPERVISOR, kind=PartyKind.GOVERNMENT)
    officer, operator = await make_officer(session), await make_operator(session)
    draft = await make_draft(session, officer)
    registered = await make_registered(session, officer, operator)
    page, _ = await queries.achievement(session, registered.id, supervisor.actor)
    assert page.private is not None
    with pytest.raises(NotFound):
        await queries.achievement(session, draft.id, supervisor.actor)


async def test_the_database_itself_refuses_a_published_secret(session: AsyncSession) -> None:
    row = await make_published(session)
    with pytest.raises(IntegrityError, match="secret_not_published"):
        async with session.begin_nested():
            await session.execute(
                text("UPDATE achievements SET secrecy_level = 'secret' WHERE id = :id"), {"id": row.id}
            )
