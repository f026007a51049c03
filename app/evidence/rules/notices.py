"""A notice's record, `jishi/notice-record/1`, and checking it: its chain, its signatures, what stands beside it.

`docs/evidence.md` describes the form for those who write a verifier of their own.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StrictInt, StrictStr, ValidationError

from app.evidence.rules.chain import check_keys as check_known_keys
from app.evidence.rules.chain import is_held
from app.evidence.rules.findings import Report
from app.evidence.rules.shape import Hash, Instant, Part, RecordBatch, RecordKey, RecordRedaction
from app.notices.rules.record import CHAIN_ALGORITHM, EntryKind
from app.signing.rules.chain import GENESIS, commitment, digest
from app.signing.rules.merkle import root_of_path
from app.signing.rules.receipts import ALGORITHM, batch_statement, leaf_of

NOTICE_SCHEMA: Final = "jishi/notice-record/1"

ENDS: Final = {EntryKind.PASSED, EntryKind.FAILED, EntryKind.REVOKED, EntryKind.SUPERSEDED}


class NoticeValue(Part):
    """What stands beside the chain. Exactly one of the two: the value with its salt, or its redaction."""

    salt: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")] | None
    value: Any
    redaction: RecordRedaction | None


class NoticeRecordEntry(Part):
    """An entry with its place in the chain and in its signed batch."""

    seq: StrictInt
    kind: StrictStr
    at: Instant
    payload: dict[str, Any]
    previous: Hash
    hash: Hash
    values: dict[str, NoticeValue]
    batch: StrictInt | None = Field(description="Index into `batches`; null where no signature covers it.")
    index: StrictInt | None
    path: list[Hash]


class RecordNotice(Part):
    """Which notice it is."""

    id: StrictStr
    number: StrictStr
    kind: StrictStr
    title: StrictStr
    owner_name: StrictStr
    status: StrictStr


class NoticeRecord(BaseModel):
    """A notice's record. `schema` is its first field."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    schema_: Literal["jishi/notice-record/1"] = Field(alias="schema")
    chain_algorithm: StrictStr
    notice: RecordNotice
    entries: list[NoticeRecordEntry]
    batches: list[RecordBatch]
    keys: list[RecordKey]


def verify_notice(told: Any, *, pinned: Mapping[str, bytes] | None = None) -> Report:
    """Check everything that a notice's record says."""
    report = Report()
    try:
        record = NoticeRecord.model_validate(told)
        UUID(record.notice.id)
    except (ValidationError, ValueError) as error:
        report.differs("malformed", where=str(error).splitlines()[0])
        return report
    report.facts = len(record.entries)
    _check_chain(record, report)
    _check_signatures(record, check_known_keys(record.keys, pinned, report), report)
    for place, entry in enumerate(record.entries, 1):
        _check_values(place, entry, report)
    return report


def committed_values(payload: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The commitments that an entry's payload holds, by the names under which the values stand beside the chain."""
    parts = [payload, payload.get("content") or {}, payload.get("texts") or {}]
    for part in parts:
        for name, value in part.items() if isinstance(part, dict) else ():
            if isinstance(value, dict) and set(value) == {"commitment"}:
                yield name, str(value["commitment"])


def _check_chain(record: NoticeRecord, report: Report) -> None:
    if record.chain_algorithm != CHAIN_ALGORITHM:
        report.differs("algorithm_unknown", algorithm=record.chain_algorithm)
        return
    previous = GENESIS.hex()
    for place, entry in enumerate(record.entries, 1):
        if entry.seq != place:
            report.differs("entry_missing", place, expected=place, found=entry.seq)
        if entry.previous != previous:
            report.differs("link_broken", place)
        if _digest(record.notice.id, entry) != entry.hash:
            report.differs("entry_altered", place)
        previous = entry.hash
    told = EntryKind.PUBLISHED if record.entries else None
    if told is None or record.entries[0].kind != told:
        report.differs("malformed", 1, where="entries/0/kind")
    pinned = record.entries[0].payload.get("number") if record.entries else None
    if pinned != record.notice.number:
        report.differs("claim_differs", name="notice/number", found=record.notice.number, expected=pinned)
    _check_status(record, report)


def _check_status(record: NoticeRecord, report: Report) -> None:
    """What the notice is said to have come to is what its record came to."""
    reached = "scheduled"
    for entry in record.entries:
        kind = entry.kind
        if kind in {EntryKind.STARTED, EntryKind.RESUMED}:
            reached = "running"
        elif kind == EntryKind.PAUSED or kind in ENDS:
            reached = str(kind)
    if reached != record.notice.status:
        report.differs("claim_differs", name="notice/status", found=record.notice.status, expected=reached)


def _digest(notice_id: str, entry: NoticeRecordEntry) -> str | None:
    body = {
        "algorithm": CHAIN_ALGORITHM,
        "notice_id": notice_id,
        "seq": entry.seq,
        "kind": entry.kind,
        "at": entry.at,
        "payload": entry.payload,
    }
    try:
        return digest(bytes.fromhex(entry.previous), body).hex()
    except TypeError:
        return None


def _check_signatures(record: NoticeRecord, keys: Mapping[str, RecordKey], report: Report) -> None:
    for number, batch in enumerate(record.batches):
        if batch.algorithm != ALGORITHM:
            report.differs("algorithm_unknown", algorithm=batch.algorithm)
            continue
        statement = batch_statement(
            key_id=batch.key_id,
            root=bytes.fromhex(batch.root),
            size=batch.size,
            signed_at=batch.signed_at,
        )
        if not is_held(batch, statement, keys, report):
            report.differs("signature_wrong", batch=number)
    for place, entry in enumerate(record.entries, 1):
        _check_place(record, place, entry, report)


def _check_place(record: NoticeRecord, place: int, entry: NoticeRecordEntry, report: Report) -> None:
    if entry.batch is None or entry.index is None:
        report.differs("not_signed", place)
        return
    if not 0 <= entry.batch < len(record.batches) or not 0 < entry.seq < 2**63:
        report.differs("malformed", place, where=f"entries/{place - 1}/batch")
        return
    batch = record.batches[entry.batch]
    leaf = leaf_of(UUID(record.notice.id), entry.seq, bytes.fromhex(entry.hash))
    root = root_of_path(leaf, entry.index, batch.size, [bytes.fromhex(step) for step in entry.path])
    if root is None or root.hex() != batch.root:
        report.differs("not_what_was_signed", place, fault=f"batch {entry.batch}")


def _check_values(place: int, entry: NoticeRecordEntry, report: Report) -> None:
    """Every committed value is there as it was, or its redaction is."""
    wanted = dict(committed_values(entry.payload))
    for name in entry.values.keys() - wanted.keys():
        report.differs("text_unknown", place, field=name)
    for name, held in wanted.items():
        value = entry.values.get(name)
        if value is None or (value.salt is None and value.redaction is None):
            report.differs("text_missing", place, field=name)
        elif value.redaction is not None:
            if value.value is not None or value.salt is not None:
                report.differs("text_altered", place, field=name)
            report.note(
                "text_redacted", place, field=name, reason=value.redaction.reason, at=value.redaction.at
            )
        elif value.salt is None or not _opens(held, value.salt, value.value):
            report.differs("text_altered", place, field=name)


def _opens(wanted: str, salt: str, value: Any) -> bool:
    try:
        return commitment(bytes.fromhex(salt), value) == wanted
    except TypeError:
        return False
