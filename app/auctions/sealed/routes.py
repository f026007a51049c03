"""`/v1/custodian-keys` and what is sealed under `/v1/auctions`: seats, envelopes, the opening."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Path, Query, Request, Response

from app.auctions import errors
from app.auctions.errors import sealed as refused
from app.auctions.queries import read_auction
from app.auctions.schemas import AuctionOut
from app.auctions.sealed import actions, queries
from app.auctions.sealed.schemas import (
    CustodianKeyIn,
    CustodianKeyOut,
    CustodianKeysOut,
    CustodyIn,
    EnvelopeReceiptOut,
    EnvelopesOut,
    OpeningDecisionIn,
    OpeningOut,
    PassOut,
    ProofIn,
    SharesIn,
)
from app.auctions.sealed.vault import PASS_DIGITS
from app.http.etags import EtagMalformed, IfMatch, PreconditionRequired, etag
from app.http.idempotency import IdempotencyKeyReused
from app.http.middleware import Unlogged
from app.http.problems import refusals
from app.http.session import ClockDep, Session, TransactionalRoute
from app.identity.access import (
    COOKIE_PLAIN,
    COOKIE_SECURE,
    Actor,
    Idempotent,
    OptionalActor,
    SignedIn,
    check_origin,
    require,
)
from app.identity.errors import OriginForeign, PartyNotReviewed, PermissionMissing, SealingNotConfigured
from app.identity.permissions import Permission
from app.kit.errors import Busy, NotFound, Refusal, Stale, Unauthenticated
from app.sealing.wire import Envelope


async def _own_page(request: Request) -> None:
    check_origin(request, needed=COOKIE_PLAIN in request.cookies or COOKIE_SECURE in request.cookies)


router = APIRouter(prefix="/v1", route_class=TransactionalRoute, tags=["sealed bids"])

AuctionId = Annotated[UUID, Path(alias="id", description="The auction.")]
KeyId = Annotated[UUID, Path(alias="id", description="The custodian's key.")]
Round = Annotated[int | None, Query(ge=0, le=99, description="A round; 0 is the rehearsal.")]

Operator = Annotated[Actor, Depends(require(Permission.AUCTION_MANAGE))]
Seller = Annotated[Actor, Depends(require(Permission.OFFERING_WRITE, reviewed=True))]
Bidder = Annotated[Actor, Depends(require(Permission.BID, reviewed=True))]

_SIGNED: tuple[type[Refusal], ...] = (Unauthenticated, NotFound, IdempotencyKeyReused, Busy)
_STAFF: tuple[type[Refusal], ...] = (*_SIGNED, PermissionMissing, errors.OperatorIsSeller)
_BIDDER: tuple[type[Refusal], ...] = (
    errors.SellerMayNotBid,
    errors.BidderNotRegistered,
    errors.BidderNotQualified,
    errors.BidderBarred,
    errors.NotTheAgent,
    errors.BidderDepositNotHeld,
    errors.NoUnitFree,
    refused.SealingNotOpen,
    refused.SealingEnded,
    refused.NotInThisRound,
    refused.EnvelopePassInvalid,
    SealingNotConfigured,
)


@router.get("/custodian-keys", responses=refusals(Unauthenticated))
async def list_custodian_keys(actor: SignedIn, session: Session) -> CustodianKeysOut:
    """The caller's own keys; for those who run sales, every usable one."""
    return await queries.custodian_keys(session, actor=actor)


@router.post(
    "/custodian-keys",
    status_code=201,
    dependencies=[Idempotent],
    responses=refusals(*_SIGNED, refused.CustodianKeyTaken, refused.CustodianKeyUnknown),
)
async def register_custodian_key(body: CustodianKeyIn, actor: SignedIn, session: Session) -> CustodianKeyOut:
    """Register a public key. The answer holds something sealed to it, to be opened as proof."""
    row = await actions.register_key(
        session, actor=actor, public_key=bytes.fromhex(body.public_key), name=body.name
    )
    return await queries.custodian_key(session, actor=actor, row=row)


