"""Those who take part come in, each by the way of its kind: registered, reviewed, people invited, staff appointed."""

from collections.abc import Iterable

from app.demo.person import Json, Person
from app.demo.world import World

STAFF = frozenset({"operator", "auctioneer", "finance", "clerk", "supervisor", "auditor"})
ALONE = frozenset({"supervisor", "auditor"})
"""Roles beside which a person holds no other."""
MANAGERS = frozenset({"org_leader", "enterprise_admin"})


def founder_login(exchange: Json) -> str:
    """The login of the exchange's first manager."""
    return f"admin.{exchange['key']}@example.cn"


def first_person(party: Json) -> Json:
    """Who registers a party: its manager, else its legal representative."""
    people: list[Json] = party["people"]
    chosen = [one for one in people if MANAGERS & set(one["roles"])]
    chosen += [
        one
        for one in people
        if one["name"] == party["legal_representative"] and not ALONE & set(one["roles"])
    ]
    if chosen:
        return chosen[0]
    return {
        "name": party["legal_representative"],
        "login": f"leader.{party['key']}@example.cn",
        "job": "法定代表人",
        "roles": [],
    }


async def accept(world: World, invitation: str) -> None:
    """Somebody invited sets his password."""
    visitor = await world.visitor()
    body = {"invitation": invitation, "password": world.password}
    await visitor.post("/v1/invitations/acceptance", body, expect=204)


async def open_exchange(world: World, exchange: Json, invitation: str) -> Person:
    """The exchange's first manager takes his seat and appoints its people. Returns the manager."""
    await accept(world, invitation)
    manager = await world.person(founder_login(exchange))
    for person in exchange["people"]:
        await _add(world, manager, manager.party_id, person, roles=person["roles"])
    return manager


async def enter(world: World, parties: Iterable[Json], *, manager: str, operator: str) -> dict[str, str]:
    """Register parties with their people, each reviewed by the operator. Returns their ids by key."""
    ids = {}
    for party in parties:
        ids[party["key"]] = await _register(world, party)
        reviewer = await world.person(operator)
        await reviewer.change(f"/v1/parties/{ids[party['key']]}", "review", {"approved": True})
        await _people(world, party, ids[party["key"]], manager)
    return ids


async def _register(world: World, party: Json) -> str:
    first = first_person(party)
    body = {
        "kind": party["kind"],
        "name": party["name"],
        "name_en": party["name_en"],
        "region_code": party["region_code"],
        "objection_procedure": party.get("objection_procedure"),
        "uscc": party.get("uscc"),
        "registration_no": party.get("registration_no"),
        "country_code": party.get("country_code"),
        "person_number": party.get("id_number"),
        "person": {"login": first["login"], "name": first["name"], "password": world.password},
    }
    registered = await (await world.visitor()).post("/v1/parties", body, expect=201)
    return str(registered["party"]["id"])


async def _people(world: World, party: Json, party_id: str, manager: str) -> None:
    """Colleagues by the party's own manager; staff roles by the exchange's."""
    first = first_person(party)
    for person in party["people"]:
        own = [role for role in person["roles"] if role not in STAFF]
        staff = [role for role in person["roles"] if role in STAFF]
        if person["login"] == first["login"]:
            if staff:
                await _appoint(world, manager, party, party_id, login=person["login"], staff=staff)
            continue
        if own:
            await _add(world, await world.person(first["login"]), party_id, person, roles=own)
        elif staff:
            appointer = await world.person(manager)
            await _add(world, appointer, party_id, person, roles=staff, region=party["region_code"])


async def _add(
    world: World, granter: Person, party_id: str, person: Json, *, roles: list[str], region: str | None = None
) -> None:
    body = {"login": person["login"], "name": person["name"], "roles": roles, "job": person["job"]}
    if region is not None:
        body["region_scope"] = region
    added = await granter.post(f"/v1/parties/{party_id}/members", body, expect=201)
    await accept(world, str(added["invitation"]))


async def _appoint(
    world: World, manager: str, party: Json, party_id: str, *, login: str, staff: list[str]
) -> None:
    """Give somebody staff roles beside his own."""
    appointer = await world.person(manager)
    members = await appointer.every(f"/v1/parties/{party_id}/members")
    member = next(one for one in members if one["login"] == login)
    await appointer.change(
        f"/v1/parties/{party_id}/members/{member['id']}",
        "",
        {"roles": sorted({*member["roles"], *staff}), "region_scope": party["region_code"]},
    )
