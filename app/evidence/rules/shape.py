"""The form of a record, `jishi/auction-record/1`: read strictly, so that nothing in it has two meanings.

`docs/evidence.md` describes it for those who write a verifier of their own.
"""

import json
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt, StrictStr

SCHEMA: Final = "jishi/auction-record/1"

Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
SignatureHex = Annotated[str, Field(pattern=r"^[0-9a-f]{128}$")]
Instant = Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$")]


class Part(BaseModel):
    """A part of a record: every field is there, and no other."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class RecordRedaction(Part):
    """Why a text is not there: its public class, the paper, who decided, when."""

    reason: StrictStr
    document_no: StrictStr
    requested_by: StrictStr
    decided_by: StrictStr
    at: Instant


class RecordText(Part):
    """A text beside the chain. Exactly one of the two: the text with its salt, or its redaction."""

    salt: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")] | None
    text: StrictStr | None
    redaction: RecordRedaction | None


class RecordEntry(Part):
    """A fact with its place in the chain and in its signed batch."""

    seq: StrictInt
    kind: StrictStr
    at: Instant
    payload: dict[str, Any]
    previous: Hash
    hash: Hash
    texts: dict[str, RecordText]
    batch: StrictInt | None = Field(description="Index into `batches`; null where no signature covers it.")
    index: StrictInt | None
    path: list[Hash]


class RecordBatch(Part):
    """A signed batch."""

    root: Hash
    size: StrictInt
    signed_at: Instant
    algorithm: StrictStr
    key_id: StrictStr
    signature: SignatureHex


class RecordHead(Part):
    """The chain's head, signed at the close."""

    seq: StrictInt
    hash: Hash
    signed_at: Instant
    algorithm: StrictStr
    key_id: StrictStr
    signature: SignatureHex


class RecordKey(Part):
    """A public key, with the time in which it signs."""

    id: StrictStr
    public_key: Hash
    valid_from: Instant
    valid_until: Instant | None


class RecordBid(Part):
    """A bid as it is listed. `amount_minor`: fen, or what else the price's form counts."""

    bid_no: StrictInt
    seq: StrictInt
    bidder_code: StrictStr
    amount_minor: StrictInt
    via: StrictStr
    at: Instant


class RecordOutcome(Part):
    """How the sale ended, as the market's rows say."""

    status: StrictStr
    bidder_code: StrictStr | None
    amount_minor: StrictInt | None
    ended_at: Instant
    ends_at: Instant | None
    extension_count: StrictInt
    bid_count: StrictInt
    by_priority: StrictBool
    award_minor: StrictInt | None
    winner_name: StrictStr | None = Field(
        description="Named only where a licensed auction house's confirmation names him."
    )


class RecordSale(Part):
    """Which sale it is."""

    id: StrictStr
    number: StrictStr
    offering_id: StrictStr
    title: StrictStr
    seller_name: StrictStr
    origin: Literal["auction", "listed"]


class AuctionRecord(BaseModel):
    """A record. `schema` is its first field."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    schema_: Literal["jishi/auction-record/1"] = Field(alias="schema")
    chain_algorithm: StrictStr
    auction: RecordSale
    terms: dict[str, Any]
    timetable: dict[str, Any]
    outcome: RecordOutcome
    facts: list[RecordEntry]
    bids: list[RecordBid]
    batches: list[RecordBatch]
    head: RecordHead
    keys: list[RecordKey]


class NotADocument(ValueError):
    """The bytes are no JSON that could mean one thing only."""


def read_json(data: bytes) -> Any:
    """JSON without doubled keys, floats or constants that JSON does not have. Raises `NotADocument`."""
    try:
        return json.loads(data, object_pairs_hook=_once, parse_float=_no_float, parse_constant=_no_float)
    except (ValueError, RecursionError) as error:
        raise NotADocument(str(error)) from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise NotADocument("a key stands twice in one object")
    return found


def _no_float(told: str) -> Any:
    raise NotADocument(f"{told}: a record holds no such number")
