"""`/v1/bank-arrivals/{id}/late-acceptance`: a deposit that came minutes late."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Response

from app.http.etags import IfMatch, etag
from app.http.problems import refusals
from app.http.session import ClockDep, Session, TransactionalRoute
from app.identity.access import Actor, IdempotencyRequired, require
from app.identity.permissions import Permission
from app.markets.edge import KEYED, PINNED
from app.markets.registrations.late import actions, errors
from app.markets.registrations.late.schemas import LateAcceptanceIn
from app.settlement import queries
from app.settlement.errors import ArrivalNotFound, SecondPersonNeeded
from app.settlement.schemas import ArrivalOut

router = APIRouter(prefix="/v1", route_class=TransactionalRoute, tags=["settlement"])

ArrivalId = Annotated[UUID, Path(alias="id", description="The bank arrival.")]
Confirmer = Annotated[Actor, Depends(require(Permission.ARRIVAL_CONFIRM))]


@router.post(
    "/bank-arrivals/{id}/late-acceptance",
    dependencies=[IdempotencyRequired],
    responses=refusals(
        *KEYED,
        *PINNED,
        ArrivalNotFound,
        SecondPersonNeeded,
        errors.LateNotThis,
        errors.LateNotAnnounced,
        errors.LateBeyond,
        errors.CodesDrawn,
    ),
)
async def accept_late_arrival(
    *,
    arrival_id: ArrivalId,
    body: LateAcceptanceIn,
    actor: Confirmer,
    version: IfMatch,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> ArrivalOut:
    """Let a deposit that came minutes late count: announced in advance, consented to in writing, before codes are drawn."""
    await actions.accept_late(session, clock, actor=actor, arrival_id=arrival_id, version=version, asked=body)
    told, current = await queries.read_arrival(session, actor=actor, arrival_id=arrival_id)
    etag(response, current)
    return told
