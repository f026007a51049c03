"""What a visitor may do, and an organisation whose first review has failed."""

from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.demands.states import DemandStatus
from app.identity.credentials import fingerprint, new_session_token
from app.identity.passwords import Passwords
from app.identity.permissions import Role
from app.identity.tables import MembershipRow, PartyRow, UserRow
from app.kit.ids import new_id
from tests.factories import listings as achievements
from tests.factories.demands import make_demand
from tests.factories.identity import Member, make_member, make_signed_in, valid_uscc
from tests.fuzz.world import Example, Examples

PASSWORD = "a long enough password 93"


async def examples(session: AsyncSession, me: Member) -> Examples:
    """One succeeding request for each operation that asks for no review."""
    hashed = await Passwords(memory_kib=64, passes=1).hash(PASSWORD)
    known = await make_signed_in(session, Role.ENTERPRISE_USER, password_hash=hashed)
    invitation = new_session_token()
    user = UserRow(
        login=f"{new_id()}@example.cn",
        name="李某",
        invitation_hash=fingerprint(invitation),
        invitation_expires_at=datetime(2100, 1, 1, tzinfo=UTC),
    )
    session.add(user)
    await session.flush()
    session.add(MembershipRow(user_id=user.id, party_id=known.party_id, roles=[str(Role.ENTERPRISE_USER)]))
    party = await session.get_one(PartyRow, me.party_id)
    poster = await make_member(session, Role.ENTERPRISE_USER)
    new = {
        "kind": "private_enterprise",
        "name": "杭州新来科技有限公司",
        "uscc": valid_uscc(),
        "region_code": "330106",
        "person": {"login": f"{new_id()}@example.cn", "name": "钱某", "password": PASSWORD},
    }
    return {
        "sign_in": Example(body={"login": known.login, "password": PASSWORD}),
        "accept_invitation": Example(body={"invitation": invitation, "password": PASSWORD}),
        "register_party": Example(body=new),
        "resubmit_party": Example(version=party.version, body={"name": "杭州新来科技有限公司"}),
        "get_achievement": Example((await achievements.make_published(session)).id),
        "read_demand": Example((await make_demand(session, poster, status=DemandStatus.PUBLISHED)).id),
    }
