"""Records of sales and notices, receipts and heads: public, and permanent."""

from hashlib import sha256
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Path, Query, Response

from app.auctions.queries import visible_row
from app.evidence import errors, queries
from app.evidence.rules.notices import NoticeRecord
from app.evidence.rules.shape import AuctionRecord
from app.evidence.schemas import HeadPage
from app.http.problems import refusals
from app.http.session import Session, TransactionalRoute
from app.kit.canonical import canonical
from app.kit.errors import NotFound
from app.kit.paging import LIMIT_MAX, CursorInvalid
from app.signing.schemas import EntryReceiptOut

router = APIRouter(prefix="/v1", route_class=TransactionalRoute, tags=["evidence"])

AuctionId = Annotated[UUID, Path(alias="id", description="The auction.")]


@router.get(
    "/auctions/{id}/record",
    response_model=AuctionRecord,
    responses={
        304: {"description": "It is what `If-None-Match` names."},
        **refusals(NotFound, errors.RecordNotReady),
    },
)
async def read_record(
    auction_id: AuctionId,
    session: Session,
    if_none_match: Annotated[str | None, Header(description="The ETag of a copy.")] = None,
) -> Response:
    """The public record of an ended sale. It stays here for ever and changes only where a text is redacted by law.

    Check it with `python -m app verify`, or with a program of your own.
    """
    return _told(canonical(await queries.record(session, auction_id)), if_none_match)


@router.get(
    "/notices/{id}/record",
    response_model=NoticeRecord,
    responses={304: {"description": "It is what `If-None-Match` names."}, **refusals(NotFound)},
)
async def read_notice_record(
    notice_id: Annotated[UUID, Path(alias="id", description="The notice.")],
    session: Session,
    if_none_match: Annotated[str | None, Header(description="The ETag of a copy.")] = None,
) -> Response:
    """The public record of a notice, also while it runs: what it said when, chained and signed. Check it with
    `python -m app verify`.
    """
    return _told(canonical(await queries.notice_record(session, notice_id)), if_none_match)


def _told(body: bytes, if_none_match: str | None) -> Response:
    etag = f'"{sha256(body).hexdigest()}"'
    headers = {"ETag": etag, "Cache-Control": "public, no-cache"}
    if if_none_match is not None and etag in if_none_match:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)


@router.get("/auctions/{id}/receipt", responses=refusals(NotFound, errors.ReceiptAbsent))
async def read_receipt(
    auction_id: AuctionId,
    session: Session,
    seq: Annotated[int, Query(ge=1, le=2_147_483_647, description="The number of the public event.")],
) -> EntryReceiptOut:
    """Proof that an entry of a sale's record is in a batch that the market signed. Anybody may keep it."""
    await visible_row(session, None, auction_id)
    return EntryReceiptOut(**await queries.receipt(session, auction_id, seq))


@router.get("/heads", responses=refusals(CursorInvalid))
async def list_heads(
    session: Session,
    cursor: Annotated[
        str | None, Query(max_length=1_000, description="`next_cursor` of the page before.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=LIMIT_MAX, description="Entries of a page.")] = 50,
) -> HeadPage:
    """The signed heads of all records, the oldest first. Mirror them: behind a head that you hold nothing can change."""
    return await queries.heads(session, cursor=cursor, limit=limit)
