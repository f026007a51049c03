"""Making an evidence pack: gathered, read, signed and put on record; nothing of it is kept here but its digest."""

import hashlib
import json
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from app.db.clock import Clock
from app.db.numbers import random_number
from app.events.tables import EventRow
from app.evidence.errors import PackTooLarge
from app.evidence.queries.packs import Gathered, redacted
from app.evidence.repository import add_pack
from app.evidence.rules.packs import (
    BYTES_MAX,
    MANIFEST,
    PACK_ALGORITHM,
    PACK_SCHEMA,
    SIGNATURE,
    pack_statement,
)
from app.evidence.rules.pages import Moment, Section, page
from app.evidence.tables import EvidencePackRow
from app.files import actions as files
from app.files.queries import FileFact
from app.files.states import ReadWay
from app.files.store import Store
from app.identity.access import Actor
from app.identity.queries import party_names
from app.kit.canonical import canonical
from app.kit.dates import beijing, wire
from app.kit.errors import Again
from app.signing import queries as signing
from app.signing.errors import SigningNotConfigured
from app.signing.keyring import signer_of
from app.signing.port import KeySigner

NUMBER_PREFIX: Final = "BG"
FILES_BYTES_MAX: Final = BYTES_MAX // 4
_NAMES: Final = ("number", "title", "status", "text", "answer", "amount", "reason", "outcome")


@dataclass(frozen=True)
class Pack:
    """A pack that was made: its number, and the file that holds it, which whoever gives it out removes."""

    number: str
    path: Path
    size: int
    manifest_sha256: bytes


@dataclass(frozen=True)
class Order:
    """Whose pack it is, its number and moment, and who signs it with which published keys."""

    number: str
    at: datetime
    made_for: str
    signer: KeySigner
    keys: list[dict[str, Any]]


async def order_pack(session: AsyncSession, clock: Clock, *, actor: Actor, found: Gathered) -> Order:
    """Take a number and a signer for a pack of what was gathered. Raises `PackTooLarge`, `SigningNotConfigured`."""
    if sum(fact.size for _, fact in found.files.values()) > FILES_BYTES_MAX:
        raise PackTooLarge(limit_bytes=FILES_BYTES_MAX)
    signer = await signer_of(session)
    if signer is None:
        raise SigningNotConfigured()
    published = [one.model_dump(mode="json") for one in (await signing.keys(session)).data]
    names = await party_names(session, [actor.party_id])
    at = await clock.read(session)
    return Order(
        number=random_number(NUMBER_PREFIX, at),
        at=at,
        made_for=names[actor.party_id],
        signer=signer,
        keys=[
            {name: one[name] for name in ("id", "public_key", "valid_from", "valid_until")}
            for one in published
        ],
    )


def write_pack(found: Gathered, order: Order, store: Store) -> Pack:
    """Write and sign the pack: for a thread, outside of any transaction. Raises `FileDamaged` where a file has gone."""
    head = {
        "schema": PACK_SCHEMA,
        "number": order.number,
        "made_at": wire(order.at),
        "made_for": order.made_for,
        "subject": {
            "id": str(found.row.id),
            "number": found.row.number,
            "title": found.row.title,
            "seller_name": found.seller_name,
        },
    }
    path = _open()
    try:
        manifest = _write(path, found, head, order.keys, store)
        digest = hashlib.sha256(manifest).digest()
        key_id, signed_at = order.signer.key_id, wire(order.at)
        statement = pack_statement(manifest_sha256=digest.hex(), key_id=key_id, signed_at=signed_at)
        signed = {
            "algorithm": PACK_ALGORITHM,
            "key_id": key_id,
            "signed_at": signed_at,
            "manifest_sha256": digest.hex(),
            "signature": order.signer.sign(statement).value.hex(),
        }
        return Pack(order.number, path, _sign(path, manifest, signed), digest)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


