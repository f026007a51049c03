"""Keys: made when first needed, sealed at rest, rotated, and published for ever."""

from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.clock import Clock
from app.db.session import Database
from app.kit.ids import new_id
from app.signing import repository
from app.signing.actions import sign_entries
from app.signing.errors import SigningNotConfigured
from app.signing.keyring import Keyring
from app.signing.queries import keys
from app.signing.rules.receipts import Entry, verify_receipt
from app.signing.rules.statements import is_signed

SECRET = "a secret for tests, thirty-two characters and more"
AT = datetime(2026, 11, 25, tzinfo=UTC)


def entries(chain_id: UUID, *seqs: int) -> list[Entry]:
    return [Entry(chain_id, seq, sha256(bytes([seq])).digest()) for seq in seqs]


async def test_the_first_who_signs_makes_the_key_and_every_process_opens_it(session: AsyncSession) -> None:
    made = await Keyring(SECRET).signer(session)
    again = await Keyring(SECRET).signer(session)
    assert again.key_id == made.key_id
    assert is_signed({"a": 1}, made.sign({"a": 1}).value, again.public_key)
    (told,) = (await keys(session)).data
    assert (told.id, told.public_key, told.status) == (made.key_id, made.public_key.hex(), "active")


async def test_a_sealed_key_opens_with_its_secret_only(session: AsyncSession) -> None:
    signer = await Keyring(SECRET).signer(session)
    row = await repository.active_key(session)
    assert row is not None and row.private_sealed is not None
    assert row.kept == "sealed" and len(row.private_sealed) == 12 + 32 + 16
    assert signer.public_key not in row.private_sealed
    for secret in (None, SECRET + "!"):
        with pytest.raises(SigningNotConfigured):
            await Keyring(secret).signer(session)


async def test_a_sandbox_without_a_secret_signs_all_the_same(session: AsyncSession) -> None:
    made = await Keyring(None).signer(session)
    assert (await Keyring(SECRET).signer(session)).key_id == made.key_id


async def test_a_rotated_key_forgets_its_private_half_and_stays_published(session: AsyncSession) -> None:
    keyring = Keyring(SECRET)
    old = await keyring.signer(session)
    new_key_id = await keyring.rotate(session)
    assert (await keyring.signer(session)).key_id == new_key_id != old.key_id
    told = {key.id: key for key in (await keys(session)).data}
    assert set(told) == {old.key_id, new_key_id}
    assert (told[old.key_id].status, told[new_key_id].status) == ("retired", "active")
    assert told[old.key_id].valid_until is not None and told[new_key_id].valid_until is None
    kept = await session.execute(text("SELECT count(*) FROM signing_keys WHERE private_sealed IS NOT NULL"))
    assert kept.scalar_one() == 1


async def test_a_key_from_a_file_takes_over(session: AsyncSession, tmp_path: Path) -> None:
    await Keyring(SECRET).signer(session)
    key = Ed25519PrivateKey.generate()
    path = tmp_path / "key.pem"
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    signer = await Keyring(SECRET, path).signer(session)
    assert signer.public_key == key.public_key().public_bytes_raw()
    assert [told.status for told in (await keys(session)).data].count("active") == 1
    # Who has the file's name only cannot sign with it.
    with pytest.raises(SigningNotConfigured):
        await Keyring(SECRET).signer(session)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM signing_keys",
        "UPDATE signing_keys SET public_key = decode(repeat('00', 32), 'hex')",
        "UPDATE signing_keys SET valid_from = valid_from - interval '1 day'",
        "UPDATE signed_batches SET size = 9",
        "DELETE FROM signed_ranges",
    ],
)
async def test_what_was_published_cannot_be_changed(session: AsyncSession, statement: str) -> None:
    await sign_entries(session, entries(new_id(), 1), AT)
    with pytest.raises(IntegrityError):
        await session.execute(text(statement))


async def test_a_batch_is_stored_with_the_ranges_of_its_chains(session: AsyncSession) -> None:
    first, second = new_id(), new_id()
    batch = await sign_entries(session, entries(first, 3, 4, 5) + entries(second, 1), AT)
    assert batch is not None
    ((one, stored),) = await repository.ranges_of(session, first)
    ((two, same),) = await repository.ranges_of(session, second)
    assert (one.first_seq, one.last_seq, one.first_index) == (3, 5, 0)
    assert (two.first_seq, two.last_seq, two.first_index) == (1, 1, 3)
    assert stored.id == same.id and (stored.root, stored.size) == (batch.root, 4)
    public = {key.id: bytes.fromhex(key.public_key) for key in (await keys(session)).data}
    assert [verify_receipt(batch.receipt(index), public) for index in range(4)] == [None] * 4


async def test_an_entry_is_in_one_batch_only(session: AsyncSession) -> None:
    chain = new_id()
    await sign_entries(session, entries(chain, 1, 2), AT)
    with pytest.raises(IntegrityError):
        await sign_entries(session, entries(chain, 1, 2), AT)


async def test_a_process_without_a_keyring_adds_nothing(database: Database) -> None:
    async with Database(database.engine.url.render_as_string(hide_password=False)).transaction() as session:
        assert await sign_entries(session, entries(new_id(), 1), AT) is None


async def test_anybody_reads_the_keys(client: httpx.AsyncClient, database: Database) -> None:
    async with database.transaction() as session:
        signer = await Keyring(SECRET).signer(session)
        at = await Clock().read(session)
    told = (await client.get("/v1/keys")).json()["data"]
    (key,) = [key for key in told if key["id"] == signer.key_id]
    assert key["public_key"] == signer.public_key.hex() and key["algorithm"] == "ed25519"
    assert key["valid_from"] < at.isoformat() and key["valid_until"] is None
