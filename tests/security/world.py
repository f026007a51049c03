"""A market in full swing, with a canary in every confidential place that a factory reaches.

Everything belongs to other parties than a stranger's. A canary is a text that stands nowhere else.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.approvals.actions import delegate, put_paper
from app.approvals.schemas import DelegationIn, FolderPaperIn
from app.approvals.states import FolderKind
from app.auctions.confirmations.tables import ConfirmationRow
from app.db.clock import Clock
from app.demands.states import Confidentiality, DemandStatus
from app.evidence.actions import request_redaction
from app.evidence.rules.redaction import RedactionReason
from app.evidence.schemas import RedactionIn
from app.files.states import FileClass
from app.identity.permissions import Role
from app.identity.states import PartyKind
from app.identity.tables import ApiKeyRow, MembershipRow, PartyRow
from app.kit.dates import market_date
from app.listings.imports.actions import Upload, start_import
from app.listings.imports.schemas import ImportQuery
from app.markets.dataroom import actions as dataroom
from app.markets.inspection import actions as inspection
from app.markets.inspection.schemas import SlotIn
from app.markets.negotiated import actions as negotiated
from app.markets.negotiated.schemas import NegotiationIn, OfferIn
from app.markets.profiles.actions import propose
from app.markets.profiles.schemas import ProfileDraftIn
from app.markets.registrations.tables import RegistrationRow
from app.settlement.tables import AccountRow, RefundRow
from tests.evidence.sales import make_interrupted
from tests.factories import auctions as sales
from tests.factories import markets
from tests.factories import sessions as halls
from tests.factories.approvals import make_chain, make_running, make_unit, say
from tests.factories.contracts import make_contract, make_deal
from tests.factories.demands import CONTACT, make_demand, make_solution
from tests.factories.files import make_file
from tests.factories.identity import Member, make_member, make_party
from tests.factories.listings import make_draft, make_officer, make_operator, make_published
from tests.factories.notices import make_disputed
from tests.factories.sealed import make_custodian
from tests.factories.settlement import (
    confirm,
    make_arrival,
    make_deposit,
    make_disposition,
    make_finance,
    make_forfeited,
)
from tests.security.bodies import PROFILE

CLOCK = Clock()
MARK = "金丝雀"


class Cage:
    """Canaries, each named after where it sits."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def __call__(self, place: str) -> str:
        """A canary for a place."""
        self.names.add(place)
        return f"{MARK}{place}"

    def heard_in(self, text: str) -> set[str]:
        """The places whose canaries sing in a text."""
        if MARK not in text:
            return set()
        return {name for name in self.names if f"{MARK}{name}" in text}


@dataclass
class World:
    """Ids by what stands in a path, and the people."""

    canary: Cage
    ids: dict[str, tuple[UUID, ...]] = field(default_factory=dict)
    people: dict[str, Member] = field(default_factory=dict)
    sale: sales.Sale | None = None
    public: dict[str, list[UUID]] = field(default_factory=dict)

    def values(self) -> Iterator[UUID]:
        """Every id."""
        for ids in self.ids.values():
            yield from ids


async def make_world(session: AsyncSession) -> World:
    """All of it."""
    world = World(Cage())
    await _achievements(session, world)
    await _demands(session, world)
    await _offerings(session, world)
    await _money(session, world)
    await _auctions(session, world)
    await _notices(session, world)
    await _approvals(session, world)
    return world


async def _name(session: AsyncSession, member: Member, name: str) -> None:
    (await session.get_one(PartyRow, member.party_id)).name = name
    await session.flush()


