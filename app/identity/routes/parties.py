"""`/v1/parties`: registration, reading, review."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import AfterValidator, SecretStr, StringConstraints

from app.http.etags import IfMatch, PreconditionRequired, etag
from app.http.idempotency import IdempotencyKeyReused, KeyHeader, claim, hide_from_replay
from app.http.limits import Rate, RateLimited, client_address
from app.http.problems import refusals
from app.http.session import ClockDep, Session, TransactionalRoute
from app.identity import actions, queries
from app.identity.access import (
    Actor,
    Idempotent,
    OptionalActor,
    SignedIn,
    require,
)
from app.identity.actions.registration import NewPerson, PartyTexts
from app.identity.errors import (
    CountryUnfit,
    CsrfTokenInvalid,
    FirstPersonUnfit,
    IdentificationUnfit,
    KindNotRegistrable,
    LoginTaken,
    OriginForeign,
    PartyAlreadyRegistered,
    PasswordWeak,
    PermissionMissing,
    PersonNumberInvalid,
    RegionUnknown,
    ReviewOfOwnParty,
    ReviewReasonMissing,
    SealingNotConfigured,
    SessionNeeded,
    UsccInvalid,
)
from app.identity.permissions import Permission
from app.identity.routes.wiring import (
    Cursor,
    Limit,
    LimiterDep,
    OwnPage,
    PasswordsDep,
    SealerDep,
    settings,
    visitor_id,
)
from app.identity.rules.parties import Identity, check_identity
from app.identity.rules.secrets import check_password
from app.identity.schemas import (
    PartyIn,
    PartyOut,
    PartyPatch,
    PartyRegisteredOut,
    PartyReviewIn,
    ResubmissionIn,
)
from app.identity.states import PartyKind, ReviewStatus
from app.kit.errors import NotFound, Stale, Unauthenticated
from app.kit.paging import CursorInvalid
from app.kit.schemas import Page, storable
from app.kit.states import IllegalTransition

router = APIRouter(prefix="/v1", route_class=TransactionalRoute, tags=["parties"])

PartyId = Annotated[UUID, Path(alias="id", description="The organisation.")]

Reviewer = Annotated[Actor, Depends(require(Permission.PARTY_REVIEW))]
PartyReader = Annotated[Actor, Depends(require(Permission.PARTY_READ))]
PartyEditor = Annotated[Actor, Depends(require(Permission.PARTY_EDIT))]
Words = Annotated[str, StringConstraints(min_length=1, max_length=100), AfterValidator(storable)]


@dataclass(frozen=True)
class Prepared:
    """A registration whose form holds, with the password hashed before any row is written."""

    body: PartyIn
    identity: Identity
    person: NewPerson | None
    actor: Actor | None


async def _prepare(
    body: PartyIn, request: Request, actor: OptionalActor, passwords: PasswordsDep, limiter: LimiterDep
) -> Prepared:
    rate = Rate("registration", settings(request).registrations_per_address, 3600)
    await limiter.take(rate, client_address(request))
    identity = Identity(
        kind=body.kind,
        region_code=body.region_code,
        country_code=body.country_code,
        uscc=body.uscc,
        registration_no=body.registration_no,
        person_number=_plain(body.person_number),
    )
    check_identity(identity, date.max)
    if body.person is None:
        return Prepared(body, identity, None, actor)
    password, hashed = _plain(body.person.password), None
    if password is not None:
        check_password(password, body.person.login, field="/body/person/password")
        hashed = await passwords.hash(password)
    person = NewPerson(login=body.person.login, name=body.person.name, password_hash=hashed)
    return Prepared(body, identity, person, actor)


def _plain(secret: SecretStr | None) -> str | None:
    return secret.get_secret_value() if secret is not None else None


async def _claimed(
    request: Request, session: Session, ready: Annotated[Prepared, Depends(_prepare)], key: KeyHeader = None
) -> Prepared:
    """The key is claimed after the password is hashed: from here on a transaction writes."""
    if key is not None:
        holder = ready.actor.key_space if ready.actor is not None else await visitor_id(request)
        await claim(request, session, holder, key)
    return ready


Registration = Annotated[Prepared, Depends(_claimed)]


@router.post(
    "/parties",
    status_code=201,
    dependencies=[OwnPage],
    responses=refusals(
        UsccInvalid,
        PersonNumberInvalid,
        IdentificationUnfit,
        CountryUnfit,
        RegionUnknown,
        FirstPersonUnfit,
        PasswordWeak,
        IdempotencyKeyReused,
        KindNotRegistrable,
        OriginForeign,
        CsrfTokenInvalid,
        SessionNeeded,
        PartyAlreadyRegistered,
        LoginTaken,
        RateLimited,
        SealingNotConfigured,
    ),
)
async def register_party(
    request: Request,
    response: Response,
    ready: Registration,
    session: Session,
    clock: ClockDep,
    sealer: SealerDep,
) -> PartyRegisteredOut:
    """Register a party with its first person; anybody may. It can look, draft and ask at once.

    Offering and bidding wait for the operator's review. A clerk enters a party on its behalf (代录).
    """
    made = await actions.register_party(
        session,
        clock,
        sealer=sealer,
        identity=ready.identity,
        texts=PartyTexts(ready.body.name, ready.body.name_en, ready.body.objection_procedure),
        person=ready.person,
        actor=ready.actor,
    )
    hide_from_replay(request, "invitation")
    etag(response, made.party.version)
    response.headers["Location"] = f"/v1/parties/{made.party.id}"
    return PartyRegisteredOut(
        party=queries.party_out(made.party), user_id=made.user_id, invitation=made.invitation
    )


@router.get("/parties", responses=refusals(Unauthenticated, PermissionMissing, CursorInvalid))
async def list_parties(
    actor: PartyReader,
    session: Session,
    status: ReviewStatus | None = None,
    kind: PartyKind | None = None,
    q: Annotated[Words | None, Query(description="Part of a name, or the beginning of a code.")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[PartyOut]:
    """Parties of the reader's region, newest first."""
    return await queries.parties(
        session, actor=actor, status=status, kind=kind, q=q, cursor=cursor, limit=limit
    )