@router.post(
    "/custodian-keys/{id}/proof",
    dependencies=[Idempotent],
    responses=refusals(*_SIGNED, refused.PossessionNotProven),
)
async def prove_custodian_key(
    key_id: KeyId, body: ProofIn, actor: SignedIn, session: Session, clock: ClockDep
) -> CustodianKeyOut:
    """Prove that one holds the private key: what was sealed to it, opened."""
    answer = bytes.fromhex(body.answer)
    row = await actions.prove_key(session, clock, actor=actor, key_id=key_id, answer=answer)
    return await queries.custodian_key(session, actor=actor, row=row)


@router.post("/custodian-keys/{id}/retirement", dependencies=[Idempotent], responses=refusals(*_SIGNED))
async def retire_custodian_key(
    key_id: KeyId, actor: SignedIn, session: Session, clock: ClockDep
) -> CustodianKeyOut:
    """Let a key take no further seat. Keep its private half: what was sealed to it nobody else opens."""
    row = await actions.retire_key(session, clock, actor=actor, key_id=key_id)
    return await queries.custodian_key(session, actor=actor, row=row)


@router.put(
    "/auctions/{id}/custody",
    dependencies=[Idempotent],
    responses=refusals(
        *_STAFF,
        Stale,
        PreconditionRequired,
        EtagMalformed,
        errors.TermsPinned,
        refused.SaleNotSealed,
        refused.CustodyIncomplete,
        refused.CustodyNotIndependent,
        refused.CustodianKeyUnknown,
        SealingNotConfigured,
    ),
)
async def seat_custodians(
    *,
    auction_id: AuctionId,
    body: CustodyIn,
    actor: Operator,
    expected: IfMatch,
    session: Session,
    response: Response,
) -> AuctionOut:
    """Give a draft's seats to custodians' keys. The notice pins them."""
    await actions.seat_custodians(session, actor=actor, auction_id=auction_id, asked=body, expected=expected)
    return await _shown(session, actor, auction_id, response)


@router.post(
    "/auctions/{id}/rehearsal",
    dependencies=[Idempotent],
    responses=refusals(*_STAFF, refused.RehearsalNotAsked, refused.NothingToOpen, SealingNotConfigured),
)
async def rehearse_opening(auction_id: AuctionId, actor: Operator, session: Session) -> OpeningOut:
    """Seal a dummy for the custodians to open, after registration has closed. Without it the sale is never ready."""
    await actions.rehearse(session, actor=actor, auction_id=auction_id)
    return await queries.opening(session, actor=actor, auction_id=auction_id, round_no=0)


@router.get(
    "/auctions/{id}/envelope",
    dependencies=[Unlogged],
    responses=refusals(
        Unauthenticated, NotFound, PermissionMissing, PartyNotReviewed, *_BIDDER, refused.CustodianMayNotBid
    ),
)
async def read_envelope_pass(
    auction_id: AuctionId, actor: Bidder, session: Session, clock: ClockDep, response: Response
) -> PassOut:
    """What a bidder's client needs to seal. Fetch it at any time of the round; it says nothing of whether one bids.

    The pass holds the moment at which it was given: with it one replaces what had been received by then, nothing later.
    """
    response.headers["Cache-Control"] = "no-store"
    return await queries.envelope_pass(session, clock, actor=actor, auction_id=auction_id)


@router.put(
    "/auctions/{id}/envelope",
    dependencies=[Unlogged, Depends(_own_page)],
    responses=refusals(
        NotFound, Busy, OriginForeign, *_BIDDER, refused.EnvelopeDoesNotFit, refused.EnvelopeSuperseded
    ),
)
async def put_envelope(
    *,
    auction_id: AuctionId,
    body: Envelope,
    envelope_pass: Annotated[
        str,
        Header(
            pattern=rf"^[0-9a-f]{{{PASS_DIGITS}}}$",
            description="A pass of this round, and no other credential. It names what is replaced: all that came before it.",
        ),
    ],
    session: Session,
    clock: ClockDep,
) -> EnvelopeReceiptOut:
    """Leave an envelope, in place of those that came before its pass was given; the last one before the deadline counts.

    Send no cookie and no key: the pass suffices, and nothing is kept that says who sealed. Repeating it is harmless: the
    same envelope gets the same receipt, and a copy that arrives after its replacement takes nobody's place. To replace an
    envelope, fetch a new pass first.
    """
    taken = await actions.take_envelope(
        session, clock, auction_id=auction_id, shown=envelope_pass, envelope=body
    )
    return await queries.receipt(session, taken)