async def _achievements(session: AsyncSession, world: World) -> None:
    canary = world.canary
    officer, operator = await make_officer(session), await make_operator(session)
    contact = {
        "name": f"何{canary('联系人')}",
        "phone": "057412345678",
        "email": "canary-mail@zdlg.example.cn",
    }
    published = await make_published(session, officer, operator, contact=contact)
    published.return_reason = canary("退回理由")
    published.secrecy_review = {
        "reviewed_by": canary("定密责任人"),
        "reviewed_on": "2026-01-05",
        "document_no": canary("定密文号"),
    }
    draft = await make_draft(session, officer, title=canary("成果草稿"), abstract=canary("草稿摘要"))
    asked = ImportQuery.model_validate({"format": "csv", "source": "canary-source"})
    upload = Upload(name=None, size=1, digest=bytes(32))
    started = await start_import(session, actor=officer.actor, asked=asked, upload=upload, mapping=None)
    kept = await make_file(
        session, officer, name=f"{canary('内部文件')}.pdf", data=f"%PDF-1.7 {canary('文件内容')}".encode()
    )
    member = (
        await session.scalars(select(MembershipRow.id).where(MembershipRow.user_id == officer.user_id))
    ).one()
    key = (await session.scalars(select(ApiKeyRow.id).where(ApiKeyRow.user_id == officer.user_id))).one()
    world.people |= {"officer": officer, "operator": operator}
    world.ids |= {
        "achievements": (draft.id,),
        "operations": (started.id,),
        "files": (kept.id,),
        "parties": (officer.party_id, member),
        "api-keys": (key,),
        "memberships": (member,),
    }
    world.public["achievements"] = [published.id]


async def _demands(session: AsyncSession, world: World) -> None:
    canary = world.canary
    poster, provider = await make_member(session, Role.ENTERPRISE_USER), await make_officer(session)
    await _name(session, poster, canary("匿名发布单位"))
    await _name(session, provider, canary("应答单位"))
    contact = CONTACT | {"name": canary("需求联系人")}
    demand = await make_demand(
        session, poster, confidentiality=Confidentiality.ANONYMOUS_ORG, contact=contact,
        outcome_reason=canary("结果理由"), review_reason=canary("审核意见"),
    )  # fmt: skip
    draft = await make_demand(session, poster, status=DemandStatus.DRAFT, title=canary("需求草稿"))
    answer = await make_solution(session, demand, provider)
    answer.summary, answer.approach, answer.team = canary("方案"), canary("技术路线"), canary("团队")
    world.people |= {"poster": poster, "provider": provider}
    world.ids |= {"demands": (draft.id,), "solutions": (answer.id,)}
    world.public["demands"] = [demand.id]


async def _offerings(session: AsyncSession, world: World) -> None:
    canary = world.canary
    market = await markets.make_market(session)
    papers: dict[str, Any] = {
        "decision": {"document_no": canary("决策文号"), "decided_on": "2026-11-05"},
        "secrecy": {
            "reviewer": canary("保密审查人"),
            "reviewed_on": "2026-11-02",
            "document_no": canary("保密文号"),
        },
    }
    listed = await markets.make_listed(session, market, **papers)
    draft = await markets.make_offering(session, market, title=canary("项目草稿"))
    buyer = await make_member(session, Role.ENTERPRISE_USER)
    await _name(session, buyer, canary("报名单位"))
    registration = await markets.register(session, listed.id, buyer, "800000.00")
    registration.agent_name, registration.note = canary("经办人"), canary("报名说明")
    registration.agent_phone = "13912345678"
    talks = await markets.make_market(session)
    open_talks = await markets.make_negotiated(session, talks)
    other = await make_member(session, Role.ENTERPRISE_USER)
    await _name(session, other, canary("洽谈单位"))
    message = NegotiationIn(message=canary("洽谈意向"))
    negotiation = await negotiated.open_negotiation(
        session, CLOCK, actor=other.actor, offering_id=open_talks.id, body=message
    )
    await negotiated.offer(
        session, CLOCK, actor=other.actor, negotiation_id=negotiation.id,
        body=OfferIn(amount="123456.78", terms=canary("报价条件")),
    )  # fmt: skip
    secret = await make_file(
        session, market.seller, file_class=FileClass.REGISTERED, name=f"{canary('资料室文件')}.pdf"
    )
    in_room = await dataroom.put_file(
        session, CLOCK, actor=market.seller.actor, offering_id=listed.id, file_id=secret.id, title=canary("资料标题"), pages=None,
    )  # fmt: skip
    at = await CLOCK.read(session)
    seen_at = SlotIn(
        starts_at=at + timedelta(days=1), ends_at=at + timedelta(days=1, hours=2), place="实验楼", capacity=2
    )
    slot = await inspection.offer_slot(
        session, CLOCK, actor=market.seller.actor, offering_id=listed.id, asked=seen_at
    )
    question = await dataroom.ask(
        session, CLOCK, actor=buyer.actor, offering_id=listed.id, text=canary("未答复的提问")
    )
    world.people |= {
        "talker": other,
        "seller": market.seller,
        "buyer": buyer,
        "listed_operator": market.operator,
    }
    world.ids |= {
        "offerings": (draft.id,),
        "registrations": (registration.id,),
        "registrants": (registration.id,),
        "room-files": (in_room.id,),
        "questions": (question.id,),
        "slots": (slot.id,),
        "negotiations": (negotiation.id,),
    }
    world.public["offerings"] = [listed.id, open_talks.id]


