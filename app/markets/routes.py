"""Paths of offerings and awards. Somebody else's draft is the same 404 as none."""

from uuid import UUID

from fastapi import APIRouter, Response
from sqlalchemy.ext.asyncio import AsyncSession

from app.http.etags import IfMatch, etag
from app.http.problems import refusals
from app.http.session import ClockDep, Session, TransactionalRoute
from app.identity.access import Actor, Idempotent, OptionalActor, SignedIn
from app.kit.errors import NotFound
from app.kit.paging import CursorInvalid
from app.markets import actions, errors, queries
from app.markets.bundles import errors as bundles
from app.markets.drafts import AchievementUnknown
from app.markets.edge import (
    LISTED,
    PINNED,
    SIGNED,
    UNSAFE,
    VISITED,
    AwardId,
    Cursor,
    Drafter,
    Limit,
    Offerer,
    OfferingId,
    Reviewer,
)
from app.markets.schemas import (
    AwardOut,
    AwardPage,
    GuardsOut,
    OfferingIn,
    OfferingOut,
    OfferingPage,
    OfferingPatch,
    ReviewIn,
    WithdrawalIn,
)
from app.markets.states import OfferingStatus, Path

router = APIRouter(prefix="/v1", route_class=TransactionalRoute, tags=["offerings"])

_TERMS = (errors.CapacityUnfit, errors.ModeNeedsDemand, errors.AskUnfit, AchievementUnknown)
_GUARDS = (
    errors.SellerHasNoProfile,
    errors.StateEnterpriseCannotSell,
    errors.PathNotOpen,
    errors.AchievementNotRegistered,
    errors.SellerNotHolder,
    errors.AchievementSecret,
    errors.SecrecyStatementMissing,
    errors.SharesNotConfirmed,
    errors.DecisionMissing,
    errors.AskMissing,
    errors.PeriodOutOfBounds,
    errors.DepositOutOfBounds,
)


async def _answer(session: AsyncSession, response: Response, offering_id: UUID, actor: Actor) -> OfferingOut:
    await session.flush()
    told = await queries.offering(session, actor=actor, offering_id=offering_id)
    etag(response, told.version)
    return told


@router.post("/offerings", status_code=201, dependencies=[Idempotent], responses=refusals(*UNSAFE, *_TERMS))
async def create_offering(
    body: OfferingIn, actor: Drafter, session: Session, clock: ClockDep, response: Response
) -> OfferingOut:
    """Draft an offering of achievements along one path. What a submission needs is judged when it is submitted."""
    row = await actions.create_offering(session, clock, actor=actor, body=body)
    response.headers["Location"] = f"/v1/offerings/{row.id}"
    return await _answer(session, response, row.id, actor)


@router.get("/offerings", responses=refusals(*VISITED, CursorInvalid))
async def list_offerings(
    actor: OptionalActor,
    session: Session,
    path: Path | None = None,
    status: OfferingStatus | None = None,
    seller_party_id: UUID | None = None,
    achievement_id: UUID | None = None,
    cursor: Cursor = None,
    limit: Limit = 20,
) -> OfferingPage:
    """Offerings on the market, the latest first; with a status, those that ended. Reviewers also see what waits."""
    return await queries.list_offerings(
        session,
        actor=actor,
        path=path,
        status=status,
        seller_party_id=seller_party_id,
        achievement_id=achievement_id,
        mine=False,
        cursor=cursor,
        limit=limit,
    )


@router.get("/my/offerings", responses=refusals(*LISTED))
async def list_my_offerings(
    actor: SignedIn,
    session: Session,
    path: Path | None = None,
    status: OfferingStatus | None = None,
    achievement_id: UUID | None = None,
    cursor: Cursor = None,
    limit: Limit = 20,
) -> OfferingPage:
    """The offerings of the caller's own party, in every state."""
    return await queries.list_offerings(
        session,
        actor=actor,
        path=path,
        status=status,
        seller_party_id=None,
        achievement_id=achievement_id,
        mine=True,
        cursor=cursor,
        limit=limit,
    )


@router.get("/offerings/{id}", responses=refusals(NotFound, *VISITED))
async def read_offering(
    offering_id: OfferingId, actor: OptionalActor, session: Session, response: Response
) -> OfferingOut:
    """One offering. `private` is filled in for its seller and for those who review it."""
    told = await queries.offering(session, actor=actor, offering_id=offering_id)
    etag(response, told.version)
    return told


