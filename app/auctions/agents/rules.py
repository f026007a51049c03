"""When an agent may be replaced. Pure."""

from app.auctions.states import ENDED, PUBLISHED, AuctionStatus
from app.markets.registrations.agents.errors import AgentStage
from app.markets.registrations.agents.states import NATURAL, Cause


def check_replacement(stage: AuctionStatus, status: AuctionStatus, cause: Cause) -> None:
    """Refuse once the sale has ended; and, from the start on, a cause that somebody chose. Source: house rule.

    stage: the state, or the one that a suspension interrupted.
    """
    if status in ENDED or (stage not in PUBLISHED and cause not in NATURAL):
        raise AgentStage(status_now=str(status))
