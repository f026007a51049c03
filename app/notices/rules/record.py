"""The record of a notice: its entries, their chain, and what stands beside it. Pure.

The chain holds salted commitments to everything a notice says, field by field, and to its page; the values stand beside
it, so that one of them can be taken away by law and the chain stays whole.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from app.kit.canonical import canonical
from app.kit.dates import wire
from app.signing.rules.chain import commitment, digest

CHAIN_ALGORITHM: Final = "sha256/canonical-json/notice-1"

PAGE: Final = "page"
"""The rendered page, beside the chain like a field."""


def text_field(name: str) -> str:
    """How a free text of an entry, such as a reason, is called beside the chain: never like a field of the content."""
    return f"text:{name}"


REDACTED: Final = "依法遮蔽"
"""What stands in the place of what was lawfully taken away."""


class EntryKind(StrEnum):
    """What happened to a notice."""

    PUBLISHED = "published"
    PLACE_LIVE = "place_live"
    STARTED = "started"
    CORRECTED = "corrected"
    SUPPLEMENTED = "supplemented"
    STRETCHED = "stretched"
    PAUSED = "paused"
    RESUMED = "resumed"
    MOVED = "moved"
    """The end came later: an outage touched it, or the year's calendar was decided."""
    OBJECTION_COUNTED = "objection_counted"
    OBJECTION_PUBLISHED = "objection_published"
    PASSED = "passed"
    FAILED = "failed"
    REVOKED = "revoked"
    SUPERSEDED = "superseded"


def link(
    notice_id: UUID, *, seq: int, kind: str, at: datetime, payload: Mapping[str, Any], previous: bytes
) -> bytes:
    """The hash of an entry in its notice's chain."""
    return digest(
        previous,
        {
            "algorithm": CHAIN_ALGORITHM,
            "notice_id": str(notice_id),
            "seq": seq,
            "kind": kind,
            "at": wire(at),
            "payload": payload,
        },
    )


def committed(values: Mapping[str, Any], salts: Mapping[str, bytes]) -> dict[str, dict[str, str]]:
    """What the chain holds in the place of values. Raises `KeyError` where a salt is missing."""
    return {name: {"commitment": commitment(salts[name], value)} for name, value in values.items()}


def content_hash(commitments: Mapping[str, str]) -> bytes:
    """One hash for everything that a notice says now: over the commitments by their fields, so that it is salted, too."""
    return hashlib.sha256(canonical(dict(commitments))).digest()


def plain(value: Any) -> Any:
    """A value as JSON: instants and dates as they are written, sequences as lists.

    Raises `TypeError` for floats: they have no one spelling.
    """
    if isinstance(value, float):
        raise TypeError("a notice holds no float")
    if isinstance(value, datetime):
        return wire(value)
    if isinstance(value, Mapping):
        return {str(name): plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    if value is None or isinstance(value, bool | int):
        return value
    return str(value)
