"""Wire shapes of registrations."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.kit.dates import Instant
from app.kit.schemas import Input, Line, MoneyOut, Output, Page, ShortText
from app.markets.registrations.agents.schemas import AgentIn
from app.markets.registrations.joint.rules import MEMBERS_MAX
from app.markets.registrations.joint.schemas import JointMemberOut, JointShareIn
from app.markets.registrations.states import RegistrationStatus
from app.markets.schemas import Price
from app.markets.states import Path


class RegistrationIn(Input):
    """A buyer's intent. A quote at or above the ask counts where this turns out to be the only qualified buyer."""

    agent_name: Line | None = None
    agent_phone: Line | None = None
    note: ShortText | None = None
    quote_amount: Price | None = None
    agent: AgentIn | None = None
    joint: Annotated[list[JointShareIn], Field(min_length=2, max_length=MEMBERS_MAX)] | None = Field(
        default=None,
        description="All buyers with their shares, this one among them, where the notice allows joint buyers.",
    )


class QualificationIn(Input):
    """The decision on a registration, by the published conditions."""

    passed: bool
    reason: ShortText


class RegistrationOut(Output):
    """A registration as its own party sees it."""

    id: UUID
    number: str
    version: int
    offering_id: UUID
    offering_number: str
    offering_title: str
    path: Path
    status: RegistrationStatus
    agent_name: str | None
    agent_phone: str | None
    note: str | None
    quote: MoneyOut | None
    agent_user_id: UUID | None
    agent_limit: MoneyOut | None
    joint_members: list[JointMemberOut]
    deposit: MoneyOut
    deposit_number: str | None
    deposit_status: str | None
    deposit_due_at: Instant | None
    passed: bool | None
    decided_at: Instant | None
    decision_reason: str | None
    bidder_code: str | None
    created_at: Instant


class RegistrantOut(Output):
    """A registration as the qualification clerk and finance see it: who, and the papers; never the quote or the code."""

    id: UUID
    number: str
    version: int
    offering_id: UUID
    status: RegistrationStatus
    buyer_party_id: UUID
    buyer_name: str
    joint_members: list[JointMemberOut]
    buyer_reviewed: bool
    agent_name: str | None
    agent_phone: str | None
    note: str | None
    deposit: MoneyOut
    deposit_number: str | None
    deposit_status: str | None
    passed: bool | None
    decided_at: Instant | None
    decision_reason: str | None
    created_at: Instant


RegistrationPage = Page[RegistrationOut]
RegistrantPage = Page[RegistrantOut]
