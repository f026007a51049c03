"""`/v1/parties/{id}/credit-records`: what decisions have entered about a party."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path

from app.http.problems import refusals
from app.http.session import Session, TransactionalRoute
from app.identity import queries
from app.identity.access import SignedIn
from app.identity.routes.wiring import Cursor, Limit
from app.identity.schemas import CreditRecordOut
from app.kit.errors import NotFound, Unauthenticated
from app.kit.paging import CursorInvalid
from app.kit.schemas import Page

router = APIRouter(prefix="/v1", route_class=TransactionalRoute, tags=["parties"])

PartyId = Annotated[UUID, Path(alias="id", description="The party.")]


@router.get("/parties/{id}/credit-records", responses=refusals(Unauthenticated, NotFound, CursorInvalid))
async def list_credit_records(
    party_id: PartyId, actor: SignedIn, session: Session, cursor: Cursor = None, limit: Limit = 50
) -> Page[CreditRecordOut]:
    """The credit record of one's own party, or, for those who read parties, of one of their region."""
    return await queries.credit_records(session, actor=actor, party_id=party_id, cursor=cursor, limit=limit)
