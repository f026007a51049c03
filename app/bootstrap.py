"""The one file that knows everyone: who serves which paths, who reacts to what, what runs by itself."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from app.approvals import routes as approvals
from app.approvals.actions import sweep as remind_approvers
from app.approvals.events import EVENTS as APPROVAL_EVENTS
from app.approvals.states import CASE as APPROVAL_CASE
from app.approvals.states import STEP as APPROVAL_STEP
from app.auctions import actions as auction_actions
from app.auctions import handlers as auction_handlers
from app.auctions import routes as auctions
from app.auctions.agents import routes as agents
from app.auctions.confirmations import routes as confirmations
from app.auctions.confirmations.events import EVENTS as CONFIRMATION_EVENTS
from app.auctions.confirmations.states import MACHINE as CONFIRMATION
from app.auctions.defaults import routes as defaults
from app.auctions.defaults.events import EVENTS as DEFAULT_EVENTS
from app.auctions.defaults.states import MACHINE as BUYER_DEFAULT
from app.auctions.events import EVENTS as AUCTION_EVENTS
from app.auctions.priority import routes as answers
from app.auctions.reauctions import routes as reauctions
from app.auctions.schemas import EventOut, HeartbeatOut, SkippedOut
from app.auctions.sealed import routes as sealed
from app.auctions.sealed.actions import stir
from app.auctions.sessions import actions as session_actions
from app.auctions.sessions import handlers as session_handlers
from app.auctions.sessions import routes as sessions
from app.auctions.sessions.events import EVENTS as SESSION_EVENTS
from app.auctions.sessions.schemas import SaleSessionOut
from app.auctions.sessions.states import MACHINE as SALE_SESSION
from app.auctions.states import MACHINE as AUCTION
from app.calendar import routes as calendar
from app.calendar.events import CalendarDayDecided, CalendarYearDecided
from app.contracts import handlers as contract_handlers
from app.contracts import routes as contracts
from app.contracts.events import EVENTS as CONTRACT_EVENTS
from app.contracts.states import MACHINE as CONTRACT
from app.db.clock import Clock
from app.delivery import routes as delivery
from app.delivery.schemas import OrganisationEvent, OrganisationHeartbeat
from app.demands import routes as demands
from app.demands.actions import meet_deadline
from app.demands.events import EVENTS as DEMAND_EVENTS
from app.demands.states import DEMAND, SOLUTION
from app.events.dispatch import Handler
from app.events.model import Event
from app.evidence import handlers as evidence_handlers
from app.evidence import routes as evidence
from app.evidence.events import EVENTS as EVIDENCE_EVENTS
from app.evidence.states import MACHINE as REDACTION
from app.files import routes as files
from app.files.actions import sweep as delete_blob
from app.files.states import MACHINE as FILE
from app.http import health
from app.http.idempotency import forget_old_keys
from app.identity import routes as identity
from app.identity.events import CreditNoted, MembershipEnded, PartyRegistered, PartyResubmitted, PartyReviewed
from app.identity.states import PARTY_REVIEW
from app.jobs.port import JobFunction
from app.kit.states import Machine
from app.listings import routes as listings
from app.listings.events import EVENTS as LISTINGS_EVENTS
from app.listings.grants.events import EVENTS as GRANT_EVENTS
from app.listings.grants.states import MACHINE as GRANT
from app.listings.imports import routes as imports
from app.listings.imports.actions import JOB as IMPORT_JOB
from app.listings.imports.actions import give_up_stale
from app.listings.imports.jobs import run_import
from app.listings.imports.states import MACHINE as IMPORT
from app.listings.states import MACHINE as ACHIEVEMENT
from app.markets import handlers as market_handlers
from app.markets import routes as markets
from app.markets.bundles import routes as bundles
from app.markets.bundles.events import EVENTS as BUNDLE_EVENTS
from app.markets.dataroom import routes as dataroom
from app.markets.dataroom.events import EVENTS as ROOM_EVENTS
from app.markets.dataroom.states import MACHINE as QUESTION
from app.markets.decisions import routes as decisions
from app.markets.events import EVENTS as MARKET_EVENTS
from app.markets.inspection import routes as inspection
from app.markets.inspection.states import MACHINE as INSPECTION
from app.markets.listed import routes as listed
from app.markets.listed.actions import sweep as evaluate_listing
from app.markets.listed.actions import sweep_outages as judge_listing
from app.markets.listed.states import MACHINE as LISTING
from app.markets.negotiated import handlers as negotiation_handlers
from app.markets.negotiated import routes as negotiated
from app.markets.negotiated.actions import sweep as expire_negotiation
from app.markets.negotiated.states import MACHINE as NEGOTIATION
from app.markets.priority import routes as priority
from app.markets.profiles import routes as profiles
from app.markets.profiles.events import RuleProfilePublished
from app.markets.profiles.states import MACHINE as RULE_PROFILE_DRAFT
from app.markets.registrations import handlers as registration_handlers
from app.markets.registrations import routes as registrations
from app.markets.registrations.late import routes as late
from app.markets.registrations.states import MACHINE as REGISTRATION
from app.markets.states import MACHINE as OFFERING
from app.notices import routes as notices
from app.notices.actions import sweep as pass_notice
from app.notices.actions import sweep_calendar as recount_notice
from app.notices.actions import sweep_deadlines as recount_objection
from app.notices.actions import sweep_outages as judge_notice
from app.notices.actions import sweep_overdue as remind_of_objection
from app.notices.events import EVENTS as NOTICE_EVENTS
from app.notices.states import MEND as NOTICE_MEND
from app.notices.states import NOTICE, OBJECTION
from app.sandbox import routes as sandbox
from app.settlement import routes as settlement
from app.settlement.dispositions import routes as dispositions
from app.settlement.dispositions.events import EVENTS as DISPOSITION_EVENTS
from app.settlement.dispositions.states import MACHINE as DISPOSITION
from app.settlement.events import EVENTS as SETTLEMENT_EVENTS
from app.settlement.states import ARRIVAL, DEPOSIT, REFUND
from app.signing import routes as signing
from app.signing.states import MACHINE as SIGNING_KEY

Sweep = Callable[[AsyncSession, Clock], Awaitable[bool]]

ROUTERS: tuple[APIRouter, ...] = (
    health.router,
    health.timed,
    sandbox.router,
    *identity.ROUTERS,
    signing.router,
    files.uploads,
    files.router,
    calendar.router,
    settlement.router,
    dispositions.router,
    *notices.ROUTERS,
    approvals.router,
    listings.router,
    imports.uploads,
    imports.router,
    *demands.ROUTERS,
    markets.router,
    profiles.router,
    bundles.router,
    decisions.router,
    dataroom.router,
    dataroom.contents,
    inspection.router,
    registrations.router,
    priority.router,
    late.router,
    listed.router,
    *negotiated.ROUTERS,
    *auctions.ROUTERS,
    sealed.router,
    agents.router,
    answers.router,
    confirmations.router,
    confirmations.papers,
    defaults.router,
    reauctions.router,
    *sessions.ROUTERS,
    contracts.router,
    delivery.router,
    *evidence.ROUTERS,
)

EVENTS: tuple[type[Event], ...] = (
    PartyRegistered,
    PartyReviewed,
    PartyResubmitted,
    MembershipEnded,
    CreditNoted,
    CalendarDayDecided,
    CalendarYearDecided,
    RuleProfilePublished,
    *SETTLEMENT_EVENTS,
    *DISPOSITION_EVENTS,
    *NOTICE_EVENTS,
    *APPROVAL_EVENTS,
    *LISTINGS_EVENTS,
    *GRANT_EVENTS,
    *DEMAND_EVENTS,
    *MARKET_EVENTS,
    *BUNDLE_EVENTS,
    *ROOM_EVENTS,
    *CONTRACT_EVENTS,
    *AUCTION_EVENTS,
    *DEFAULT_EVENTS,
    *EVIDENCE_EVENTS,
    *SESSION_EVENTS,
    *CONFIRMATION_EVENTS,
)
EVENT_CATALOGUE: Mapping[str, type[Event]] = {event.kind: event for event in EVENTS}

EVENT_HANDLERS: tuple[Handler, ...] = (
    *market_handlers.HANDLERS,
    *registration_handlers.HANDLERS,
    *negotiation_handlers.HANDLERS,
    *contract_handlers.HANDLERS,
    *auction_handlers.HANDLERS,
    *evidence_handlers.HANDLERS,
    *session_handlers.HANDLERS,
)

JOBS: Mapping[str, JobFunction] = {IMPORT_JOB: run_import}

# What is due by itself. Each takes one due thing, if there is one, acts on it, and says whether there may be more.
SWEEPS: Mapping[str, Sweep] = {
    "idempotency.old_keys": forget_old_keys,
    "files.blobs": delete_blob,
    "imports.stale": give_up_stale,
    "demands.deadline": meet_deadline,
    "approvals.reminders": remind_approvers,
    "notices.outages": judge_notice,
    "notices": pass_notice,
    "notices.calendar": recount_notice,
    "notices.objections.calendar": recount_objection,
    "notices.objections": remind_of_objection,
    "markets.listed.outages": judge_listing,
    "markets.listed.evaluation": evaluate_listing,
    "markets.negotiated.expiry": expire_negotiation,
    "auctions.outages": auction_actions.sweep_outages,
    "auctions": auction_actions.sweep,
    "auctions.sealed.stir": stir,
    "sessions": session_actions.sweep,
}

# Every state machine, for the generated diagrams.
MACHINES: tuple[Machine[Any], ...] = (
    PARTY_REVIEW,
    SIGNING_KEY,
    FILE,
    REDACTION,
    RULE_PROFILE_DRAFT,
    DEPOSIT,
    ARRIVAL,
    REFUND,
    DISPOSITION,
    APPROVAL_CASE,
    APPROVAL_STEP,
    NOTICE,
    NOTICE_MEND,
    OBJECTION,
    ACHIEVEMENT,
    GRANT,
    IMPORT,
    DEMAND,
    SOLUTION,
    OFFERING,
    LISTING,
    QUESTION,
    INSPECTION,
    REGISTRATION,
    NEGOTIATION,
    CONTRACT,
    AUCTION,
    BUYER_DEFAULT,
    SALE_SESSION,
    CONFIRMATION,
)

# Shapes that travel in streams, published in the OpenAPI document for typed clients.
STREAM_MODELS: tuple[type[BaseModel], ...] = (
    OrganisationEvent,
    OrganisationHeartbeat,
    EventOut,
    HeartbeatOut,
    SkippedOut,
    SaleSessionOut,
)

# What the parts of the API are, as readers of its document see them.
TAGS: Mapping[str, str] = {
    "time": "市场时间: the clock that decides every deadline.",
    "session": "登录: browsers sign in, choose for whom they act, and sign out.",
    "parties": "主体: organisations and natural persons, and the review that lets them offer and bid.",
    "members": "成员: an organisation's people and what they may do.",
    "api keys": "接口密钥: credentials for programs.",
    "achievements": "科技成果: posted, reviewed, published.",
    "imports": "批量导入: achievements from tables and files, and the report of every refused row.",
    "demands": "技术需求: posted, answered, decided; with the answers (解决方案) that only both sides see.",
    "offerings": "挂牌标的: what is for sale, on which path, under which rules; and its awards.",
    "data room": "资料室: files for all, for registrants, and for who has signed; questions that are answered for all.",
    "registrations": "意向登记: a buyer's way into a sale, with qualification and deposit.",
    "listed": "挂牌交易: a fixed price for a number of working days.",
    "negotiations": "协议定价: offer and counter-offer.",
    "auctions": "网络竞价: notice, bids, close.",
    "sealed bids": "密封报价: custodians, envelopes, the opening.",
    "sessions": "专场: lots in brochure order, in a hall or online; paddles, units, the auctioneer's commands, minutes.",
    "contracts": "合同: the record of an award, which both sides confirm.",
    "files": "文件: kept with their digest, read by whom it may concern, and every reading on record.",
    "settlement": "资金: deposits, bank arrivals, refunds and the ledger.",
    "evidence": "存证: keys, receipts and records that anybody can check without us.",
    "notices": "公告公示: immutable, at a permanent address; where they appear, how they are mended.",
    "objections": "异议: to a notice, by a named party with evidence; they stop its clock.",
    "approvals": "内部审批: an organisation's own decisions 安心屋, step by step, with their record.",
    "calendar": "工作日: working days as the government has decided them.",
    "streams": "实时推送: events as they happen (SSE).",
    "sandbox": "沙箱: moving the clock, where that is allowed.",
}
