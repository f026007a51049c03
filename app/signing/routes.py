"""`/v1/keys`: the market's public keys, for whoever checks a receipt or a record."""

from fastapi import APIRouter

from app.http.session import Session, TransactionalRoute
from app.signing import queries
from app.signing.schemas import KeysOut

router = APIRouter(prefix="/v1", route_class=TransactionalRoute, tags=["evidence"])


@router.get("/keys")
async def read_keys(session: Session) -> KeysOut:
    """Every key that the market has ever signed with. Keep a copy: a record proves no more than its keys do."""
    return await queries.keys(session)
