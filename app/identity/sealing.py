"""Identity numbers of natural persons: stored as a keyed hash, to find doubles, and sealed, to be read on demand.

Both keys are derived from the setting `secret_key`. A number is never logged and never answered.
"""

import hmac
import secrets
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.identity.errors import SealingNotConfigured

FORM = b"\x01"
NONCE_BYTES = 12


class Sealer:
    """Hashes and seals identity numbers; without a secret key it refuses to."""

    def __init__(self, secret: str | None) -> None:
        self._hashing = _derive(secret, b"jishi person number hash") if secret else None
        self._sealing = _derive(secret, b"jishi person number seal") if secret else None

    def fingerprint(self, number: str) -> bytes:
        """The keyed hash by which the same number is found again."""
        if self._hashing is None:
            raise SealingNotConfigured()
        return hmac.digest(self._hashing, number.encode(), "sha256")

    def seal(self, number: str, party_id: UUID) -> bytes:
        """The number encrypted for one party's row; it cannot be moved to another's."""
        if self._sealing is None:
            raise SealingNotConfigured()
        nonce = secrets.token_bytes(NONCE_BYTES)
        return FORM + nonce + AESGCM(self._sealing).encrypt(nonce, number.encode(), FORM + party_id.bytes)

    def open(self, sealed: bytes, party_id: UUID) -> str:
        """The number. Raises InvalidTag if the row, the key or the bytes are not those of sealing."""
        if self._sealing is None:
            raise SealingNotConfigured()
        nonce, text = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        return AESGCM(self._sealing).decrypt(nonce, text, sealed[:1] + party_id.bytes).decode()


def _derive(secret: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(secret.encode())
