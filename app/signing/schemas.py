"""Wire shapes of signing."""

from typing import Literal

from pydantic import Field

from app.kit.dates import Instant
from app.kit.schemas import Output
from app.signing.states import KeyStatus


class KeyOut(Output):
    """A public key of the market."""

    id: str = Field(description="`ed25519-` and the first 16 hexadecimal digits of the key's SHA-256.")
    algorithm: Literal["ed25519"]
    public_key: str = Field(description="32 bytes, hexadecimal (RFC 8032).")
    status: KeyStatus
    valid_from: Instant
    valid_until: Instant | None = Field(description="None while it signs.")


class KeysOut(Output):
    """Every key that the market has ever signed with, the oldest first."""

    data: list[KeyOut]


class EntryReceiptOut(Output):
    """Proof that the market had an entry of a sale's record at its place: check it with `python -m app verify`."""

    algorithm: str = Field(examples=["ed25519/rfc6962-sha256/1"])
    auction_id: str
    seq: int
    hash: str
    size: int = Field(description="Entries in the signed batch.")
    index: int = Field(description="The entry's place in the batch, from 0.")
    path: list[str] = Field(description="Neighbours from the leaf to the root, hexadecimal.")
    root: str
    signed_at: str
    key_id: str
    signature: str
