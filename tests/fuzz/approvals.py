"""What a unit does with its internal decisions."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.approvals import actions
from app.approvals.schemas import DelegationIn
from app.identity.permissions import Role
from app.identity.tables import PartyRow
from app.kit.dates import market_date
from tests.factories import listings as achievements
from tests.factories import markets
from tests.factories.approvals import chain_body, make_case, make_chain, make_running, make_unit
from tests.factories.identity import Member, make_member
from tests.fuzz.world import CLOCK, Example, Examples, on


async def of_decisions(session: AsyncSession, me: Member) -> Examples:
    """One succeeding request for each operation of a unit's own decisions; `me` makes chains and cases, and leads."""
    party = await session.get_one(PartyRow, me.party_id)
    colleague = await make_member(session, Role.TTO_OFFICER, party=party)
    mine, theirs = await make_unit(session, me), await make_unit(session, colleague)
    chain, spare = await make_chain(session, mine), await make_chain(session, mine)
    leader_alone = [{"group": 1, "kind": "other", "title": "负责人", "role": "org_leader"}]
    short = await make_chain(session, theirs, steps=leader_alone)
    drafts = [await make_case(session, mine, chain) for _ in range(2)]
    running = await make_running(session, theirs, chain=short)
    operator = await achievements.make_operator(session)
    row = await achievements.make_registered(session, me, operator)
    offering = await markets.make_offering(session, markets.Market(me, operator, row.id))
    today = market_date(await CLOCK.read(session))
    days: dict[str, Any] = {"to_user_id": colleague.user_id, "from_on": today, "until_on": today}
    body = DelegationIn(document_no="委〔2026〕1号", **days)
    lent = await actions.delegate(session, CLOCK, actor=me.actor, body=body)
    await session.flush()
    return {
        "make_approval_chain": Example(body=chain_body(mine)),
        "retire_approval_chain": Example(spare.id),
        "read_approval_case": Example(running.id),
        "submit_approval_case": on(drafts[0]),
        "cancel_approval_case": on(drafts[1], {"reason": "条件变更"}),
        "decide_approval_step": Example(
            running.id, body={"position": 0, "decision": "approved", "document_no": "校办纪要〔2026〕9号"}
        ),
        "make_approval_delegation": Example(body=body.model_dump(mode="json")),
        "revoke_approval_delegation": Example(lent.id),
        "open_approval_case": Example(offering.id, body={"chain_id": str(chain.id)}),
        "read_folder": Example(offering.id),
        "put_paper_into_folder": Example(
            offering.id,
            body={"kind": "price_report", "title": "专利协议定价报告", "document_no": "校科〔2026〕7号"},
        ),
    }
