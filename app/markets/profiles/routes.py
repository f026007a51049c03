"""`/v1/rule-profiles`: the rules that bind each kind of seller; new versions by two supervisors."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Response

from app.http.etags import IfMatch, etag
from app.http.problems import refusals
from app.http.session import ClockDep, Session, TransactionalRoute
from app.identity.access import Actor, Idempotent, require
from app.identity.permissions import Permission
from app.markets.edge import PINNED, SIGNED, UNSAFE
from app.markets.profiles import actions, errors, queries
from app.markets.profiles.schemas import (
    ProfileDraftIn,
    ProfileDraftOut,
    ProfileDraftsOut,
    ProfileRefusalIn,
    ProfilesOut,
)

router = APIRouter(prefix="/v1", route_class=TransactionalRoute, tags=["offerings"])

Publisher = Annotated[Actor, Depends(require(Permission.PROFILE_PUBLISH))]
DraftId = Annotated[UUID, Path(alias="id", description="The proposed version.")]

_UNFIT = (errors.ProfileDocumentUnfit, errors.ProfileOutOfBounds, errors.ProfileEffectiveNotAhead)


@router.get("/rule-profiles")
async def list_rule_profiles(session: Session) -> ProfilesOut:
    """The rules that bind each kind of seller, in all versions: every value with its unit, its bounds and its source."""
    return await queries.rule_profiles(session)


@router.get("/rule-profile-drafts", responses=refusals(*SIGNED))
async def list_profile_drafts(actor: Publisher, session: Session) -> ProfileDraftsOut:
    """What supervisors have proposed, and what became of it."""
    return await queries.drafts(session)


@router.post(
    "/rule-profile-drafts",
    status_code=201,
    dependencies=[Idempotent],
    responses=refusals(*UNSAFE, errors.ProfileScopeTooNarrow, *_UNFIT),
)
async def propose_profile(
    body: ProfileDraftIn, actor: Publisher, session: Session, clock: ClockDep, response: Response
) -> ProfileDraftOut:
    """Propose other values for a profile from a coming day on. Another supervisor decides; nothing running changes."""
    row = await actions.propose(session, clock, actor=actor, asked=body)
    response.headers["Location"] = "/v1/rule-profile-drafts"
    etag(response, row.version)
    return queries.draft(row)


@router.post(
    "/rule-profile-drafts/{id}/publication",
    dependencies=[Idempotent],
    responses=refusals(*UNSAFE, *PINNED, errors.ProfileSamePerson, *_UNFIT),
)
async def publish_profile(
    draft_id: DraftId,
    actor: Publisher,
    expected: IfMatch,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> ProfileDraftOut:
    """Publish another supervisor's proposal as the next version. What was submitted before its day keeps its own."""
    row = await actions.publish(session, clock, actor=actor, draft_id=draft_id, expected=expected)
    etag(response, row.version)
    return queries.draft(row)


@router.post(
    "/rule-profile-drafts/{id}/refusal",
    dependencies=[Idempotent],
    responses=refusals(*UNSAFE, *PINNED, errors.ProfileSamePerson),
)
async def refuse_profile(
    draft_id: DraftId,
    body: ProfileRefusalIn,
    actor: Publisher,
    expected: IfMatch,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> ProfileDraftOut:
    """Refuse another supervisor's proposal, with a reason."""
    row = await actions.refuse(
        session, clock, actor=actor, draft_id=draft_id, expected=expected, reason=body.reason
    )
    etag(response, row.version)
    return queries.draft(row)
