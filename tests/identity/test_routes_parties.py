"""Parties over HTTP: coming in."""

from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from app.db.session import Database
from app.identity.permissions import Role
from app.identity.rules.codes import person_check_character
from app.identity.schemas import PERSON_NUMBER_MASK
from app.identity.states import PartyKind
from app.kit.ids import new_id
from tests.factories.identity import (
    make_member,
    make_signed_in,
    valid_person_number,
    valid_uscc,
)

PASSWORD = "correct horse battery"
BORN_IN_2999 = "11010529991231002" + person_check_character("11010529991231002")


def registration(**changes: Any) -> dict[str, Any]:
    body = {
        "kind": "private_enterprise",
        "name": "杭州新注册科技有限公司",
        "uscc": valid_uscc(),
        "region_code": "330106",
        "person": {"login": f"{new_id()}@example.cn", "name": "李某", "password": PASSWORD},
    }
    return {name: value for name, value in (body | changes).items() if value is not None}


async def register(client: httpx.AsyncClient, **changes: Any) -> dict[str, Any]:
    answer = await client.post("/v1/parties", json=registration(**changes))
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def sign_in(client: httpx.AsyncClient, login: str) -> dict[str, str]:
    answer = await client.post("/v1/session", json={"login": login, "password": PASSWORD})
    client.cookies.clear()
    assert answer.status_code == 200, answer.text
    return {
        "Cookie": answer.headers["set-cookie"].split(";")[0],
        "X-CSRF-Token": answer.json()["csrf_token"],
        "Origin": "http://testserver",
    }


async def count_parties(database: Database, **where: Any) -> int:
    column, value = next(iter(where.items()))
    async with database.transaction() as session:
        found = await session.execute(text(f"SELECT count(*) FROM parties WHERE {column} = :v"), {"v": value})
        return int(found.scalar_one())


async def test_an_organisation_registers_signs_in_and_waits_for_its_review(
    client: httpx.AsyncClient, database: Database
) -> None:
    body = registration(name_en="Newly Registered Ltd")
    answer = await client.post("/v1/parties", json=body)
    assert answer.status_code == 201
    party = answer.json()["party"]
    assert answer.headers["location"] == f"/v1/parties/{party['id']}"
    assert answer.headers["etag"] == '"v1"'
    assert party == party | {
        "kind": "private_enterprise",
        "name": body["name"],
        "name_en": "Newly Registered Ltd",
        "uscc": body["uscc"],
        "registration_no": None,
        "country_code": "CHN",
        "person_number": None,
        "status": "pending",
        "review_reason": None,
        "entered_on_behalf": False,
    }
    assert answer.json()["invitation"] is None
    assert PASSWORD not in answer.text
    headers = await sign_in(client, body["person"]["login"])
    session = (await client.get("/v1/session", headers=headers)).json()
    assert session["roles"] == ["enterprise_admin", "enterprise_user"]
    assert session["party"]["status"] == "pending"
    async with database.transaction() as opened:
        rows = await opened.execute(
            text("SELECT parties, public, payload ->> 'name' FROM events WHERE subject_id = :id"),
            {"id": party["id"]},
        )
        assert [tuple(row) for row in rows] == [([UUID(party["id"])], False, body["name"])]


@pytest.mark.parametrize("department", list("123456789ANY"))
async def test_organisations_of_every_registering_department_come_in(
    client: httpx.AsyncClient, department: str
) -> None:
    code = valid_uscc(f"{department}1330106")
    told = await register(client, uscc=code, kind="village_collective" if department == "N" else "institute")
    assert told["party"]["uscc"] == code


@pytest.mark.parametrize(
    ("kind", "country"), [("hong_kong", "HKG"), ("macau", "MAC"), ("taiwan", "TWN"), ("foreign", "DEU")]
)
async def test_parties_from_elsewhere_come_in_by_their_own_registers_number(
    client: httpx.AsyncClient, kind: str, country: str
) -> None:
    number = f"No. {new_id()}"
    told = await register(client, kind=kind, uscc=None, registration_no=number, country_code=country)
    assert (told["party"]["registration_no"], told["party"]["country_code"]) == (number, country)
    again = registration(kind=kind, uscc=None, registration_no=number, country_code=country)
    answer = await client.post("/v1/parties", json=again)
    assert (answer.status_code, answer.json()["code"]) == (409, "party_already_registered")


