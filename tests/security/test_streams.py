"""A stream tells nobody what he may not read, and ends when he may no longer listen."""

import httpx

from app.db.session import Database
from app.identity.permissions import Permission, Role
from app.identity.states import PartyKind
from app.identity.tables import PartyRow
from app.kit.ids import new_id
from app.worker import Worker
from tests.factories.demands import make_demand, written_solution
from tests.factories.identity import make_member
from tests.security.people import make_key
from tests.streams import listen


async def test_an_answer_is_told_only_to_those_who_may_read_it(
    client: httpx.AsyncClient, database: Database, worker: Worker, running: str
) -> None:
    async with database.transaction() as session:
        poster = await make_member(session, Role.ENTERPRISE_USER)
        party = await session.get_one(PartyRow, poster.party_id)
        manager = await make_member(session, Role.ENTERPRISE_ADMIN, party=party)
        narrow = await make_key(
            session, user_id=poster.user_id, party_id=poster.party_id, scopes=[Permission.BID]
        )
        provider = await make_member(session, Role.TTO_OFFICER, kind=PartyKind.UNIVERSITY)
        demand = await make_demand(session, poster)
    heard: dict[str, list[str]] = {"poster": [], "manager": [], "narrow": []}
    people = {"poster": poster.headers, "manager": manager.headers, "narrow": narrow}
    answered = await client.post(
        f"/v1/demands/{demand.id}/solutions", json=written_solution(), headers=provider.headers
    )
    assert answered.status_code == 201
    closing = {"outcome": "withdrawn", "reason": "项目调整"}
    ended = await client.post(
        f"/v1/demands/{demand.id}/closure",
        json=closing,
        headers=poster.headers | {"If-Match": f'"v{demand.version}"', "Idempotency-Key": str(new_id())},
    )
    assert ended.status_code == 200, ended.text
    await worker.drain()
    for name, headers in people.items():
        async with listen(f"{running}/v1/stream", headers=headers | {"Last-Event-ID": "0"}) as ear:
            while "demands.demand_closed" not in heard[name]:
                heard[name].append((await ear.next()).name)
    assert heard["poster"] == ["demands.solution_submitted", "demands.demand_closed"]
    assert heard["manager"] == heard["narrow"] == ["demands.demand_closed"]
