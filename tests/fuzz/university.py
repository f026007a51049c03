"""What a university's office does: its organisation and people, achievements, offerings, answers, sales."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions import actions
from app.demands.states import DemandStatus
from app.identity.credentials import fingerprint, new_api_key
from app.identity.permissions import Role
from app.identity.states import PartyKind
from app.identity.tables import ApiKeyRow, MembershipRow, PartyRow, UserRow
from app.kit.ids import new_id
from app.listings import actions as listings
from app.listings.imports.states import MACHINE as IMPORT
from app.listings.imports.states import ImportStatus
from app.listings.imports.tables import ImportRow
from app.listings.schemas import AchievementIn
from tests.factories import listings as achievements
from tests.factories import markets
from tests.factories.auctions import TERMS
from tests.factories.auctions import make_offering as make_auctioned
from tests.factories.contracts import make_contract, make_deal
from tests.factories.demands import make_demand, make_solution, written_solution
from tests.factories.files import make_file
from tests.factories.identity import Member, make_member
from tests.fuzz.approvals import of_decisions
from tests.fuzz.notices import of_a_unit
from tests.fuzz.world import CLOCK, Example, Examples, on

MAPPING = {"name": "成果表", "mapping": {"fields": {"title": {"column": "成果名称"}}}}


async def examples(session: AsyncSession, me: Member) -> Examples:
    """One succeeding request for each operation of a university."""
    return {
        **await _organisation(session, me),
        **await _people(session, me),
        **await _achievements(session, me),
        **await _imports(session, me),
        **await _files(session, me),
        **await _offerings(session, me),
        **await _auctions(session, me),
        **await _answers(session, me),
        **await of_a_unit(session, me),
        **await of_decisions(session, me),
    }


async def _organisation(session: AsyncSession, me: Member) -> Examples:
    party = await session.get_one(PartyRow, me.party_id)
    key = new_api_key("test")
    old = ApiKeyRow(
        name="old",
        kind="test",
        prefix=key[:13],
        key_hash=fingerprint(key),
        user_id=me.user_id,
        party_id=me.party_id,
        scopes=[],
        expires_at=(await session.scalars(select(ApiKeyRow.expires_at).limit(1))).one(),
    )
    session.add(old)
    await session.flush()
    return {
        "read_party": Example(party.id),
        "change_own_party": Example(version=party.version, body={"name_en": "Test University"}),
        "revoke_api_key": Example(old.id),
        "move_clock": Example(body={"advance_seconds": 1}),
        "read_calendar": Example(query={"from_on": "2026-01-01", "to_on": "2026-12-31"}),
    }


async def _invited(session: AsyncSession, party_id: UUID) -> MembershipRow:
    user = UserRow(login=f"{new_id()}@example.cn", name="李某")
    session.add(user)
    await session.flush()
    place = MembershipRow(user_id=user.id, party_id=party_id, roles=[str(Role.RESEARCHER)])
    session.add(place)
    await session.flush()
    return place


async def _people(session: AsyncSession, me: Member) -> Examples:
    changed, ended, invited = [await _invited(session, me.party_id) for _ in range(3)]

    def of(place: MembershipRow, version: int | None = None, body: Any = None) -> Example:
        return Example(me.party_id, version, body, path={"membership_id": str(place.id)})

    new = {"login": f"{new_id()}@example.cn", "name": "赵某", "roles": ["researcher"]}
    return {
        "list_members": Example(me.party_id),
        "add_member": Example(me.party_id, body=new),
        "read_member": of(changed),
        "change_member": of(changed, changed.version, {"job": "技术经理"}),
        "end_membership": of(ended),
        "invite_again": of(invited),
    }


async def _achievements(session: AsyncSession, me: Member) -> Examples:
    clerk = await make_member(session, Role.CLERK, kind=PartyKind.EXCHANGE)
    told = AchievementIn.model_validate(achievements.description() | {"on_behalf_of": me.party_id})
    typed = await listings.post_achievement(session, CLOCK, actor=clerk.actor, posted=told)
    drafts = [await achievements.make_draft(session, me) for _ in range(3)]
    published = await achievements.make_published(session, me)
    return {
        "post_achievement": Example(body=achievements.description()),
        "list_achievements": Example(query={"q": "导热", "tech_field": "new_materials"}),
        "get_achievement": Example(published.id),
        "amend_achievement": on(drafts[0], {"title": "球形氮化硼导热垫片（第二代）"}),
        "confirm_achievement_by_owner": on(typed),
        "confirm_ownership_shares": on(drafts[1]),
        "submit_achievement": on(drafts[2]),
        "withdraw_achievement": on(published, {"reason": "专利已失效"}),
    }


async def _imports(session: AsyncSession, me: Member) -> Examples:
    run = ImportRow(
        id=new_id(),
        status=IMPORT.initial,
        party_id=me.party_id,
        holder_party_id=me.party_id,
        region_code="330106",
        entered_by=me.user_id,
        format="csv",
        source="office",
        dry_run=False,
        file_bytes=10,
        file_digest=b"0" * 32,
    )
    IMPORT.advance(run, ImportStatus.RUNNING)
    IMPORT.advance(run, ImportStatus.SUCCEEDED)
    session.add(run)
    await session.flush()
    return {
        "get_operation": Example(run.id),
        "get_operation_report": Example(run.id),
        "post_import_mapping": Example(body=MAPPING),
        "start_import": Example(
            body="编号,成果名称\r\n1,垫片\r\n", query={"format": "csv", "source": "office"}
        ),
    }


async def _files(session: AsyncSession, me: Member) -> Examples:
    kept, spare = await make_file(session, me), await make_file(session, me)
    return {
        "read_file": Example(kept.id),
        "download_file": Example(kept.id),
        "list_file_reads": Example(kept.id),
        "delete_file": Example(spare.id),
    }


async def _offerings(session: AsyncSession, me: Member) -> Examples:
    operator = await achievements.make_operator(session)
    drafts, market = [], None
    for _ in range(4):
        row = await achievements.make_registered(session, me, operator)
        market = markets.Market(me, operator, row.id)
        drafts.append(await markets.make_offering(session, market))
    fresh = await achievements.make_registered(session, me, operator)
    open_one = await markets.make_listed(
        session,
        markets.Market(me, operator, (await achievements.make_registered(session, me, operator)).id),
    )
    await session.flush()
    return {
        "create_offering": Example(body=markets.terms(fresh.id)),
        "read_offering": Example(open_one.id),
        "edit_offering": on(drafts[0], {"title": "氮化硼垫片专利权转让"}),
        "read_guards": Example(drafts[1].id),
        "submit_offering": on(drafts[2]),
        "withdraw_offering": on(drafts[3], {"reason": "other", "note": "材料要补"}),
        "list_offering_awards": Example(open_one.id),
    }


async def _auctions(session: AsyncSession, me: Member) -> Examples:
    terms = TERMS.model_dump(mode="json")
    first, second = await make_auctioned(session, me), await make_auctioned(session, me)
    drafted = await actions.create_auction(session, CLOCK, actor=me.actor, offering_id=second.id, terms=TERMS)
    await session.flush()
    return {
        "create_auction": Example(body={"offering_id": str(first.id), "terms": terms}),
        "read_auction": Example(drafted.id),
        "list_bids": Example(drafted.id),
        "list_auction_events": Example(drafted.id),
        "change_auction": on(drafted, {"terms": terms}),
    }


async def _answers(session: AsyncSession, me: Member) -> Examples:
    poster = await make_member(session, Role.ENTERPRISE_USER)
    demands = [await make_demand(session, poster, status=DemandStatus.PUBLISHED) for _ in range(3)]
    kept, taken_back = [await make_solution(session, demand, me) for demand in demands[:2]]
    deal = await make_deal(session)
    await make_contract(session, deal)
    return {
        "read_demand": Example(demands[0].id),
        "list_solutions": Example(demands[0].id),
        "post_solution": Example(demands[2].id, body=written_solution()),
        "read_solution": Example(kept.id),
        "withdraw_solution": on(taken_back),
    }