async def record_pack(
    session: AsyncSession, *, actor: Actor, found: Gathered, order: Order, pack: Pack
) -> None:
    """Put a pack on record before it leaves, unless the law has taken something of it away meanwhile.

    Raises `Again` then: the pack is made anew, without it.
    """
    if await redacted(session, found) != found.redacted:
        raise Again()
    for _, fact in found.files.values():
        if fact.redacted_at is None:
            await files.note_read(session, file_id=fact.id, actor=actor, way=ReadWay.PACKED)
    await add_pack(
        session,
        EvidencePackRow(
            number=pack.number,
            offering_id=found.row.id,
            party_id=actor.party_id,
            user_id=actor.user_id,
            manifest_sha256=pack.manifest_sha256,
            key_id=order.signer.key_id,
            size=pack.size,
            made_at=order.at,
        ),
    )


def _open() -> Path:
    with tempfile.NamedTemporaryFile(prefix="jishi-pack-", suffix=".zip", delete=False) as file:
        return Path(file.name)


def _write(
    path: Path, found: Gathered, head: Mapping[str, Any], keys: list[dict[str, Any]], store: Store
) -> bytes:
    """Write all items, the page last. Gives the manifest."""
    items: list[dict[str, Any]] = []
    sections: list[Section] = []
    absent = [_absent(title, fact) for title, fact in found.files.values() if fact.redacted_at is not None]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:

        def put(name: str, kind: str, title: str, data: bytes, content: Any = None) -> None:
            archive.writestr(name, data)
            digest = hashlib.sha256(data).hexdigest()
            items.append({"path": name, "kind": kind, "title": title, "size": len(data), "sha256": digest})
            sections.append(Section(title, name, digest, content))

        for name, (kind, title, value) in found.documents.items():
            put(name, kind, title, canonical(value), value)
        for name, (title, fact) in found.files.items():
            if fact.redacted_at is None:
                put(name, "file", title, _blob(store, fact))
        put("keys.json", "keys", "公钥及有效期", canonical({"data": keys}))
        put("index.html", "page", "可读目录", _page(found, head, sections, absent))
    return json.dumps(
        {**head, "items": items, "absent": absent, "keys": keys}, ensure_ascii=False, indent=1
    ).encode()


def _blob(store: Store, fact: FileFact) -> bytes:
    assert fact.store_key is not None
    return store.read(fact.store_key, fact.sha256)


def _absent(title: str, fact: FileFact) -> dict[str, Any]:
    assert fact.redacted_at is not None
    return {
        "title": title,
        "size": fact.size,
        "sha256": fact.sha256.hex(),
        "reason": fact.taken_reason or "",
        "at": wire(fact.redacted_at),
    }


def _page(
    found: Gathered, head: Mapping[str, Any], sections: list[Section], absent: list[dict[str, Any]]
) -> bytes:
    made = datetime.fromisoformat(head["made_at"])
    facts = [
        ("证据包编号", head["number"]),
        ("交易项目", f"{found.row.number} {found.row.title}"),
        ("出让方", found.seller_name),
        ("为何方制作", head["made_for"]),
        ("制作时间", f"{beijing(made):%Y-%m-%d %H:%M:%S}（北京时间）"),
    ]
    return page(
        title=f"证据包 {head['number']} · {found.row.title}",
        facts=facts,
        moments=[_moment(event) for event in found.events],
        sections=sections,
        absent=[(one["title"], one["reason"]) for one in absent],
    )


def _moment(event: EventRow) -> Moment:
    told = [f"{name}: {event.payload[name]}" for name in _NAMES if event.payload.get(name) not in (None, "")]
    return Moment(event.at, event.kind, " · ".join(told) or event.kind)


def _sign(path: Path, manifest: bytes, signed: Mapping[str, Any]) -> int:
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(MANIFEST, manifest)
        archive.writestr(SIGNATURE, canonical(signed))
    return path.stat().st_size
