"""Checking the chain of a record, its signed batches and its signed head, and the texts beside it."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from app.auctions.rules.record import CHAIN_ALGORITHM, digest_of
from app.evidence.rules.findings import Report
from app.evidence.rules.shape import AuctionRecord, RecordBatch, RecordEntry, RecordHead, RecordKey
from app.signing.rules.chain import GENESIS, commitment
from app.signing.rules.merkle import root_of_path
from app.signing.rules.receipts import ALGORITHM, batch_statement, leaf_of
from app.signing.rules.statements import is_signed, key_id

HEAD_ALGORITHM: Final = "ed25519/auction-head/1"


def head_statement(*, auction_id: str, seq: int, digest: str, key_id: str, signed_at: str) -> dict[str, Any]:
    """What is signed when a sale has ended. `digest`: the last entry's hash, hexadecimal."""
    return {
        "algorithm": HEAD_ALGORITHM,
        "auction_id": auction_id,
        "hash": digest,
        "key_id": key_id,
        "kind": "head",
        "seq": seq,
        "signed_at": signed_at,
    }


def check_chain(record: AuctionRecord, report: Report) -> None:
    """Each entry has its number, names the hash before it, and has its own."""
    if record.chain_algorithm != CHAIN_ALGORITHM:
        report.differs("algorithm_unknown", algorithm=record.chain_algorithm)
        return
    previous = GENESIS.hex()
    for place, entry in enumerate(record.facts, 1):
        if entry.seq != place:
            report.differs("entry_missing", place, expected=place, found=entry.seq)
        if entry.previous != previous:
            report.differs("link_broken", place)
        if _digest(record.auction.id, entry) != entry.hash:
            report.differs("entry_altered", place)
        previous = entry.hash


def _digest(auction_id: str, entry: RecordEntry) -> str | None:
    try:
        return digest_of(
            auction_id,
            seq=entry.seq,
            kind=entry.kind,
            at=entry.at,
            payload=entry.payload,
            previous=bytes.fromhex(entry.previous),
        ).hex()
    except TypeError:
        return None


def check_keys(
    keys: Sequence[RecordKey], pinned: Mapping[str, bytes] | None, report: Report
) -> dict[str, RecordKey]:
    """A record's keys by their name; each must be what it says, and one of the pinned ones where there are any."""
    found: dict[str, RecordKey] = {}
    for key in keys:
        public_key = bytes.fromhex(key.public_key)
        if key_id(public_key) != key.id:
            report.differs("key_not_itself", key_id=key.id)
        elif pinned is not None and pinned.get(key.id) != public_key:
            report.differs("key_not_pinned", key_id=key.id)
        else:
            found[key.id] = key
    return found


def check_signatures(record: AuctionRecord, keys: Mapping[str, RecordKey], report: Report) -> None:
    """Every batch is signed by a key of its time, and every entry is in the batch that it names."""
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
        first = next((place for place, entry in enumerate(record.facts, 1) if entry.batch == number), None)
        if first is None:
            report.differs("batch_unused", batch=number)
        if not is_held(batch, statement, keys, report):
            report.differs("signature_wrong", first, batch=number)
    for place, entry in enumerate(record.facts, 1):
        _check_entry(record, place, entry, report)


def _check_entry(record: AuctionRecord, place: int, entry: RecordEntry, report: Report) -> None:
    if entry.batch is None or entry.index is None:
        report.differs("not_signed", place)
        return
    if not 0 <= entry.batch < len(record.batches):
        report.differs("malformed", place, where=f"facts/{place - 1}/batch")
        return
    batch = record.batches[entry.batch]
    try:
        leaf = leaf_of(UUID(record.auction.id), entry.seq, bytes.fromhex(entry.hash))
    except (ValueError, OverflowError):
        report.differs("malformed", place, where="auction/id")
        return
    root = root_of_path(leaf, entry.index, batch.size, [bytes.fromhex(step) for step in entry.path])
    if root is None or root.hex() != batch.root:
        report.differs("not_what_was_signed", place, fault=f"batch {entry.batch}")


def is_held(
    part: RecordBatch | RecordHead,
    statement: Mapping[str, Any],
    keys: Mapping[str, RecordKey],
    report: Report,
) -> bool:
    """Whether the signature of a part is that of a key of its time over the statement."""
    key = keys.get(part.key_id)
    if key is None:
        report.differs("key_unknown", key_id=part.key_id)
        return False
    late = key.valid_until is not None and part.signed_at > key.valid_until
    if part.signed_at < key.valid_from or late:
        report.differs("key_out_of_time", key_id=part.key_id)
    return is_signed(statement, bytes.fromhex(part.signature), bytes.fromhex(key.public_key))


def check_head(record: AuctionRecord, keys: Mapping[str, RecordKey], report: Report) -> None:
    """The head that was signed at the close is the last entry."""
    head, last = record.head, len(record.facts)
    if head.algorithm != HEAD_ALGORITHM:
        report.differs("algorithm_unknown", algorithm=head.algorithm)
        return
    statement = head_statement(
        auction_id=record.auction.id,
        seq=head.seq,
        digest=head.hash,
        key_id=head.key_id,
        signed_at=head.signed_at,
    )
    if not is_held(head, statement, keys, report):
        report.differs("head_signature_wrong", last)
    if head.seq != last:
        report.differs("head_not_the_last", min(head.seq, last) + 1, head=head.seq, last=last)
    elif record.facts and record.facts[-1].hash != head.hash:
        report.differs("head_hash_differs", last)


def committed_texts(payload: Mapping[str, Any]) -> dict[str, str]:
    """The commitments that an entry's payload holds in the place of texts, by field."""
    return {
        name: value["commitment"]
        for name, value in payload.items()
        if isinstance(value, dict) and set(value) == {"commitment"} and isinstance(value["commitment"], str)
    }


def check_texts(facts: Sequence[RecordEntry], report: Report) -> None:
    """Every committed text is there as it was, or its redaction is."""
    for place, entry in enumerate(facts, 1):
        committed = committed_texts(entry.payload)
        for name in entry.texts.keys() - committed.keys():
            report.differs("text_unknown", place, field=name)
        for name, wanted in committed.items():
            text = entry.texts.get(name)
            if text is None or (text.text is None and text.redaction is None):
                report.differs("text_missing", place, field=name)
            elif text.redaction is not None:
                if text.text is not None or text.salt is not None:
                    report.differs("text_altered", place, field=name)
                report.note(
                    "text_redacted",
                    place,
                    field=name,
                    reason=text.redaction.reason,
                    at=text.redaction.at,
                )
            elif text.salt is None or not _opens(wanted, text.salt, text.text):
                report.differs("text_altered", place, field=name)


def _opens(wanted: str, salt: str, text: str | None) -> bool:
    try:
        return commitment(bytes.fromhex(salt), text) == wanted
    except TypeError:
        return False
