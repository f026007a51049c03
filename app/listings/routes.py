"""Paths of achievements. Changes carry `If-Match`; somebody else's draft is the same 404 as none."""

from dataclasses import fields
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Response
from sqlalchemy.ext.asyncio import AsyncSession

from app.http.etags import EtagMalformed, IfMatch, PreconditionRequired, etag
from app.http.idempotency import IdempotencyKeyReused
from app.http.problems import InputInvalid, refusals
from app.http.session import ClockDep, Session, TransactionalRoute
from app.identity.access import Actor, Idempotent, OptionalActor, SignedIn, require
from app.identity.errors import CredentialInvalid, CsrfTokenInvalid, PermissionMissing
from app.identity.permissions import Permission
from app.kit.errors import NotFound, Stale, Unauthenticated
from app.kit.paging import LIMIT_MAX, CursorInvalid
from app.kit.schemas import Page
from app.kit.states import IllegalTransition
from app.listings import actions, errors, queries, search
from app.listings.projections import AchievementCard, AchievementOut
from app.listings.rules.description import AchievementPatch
from app.listings.schemas import AchievementIn, ListQuery, ReviewReasonIn
from app.listings.states import AchievementStatus
from app.listings.tables import AchievementRow

router = APIRouter(prefix="/v1", route_class=TransactionalRoute, tags=["achievements"])

AchievementId = Annotated[UUID, Path(alias="id", description="The achievement.")]

Writer = Annotated[Actor, Depends(require(Permission.ACHIEVEMENT_WRITE))]
Submitter = Annotated[Actor, Depends(require(Permission.ACHIEVEMENT_SUBMIT))]
Reviewer = Annotated[Actor, Depends(require(Permission.ACHIEVEMENT_REVIEW))]

Cursor = Annotated[str | None, Query(max_length=1_000)]
Limit = Annotated[int, Query(ge=1, le=LIMIT_MAX)]
StatusFilter = Annotated[AchievementStatus | None, Query()]

_SIGNED = (Unauthenticated, CredentialInvalid, PermissionMissing, InputInvalid)
_UNSAFE = (*_SIGNED, CsrfTokenInvalid, IdempotencyKeyReused)
_CHANGE = (*_UNSAFE, NotFound, Stale, PreconditionRequired, EtagMalformed, IllegalTransition)
_CONTENT = (
    errors.PatentNumberInvalid,
    errors.PriceFormInconsistent,
    errors.SharesInconsistent,
    errors.DatesOutOfOrder,
)


async def _answer(
    session: AsyncSession, response: Response, row: AchievementRow, actor: Actor
) -> AchievementOut:
    await session.flush()
    told, version = await queries.achievement(session, row.id, actor)
    etag(response, version)
    return told


@router.post(
    "/achievements",
    status_code=201,
    dependencies=[Idempotent],
    responses=refusals(*_UNSAFE, *_CONTENT, errors.BehalfNotAllowed),
)
async def post_achievement(
    body: AchievementIn, actor: Writer, session: Session, clock: ClockDep, response: Response
) -> AchievementOut:
    """Post an achievement as a draft."""
    row = await actions.post_achievement(session, clock, actor=actor, posted=body)
    response.headers["Location"] = f"/v1/achievements/{row.id}"
    return await _answer(session, response, row, actor)


@router.get("/achievements", responses=refusals(InputInvalid, CursorInvalid))
async def list_achievements(asked: Annotated[ListQuery, Query()], session: Session) -> Page[AchievementCard]:
    """What is published, the latest first. A region stands for its subtree, a price range for any overlap."""
    told = {field.name: getattr(asked, field.name) for field in fields(search.Filters)}
    return await search.published(session, search.Filters(**told), cursor=asked.cursor, limit=asked.limit)


@router.get("/my/achievements", responses=refusals(*_SIGNED, CursorInvalid))
async def list_my_achievements(
    actor: SignedIn, session: Session, status: StatusFilter = None, cursor: Cursor = None, limit: Limit = 50
) -> Page[AchievementCard]:
    """Everything that your organisation holds or has typed in for others, in every state."""
    return await search.own(session, actor, status=status, cursor=cursor, limit=limit)


