"""`/v1/rule-profiles`: the rules that bind each kind of seller."""

from fastapi import APIRouter

from app.http.session import Session, TransactionalRoute
from app.markets.profiles import queries
from app.markets.profiles.schemas import ProfilesOut

router = APIRouter(prefix="/v1", route_class=TransactionalRoute, tags=["offerings"])


@router.get("/rule-profiles")
async def list_rule_profiles(session: Session) -> ProfilesOut:
    """The rules that bind each kind of seller, in all versions: every value with its unit, its bounds and its source."""
    return await queries.rule_profiles(session)
