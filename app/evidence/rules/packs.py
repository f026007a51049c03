"""An evidence pack, `jishi/evidence-pack/1`: one ZIP with a signed manifest; and checking it, with bytes alone.

The manifest names every item with its size and SHA-256, and what is missing because the law took it away. The signature
is over the manifest's digest. The keys of all signatures within stand in the manifest with the times at which they were
the market's, so a pack stays good when keys have been rotated. `docs/evidence.md` describes the form.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictInt, StrictStr, ValidationError

from app.evidence.rules.chain import check_keys
from app.evidence.rules.checking import verify_record
from app.evidence.rules.findings import Report
from app.evidence.rules.shape import Hash, Instant, NotADocument, Part, RecordKey, read_json
from app.signing.rules.statements import is_signed

PACK_SCHEMA: Final = "jishi/evidence-pack/1"
PACK_ALGORITHM: Final = "ed25519/evidence-pack/1"
MANIFEST: Final = "manifest.json"
SIGNATURE: Final = "manifest.sig"
ENTRIES_MAX: Final = 10_000
BYTES_MAX: Final = 1024 * 1024 * 1024
MANIFEST_BYTES_MAX: Final = 16 * 1024 * 1024
RECORDS: Final = frozenset({"notice_record", "auction_record"})
"""Kinds of items that are records with chains and signatures of their own."""

Path = Annotated[
    str, Field(pattern=r"^[^/\\:*?\"<>|\x00-\x1f]+(/[^/\\:*?\"<>|\x00-\x1f]+)*$", max_length=400)
]


class PackItem(Part):
    """One file of the pack."""

    path: Path
    kind: StrictStr
    title: StrictStr
    size: StrictInt
    sha256: Hash


class PackAbsent(Part):
    """A file that belongs here and that the law took away: its digest is known, its content is gone."""

    title: StrictStr
    size: StrictInt
    sha256: Hash
    reason: StrictStr
    at: Instant


class PackSubject(Part):
    """Which offering the pack is of."""

    id: StrictStr
    number: StrictStr
    title: StrictStr
    seller_name: StrictStr


class Manifest(BaseModel):
    """What is in a pack. `schema` is its first field."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    schema_: Literal["jishi/evidence-pack/1"] = Field(alias="schema")
    number: StrictStr
    made_at: Instant
    made_for: StrictStr
    subject: PackSubject
    items: list[PackItem]
    absent: list[PackAbsent]
    keys: list[RecordKey]


class PackSignature(Part):
    """The signature of a manifest."""

    algorithm: StrictStr
    key_id: StrictStr
    signed_at: Instant
    manifest_sha256: Hash
    signature: Annotated[str, Field(pattern=r"^[0-9a-f]{128}$")]


def pack_statement(*, manifest_sha256: str, key_id: str, signed_at: str) -> dict[str, Any]:
    """What is signed."""
    return {
        "algorithm": PACK_ALGORITHM,
        "key_id": key_id,
        "kind": "evidence_pack",
        "manifest_sha256": manifest_sha256,
        "signed_at": signed_at,
    }


def is_pack(data: bytes) -> bool:
    """Whether bytes look like a pack rather than a document."""
    return data.startswith(b"PK\x03\x04")


def verify_pack(data: bytes, *, pinned: Mapping[str, bytes] | None = None) -> tuple[str, Report]:
    """Check a pack whole. Gives its title, and what was found.

    `pinned`: public keys that the reader had before, of any time; else those of the pack itself count.
    """
    report = Report()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _verify(archive, pinned, report)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, RuntimeError, ValueError) as error:
        report.differs("pack_unreadable", why=str(error)[:200])
        return "?", report