@router.get("/review/achievements", responses=refusals(*_SIGNED, CursorInvalid))
async def list_achievements_for_review(
    actor: Reviewer,
    session: Session,
    status: Annotated[AchievementStatus, Query()] = AchievementStatus.SUBMITTED,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[AchievementCard]:
    """The operators' worklist in their region: whoever has waited longest comes first."""
    return await search.waiting(session, actor, status=status, cursor=cursor, limit=limit)


@router.get("/achievements/{id}", responses=refusals(NotFound, CredentialInvalid, InputInvalid))
async def get_achievement(
    achievement_id: AchievementId, actor: OptionalActor, session: Session, response: Response
) -> AchievementOut:
    """One achievement. Its parties and the operator also get `private`."""
    told, version = await queries.achievement(session, achievement_id, actor)
    etag(response, version)
    return told


@router.patch(
    "/achievements/{id}",
    dependencies=[Idempotent],
    responses=refusals(*_CHANGE, *_CONTENT, errors.AchievementNotEditable),
)
async def amend_achievement(
    *,
    achievement_id: AchievementId,
    body: AchievementPatch,
    version: IfMatch,
    actor: Writer,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> AchievementOut:
    """Change a draft, or what was returned. What is sent replaces; what is left out stays; a price goes as a whole."""
    row = await actions.amend_achievement(
        session, clock, actor=actor, achievement_id=achievement_id, patch=body, expected_version=version
    )
    return await _answer(session, response, row, actor)


@router.post(
    "/achievements/{id}/owner-confirmation",
    dependencies=[Idempotent],
    responses=refusals(*_CHANGE, errors.OwnerConfirmationNotNeeded, errors.AchievementNotEditable),
)
async def confirm_achievement_by_owner(
    *,
    achievement_id: AchievementId,
    version: IfMatch,
    actor: Submitter,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> AchievementOut:
    """Stand by what somebody typed in on your organisation's behalf."""
    row = await actions.confirm_by_owner(
        session, clock, actor=actor, achievement_id=achievement_id, expected_version=version
    )
    return await _answer(session, response, row, actor)


@router.post(
    "/achievements/{id}/shares-confirmation",
    dependencies=[Idempotent],
    responses=refusals(*_CHANGE, errors.NothingToConfirm),
)
async def confirm_ownership_shares(
    *,
    achievement_id: AchievementId,
    version: IfMatch,
    actor: Submitter,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> AchievementOut:
    """Confirm your organisation's ownership share; the holder also confirms holders without an account, by agreement."""
    row = await actions.confirm_shares(
        session, clock, actor=actor, achievement_id=achievement_id, expected_version=version
    )
    return await _answer(session, response, row, actor)


@router.post(
    "/achievements/{id}/submission",
    dependencies=[Idempotent],
    responses=refusals(
        *_CHANGE, errors.AchievementIncomplete, errors.OwnerConfirmationMissing, errors.SubmissionNotAllowed
    ),
)
async def submit_achievement(
    *,
    achievement_id: AchievementId,
    version: IfMatch,
    actor: Writer,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> AchievementOut:
    """Ask for the review; again after a return."""
    row = await actions.submit(
        session, clock, actor=actor, achievement_id=achievement_id, expected_version=version
    )
    return await _answer(session, response, row, actor)


@router.post(
    "/achievements/{id}/return",
    dependencies=[Idempotent],
    responses=refusals(*_CHANGE, errors.AuthorMayNotReview),
)
async def return_achievement(
    *,
    achievement_id: AchievementId,
    body: ReviewReasonIn,
    version: IfMatch,
    actor: Reviewer,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> AchievementOut:
    """Return it to its owner for correction, with the reason."""
    row = await actions.return_for_correction(
        session,
        clock,
        actor=actor,
        achievement_id=achievement_id,
        reason=body.reason,
        expected_version=version,
    )
    return await _answer(session, response, row, actor)


@router.post(
    "/achievements/{id}/registration",
    dependencies=[Idempotent],
    responses=refusals(*_CHANGE, errors.AuthorMayNotReview),
)
async def register_achievement(
    *,
    achievement_id: AchievementId,
    version: IfMatch,
    actor: Reviewer,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> AchievementOut:
    """The review found it in order; it can be published, and offered."""
    row = await actions.register(
        session, clock, actor=actor, achievement_id=achievement_id, expected_version=version
    )
    return await _answer(session, response, row, actor)


@router.post(
    "/achievements/{id}/publication",
    dependencies=[Idempotent],
    responses=refusals(*_CHANGE, errors.AuthorMayNotReview, errors.SecretNotPublished),
)
async def publish_achievement(
    *,
    achievement_id: AchievementId,
    version: IfMatch,
    actor: Reviewer,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> AchievementOut:
    """Put it into the public list. Nothing with a level of secrecy gets there."""
    row = await actions.publish(
        session, clock, actor=actor, achievement_id=achievement_id, expected_version=version
    )
    return await _answer(session, response, row, actor)


@router.post(
    "/achievements/{id}/withdrawal",
    dependencies=[Idempotent],
    responses=refusals(*_CHANGE, errors.WithdrawalNotAllowed),
)
async def withdraw_achievement(
    *,
    achievement_id: AchievementId,
    body: ReviewReasonIn,
    version: IfMatch,
    actor: SignedIn,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> AchievementOut:
    """Take it back, or off the public list, for good. For its owner's officers, its typist, and the operator."""
    row = await actions.withdraw(
        session,
        clock,
        actor=actor,
        achievement_id=achievement_id,
        reason=body.reason,
        expected_version=version,
    )
    return await _answer(session, response, row, actor)
