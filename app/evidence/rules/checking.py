"""Verifying a record or a receipt, whole. Nothing here reads a file or a network: bytes in, a report out."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from pydantic import TypeAdapter, ValidationError

from app.auctions.rules import facts
from app.auctions.rules.facts import Fact
from app.auctions.rules.record import fact_of, payload_of
from app.auctions.rules.snapshot import Snapshot
from app.auctions.rules.terms import Terms, Timetable
from app.evidence.rules.chain import (
    check_chain,
    check_head,
    check_keys,
    check_signatures,
    check_texts,
    committed_texts,
)
from app.evidence.rules.envelopes import check_envelopes
from app.evidence.rules.findings import Report
from app.evidence.rules.judging import check_ended, check_proxies, replay
from app.evidence.rules.notices import NOTICE_SCHEMA, verify_notice
from app.evidence.rules.outages import check_outages
from app.evidence.rules.shape import SCHEMA, AuctionRecord, RecordEntry
from app.kit.canonical import canonical
from app.kit.dates import wire
from app.signing.rules.receipts import verify_receipt

TERMS: Final = TypeAdapter(Terms)
TIMETABLE: Final = TypeAdapter(Timetable)


def is_receipt(told: Any) -> bool:
    """Whether a document looks like a receipt rather than a record."""
    return isinstance(told, dict) and "schema" not in told and {"path", "root", "signature"} <= set(told)


def verify_record(told: Any, *, pinned: Mapping[str, bytes] | None = None) -> Report:
    """Check everything that a sale's or a notice's record says. `pinned`: keys that the reader had before; else the
    record's own count.
    """
    if isinstance(told, dict) and told.get("schema") == NOTICE_SCHEMA:
        return verify_notice(told, pinned=pinned)
    report = Report()
    record = _read(told, report)
    if record is None:
        return report
    report.facts = len(record.facts)
    check_chain(record, report)
    keys = check_keys(record.keys, pinned, report)
    check_signatures(record, keys, report)
    check_head(record, keys, report)
    check_texts(record.facts, report)
    found = _facts(record.facts, report)
    if found is None:
        return report
    now = replay(found, report)
    check_proxies(found, report)
    check_outages(found, report)
    check_envelopes(record.auction.id, found, report)
    if now is not None and now.seq == len(found):
        check_ended(now, report)
        _check_claims(record, found, now, report)
    return report


def _read(told: Any, report: Report) -> AuctionRecord | None:
    schema = told.get("schema") if isinstance(told, dict) else None
    if schema != SCHEMA:
        report.differs("schema_unknown", schema=str(schema)[:60])
        return None
    try:
        return AuctionRecord.model_validate(told)
    except ValidationError as error:
        for first in error.errors(include_url=False, include_input=False)[:20]:
            where = [str(part) for part in first["loc"]]
            seq = int(where[1]) + 1 if where[0] == "facts" and len(where) > 1 else None
            report.differs("malformed", seq, where="/".join(where))
        return None


def _facts(entries: Sequence[RecordEntry], report: Report) -> list[Fact] | None:
    """The facts of the entries, or None where one of them is none: then there is nothing to replay."""
    found: list[Fact] = []
    for place, entry in enumerate(entries, 1):
        try:
            texts = {name: text.text for name, text in entry.texts.items() if text.text is not None}
            fact = fact_of(
                seq=entry.seq,
                at=datetime.fromisoformat(entry.at),
                kind=entry.kind,
                payload=entry.payload,
                texts=texts,
            )
            same = canonical(payload_of(fact, committed_texts(entry.payload))) == canonical(entry.payload)
        except (ValidationError, ValueError, TypeError, KeyError) as error:
            report.differs("not_a_fact", place, why=str(error).splitlines()[0])
            return None
        if not same:
            report.differs(
                "not_a_fact", place, why="its payload has another spelling than the documented one"
            )
            return None
        found.append(fact)
    return found


def _check_claims(record: AuctionRecord, found: Sequence[Fact], now: Snapshot, report: Report) -> None:
    """What the record says beside its facts is what the replay reached."""
    bids = [fact for fact in found if isinstance(fact, facts.BidPlaced)]
    _check_bids(record, bids, report)
    ending = found[-1]
    won = ending if isinstance(ending, facts.KnockedDown) else None
    reached: dict[str, Any] = {
        "status": str(now.status),
        "bidder_code": won.bidder_code if won else None,
        "amount_minor": won.amount_minor if won else None,
        "ended_at": wire(ending.at),
        "ends_at": wire(now.ends_at) if now.ends_at else None,
        "extension_count": now.extension_count,
        "bid_count": now.bid_no,
        "by_priority": won is not None and won.by_priority,
    }
    report.outcome = reached
    for name, value in reached.items():
        _same(report, f"outcome/{name}", getattr(record.outcome, name), value)
    if record.outcome.award_minor is not None or won is None:
        _same(report, "outcome/award_minor", record.outcome.award_minor, reached["amount_minor"])
    _same(report, "terms", record.terms, TERMS.dump_python(now.terms, mode="json"))
    table = {name: wire(at) for name, at in vars(now.timetable).items()} if now.timetable else {}
    _same(report, "timetable", record.timetable, table)


def _check_bids(record: AuctionRecord, bids: Sequence[facts.BidPlaced], report: Report) -> None:
    if len(bids) != len(record.bids):
        report.differs("bid_count_differs", found=len(record.bids), expected=len(bids))
    listed = {bid.bid_no: bid for bid in record.bids}
    for bid in bids:
        told = listed.get(bid.bid_no)
        wanted = (bid.seq, bid.bidder_code, bid.amount_minor, str(bid.via), wire(bid.at))
        if told is None or (told.seq, told.bidder_code, told.amount_minor, told.via, told.at) != wanted:
            report.differs("bid_differs", bid.seq, bid_no=bid.bid_no)


def _same(report: Report, name: str, found: Any, expected: Any) -> None:
    if found != expected:
        report.differs("claim_differs", name=name, found=_short(found), expected=_short(expected))


def _short(value: Any) -> str:
    told = canonical(value).decode()
    return told if len(told) <= 200 else told[:200] + "…"


def verify_one_receipt(
    told: Any, *, keys: Mapping[str, bytes], record: Any = None, pinned: Mapping[str, bytes] | None = None
) -> Report:
    """Check a receipt by itself, and against a record where one is given."""
    report = Report(facts=1)
    fault = verify_receipt(told, keys) if isinstance(told, dict) else None
    if fault is not None or not isinstance(told, dict):
        report.differs(str(fault) if fault else "receipt_malformed")
        return report
    if record is None:
        return report
    parsed = _read(record, report)
    if parsed is None:
        return report
    if told["auction_id"] != parsed.auction.id:
        report.differs("receipt_of_another_sale", auction_id=told["auction_id"])
        return report
    entry = next((one for one in parsed.facts if one.seq == told["seq"]), None)
    if entry is None:
        report.differs("receipt_not_in_record", told["seq"])
    elif entry.hash != told["hash"]:
        report.differs("receipt_differs_from_record", told["seq"])
    return report


def keys_of(told: Any) -> dict[str, bytes]:
    """Public keys of a record or of an answer of `GET /v1/keys`, by their names. Raises `ValueError` for anything else."""
    rows = told.get("keys", told.get("data")) if isinstance(told, dict) else None
    if not isinstance(rows, list):
        raise ValueError("neither a record nor a list of keys")
    try:
        return {row["id"]: bytes.fromhex(row["public_key"]) for row in rows}
    except (KeyError, TypeError) as error:
        raise ValueError(f"not a key: {error}") from None


def sale_of(told: Any) -> UUID | None:
    """Which sale a record is of, as it says itself."""
    try:
        return UUID(told["auction"]["id"])
    except (KeyError, TypeError, ValueError):
        return None
