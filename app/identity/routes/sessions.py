"""`/v1/session`: signing in and out, acting for another party, passwords, invitations."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request, Response

from app.http.limits import Rate, RateLimited, client_address
from app.http.problems import refusals
from app.http.session import ClockDep, Session, TransactionalRoute, database
from app.identity import actions, queries
from app.identity.access import Idempotent, SignedIn, actor_of_session
from app.identity.actions.sessions import Attempt
from app.identity.errors import (
    CsrfTokenInvalid,
    InvitationInvalid,
    NoMembership,
    OriginForeign,
    PasswordWeak,
    PasswordWrong,
    SessionNeeded,
    SignInRefused,
)
from app.identity.routes.wiring import (
    LimiterDep,
    OwnPage,
    PasswordsDep,
    cookie_name,
    drop_cookie,
    set_cookie,
    settings,
)
from app.identity.schemas import (
    ActForIn,
    InvitationIn,
    MembershipOut,
    PasswordIn,
    SessionOut,
    SignInIn,
)
from app.kit.errors import Busy, NotFound, Unauthenticated

router = APIRouter(prefix="/v1", route_class=TransactionalRoute, tags=["session"])

MembershipId = Annotated[UUID, Path(alias="id", description="The membership.")]

PER_ADDRESS_SECONDS = 900


def _per_address(request: Request) -> Rate:
    return Rate("sign_in_address", settings(request).sign_ins_per_address, PER_ADDRESS_SECONDS)


@router.post(
    "/session",
    dependencies=[OwnPage],
    responses=refusals(SignInRefused, NoMembership, OriginForeign, RateLimited, Busy),
)
async def sign_in(
    body: SignInIn,
    request: Request,
    response: Response,
    session: Session,
    passwords: PasswordsDep,
    limiter: LimiterDep,
) -> SessionOut:
    """Sign in with login and password: sets the session's cookie and tells the page's token.

    Takes no `Idempotency-Key`: signing in twice makes two sessions, which is harmless.
    """
    token = await actions.sign_in(
        session,
        database=database(request),
        passwords=passwords,
        limiter=limiter,
        per_address=_per_address(request),
        attempt=Attempt(body.login, body.password.get_secret_value(), client_address(request)),
    )
    set_cookie(request, response, token)
    return await queries.session_out(session, actor=await actor_of_session(session, token), token=token)


@router.get("/session", responses=refusals(Unauthenticated))
async def read_session(actor: SignedIn, request: Request, response: Response, session: Session) -> SessionOut:
    """Who is signed in, for whom, and what he may do."""
    response.headers["Cache-Control"] = "no-store"
    token = request.cookies.get(cookie_name(request)) if actor.via == "session" else None
    return await queries.session_out(session, actor=actor, token=token)


@router.delete(
    "/session",
    status_code=204,
    responses=refusals(Unauthenticated, SessionNeeded, CsrfTokenInvalid, OriginForeign),
)
async def sign_out(actor: SignedIn, request: Request, response: Response, session: Session) -> None:
    """End the session, at once and for good."""
    await actions.sign_out(session, actor=actor)
    drop_cookie(request, response)


@router.post(
    "/session/party",
    responses=refusals(Unauthenticated, SessionNeeded, NotFound, CsrfTokenInvalid, OriginForeign),
)
async def act_for(
    body: ActForIn, actor: SignedIn, request: Request, response: Response, session: Session
) -> SessionOut:
    """Act for another of one's parties: a new session takes the place of the present one."""
    token = await actions.act_for(session, actor=actor, party_id=body.party_id)
    set_cookie(request, response, token)
    return await queries.session_out(session, actor=await actor_of_session(session, token), token=token)


@router.put(
    "/session/password",
    status_code=204,
    responses=refusals(
        Unauthenticated,
        SessionNeeded,
        PasswordWrong,
        PasswordWeak,
        CsrfTokenInvalid,
        OriginForeign,
        RateLimited,
        Busy,
    ),
)
async def change_password(
    body: PasswordIn,
    actor: SignedIn,
    session: Session,
    passwords: PasswordsDep,
    limiter: LimiterDep,
) -> None:
    """Set a new password; the person's other sessions end."""
    await actions.change_password(
        session,
        passwords=passwords,
        limiter=limiter,
        actor=actor,
        current=body.current_password.get_secret_value(),
        new=body.new_password.get_secret_value(),
    )


@router.post(
    "/invitations/acceptance",
    status_code=204,
    dependencies=[OwnPage],
    responses=refusals(InvitationInvalid, PasswordWeak, OriginForeign, RateLimited, Busy),
)
async def accept_invitation(
    body: InvitationIn,
    request: Request,
    session: Session,
    passwords: PasswordsDep,
    limiter: LimiterDep,
) -> None:
    """Set one's first password with the invitation that one's manager has handed over; then sign in.

    Takes no `Idempotency-Key`: an invitation works once.
    """
    await limiter.take(_per_address(request), client_address(request))
    await actions.accept_invitation(
        session,
        database=database(request),
        passwords=passwords,
        invitation=body.invitation,
        password=body.password.get_secret_value(),
    )


@router.post(
    "/memberships/{id}/acceptance",
    dependencies=[Idempotent],
    responses=refusals(Unauthenticated, SessionNeeded, NotFound),
)
async def accept_membership(
    membership_id: MembershipId, actor: SignedIn, session: Session, clock: ClockDep
) -> MembershipOut:
    """Accept to belong to a party that has invited one."""
    row = await actions.accept_membership(session, clock, actor=actor, membership_id=membership_id)
    return await queries.membership_out(session, row)
