"""Inspection over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Response

from app.http.problems import refusals
from app.http.session import ClockDep, Session, TransactionalRoute
from app.identity.access import Idempotent, OptionalActor
from app.identity.errors import CredentialInvalid
from app.kit.errors import NotFound
from app.markets.edge import UNSAFE, VISITED, Drafter, OfferingId, Registrant
from app.markets.inspection import actions, errors, queries
from app.markets.inspection.schemas import InspectionOut, SlotIn

router = APIRouter(prefix="/v1", route_class=TransactionalRoute, tags=["data room"])
SlotId = Annotated[UUID, Path(alias="id", description="The slot.")]


@router.get("/offerings/{id}/slots", responses=refusals(CredentialInvalid, *VISITED, NotFound))
async def list_slots(offering_id: OfferingId, actor: OptionalActor, session: Session) -> InspectionOut:
    """When and where an offering can be seen, and whether places are left."""
    return await queries.slots(session, actor, offering_id)


@router.post(
    "/offerings/{id}/slots",
    status_code=201,
    dependencies=[Idempotent],
    responses=refusals(*UNSAFE, NotFound, errors.SlotUnfit),
)
async def offer_slot(
    offering_id: OfferingId,
    body: SlotIn,
    actor: Drafter,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> InspectionOut:
    """Offer a time at which your own offering can be seen."""
    await actions.offer_slot(session, clock, actor=actor, offering_id=offering_id, asked=body)
    response.headers["Location"] = f"/v1/offerings/{offering_id}/slots"
    return await queries.slots(session, actor, offering_id)


@router.post(
    "/slots/{id}/cancellation",
    dependencies=[Idempotent],
    responses=refusals(*UNSAFE, NotFound, errors.SlotOver),
)
async def cancel_slot(slot_id: SlotId, actor: Drafter, session: Session, clock: ClockDep) -> InspectionOut:
    """Cancel a time of your own offering before it begins."""
    row = await actions.cancel_slot(session, clock, actor=actor, slot_id=slot_id)
    return await queries.slots(session, actor, row.offering_id)


@router.post(
    "/slots/{id}/booking",
    dependencies=[Idempotent],
    responses=refusals(*UNSAFE, NotFound, errors.SlotOver, errors.SlotFull),
)
async def book_slot(slot_id: SlotId, actor: Registrant, session: Session, clock: ClockDep) -> InspectionOut:
    """Book a place for your organisation, which takes part in the sale. Nobody is told who comes."""
    row = await actions.book(session, clock, actor=actor, slot_id=slot_id)
    return await queries.slots(session, actor, row.offering_id)


@router.delete(
    "/slots/{id}/booking",
    dependencies=[Idempotent],
    responses=refusals(*UNSAFE, NotFound, errors.SlotOver),
)
async def give_slot_back(
    slot_id: SlotId, actor: Registrant, session: Session, clock: ClockDep
) -> InspectionOut:
    """Give your place back before the time begins."""
    row = await actions.give_back(session, clock, actor=actor, slot_id=slot_id)
    return await queries.slots(session, actor, row.offering_id)