@router.get("/auctions/{id}/opening", responses=refusals(NotFound, refused.NothingToOpen))
async def read_opening(
    auction_id: AuctionId, actor: OptionalActor, session: Session, round_no: Round = None
) -> OpeningOut:
    """How far the opening has come: which seats have handed in, and the leaves under the published root."""
    return await queries.opening(session, actor=actor, auction_id=auction_id, round_no=round_no)


@router.get("/auctions/{id}/opening/envelopes", responses=refusals(Unauthenticated, NotFound))
async def list_envelopes(
    auction_id: AuctionId,
    actor: SignedIn,
    session: Session,
    round_no: Annotated[int, Query(ge=0, le=99, description="A round; 0 is the rehearsal.")] = 1,
) -> EnvelopesOut:
    """The envelopes of a round whose root is published: for custodians to open, for everybody to check."""
    return await queries.envelopes_of(session, actor=actor, auction_id=auction_id, round_no=round_no)


@router.post(
    "/auctions/{id}/opening/shares",
    dependencies=[Idempotent],
    responses=refusals(
        *_SIGNED,
        refused.NotACustodian,
        refused.NothingToOpen,
        refused.ShareDisagrees,
        refused.EnvelopesDiffer,
        SealingNotConfigured,
    ),
)
async def hand_in_shares(
    auction_id: AuctionId, body: SharesIn, actor: SignedIn, session: Session, clock: ClockDep
) -> OpeningOut:
    """Hand in what one seat has opened. With the last share that is needed, all envelopes are opened at once."""
    await actions.hand_in_shares(session, clock, actor=actor, auction_id=auction_id, asked=body)
    return await queries.opening(session, actor=actor, auction_id=auction_id, round_no=body.round_no)


@router.post(
    "/auctions/{id}/opening/release",
    dependencies=[Idempotent],
    responses=refusals(
        *_STAFF,
        refused.ReleaseNotAsked,
        refused.AlreadyReleased,
        refused.EnvelopesDiffer,
        refused.NothingToOpen,
        SealingNotConfigured,
    ),
)
async def release_opening(
    auction_id: AuctionId, actor: Operator, session: Session, clock: ClockDep
) -> OpeningOut:
    """Release a sale that the market itself sealed. It is opened once a second officer has done the same."""
    await actions.release_opening(session, clock, actor=actor, auction_id=auction_id)
    return await queries.opening(session, actor=actor, auction_id=auction_id, round_no=None)


@router.post(
    "/auctions/{id}/opening/decision",
    dependencies=[Idempotent],
    responses=refusals(
        *_SIGNED,
        PermissionMissing,
        PartyNotReviewed,
        errors.StageRefused,
        refused.NothingToOpen,
        refused.OpeningNotHalted,
        refused.EnvelopesDiffer,
    ),
)
async def decide_opening(
    *,
    auction_id: AuctionId,
    body: OpeningDecisionIn,
    actor: Seller,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> AuctionOut:
    """The seller decides about envelopes that cannot be opened: on without them, or the end of the sale."""
    await actions.decide_opening(session, clock, actor=actor, auction_id=auction_id, asked=body)
    return await _shown(session, actor, auction_id, response)


async def _shown(session: Session, actor: Actor, auction_id: UUID, response: Response) -> AuctionOut:
    shown = await read_auction(session, actor=actor, auction_id=auction_id)
    etag(response, shown.version)
    return shown
