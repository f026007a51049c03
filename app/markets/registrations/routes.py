"""Paths of registrations: a buyer's own, and everybody's for those who decide on them."""

from uuid import UUID

from fastapi import APIRouter, Response
from sqlalchemy.ext.asyncio import AsyncSession

from app.http.etags import IfMatch, etag
from app.http.problems import refusals
from app.http.session import ClockDep, Session, TransactionalRoute
from app.identity.access import Actor, Idempotent, SignedIn
from app.kit.errors import NotFound
from app.markets.edge import (
    LISTED,
    PINNED,
    SIGNED,
    UNSAFE,
    Clerk,
    Cursor,
    Limit,
    OfferingId,
    Registrant,
    RegistrationId,
)
from app.markets.registrations import actions, errors, queries
from app.markets.registrations.agents.errors import AgentUnfit
from app.markets.registrations.agents.queries import list_agents
from app.markets.registrations.agents.schemas import AgentPage
from app.markets.registrations.joint.actions import consent
from app.markets.registrations.joint.errors import (
    ConsentedBefore,
    JointConsentMissing,
    JointMemberTaken,
    JointMemberUnknown,
    JointNotAllowed,
    JointSharesUnfit,
)
from app.markets.registrations.schemas import (
    QualificationIn,
    RegistrantOut,
    RegistrantPage,
    RegistrationIn,
    RegistrationOut,
    RegistrationPage,
)
from app.markets.registrations.states import RegistrationStatus

router = APIRouter(prefix="/v1", route_class=TransactionalRoute, tags=["registrations"])


async def _answer(
    session: AsyncSession, response: Response, registration_id: UUID, actor: Actor
) -> RegistrationOut:
    await session.flush()
    told = await queries.mine(session, actor=actor, registration_id=registration_id)
    etag(response, told.version)
    return told


@router.post(
    "/offerings/{id}/registrations",
    status_code=201,
    dependencies=[Idempotent],
    responses=refusals(
        *UNSAFE,
        NotFound,
        errors.SellerMayNotRegister,
        errors.BuyerBarred,
        errors.RegistrationNotOpen,
        errors.RegistrationPaused,
        errors.AlreadyRegistered,
        errors.QuoteNotForThis,
        errors.QuoteBelowAsk,
        AgentUnfit,
        JointNotAllowed,
        JointSharesUnfit,
        JointMemberUnknown,
        JointMemberTaken,
    ),
)
async def register(
    offering_id: OfferingId,
    body: RegistrationIn,
    actor: Registrant,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> RegistrationOut:
    """Register for an offering within its window. The deposit, where there is one, is asked for at once."""
    row = await actions.register(session, clock, actor=actor, offering_id=offering_id, body=body)
    response.headers["Location"] = f"/v1/registrations/{row.id}"
    return await _answer(session, response, row.id, actor)


@router.get("/offerings/{id}/registrations", responses=refusals(*LISTED))
async def list_registrants(
    offering_id: OfferingId,
    actor: SignedIn,
    session: Session,
    status: RegistrationStatus | None = None,
    cursor: Cursor = None,
    limit: Limit = 20,
) -> RegistrantPage:
    """Who has registered for an offering: for the qualification clerk and finance. Every read is written down."""
    return await queries.list_registrants(
        session, actor=actor, offering_id=offering_id, status=status, cursor=cursor, limit=limit
    )


@router.get("/registrants", responses=refusals(*LISTED))
async def list_all_registrants(
    actor: SignedIn,
    session: Session,
    status: RegistrationStatus | None = None,
    cursor: Cursor = None,
    limit: Limit = 20,
) -> RegistrantPage:
    """The qualification clerk's worklist over all offerings, the first to come first. Every read is written down."""
    return await queries.list_registrants(
        session, actor=actor, offering_id=None, status=status, cursor=cursor, limit=limit
    )


@router.get("/registrants/{id}", responses=refusals(*SIGNED, NotFound))
async def read_registrant(
    registration_id: RegistrationId, actor: SignedIn, session: Session, response: Response
) -> RegistrantOut:
    """One registration for the qualification clerk and finance. The read is written down."""
    told = await queries.registrant(session, actor=actor, registration_id=registration_id)
    etag(response, told.version)
    return told


@router.get("/registrations", responses=refusals(*LISTED))
async def list_registrations(
    actor: SignedIn,
    session: Session,
    offering_id: UUID | None = None,
    status: RegistrationStatus | None = None,
    cursor: Cursor = None,
    limit: Limit = 20,
) -> RegistrationPage:
    """The registrations of the caller's own party, the latest first."""
    return await queries.list_mine(
        session, actor=actor, offering_id=offering_id, status=status, cursor=cursor, limit=limit
    )


@router.get("/registrations/{id}", responses=refusals(*SIGNED, NotFound))
async def read_registration(
    registration_id: RegistrationId, actor: SignedIn, session: Session, response: Response
) -> RegistrationOut:
    """One registration of the caller's own party."""
    return await _answer(session, response, registration_id, actor)


@router.get("/registrations/{id}/agents", responses=refusals(*LISTED, NotFound))
async def list_registration_agents(
    registration_id: RegistrationId,
    actor: SignedIn,
    session: Session,
    cursor: Cursor = None,
    limit: Limit = 20,
) -> AgentPage:
    """Who has acted for a registration of the caller's own party, since when, by which letter. The latest first."""
    return await list_agents(
        session, actor=actor, registration_id=registration_id, cursor=cursor, limit=limit
    )


@router.post(
    "/registrations/{id}/consent",
    dependencies=[Idempotent],
    responses=refusals(*UNSAFE, NotFound, ConsentedBefore),
)
async def consent_to_registration(
    registration_id: RegistrationId, actor: Registrant, session: Session, clock: ClockDep, response: Response
) -> RegistrationOut:
    """Consent for one's own party to buy jointly, as the lead has registered it."""
    row = await consent(session, clock, actor=actor, registration_id=registration_id)
    return await _answer(session, response, row.id, actor)


@router.post(
    "/registrations/{id}/qualification",
    dependencies=[Idempotent],
    responses=refusals(
        *UNSAFE,
        *PINNED,
        errors.ClerkIsParty,
        errors.AlreadyDecided,
        errors.BuyerNotReviewed,
        JointConsentMissing,
    ),
)
async def decide_qualification(
    registration_id: RegistrationId,
    body: QualificationIn,
    expected: IfMatch,
    actor: Clerk,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> RegistrantOut:
    """Decide on a registration by the published conditions. Who fails gets the deposit back at once."""
    await actions.decide(
        session, clock, actor=actor, registration_id=registration_id, expected=expected, body=body
    )
    await session.flush()
    told = await queries.registrant(session, actor=actor, registration_id=registration_id)
    etag(response, told.version)
    return told


@router.post(
    "/registrations/{id}/withdrawal",
    dependencies=[Idempotent],
    responses=refusals(*UNSAFE, *PINNED, errors.RegistrationOver),
)
async def withdraw_registration(
    registration_id: RegistrationId,
    expected: IfMatch,
    actor: Registrant,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> RegistrationOut:
    """Take one's own registration back within the window; the deposit is returned at once."""
    await actions.leave(session, clock, actor=actor, registration_id=registration_id, expected=expected)
    return await _answer(session, response, registration_id, actor)