async def test_a_natural_person_comes_in_and_his_number_is_neither_told_nor_stored_in_clear(
    client: httpx.AsyncClient, database: Database, app: FastAPI
) -> None:
    number = valid_person_number(born="19900101")
    answer = await client.post(
        "/v1/parties", json=registration(kind="natural_person", uscc=None, name="沈某", person_number=number)
    )
    assert answer.status_code == 201
    party = answer.json()["party"]
    assert party["person_number"] == PERSON_NUMBER_MASK
    assert number not in answer.text
    async with database.transaction() as session:
        row = (
            await session.execute(
                text("SELECT p::text, p.person_number_sealed FROM parties p WHERE id = :id"),
                {"id": party["id"]},
            )
        ).one()
        events = await session.execute(
            text("SELECT e::text FROM events e WHERE subject_id = :id"), {"id": party["id"]}
        )
        kept = await session.execute(
            text("SELECT count(*) FROM idempotency_keys WHERE body LIKE :n"), {"n": f"%{number}%"}
        )
        assert number not in row[0]
        assert number.encode().hex() not in row[0]
        assert all(number not in told[0] for told in events)
        assert kept.scalar_one() == 0
    assert app.state.sealer.open(row[1], UUID(party["id"])) == number
    again = await client.post(
        "/v1/parties", json=registration(kind="natural_person", uscc=None, person_number=number)
    )
    assert (again.status_code, again.json()["code"]) == (409, "party_already_registered")
    assert number not in again.text


@pytest.mark.parametrize(
    ("changes", "code", "pointer"),
    [
        ({"uscc": "n2330523mf1234567w"}, "uscc_invalid", "/body/uscc"),
        ({"uscc": "N2330523MF1234567X"}, "uscc_invalid", "/body/uscc"),
        ({"uscc": None}, "identification_unfit", "/body/uscc"),
        ({"registration_no": "1"}, "identification_unfit", "/body/registration_no"),
        ({"person_number": "11010519491231002X"}, "identification_unfit", "/body/person_number"),
        (
            {"kind": "natural_person", "uscc": None, "person_number": "110105194912310020"},
            "person_number_invalid",
            "/body/person_number",
        ),
        (
            {"kind": "natural_person", "uscc": None, "person_number": BORN_IN_2999},
            "person_number_invalid",
            "/body/person_number",
        ),
        ({"country_code": "DEU"}, "country_unfit", "/body/country_code"),
        ({"country_code": "deu"}, "input_invalid", "/body/country_code"),
        ({"region_code": "990000"}, "region_unknown", "/body/region_code"),
        ({"region_code": "3301"}, "input_invalid", "/body/region_code"),
        ({"kind": "bank"}, "input_invalid", "/body/kind"),
        ({"name": "   "}, "input_invalid", "/body/name"),
        ({"name": "a\u0000b"}, "input_invalid", "/body/name"),
        ({"name": "x" * 201}, "input_invalid", "/body/name"),
        ({"status": "approved"}, "input_invalid", "/body/status"),
        ({"person": None}, "first_person_unfit", "/body/person"),
        ({"person": {"login": "abc", "name": "x"}}, "first_person_unfit", "/body/person/password"),
        (
            {"person": {"login": "abc", "name": "x", "password": "short"}},
            "password_weak",
            "/body/person/password",
        ),
        (
            {"person": {"login": "a b", "name": "x", "password": PASSWORD}},
            "input_invalid",
            "/body/person/login",
        ),
        (
            {"person": {"login": "abc", "name": "x", "password": PASSWORD, "roles": ["operator"]}},
            "input_invalid",
            "/body/person/roles",
        ),
    ],
)
async def test_a_registration_that_does_not_hold_names_the_field_and_stores_nothing(
    client: httpx.AsyncClient, database: Database, changes: dict[str, Any], code: str, pointer: str
) -> None:
    name = f"未注册{new_id()}" if "name" not in changes else changes["name"]
    answer = await client.post("/v1/parties", json=registration(**{**changes, "name": name}))
    assert (answer.status_code, answer.json()["code"]) == (422, code), answer.text
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    if "\x00" not in name:
        assert await count_parties(database, name=name) == 0