def _verify(
    archive: zipfile.ZipFile, pinned: Mapping[str, bytes] | None, report: Report
) -> tuple[str, Report]:
    infos = archive.infolist()
    names = [info.filename for info in infos]
    if len(infos) > ENTRIES_MAX or sum(info.file_size for info in infos) > BYTES_MAX:
        report.differs("pack_unreadable", why="too much in it")
        return "?", report
    for name in (
        sorted({name for name in names if names.count(name) > 1}) if len(set(names)) != len(names) else ()
    ):
        report.differs("pack_item_unknown", path=name)
    manifest = _manifest(archive, pinned, report)
    if manifest is None:
        return "?", report
    listed = {item.path for item in manifest.items}
    for name in sorted(set(names) - listed - {MANIFEST, SIGNATURE}):
        report.differs("pack_item_unknown", path=name)
    for item in manifest.items:
        _check_item(archive, item, pinned, report)
    for gone in manifest.absent:
        report.note("pack_item_redacted", title=gone.title, reason=gone.reason, at=gone.at)
    report.facts = len(manifest.items)
    return f"{manifest.number} {manifest.subject.number} {manifest.subject.title}", report


def _read(archive: zipfile.ZipFile, name: str, limit: int) -> bytes:
    """An entry, never more of it than it may have, whatever its header says."""
    with archive.open(name) as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise ValueError(f"{name} is larger than it says")
    return data


def _manifest(
    archive: zipfile.ZipFile, pinned: Mapping[str, bytes] | None, report: Report
) -> Manifest | None:
    try:
        raw = _read(archive, MANIFEST, MANIFEST_BYTES_MAX)
        told = read_json(raw)
        signed = PackSignature.model_validate(read_json(_read(archive, SIGNATURE, 65_536)))
        manifest = Manifest.model_validate(told)
    except (KeyError, NotADocument, ValidationError, json.JSONDecodeError) as error:
        report.differs("malformed", where=str(error).splitlines()[0][:200])
        return None
    keys = check_keys(manifest.keys, pinned, report)
    _check_signature(raw, signed, keys, report)
    return manifest


def _check_signature(
    raw: bytes, signed: PackSignature, keys: Mapping[str, RecordKey], report: Report
) -> None:
    if signed.algorithm != PACK_ALGORITHM:
        report.differs("algorithm_unknown", algorithm=signed.algorithm)
        return
    if hashlib.sha256(raw).hexdigest() != signed.manifest_sha256:
        report.differs("pack_manifest_altered")
    key = keys.get(signed.key_id)
    if key is None:
        report.differs("key_unknown", key_id=signed.key_id)
        return
    statement = pack_statement(
        manifest_sha256=signed.manifest_sha256, key_id=signed.key_id, signed_at=signed.signed_at
    )
    if not is_signed(statement, bytes.fromhex(signed.signature), bytes.fromhex(key.public_key)):
        report.differs("pack_signature_wrong")
    if signed.signed_at < key.valid_from or (
        key.valid_until is not None and signed.signed_at > key.valid_until
    ):
        report.differs("key_out_of_time", key_id=signed.key_id)


def _check_item(
    archive: zipfile.ZipFile, item: PackItem, pinned: Mapping[str, bytes] | None, report: Report
) -> None:
    try:
        data = _read(archive, item.path, max(item.size, 0))
    except (KeyError, ValueError, zipfile.BadZipFile, EOFError, OSError, RuntimeError, NotImplementedError):
        report.differs("pack_item_missing", path=item.path)
        return
    if len(data) != item.size or hashlib.sha256(data).hexdigest() != item.sha256:
        report.differs("pack_item_altered", path=item.path)
        return
    if item.kind in RECORDS:
        _check_record(data, item, pinned, report)


def _check_record(data: bytes, item: PackItem, pinned: Mapping[str, bytes] | None, report: Report) -> None:
    try:
        found = verify_record(read_json(data), pinned=pinned)
    except NotADocument:
        report.differs("pack_item_altered", path=item.path)
        return
    for one in found.differences[:20]:
        report.differs("pack_record_differs", path=item.path, zh=one.zh, en=one.en)
    for one in found.notes:
        report.note("pack_record_note", path=item.path, zh=one.zh, en=one.en)
