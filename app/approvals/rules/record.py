"""The record of a case: a hash chain over who decided what, when, on which papers. Pure.

Each link is SHA-256 over the hash before it and the canonical JSON of the entry. Opinions are free text that may name
somebody: they stand beside the chain, which holds salted commitments to them, so that one can be taken away by law.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from app.kit.dates import wire
from app.signing.rules.chain import GENESIS, commitment, digest

ALGORITHM: Final = "sha256/canonical-json/approval-1"

__all__ = ["ALGORITHM", "GENESIS", "Entry", "commitment", "head", "link"]


@dataclass(frozen=True)
class Entry:
    """One entry as it is stored."""

    seq: int
    kind: str
    at: datetime
    payload: Mapping[str, Any]


def link(case_id: UUID, entry: Entry, previous: bytes) -> bytes:
    """The hash of an entry in its chain: 32 bytes."""
    body = {
        "algorithm": ALGORITHM,
        "case_id": str(case_id),
        "seq": entry.seq,
        "kind": entry.kind,
        "at": wire(entry.at),
        "payload": entry.payload,
    }
    return digest(previous, body)


def head(case_id: UUID, entries: Iterable[Entry]) -> bytes:
    """The hash of the last of all entries, in their order."""
    found = GENESIS
    for entry in entries:
        found = link(case_id, entry, found)
    return found