async def _money(session: AsyncSession, world: World) -> None:
    canary = world.canary
    finance = await make_finance(session)
    payer = await make_party(session, name=canary("缴款单位"))
    deposit = await make_deposit(session, party_id=payer.id)
    arrival = await make_arrival(session, finance, deposit, amount_minor=deposit.amount_minor + 100)
    await confirm(session, finance, arrival)
    refund = (await session.scalars(select(RefundRow).where(RefundRow.deposit_id == deposit.id))).one()
    refund.reason = canary("退款事由")
    disposition = await make_disposition(
        session, await make_forfeited(session), finance.maker, await make_member(session)
    )
    disposition.note = canary("保证金处置说明")
    account = (await session.scalars(select(AccountRow.id).where(AccountRow.deposit_id == deposit.id))).one()
    deal = await make_deal(session)
    await _name(session, deal.buyer, canary("合同买方"))
    contract = await make_contract(session, deal)
    world.people |= {"finance": finance.maker}
    world.ids |= {
        "deposits": (deposit.id,),
        "bank-arrivals": (arrival.id,),
        "refunds": (refund.id,),
        "deposit-dispositions": (disposition.id,),
        "ledger": (account,),
        "awards": (deal.award.award_id,),
        "contracts": (contract.id,),
    }


async def _auctions(session: AsyncSession, world: World) -> None:
    sold = await sales.make_started(session)
    await sales.place(session, sold, sold.bidders[0], "2000000.00")
    await sales.close(session, sold)
    confirmation = await session.scalars(
        select(ConfirmationRow.id).where(ConfirmationRow.auction_id == sold.auction_id)
    )
    custodian = await make_custodian(session, await make_member(session, Role.SUPERVISOR))
    world.ids |= {"sale-confirmations": (confirmation.one(),), "custodian-keys": (custodian.row.id,)}
    draft = await sales.make_draft(session)
    world.ids["auctions"] = (draft.auction_id,)
    interrupted = await make_interrupted(session)
    asked = await request_redaction(
        session,
        CLOCK,
        actor=interrupted.operator.actor,
        auction_id=interrupted.auction_id,
        asked=RedactionIn(
            seq=(await interrupted.row(session)).seq,
            field="note",
            reason=RedactionReason.COURT_ORDER,
            document_no="遮蔽2026-1",
        ),
    )
    world.ids["redactions"] = (asked.id,)
    supervisor = await make_member(session, Role.SUPERVISOR)
    proposed = ProfileDraftIn.model_validate(PROFILE)
    draft_row = await propose(session, CLOCK, actor=supervisor.actor, asked=proposed)
    world.ids["rule-profile-drafts"] = (draft_row.id,)
    sale = await sales.make_started(session)
    for number, bidder in enumerate(sale.bidders):
        await _name(session, bidder, world.canary(f"竞买单位{number}"))
    rows = await session.scalars(select(RegistrationRow).where(RegistrationRow.id.in_(sale.registrations)))
    for row in rows:
        row.agent_name, row.decision_reason = world.canary("竞买经办人"), world.canary("资格意见")
    await session.flush()
    await sales.place(session, sale, sale.bidders[0], "2000000.00")
    await sales.place(session, sale, sale.bidders[1], "2100000.00")
    world.sale = sale
    planned = await halls.make_draft_session(session)
    open_for_all = await halls.make_noticed_session(session, lots=((200, 10),))
    entry = await halls.enter(session, open_for_all, paid=False)
    await _name(session, entry.member, world.canary("专场竞买单位"))
    made = await open_for_all.entry(session, entry)
    made.agent_name, made.note = world.canary("专场经办人"), world.canary("专场报名说明")
    await session.flush()
    world.ids |= {"sessions": (planned.session_id,), "session-registrations": (entry.entry_id,)}
    world.public["sessions"] = [open_for_all.session_id]
    world.public["auctions"] = [sale.auction_id]
    world.public["offerings"].append(sale.offering_id)
    world.people |= {"auction_seller": sale.seller, "rival": sale.bidders[1]}