async def test_a_lower_case_code_is_answered_with_the_code_to_write(client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/parties", json=registration(uscc="n2330523mf1234567w"))
    assert answer.json()["suggestion"] == "N2330523MF1234567W"


async def test_nobody_registers_an_exchange(client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/parties", json=registration(kind="exchange"))
    assert (answer.status_code, answer.json()["code"]) == (403, "kind_not_registrable")


async def test_a_code_and_a_login_are_taken_once(client: httpx.AsyncClient, database: Database) -> None:
    body = registration()
    assert (await client.post("/v1/parties", json=body)).status_code == 201
    same_code = await client.post("/v1/parties", json=registration(uscc=body["uscc"]))
    assert (same_code.status_code, same_code.json()["code"]) == (409, "party_already_registered")
    person = body["person"] | {"login": body["person"]["login"].upper()}
    same_login = registration(person=person)
    answer = await client.post("/v1/parties", json=same_login)
    assert (answer.status_code, answer.json()["code"]) == (409, "login_taken")
    assert await count_parties(database, uscc=same_login["uscc"]) == 0


async def test_a_visitors_repeat_under_the_same_key_registers_once(
    client: httpx.AsyncClient, database: Database
) -> None:
    body, headers = registration(), {"Idempotency-Key": f"register-{new_id()}"}
    first = await client.post("/v1/parties", json=body, headers=headers)
    again = await client.post("/v1/parties", json=body, headers=headers)
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["idempotency-replayed"] == "true"
    assert await count_parties(database, uscc=body["uscc"]) == 1
    stranger = await client.post("/v1/parties", json=registration(), headers=headers)
    assert stranger.status_code == 201
    assert "idempotency-replayed" not in stranger.headers


async def test_registrations_from_one_address_are_counted(settings: Any, database: Database) -> None:
    from app.main import create_app

    few = create_app(
        settings.model_copy(update={"registrations_per_address": 2, "redis_url": None}), database=database
    )
    async with few.router.lifespan_context(few):
        transport = httpx.ASGITransport(app=few)
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
            for _ in range(2):
                assert (await client.post("/v1/parties", json=registration())).status_code == 201
            third = await client.post("/v1/parties", json=registration())
    assert (third.status_code, third.json()["code"]) == (429, "rate_limited")
    assert int(third.headers["retry-after"]) > 1


async def test_without_a_secret_key_natural_persons_are_asked_to_wait(
    settings: Any, database: Database
) -> None:
    from app.main import create_app

    keyless = create_app(settings.model_copy(update={"secret_key": None}), database=database)
    async with keyless.router.lifespan_context(keyless):
        transport = httpx.ASGITransport(app=keyless)
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
            body = registration(
                kind="natural_person", uscc=None, person_number=valid_person_number(born="19910101")
            )
            answer = await client.post("/v1/parties", json=body)
    assert (answer.status_code, answer.json()["code"]) == (503, "sealing_not_configured")


async def test_a_clerk_enters_a_party_on_its_behalf_and_hands_over_an_invitation(
    client: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction() as session:
        clerk = await make_member(session, Role.CLERK, kind=PartyKind.GOVERNMENT)
    login = f"{new_id()}@example.cn"
    body = registration(person={"login": login, "name": "赵某"})
    key = {"Idempotency-Key": f"on-behalf-{new_id()}"}
    answer = await client.post("/v1/parties", json=body, headers=clerk.headers | key)
    assert answer.status_code == 201
    told = answer.json()
    assert told["party"]["entered_on_behalf"] is True
    replayed = await client.post("/v1/parties", json=body, headers=clerk.headers | key)
    assert replayed.json() == told | {"invitation": None}, "the secret is not kept"
    accepted = await client.post(
        "/v1/invitations/acceptance", json={"invitation": told["invitation"], "password": PASSWORD}
    )
    assert accepted.status_code == 204
    headers = await sign_in(client, login)
    assert (await client.get("/v1/parties/me", headers=headers)).json()["id"] == told["party"]["id"]
    twice = await client.post(
        "/v1/invitations/acceptance", json={"invitation": told["invitation"], "password": PASSWORD}
    )
    assert (twice.status_code, twice.json()["code"]) == (401, "invitation_invalid")


async def test_a_clerk_may_leave_a_party_without_a_person_and_never_sets_a_password(
    client: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction() as session:
        clerk = await make_member(session, Role.CLERK, kind=PartyKind.GOVERNMENT)
    answer = await client.post("/v1/parties", json=registration(person=None), headers=clerk.headers)
    assert (answer.status_code, answer.json()["user_id"], answer.json()["invitation"]) == (201, None, None)
    refused = await client.post("/v1/parties", json=registration(), headers=clerk.headers)
    assert (refused.status_code, refused.json()["code"]) == (422, "first_person_unfit")


async def test_somebody_signed_in_may_be_the_first_person_of_another_party(
    client: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction() as session:
        person = await make_signed_in(session, Role.TTO_OFFICER, kind=PartyKind.UNIVERSITY)
    answer = await client.post("/v1/parties", json=registration(person=None), headers=person.headers)
    assert answer.status_code == 201
    assert answer.json()["user_id"] == str(person.user_id)
    session_told = (await client.get("/v1/session", headers=person.headers)).json()
    assert session_told["party"]["id"] == str(person.party_id), "he still acts for the first"
    assert len(session_told["memberships"]) == 2
