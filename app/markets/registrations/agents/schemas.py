"""Wire shapes of agents."""

from uuid import UUID

from pydantic import Field

from app.kit.dates import Instant
from app.kit.schemas import Input, Line, MoneyOut, Output, Page, ShortText
from app.markets.registrations.agents.states import Cause
from app.markets.schemas import Price


class AgentIn(Input):
    """Who acts for the party in this sale, by which letter. Without an agent everybody who may bid for it may."""

    user_id: UUID = Field(description="A member of the party who may bid.")
    document_no: Line = Field(description="The number of the authorisation letter 授权委托书.")
    limit: Price | None = Field(default=None, description="What he may bid at most for the party.")


class ReplacementIn(AgentIn):
    """Another agent, or another limit, by a new letter."""

    cause: Cause = Cause.REPLACED
    note: ShortText | None = None


class AgentOut(Output):
    """An appointment. The latest one holds."""

    id: UUID
    registration_id: UUID
    user_id: UUID
    user_name: str
    document_no: str
    limit: MoneyOut | None
    cause: Cause
    note: str | None
    appointed_by: UUID
    at: Instant


AgentPage = Page[AgentOut]
