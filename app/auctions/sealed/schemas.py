"""Wire shapes of sealed sales. None has room for who sealed, and none for an amount but an opened one."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from app.auctions.rules.sealed.terms import DropRule, Office, SealingMethod
from app.kit.dates import Instant
from app.kit.schemas import Input, Line, MoneyOut, Output, ShortText
from app.sealing.shamir import SEATS_MAX
from app.sealing.wire import KEYS_PER_SEAT_MAX, Digest, Envelope

ENVELOPES_MAX = 4_096

PublicKey = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9a-f]{64}$"),
    Field(description="An X25519 public key, 32 bytes in hexadecimal."),
]


class SealedIn(Input):
    """How a sealed sale is opened. Its custodians take their seats before the notice."""

    method: SealingMethod = SealingMethod.CUSTODIANS
    round_seconds: Annotated[int, Field(ge=0, le=10_000_000)] = 3_600
    drop: DropRule = DropRule.NONE


class SeatOut(Output):
    """A seat: one share of every envelope. keys: fingerprints, a custodian's and his deputies'."""

    no: int
    office: Office
    holder: str
    keys: list[str]


class SealedOut(Output):
    """Who opens a sealed sale, and where it stands. `threshold` seats open together."""

    method: SealingMethod
    threshold: int
    seats: list[SeatOut]
    round_seconds: int
    drop: DropRule
    round_no: int
    among: list[str] | None = Field(description="The codes of this round; null: all that may bid.")
    floor: MoneyOut | None = Field(description="An offer of this round must be above it.")
    is_tie: bool
    root: str | None = Field(description="Merkle root over the round's envelopes, once sealing has closed.")
    size: int = Field(description="How many envelopes the root covers, dummies included.")
    rehearsed_at: Instant | None
    halted: list[str] = Field(description="Envelopes that cannot be opened and wait for the seller.")


class CustodianKeyIn(Input):
    """A public key that its holder made himself. The private one is never sent."""

    public_key: PublicKey
    name: Line


class ProofIn(Input):
    """What was sealed to the key, opened."""

    answer: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class CustodianKeyOut(Output):
    """A custodian's key. It can take a seat once it is proven."""

    id: UUID
    fingerprint: str
    public_key: str
    name: str
    party_id: UUID
    party_name: str
    challenge: str | None = Field(description="To be opened with the private key; null once proven.")
    proven_at: Instant | None
    retired_at: Instant | None


class CustodianKeysOut(Output):
    """Keys: the caller's own, and for those who run sales every usable one."""

    data: list[CustodianKeyOut]


class SeatIn(Input):
    """A seat with its keys: the custodian's first, then his deputies'."""

    office: Office
    key_ids: Annotated[list[UUID], Field(min_length=1, max_length=KEYS_PER_SEAT_MAX)]


class CustodyIn(Input):
    """The seats in their order: three of which two open, or five of which three. None where the market itself seals."""

    seats: Annotated[list[SeatIn], Field(max_length=SEATS_MAX)]


class SeatKeysOut(Output):
    """A seat and its public keys in full, for whoever seals."""

    no: int
    keys: list[str]


class PassOut(Output):
    """What a bidder's client needs to seal. `envelope_pass` stands for him when he sends the envelope without signing
    in, and replaces what had been received when it was given.
    """

    auction_id: UUID
    round_no: int
    envelope_id: UUID
    bidder_code: str
    envelope_pass: str
    threshold: int
    seats: list[SeatKeysOut]
    start_price: MoneyOut
    floor: MoneyOut | None
    ends_at: Instant | None


class EnvelopeReceiptOut(Output):
    """An envelope lies with the market. `leaf` is what must be in the tree whose root is published at the close."""

    auction_id: UUID
    round_no: int
    envelope_id: UUID
    commitment: str
    digest: str
    received_at: Instant
    key_id: str | None
    signature: str | None = Field(
        description="Ed25519 over the rest in canonical JSON; null: nobody signs here."
    )


class LeafOut(Output):
    """One envelope in the tree of its round, in the tree's order."""

    envelope_id: UUID
    commitment: str
    digest: str


class SeatProgressOut(Output):
    """Whether a seat has handed in what it has to. failed: how many envelopes it could not open."""

    no: int
    office: Office
    holder: str
    handed_in: bool
    failed: int


class OpeningOut(Output):
    """An opening or its rehearsal (round 0), as everybody may follow it. Amounts come all at once, at the end."""

    auction_id: UUID
    round_no: int
    threshold: int
    seats: list[SeatProgressOut]
    releases: int
    root: str | None
    leaves: list[LeafOut]
    halted: list[str]


class EnvelopesOut(Output):
    """The envelopes of a round whose root is published, in the tree's order."""

    data: list[Envelope]


class OpenedShareIn(Input):
    """One envelope's share, opened by its custodian; null where it cannot be opened."""

    envelope_id: UUID
    share: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None


class SharesIn(Input):
    """What a seat hands in for a round: its share of every envelope."""

    round_no: Annotated[int, Field(ge=0, le=99)]
    key: Digest
    shares: Annotated[list[OpenedShareIn], Field(min_length=1, max_length=ENVELOPES_MAX)]


class OpeningDecisionIn(Input):
    """The seller's decision about envelopes that cannot be opened: go on without them, or end the sale."""

    proceed: bool
    document_no: Line
    note: ShortText