@router.patch(
    "/offerings/{id}",
    dependencies=[Idempotent],
    responses=refusals(*UNSAFE, *PINNED, errors.OfferingStage, *_TERMS),
)
async def edit_offering(
    offering_id: OfferingId,
    body: OfferingPatch,
    expected: IfMatch,
    actor: Drafter,
    session: Session,
    response: Response,
) -> OfferingOut:
    """Change a draft or a returned offering. What is left out stays."""
    await actions.edit_offering(session, actor=actor, offering_id=offering_id, expected=expected, body=body)
    return await _answer(session, response, offering_id, actor)


@router.get(
    "/offerings/{id}/guards",
    responses=refusals(*SIGNED, NotFound, errors.SellerHasNoProfile, AchievementUnknown),
)
async def read_guards(
    offering_id: OfferingId, actor: SignedIn, session: Session, clock: ClockDep
) -> GuardsOut:
    """How each guard of a submission stands now, with its source; for the seller and the reviewers."""
    return await queries.guards_of(session, clock, actor=actor, offering_id=offering_id)


@router.post(
    "/offerings/{id}/submission",
    dependencies=[Idempotent],
    responses=refusals(*UNSAFE, *PINNED, errors.OfferingStage, AchievementUnknown, *_GUARDS),
)
async def submit_offering(
    offering_id: OfferingId,
    expected: IfMatch,
    actor: Offerer,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> OfferingOut:
    """Submit an offering for review. Pins the rule profile of the holder; every guard must pass."""
    await actions.submit(session, clock, actor=actor, offering_id=offering_id, expected=expected)
    return await _answer(session, response, offering_id, actor)


@router.post(
    "/offerings/{id}/review",
    dependencies=[Idempotent],
    responses=refusals(
        *UNSAFE, *PINNED, errors.ReviewerIsParty, bundles.BundleUnallocated, bundles.BundleNotAgreed
    ),
)
async def review_offering(
    offering_id: OfferingId,
    body: ReviewIn,
    expected: IfMatch,
    actor: Reviewer,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> OfferingOut:
    """Approve a submission, or return it with a reason. A negotiated offering is on the market once approved.

    Of several rights it is approved once their holders have agreed how its price is divided.
    """
    await actions.review(session, clock, actor=actor, offering_id=offering_id, expected=expected, body=body)
    return await _answer(session, response, offering_id, actor)


@router.post(
    "/offerings/{id}/withdrawal",
    dependencies=[Idempotent],
    responses=refusals(
        *UNSAFE,
        *PINNED,
        errors.OfferingStage,
        errors.WithdrawalNeedsDocument,
        errors.WithdrawalThroughAuction,
    ),
)
async def withdraw_offering(
    offering_id: OfferingId,
    body: WithdrawalIn,
    expected: IfMatch,
    actor: Drafter,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> OfferingOut:
    """Take an offering back. On the market: with the approver's paper; deposits are returned at once."""
    await actions.withdraw(session, clock, actor=actor, offering_id=offering_id, expected=expected, body=body)
    return await _answer(session, response, offering_id, actor)


@router.get("/offerings/{id}/awards", responses=refusals(NotFound, CursorInvalid, *VISITED))
async def list_offering_awards(
    offering_id: OfferingId, actor: OptionalActor, session: Session, cursor: Cursor = None, limit: Limit = 20
) -> AwardPage:
    """The awards of an offering. The public sees them once the sale is over, where its path makes the price public."""
    return await queries.list_awards(
        session, actor=actor, offering_id=offering_id, cursor=cursor, limit=limit
    )


@router.get("/my/awards", responses=refusals(*LISTED))
async def list_my_awards(
    actor: SignedIn, session: Session, cursor: Cursor = None, limit: Limit = 20
) -> AwardPage:
    """The awards in which the caller's party is seller or buyer, the latest first."""
    return await queries.list_awards(session, actor=actor, offering_id=None, cursor=cursor, limit=limit)


@router.get("/awards/{id}", responses=refusals(NotFound, *VISITED))
async def read_award(award_id: AwardId, actor: OptionalActor, session: Session) -> AwardOut:
    """One award."""
    return await queries.award(session, actor=actor, award_id=award_id)