async def _notices(session: AsyncSession, world: World) -> None:
    owner, filer = await make_officer(session), await make_member(session, Role.ENTERPRISE_USER)
    await _name(session, filer, world.canary("异议单位"))
    notice, mend, objection = await make_disputed(
        session, owner, filer, statement=world.canary("异议内容"), reason=world.canary("更正理由")
    )
    objection.filer_name, objection.evidence_note = world.canary("异议人"), world.canary("证据说明")
    await session.flush()
    world.ids |= {"notices": (notice.id,), "notice-mends": (mend.id,), "objections": (objection.id,)}
    world.public["notices"] = [notice.id]
    world.people |= {"notice_owner": owner, "objector": filer}


async def _approvals(session: AsyncSession, world: World) -> None:
    unit = await make_unit(session)
    chain = await make_chain(session, unit, name=world.canary("审批流程"))
    case = await make_running(session, unit, chain=chain, title=world.canary("审批事项"))
    await put_paper(
        session, CLOCK, actor=world.people["seller"].actor, deal_id=world.ids["offerings"][0],
        body=FolderPaperIn(kind=FolderKind.PRICE_REPORT, title=world.canary("定价报告"), document_no="1"),
    )  # fmt: skip
    await say(session, case, unit.legal, 1, opinion=world.canary("审批意见"))
    today = market_date(await CLOCK.read(session))
    lent = await delegate(
        session, CLOCK, actor=unit.asset.actor,
        body=DelegationIn(
            to_user_id=unit.legal.user_id, from_on=today, until_on=today, document_no=world.canary("委托书")
        ),
    )  # fmt: skip
    world.ids |= {
        "approval-chains": (chain.id,),
        "approval-cases": (case.id,),
        "approval-delegations": (lent.id,),
    }
    world.people |= {"case_maker": unit.officer, "case_decider": unit.leader}


async def make_stranger(session: AsyncSession) -> Member:
    """Somebody of a party that has to do with nothing, who may do all that people of parties may."""
    return await make_member(
        session, Role.ENTERPRISE_USER, Role.ENTERPRISE_ADMIN, Role.TTO_OFFICER, Role.ORG_LEADER,
        Role.RESEARCHER, kind=PartyKind.UNIVERSITY,
    )  # fmt: skip


async def make_far_staff(session: AsyncSession, *roles: Role) -> Member:
    """Staff of an exchange whose region holds nothing of the world."""
    party = await make_party(session, kind=PartyKind.EXCHANGE, region_code="440100")
    return await make_member(session, *roles, party=party, region_scope="440100")


EXACT = ("057412345678", "canary-mail", "13912345678", "123456.78", "canary-source")
"""Canaries that must look like what they stand for."""
