"""Wire shapes of evidence. The record's own shape is `rules.shape.AuctionRecord`."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.evidence.rules.redaction import RedactionReason
from app.evidence.rules.secrets import Secret
from app.evidence.states import RedactionStatus
from app.kit.dates import Instant
from app.kit.schemas import Input, Line, MoneyOut, Output, Page


class HeadOut(Output):
    """The signed head of an ended sale's record."""

    auction_id: UUID
    seq: int
    hash: str
    signed_at: Instant
    algorithm: str
    key_id: str
    signature: str


class RedactionIn(Input):
    """Which text of a record is to be taken away, why, and by which paper."""

    seq: Annotated[int, Field(ge=1, le=2_147_483_647, description="The public event that carries the text.")]
    field: Annotated[
        str, Field(pattern=r"^[a-z_]{1,40}(:[a-z_]{1,40})?$", examples=["note", "contact", "text:reason"])
    ]
    reason: RedactionReason
    document_no: Line


class FileRedactionIn(Input):
    """Why a file is to be taken away, and by which paper."""

    reason: RedactionReason
    document_no: Line


class RedactionReviewIn(Input):
    """The second person's decision."""

    approved: bool


class RedactionOut(Output):
    """A redaction. Who decided is public as an organisation."""

    id: UUID
    auction_id: UUID | None
    notice_id: UUID | None
    file_id: UUID | None
    seq: int = Field(description="The entry of the record; 0 for a file, which goes whole.")
    field: str
    reason: RedactionReason
    document_no: str
    status: RedactionStatus
    requested_at: Instant
    requested_by: str
    decided_at: Instant | None
    decided_by: str | None
    version: int


class IdentityOut(Output):
    """Who stood behind a code."""

    bidder_code: str
    party_id: UUID
    party_name: str
    registration_number: str
    bids: int
    won: bool


class IdentitiesOut(Output):
    """Everybody who was given a code in a sale that has ended."""

    data: list[IdentityOut]


class ReserveOut(Output):
    """A secret reserve, with what opens the commitment that the notice published."""

    reserve: MoneyOut
    salt: str = Field(description="16 bytes, hexadecimal.")
    commitment: str = Field(description='SHA-256 over the salt and `{"reserve_minor":…}`, hexadecimal.')


class SecretReadOut(Output):
    """Somebody asked for identities or a reserve."""

    id: int
    auction_id: UUID
    what: Secret
    granted: bool
    refusal: str | None
    user_name: str
    party_name: str
    at: Instant


HeadPage = Page[HeadOut]
RedactionPage = Page[RedactionOut]
SecretReadPage = Page[SecretReadOut]