@router.get("/parties/me", responses=refusals(Unauthenticated))
async def read_own_party(actor: SignedIn, session: Session, response: Response) -> PartyOut:
    """The party for which the caller acts."""
    row = await queries.party(session, actor=actor, party_id=actor.party_id)
    etag(response, row.version)
    return queries.party_out(row)


@router.get("/parties/{id}", responses=refusals(Unauthenticated, NotFound))
async def read_party(party_id: PartyId, actor: SignedIn, session: Session, response: Response) -> PartyOut:
    """A party: one's own, or any of one's region for those who read parties."""
    row = await queries.party(session, actor=actor, party_id=party_id)
    etag(response, row.version)
    return queries.party_out(row)


@router.patch(
    "/parties/me",
    dependencies=[Idempotent],
    responses=refusals(Unauthenticated, PermissionMissing, Stale, PreconditionRequired),
)
async def change_own_party(
    body: PartyPatch, actor: PartyEditor, version: IfMatch, session: Session, response: Response
) -> PartyOut:
    """Change what one's party says of itself."""
    row = await actions.change_party(
        session, actor=actor, version=version, changes=body.model_dump(exclude_unset=True)
    )
    etag(response, row.version)
    return queries.party_out(row)


@router.post(
    "/parties/me/resubmission",
    dependencies=[Idempotent],
    responses=refusals(
        Unauthenticated,
        PermissionMissing,
        Stale,
        PreconditionRequired,
        IllegalTransition,
        UsccInvalid,
        RegionUnknown,
        IdentificationUnfit,
        PartyAlreadyRegistered,
    ),
)
async def resubmit_party(
    body: ResubmissionIn,
    actor: PartyEditor,
    version: IfMatch,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> PartyOut:
    """Correct a refused registration and ask for another review."""
    row = await actions.resubmit_party(
        session, clock, actor=actor, version=version, changes=body.model_dump(exclude_unset=True)
    )
    etag(response, row.version)
    return queries.party_out(row)


@router.post(
    "/parties/{id}/review",
    dependencies=[Idempotent],
    responses=refusals(
        Unauthenticated,
        PermissionMissing,
        ReviewOfOwnParty,
        NotFound,
        IllegalTransition,
        Stale,
        ReviewReasonMissing,
        PreconditionRequired,
    ),
)
async def review_party(
    party_id: PartyId,
    body: PartyReviewIn,
    actor: Reviewer,
    version: IfMatch,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> PartyOut:
    """Approve or refuse a party that waits. Nobody reviews his own."""
    row = await actions.review_party(
        session,
        clock,
        actor=actor,
        party_id=party_id,
        version=version,
        approved=body.approved,
        reason=body.reason,
    )
    etag(response, row.version)
    return queries.party_out(row)
