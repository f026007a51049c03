"""`/v1/offerings/{id}/approval-cases` and `/folder`."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from app.approvals import errors
from app.approvals import queries as approvals
from app.approvals.schemas import CaseIn, CaseOut, FolderOut, FolderPaperIn
from app.files.errors import FileGone
from app.http.etags import etag
from app.http.problems import refusals
from app.http.session import ClockDep, Session, TransactionalRoute
from app.identity.access import Actor, Idempotent, SignedIn, require
from app.identity.permissions import Permission
from app.kit.errors import NotFound
from app.markets.decisions import actions, queries
from app.markets.edge import SIGNED, UNSAFE, OfferingId
from app.markets.errors import OfferingStage

router = APIRouter(prefix="/v1", route_class=TransactionalRoute, tags=["approvals"])
Opener = Annotated[Actor, Depends(require(Permission.APPROVAL_OPEN))]


@router.post(
    "/offerings/{id}/approval-cases",
    status_code=201,
    dependencies=[Idempotent],
    responses=refusals(*UNSAFE, NotFound, OfferingStage, errors.CaseExists, errors.ChainRetired),
)
async def open_approval_case(
    offering_id: OfferingId,
    body: CaseIn,
    actor: Opener,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> CaseOut:
    """Put your own offering before your organisation's chain, as a draft. Who makes the case decides none of its steps."""
    row = await actions.open_case(
        session, clock, actor=actor, offering_id=offering_id, chain_id=body.chain_id
    )
    await session.flush()
    told = await approvals.case(session, actor=actor, case_id=row.id)
    response.headers["Location"] = f"/v1/approval-cases/{row.id}"
    etag(response, told.version)
    return told


@router.get("/offerings/{id}/folder", responses=refusals(*SIGNED, NotFound))
async def read_folder(offering_id: OfferingId, actor: SignedIn, session: Session) -> FolderOut:
    """The folder of a deal, by the real names of its papers: for its seller, and for supervisors and auditors."""
    return await queries.folder(session, actor=actor, offering_id=offering_id)


@router.post(
    "/offerings/{id}/folder",
    status_code=201,
    dependencies=[Idempotent],
    responses=refusals(*UNSAFE, NotFound, FileGone),
)
async def put_paper_into_folder(
    offering_id: OfferingId, body: FolderPaperIn, actor: Opener, session: Session, clock: ClockDep
) -> FolderOut:
    """Put a paper into the folder of your own offering. One of the same kind and title takes the place of the one before."""
    await actions.put_paper(session, clock, actor=actor, offering_id=offering_id, body=body)
    return await queries.folder(session, actor=actor, offering_id=offering_id)
