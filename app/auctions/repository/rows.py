"""A row and the snapshot that it holds."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import orjson
from pydantic import TypeAdapter

from app.auctions.rules import engine
from app.auctions.rules.sealed.state import NOT_SEALED, Sealing
from app.auctions.rules.snapshot import Hall, Lead, Priority, Snapshot, Today
from app.auctions.rules.terms import Terms, Timetable
from app.auctions.states import AuctionStatus
from app.auctions.tables import AuctionRow

TERMS: Final = TypeAdapter(Terms)

_COUNTED = (
    "seq",
    "bid_no",
    "free_ends_at",
    "ends_at",
    "extension_count",
    "suspended_at",
    "last_at",
    "outage_no",
)


@dataclass(frozen=True, kw_only=True)
class Folded:
    """What of a snapshot has no column of its own."""

    lead: Lead | None = None
    hall: Hall = Hall()
    priority: Priority = Priority()
    today: Today = Today()
    sealing: Sealing = NOT_SEALED


FOLDED: Final = TypeAdapter(Folded)


def stored_terms(terms: Terms) -> dict[str, Any]:
    """Terms as they are stored."""
    plain: dict[str, Any] = TERMS.dump_python(terms, mode="json")
    return plain


def terms_of(row: AuctionRow) -> Terms:
    """The terms of a row. The same document gives the same object: terms are pinned, and read at every bid."""
    return _read(orjson.dumps(row.terms))


@lru_cache(maxsize=2_048)
def _read(document: bytes) -> Terms:
    return TERMS.validate_json(document)


def snapshot_of(row: AuctionRow) -> Snapshot:
    """What the engine needs to know of a row."""
    return Snapshot(
        terms=terms_of(row),
        status=AuctionStatus(row.status),
        timetable=_timetable_of(row),
        interrupted=AuctionStatus(row.interrupted) if row.interrupted else None,
        **vars(FOLDED.validate_python(row.folded)),
        **{name: getattr(row, name) for name in _COUNTED},
    )


def _timetable_of(row: AuctionRow) -> Timetable | None:
    if (
        row.registration_opens_at is None
        or row.registration_closes_at is None
        or row.deposit_due_at is None
        or row.starts_at is None
    ):
        return None
    return Timetable(
        registration_opens_at=row.registration_opens_at,
        registration_closes_at=row.registration_closes_at,
        deposit_due_at=row.deposit_due_at,
        starts_at=row.starts_at,
    )


def fold_into(row: AuctionRow, after: Snapshot) -> None:
    """Write a snapshot into its row, all but the status, which the machine advances."""
    for name in _COUNTED:
        setattr(row, name, getattr(after, name))
    row.current_minor, row.leader_code = after.current_minor, after.leader_code
    row.folded = FOLDED.dump_python(
        Folded(
            lead=after.lead,
            hall=after.hall,
            priority=after.priority,
            today=after.today,
            sealing=after.sealing,
        ),
        mode="json",
    )
    if after.timetable is not None:
        for name, instant in vars(after.timetable).items():
            setattr(row, name, instant)
        row.sorted_at = after.timetable.starts_at
    if after.terms is not terms_of(row):
        row.terms = stored_terms(after.terms)
    row.interrupted = after.interrupted
    row.next_due_at = engine.due(after)
    row.retry_at = None


def pinned(row: AuctionRow) -> Snapshot:
    """The draft from which the record of this row unfolds."""
    return engine.draft(terms_of(row))
