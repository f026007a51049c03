"""Wire shapes of joint buyers."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.kit.dates import Instant
from app.kit.schemas import Input, Output


class JointShareIn(Input):
    """A member of a joint registration; the lead names itself, too."""

    party_id: UUID
    share_bp: Annotated[int, Field(ge=1, le=9_999, description="Basis points; all of them sum to 10000.")]


class JointMemberOut(Output):
    """A member of a joint registration; the first one leads."""

    party_id: UUID
    name: str
    share_bp: int
    consented_at: Instant | None
