"""Into a session: a party's registration, the clerk's decision, the paddle at the door, mandates from signed forms."""

from fastapi import APIRouter, Response

from app.auctions import errors as sales
from app.auctions.sessions import actions, errors, queries
from app.auctions.sessions.edge import (
    SIGNED,
    STAGED,
    VERSIONED,
    Clerk,
    Cursor,
    EntryId,
    Limit,
    LotId,
    Registrant,
    SessionId,
)
from app.auctions.sessions.schemas import (
    MandateIn,
    MandateOut,
    PaddleExchangeIn,
    SessionRegistrantOut,
    SessionRegistrantPage,
    SessionRegistrationIn,
    SessionRegistrationOut,
)
from app.http.etags import IfMatch, etag
from app.http.problems import refusals
from app.http.session import ClockDep, Session, TransactionalRoute
from app.identity.access import Idempotent, SignedIn
from app.kit.errors import NotFound, Unauthenticated
from app.kit.paging import CursorInvalid
from app.markets.registrations import errors as registrations
from app.markets.registrations.schemas import QualificationIn

router = APIRouter(prefix="/v1", route_class=TransactionalRoute, tags=["sessions"])


@router.post(
    "/sessions/{id}/registrations",
    status_code=201,
    dependencies=[Idempotent],
    responses=refusals(
        *STAGED,
        errors.AlreadyInSession,
        errors.UnitsUnfit,
        errors.SessionRegistrationRefused,
        registrations.SellerMayNotRegister,
        registrations.RegistrationNotOpen,
        registrations.AlreadyRegistered,
    ),
)
async def register_for_session(
    session_id: SessionId,
    body: SessionRegistrationIn,
    actor: Registrant,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> SessionRegistrationOut:
    """Register for a session and its lots. The deposit of its units, where it asks for any, is paid once."""
    await actions.register(session, clock, actor=actor, session_id=session_id, body=body)
    response.headers["Location"] = f"/v1/sessions/{session_id}/me"
    told = await queries.my_registration(session, actor=actor, session_id=session_id)
    etag(response, told.version)
    return told


@router.get("/sessions/{id}/me", responses=refusals(Unauthenticated, NotFound))
async def read_session_standing(
    session_id: SessionId, actor: SignedIn, session: Session, response: Response
) -> SessionRegistrationOut:
    """What the caller's own party is in a session: its deposit, its units, its paddle."""
    told = await queries.my_registration(session, actor=actor, session_id=session_id)
    etag(response, told.version)
    return told


@router.post(
    "/session-registrations/{id}/withdrawal",
    dependencies=[Idempotent],
    responses=refusals(*VERSIONED, registrations.RegistrationOver),
)
async def withdraw_session_registration(
    entry_id: EntryId,
    actor: Registrant,
    expected: IfMatch,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> SessionRegistrationOut:
    """Take one's own registration for a session back within the window; the deposit is returned at once."""
    made = await actions.leave(session, clock, actor=actor, registration_id=entry_id, expected=expected)
    told = await queries.my_registration(session, actor=actor, session_id=made.session_id)
    etag(response, told.version)
    return told


@router.get("/sessions/{id}/registrations", responses=refusals(*SIGNED, CursorInvalid))
async def list_session_registrants(
    session_id: SessionId, actor: Clerk, session: Session, cursor: Cursor = None, limit: Limit = 20
) -> SessionRegistrantPage:
    """Who takes part, for the qualification clerk. Every read is written down."""
    return await queries.list_registrants(
        session, actor=actor, session_id=session_id, cursor=cursor, limit=limit
    )


@router.get("/session-registrations/{id}", responses=refusals(*SIGNED))
async def read_session_registrant(
    entry_id: EntryId, actor: Clerk, session: Session, response: Response
) -> SessionRegistrantOut:
    """One party in a session, for the clerk who decides on it. The read is written down."""
    told = await queries.registrant(session, actor=actor, registration_id=entry_id)
    etag(response, told.version)
    return told


@router.post(
    "/session-registrations/{id}/qualification",
    dependencies=[Idempotent],
    responses=refusals(
        *VERSIONED,
        registrations.ClerkIsParty,
        registrations.AlreadyDecided,
        registrations.BuyerNotReviewed,
    ),
)
async def decide_session_qualification(
    entry_id: EntryId,
    body: QualificationIn,
    actor: Clerk,
    expected: IfMatch,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> SessionRegistrantOut:
    """Decide on a party for a session and all its lots that nobody has decided on. Who fails is paid back at once."""
    await actions.decide_registration(
        session, clock, actor=actor, registration_id=entry_id, expected=expected, body=body
    )
    told = await queries.registrant(session, actor=actor, registration_id=entry_id)
    etag(response, told.version)
    return told


@router.post("/session-registrations/{id}/paddle", dependencies=[Idempotent], responses=refusals(*VERSIONED))
async def hand_out_paddle(
    entry_id: EntryId,
    actor: Clerk,
    expected: IfMatch,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> SessionRegistrantOut:
    """Hand the drawn paddle out at the door. Only then may it be raised."""
    await actions.hand_out_paddle(session, clock, actor=actor, registration_id=entry_id, expected=expected)
    told = await queries.registrant(session, actor=actor, registration_id=entry_id)
    etag(response, told.version)
    return told


@router.post(
    "/session-registrations/{id}/paddle/exchange",
    dependencies=[Idempotent],
    responses=refusals(*VERSIONED, errors.PaddlesUsedUp),
)
async def exchange_paddle(
    entry_id: EntryId,
    body: PaddleExchangeIn,
    actor: Clerk,
    expected: IfMatch,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> SessionRegistrantOut:
    """Exchange a lost paddle: the old number is void, the bidder gets another and keeps his code. It stays written down."""
    await actions.exchange_paddle(
        session, clock, actor=actor, registration_id=entry_id, expected=expected, body=body
    )
    told = await queries.registrant(session, actor=actor, registration_id=entry_id)
    etag(response, told.version)
    return told


@router.post(
    "/auctions/{id}/mandates",
    status_code=201,
    dependencies=[Idempotent],
    responses=refusals(*STAGED, errors.MandateRefused, sales.BidRefused),
)
async def enter_mandate(
    lot_id: LotId, body: MandateIn, actor: Clerk, session: Session, clock: ClockDep
) -> MandateOut:
    """Enter an absent bidder's maximum from a signed form. Whoever does so does not bid in this session."""
    proxy, lot_no = await actions.enter_mandate(session, clock, actor=actor, auction_id=lot_id, body=body)
    return MandateOut(
        auction_id=lot_id,
        lot_no=lot_no,
        session_registration_id=body.session_registration_id,
        source=body.source,
        document_no=body.document_no,
        commitment=proxy.commitment,
        at=proxy.made_at,
    )
