"""What holds when several do it at once, and what only the administrator does."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.cli.found import command as found
from app.db.clock import Clock
from app.db.session import Database
from app.embedded import ServersFault
from app.identity import actions, queries
from app.identity.actions.registration import PartyTexts
from app.identity.errors import PartyAlreadyRegistered, SignInRefused, UsccInvalid
from app.identity.permissions import Role
from app.identity.rules.parties import Identity
from app.identity.sealing import Sealer
from app.identity.states import PartyKind, ReviewStatus
from app.identity.tables import MembershipRow, PartyRow, UserRow
from app.kit.ids import new_id
from tests.factories.identity import make_member, make_party, make_signed_in, valid_uscc

PASSWORD = "correct horse battery"


async def test_of_twenty_who_register_one_organisation_at_once_one_succeeds(
    client: httpx.AsyncClient, database: Database
) -> None:
    code = valid_uscc()

    async def attempt() -> httpx.Response:
        person = {"login": f"{new_id()}@example.cn", "name": "李某", "password": PASSWORD}
        body = {"kind": "institute", "name": "抢注", "uscc": code, "region_code": "330106", "person": person}
        # A slow machine may answer "busy, nothing happened" to some: they ask again, as they are told to.
        while (answer := await client.post("/v1/parties", json=body)).status_code == 503:
            await asyncio.sleep(0.05)
        return answer

    answers = await asyncio.gather(*(attempt() for _ in range(20)))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 19
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} <= {
        "party_already_registered",
        "conflict",
    }
    async with database.transaction() as session:
        parties = await session.execute(select(func.count()).where(PartyRow.uscc == code))
        members = await session.execute(
            text("SELECT count(*) FROM memberships m JOIN parties p ON p.id = m.party_id WHERE p.uscc = :c"),
            {"c": code},
        )
        assert (parties.scalar_one(), members.scalar_one()) == (1, 1)


async def test_two_managers_who_remove_each_other_at_once_leave_one(
    client: httpx.AsyncClient, database: Database
) -> None:
    for _ in range(5):
        async with database.transaction() as session:
            party = await make_party(session)
            two = [
                await make_signed_in(session, Role.ENTERPRISE_ADMIN, party=party, password_hash="x")
                for _ in range(2)
            ]
        path = f"/v1/parties/{party.id}/members"
        answers = await asyncio.gather(
            client.delete(f"{path}/{two[1].membership_id}", headers=two[0].headers),
            client.delete(f"{path}/{two[0].membership_id}", headers=two[1].headers),
        )
        codes = [answer.status_code for answer in answers]
        assert sorted(codes) in ([204, 401], [204, 409]), codes
        async with database.transaction() as session:
            left = await session.execute(
                select(func.count()).where(
                    MembershipRow.party_id == party.id, MembershipRow.ended_at.is_(None)
                )
            )
            assert left.scalar_one() == 1


async def test_an_invitation_taken_twice_at_once_sets_one_password(
    client: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction() as session:
        manager = await make_member(session, Role.ENTERPRISE_ADMIN)
    body = {"login": f"{new_id()}@example.cn", "name": "周某", "roles": ["researcher"]}
    added = await client.post(f"/v1/parties/{manager.party_id}/members", json=body, headers=manager.headers)
    taking = {"invitation": added.json()["invitation"], "password": PASSWORD}
    answers = await asyncio.gather(
        *(client.post("/v1/invitations/acceptance", json=taking) for _ in range(8))
    )
    assert sorted(answer.status_code for answer in answers) == [204] + [401] * 7


async def test_a_review_by_two_operators_at_once_happens_once(
    client: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction() as session:
        two = [await make_member(session, Role.OPERATOR, kind=PartyKind.EXCHANGE) for _ in range(2)]
        party = await make_party(session, status=ReviewStatus.PENDING)
    answers = await asyncio.gather(
        *(
            client.post(
                f"/v1/parties/{party.id}/review",
                json={"approved": approved, "reason": "核对"},
                headers=operator.headers | {"If-Match": '"v1"'},
            )
            for operator, approved in zip(two, (True, False), strict=True)
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200, 412]
    async with database.transaction() as session:
        told = await session.execute(
            text("SELECT count(*) FROM events WHERE subject_id = :id AND kind = 'identity.party_reviewed'"),
            {"id": party.id},
        )
        assert told.scalar_one() == 1


async def test_a_password_changed_while_somebody_signs_in_with_the_old_one_makes_no_session(
    app: Any, database: Database
) -> None:
    async with database.transaction() as session:
        old = await app.state.passwords.hash(PASSWORD)
        person = await make_signed_in(session, Role.ENTERPRISE_USER, password_hash=old)

    class Slow:
        """Verifies, and lets the password change before it tells."""

        async def verify(self, password: str, stored: str | None) -> bool:
            async with database.transaction() as session:
                user = await session.get_one(UserRow, person.user_id)
                user.password_hash = "changed meanwhile"
            return bool(await app.state.passwords.verify(password, stored))

    async with database.transaction() as session:
        with pytest.raises(SignInRefused):
            await actions.sign_in(
                session,
                database=database,
                passwords=Slow(),  # type: ignore[arg-type]  # stands in for the hasher
                limiter=app.state.limiter,
                per_address=actions.sessions.PER_LOGIN,
                attempt=actions.sessions.Attempt(person.login, PASSWORD, "192.0.2.1"),
            )


async def test_registering_in_an_action_stores_what_the_clerk_typed_and_for_whom(
    session: AsyncSession, clock: Clock
) -> None:
    clerk = await make_member(session, Role.CLERK, kind=PartyKind.GOVERNMENT)
    identity = Identity(
        kind=PartyKind.VILLAGE_COLLECTIVE,
        region_code="330523",
        country_code=None,
        uscc=valid_uscc("N2330523"),
        registration_no=None,
        person_number=None,
    )

    async def enter() -> Any:
        return await actions.register_party(
            session,
            clock,
            sealer=Sealer(None),
            identity=identity,
            texts=PartyTexts("某村股份经济合作社", None, None),
            person=None,
            actor=clerk.actor,
        )

    made = await enter()
    assert made.party.entered_by == clerk.user_id
    assert made.party.entered_on_behalf_of == made.party.id
    assert made.party.status == "pending"
    with pytest.raises(PartyAlreadyRegistered):
        await enter()


async def test_names_and_facts_for_other_rooms(session: AsyncSession) -> None:
    party = await make_party(session, kind=PartyKind.UNIVERSITY, name="某大学", region_code="330200")
    assert await queries.party_names(session, [party.id, party.id, new_id()]) == {party.id: "某大学"}
    assert await queries.party_names(session, []) == {}
    facts = await queries.party_facts(session, party.id)
    assert facts == queries.PartyFacts(
        id=party.id,
        kind=PartyKind.UNIVERSITY,
        name="某大学",
        region_code="330200",
        country_code="CHN",
        status=ReviewStatus.APPROVED,
    )
    assert await queries.party_facts(session, new_id()) is None


async def test_the_exchange_is_founded_approved_with_a_manager_who_is_invited(session: AsyncSession) -> None:
    login = f"{new_id()}@example.cn"
    made = await actions.found_exchange(
        session, name="某技术交易所", uscc=valid_uscc(), region_code="330000", login=login, person_name="郑某"
    )
    assert (made.party.kind, made.party.status) == ("exchange", "approved")
    assert made.invitation is not None
    place = (
        await session.scalars(select(MembershipRow).where(MembershipRow.party_id == made.party.id))
    ).one()
    assert place.roles == ["org_leader"]
    with pytest.raises(UsccInvalid):
        await actions.found_exchange(
            session, name="x", uscc="123", region_code="330000", login=f"{new_id()}", person_name="x"
        )


@pytest.fixture
def founding(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Awaitable[None]]:
    monkeypatch.setenv("DATABASE_URL", database_url)

    async def run(**given: str) -> None:
        told = {"name": "某技术交易所", "uscc": valid_uscc(), "region": "330000", "person": "郑某"} | given
        await asyncio.to_thread(found, login=f"{new_id()}@example.cn", **told)

    return run


async def test_the_command_prints_an_invitation_that_works(
    founding: Callable[..., Awaitable[None]], client: httpx.AsyncClient, capsys: pytest.CaptureFixture[str]
) -> None:
    await founding()
    printed = capsys.readouterr().out
    invitation = printed.split("invitation: ")[1].split()[0]
    answer = await client.post(
        "/v1/invitations/acceptance", json={"invitation": invitation, "password": PASSWORD}
    )
    assert answer.status_code == 204


async def test_the_command_says_in_one_line_what_is_wrong(founding: Callable[..., Awaitable[None]]) -> None:
    with pytest.raises(ServersFault, match="check character"):
        await founding(uscc="N2330523MF1234567X")
