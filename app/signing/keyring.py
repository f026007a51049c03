"""The keyring: opens the market's key, or makes it. One in each process, lent to every session of its database.

The key is kept in a file (`signing_key_file`), else as a row sealed with `secret_key`, else, in a sandbox only, as an
open row: its signatures prove nothing there that anybody should rely on. A live market without a secret does not sign.
"""

import secrets
from pathlib import Path
from typing import Final

import structlog
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from sqlalchemy.ext.asyncio import AsyncSession

from app.config import Settings
from app.db import plain
from app.db.clock import Clock
from app.signing import repository
from app.signing.errors import SigningNotConfigured
from app.signing.port import KeySigner
from app.signing.tables import SigningKeyRow

log = structlog.get_logger()

NAME: Final = "keyring"
NONCE_BYTES: Final = 12


class Keyring:
    """Where this process finds the key that signs now."""

    def __init__(self, secret: str | None, key_file: Path | None = None) -> None:
        self._sealing = _derive(secret) if secret else None
        self._file = KeySigner(_read(key_file)) if key_file is not None else None
        self._opened: dict[str, KeySigner] = {}
        self.latest: KeySigner | None = None
        """Who signed last in this process: the one who signs now, unless the key has changed since."""

    @classmethod
    def of(cls, settings: Settings) -> "Keyring":
        """The keyring that these settings describe."""
        secret = settings.secret_key.get_secret_value() if settings.secret_key else None
        return cls(secret, settings.signing_key_file)

    async def signer(self, session: AsyncSession) -> KeySigner:
        """Who signs now: one small read. The first call ever makes the key, in the caller's transaction.

        Raises `SigningNotConfigured` where a live market has neither a secret nor a file, or the wrong ones.
        """
        self.latest = await self._find(session)
        return self.latest

    async def _find(self, session: AsyncSession) -> KeySigner:
        row = await repository.active_key(session)
        if self._file is not None and (row is None or row.id != self._file.key_id):
            await self._adopt(session, self._file)
            return self._file
        if row is None:
            await self._make(session)
            row = await repository.active_key(session)
            assert row is not None
        if row.id not in self._opened:
            self._opened[row.id] = self._open(row)
        return self._opened[row.id]

    async def rotate(self, session: AsyncSession) -> str:
        """Retire the key that signs now and make another. Returns the new one's name."""
        if self._file is not None:
            await self._adopt(session, self._file)
            return self._file.key_id
        await repository.retire_active(session, await Clock().read(session))
        await self._make(session)
        return (await self.signer(session)).key_id

    async def _adopt(self, session: AsyncSession, signer: KeySigner) -> None:
        """Let the file's key sign from now on; the key before it is retired."""
        await repository.retire_active(session, await Clock().read(session))
        await repository.add_key(
            session,
            key_id=signer.key_id,
            public_key=signer.public_key,
            private_sealed=None,
            kept="file",
        )

    async def _make(self, session: AsyncSession) -> None:
        private_key = Ed25519PrivateKey.generate()
        signer = KeySigner(private_key)
        if self._sealing is None and not await repository.is_sandbox(session):
            raise SigningNotConfigured()
        await repository.add_key(
            session,
            key_id=signer.key_id,
            public_key=signer.public_key,
            private_sealed=self._seal(private_key.private_bytes_raw(), signer.key_id),
            kept="sealed" if self._sealing is not None else "sandbox",
        )

    def _seal(self, seed: bytes, key_id: str) -> bytes:
        if self._sealing is None:
            return seed
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + AESGCM(self._sealing).encrypt(nonce, seed, key_id.encode())

    def _open(self, row: SigningKeyRow) -> KeySigner:
        seed = row.private_sealed
        if row.kept == "sealed" and seed is not None and self._sealing is not None:
            try:
                seed = AESGCM(self._sealing).decrypt(seed[:NONCE_BYTES], seed[NONCE_BYTES:], row.id.encode())
            except InvalidTag:
                raise SigningNotConfigured(
                    "SECRET_KEY 与封存签名密钥时的不同。",
                    "SECRET_KEY is not the one that sealed the signing key.",
                ) from None
        elif row.kept != "sandbox":
            seed = None
        if seed is None:
            raise SigningNotConfigured()
        return KeySigner(Ed25519PrivateKey.from_private_bytes(seed))


async def signer_of(session: AsyncSession, *, remembered: bool = False) -> KeySigner | None:
    """Who signs for this session's process, or None where nobody can: that is logged, and nothing waits for it.

    remembered: who signed last will do, if anybody has.
    """
    keyring: Keyring | None = session.info.get(NAME)
    if keyring is None:
        return None
    if remembered and keyring.latest is not None:
        return keyring.latest
    await plain.settle(session)
    try:
        return await keyring.signer(session)
    except SigningNotConfigured as refusal:
        log.error("not_signed", reason=refusal.detail_en)
        return None


def forget_signer(session: AsyncSession) -> None:
    """Whoever signed last does not any more."""
    keyring: Keyring | None = session.info.get(NAME)
    if keyring is not None:
        keyring.latest = None


def _derive(secret: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"jishi signing key seal").derive(
        secret.encode()
    )


def _read(path: Path) -> Ed25519PrivateKey:
    key = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError(f"{path} holds no Ed25519 key")
    return key
