"""The record of an auction: folding facts into the auction, and the hash chain over them.

The chain is SHA-256 over canonical JSON (UTF-8, keys sorted, no spaces, instants in UTC): each link covers the hash
before it, so that no fact can be changed, dropped or put in between without every later hash changing. Free texts, which
may name somebody, stand beside the chain; it holds salted commitments to them, so that a text can be taken away by law and
the chain stays whole.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from app.auctions.rules.facts import FACT, Fact
from app.auctions.rules.facts.base import HEAD, flat_fields, text_fields
from app.auctions.rules.given import NOTHING, Given
from app.auctions.rules.snapshot import Snapshot
from app.auctions.rules.terms import Terms
from app.auctions.states import MACHINE
from app.kit.dates import wire
from app.kit.frozen import changed
from app.signing.rules.chain import commitment, digest

CHAIN_ALGORITHM: Final = "sha256/canonical-json/3"
REDACTED: Final = "依法遮蔽"
"""What stands in the place of a text that was lawfully taken away."""

NO_SALTS: Final[Mapping[str, bytes]] = MappingProxyType({})
NO_TEXTS: Final[Mapping[str, str]] = MappingProxyType({})


class BrokenRecordError(ValueError):
    """A record that cannot be true: a gap in `seq`, time running back, a transition that does not exist."""


def draft(terms: Terms) -> Snapshot:
    """An auction of which nothing is public yet."""
    return Snapshot(terms=terms)


def apply(snapshot: Snapshot, fact: Fact) -> Snapshot:
    """The auction after one fact. Raises `BrokenRecordError` where the fact cannot follow."""
    if fact.seq != snapshot.seq + 1:
        raise BrokenRecordError(f"seq {fact.seq} after {snapshot.seq}")
    if snapshot.last_at is not None and fact.at < snapshot.last_at:
        raise BrokenRecordError(f"seq {fact.seq} is earlier than the fact before it")
    after = fact.onto(snapshot)
    if after.status is not snapshot.status and not MACHINE.allows(snapshot.status, after.status):
        raise BrokenRecordError(f"seq {fact.seq}: {snapshot.status} cannot become {after.status}")
    return changed(after, seq=fact.seq, last_at=fact.at)


def replay(snapshot: Snapshot, facts: Iterable[Fact]) -> Snapshot:
    """The auction after all of them, in their order."""
    for fact in facts:
        snapshot = apply(snapshot, fact)
    return snapshot


@dataclass
class Minutes:
    """The facts of one decision as it is made: each is applied at once, so that the next sees it."""

    now: Snapshot
    at: datetime
    given: Given = NOTHING
    facts: list[Fact] = field(default_factory=list)

    @property
    def seq(self) -> int:
        """The number of the next fact."""
        return self.now.seq + 1

    def enter(self, fact: Fact) -> None:
        """Add a fact."""
        self.now = apply(self.now, fact)
        self.facts.append(fact)


def texts_of(fact: Fact) -> dict[str, str]:
    """The free texts of a fact by their fields: they stand beside the chain, which holds commitments to them."""
    names = text_fields(type(fact))
    return {name: getattr(fact, name) for name in names} if names else {}


def payload(fact: Fact, salts: Mapping[str, bytes] = NO_SALTS) -> dict[str, Any]:
    """The fact as plain JSON values, without what every event row has of its own (seq, at, kind).

    salts: 16 random bytes for each free text, in whose place stands its commitment. Raises `KeyError` where one is
    missing: no text gets into the chain by an oversight.
    """
    return payload_of(fact, {name: commitment(salts[name], text) for name, text in texts_of(fact).items()})


def payload_of(fact: Fact, commitments: Mapping[str, str]) -> dict[str, Any]:
    """The same, from the commitments themselves."""
    flat = flat_fields(type(fact))
    if flat is not None:
        values = vars(fact)
        return {name: _plain(values[name]) for name in flat}
    plain: dict[str, Any] = FACT.dump_python(fact, mode="python")
    told = {name: _plain(value) for name, value in plain.items() if name not in HEAD}
    return told | {name: {"commitment": commitments[name]} for name in text_fields(type(fact))}


def fact_of(
    *, seq: int, at: datetime, kind: str, payload: dict[str, Any], texts: Mapping[str, str] = NO_TEXTS
) -> Fact:
    """The fact of a stored event and the texts beside it; a text that is no longer there is `REDACTED`.

    Raises `pydantic.ValidationError` where it is none.
    """
    hidden = {
        name: texts.get(name, REDACTED)
        for name, value in payload.items()
        if isinstance(value, dict) and value.keys() == {"commitment"}
    }
    return FACT.validate_python({**payload, **hidden, "seq": seq, "at": at, "kind": kind})


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return wire(value)
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value


def link(auction_id: UUID, fact: Fact, previous: bytes, salts: Mapping[str, bytes] = NO_SALTS) -> bytes:
    """The hash of a fact in its chain: 32 bytes over the hash before it and the fact. `salts`: see `payload`."""
    return digest_of(
        str(auction_id),
        seq=fact.seq,
        kind=fact.kind,
        at=wire(fact.at),
        payload=payload(fact, salts),
        previous=previous,
    )


def digest_of(
    auction_id: str, *, seq: int, kind: str, at: str, payload: Mapping[str, Any], previous: bytes
) -> bytes:
    """The same from what is stored or published of the fact."""
    body = {
        "algorithm": CHAIN_ALGORITHM,
        "auction_id": auction_id,
        "seq": seq,
        "kind": kind,
        "at": at,
        "payload": payload,
    }
    return digest(previous, body)
