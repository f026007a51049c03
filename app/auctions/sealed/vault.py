"""What must not be read in tables: each slot's envelope, whose it is and when it came, encrypted with a key that lives
outside the database (derived from the setting `secret_key`), in blobs of equal length.
"""

import hmac
import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy.ext.asyncio import AsyncSession

from app.config import Settings
from app.identity.errors import SealingNotConfigured
from app.kit.canonical import canonical
from app.kit.dates import wire
from app.sealing.wire import Envelope, Place

NAME: Final = "vault"
NONCE_BYTES: Final = 12
NOBODY: Final = UUID(int=0)
NEVER: Final = "0000-00-00T00:00:00.000000Z"
USER_DIGITS: Final = 32
TIME_DIGITS: Final = 16
PASS_DIGITS: Final = USER_DIGITS + TIME_DIGITS + 64
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


@dataclass(frozen=True)
class Holder:
    """For whom a slot is kept: a registration; and, once he has sealed, by whom and when."""

    registration_id: UUID
    user_id: UUID | None = None
    received_at: datetime | None = None


@dataclass(frozen=True)
class Kept:
    """What a slot holds. holder: None for a dummy that only hides how many bidders there are."""

    envelope: Envelope
    holder: Holder | None


@dataclass(frozen=True)
class Shown:
    """A pass that was found to be real: to whom it was given, and at which market time."""

    user_id: UUID
    given_at: datetime


class Vault:
    """The market's own keys for sealed sales. Without a secret it refuses."""

    def __init__(self, secret: str | None) -> None:
        self._resting = _derive(secret, b"jishi envelopes at rest") if secret else None
        self._passing = _derive(secret, b"jishi envelope passes") if secret else None
        self._opening = _derive(secret, b"jishi server sealed opening") if secret else None

    @classmethod
    def of(cls, settings: Settings) -> "Vault":
        """The vault that these settings describe."""
        return cls(settings.secret_key.get_secret_value() if settings.secret_key else None)

    def keep(self, kept: Kept) -> bytes:
        """A slot's blob: as long for everybody, and another one each time."""
        holder = kept.holder
        told = {
            "at": wire(holder.received_at) if holder and holder.received_at else NEVER,
            "envelope": kept.envelope.model_dump(mode="json"),
            "registration": str(holder.registration_id if holder else NOBODY),
            "user": str(holder.user_id if holder and holder.user_id else NOBODY),
        }
        nonce = secrets.token_bytes(NONCE_BYTES)
        bound = kept.envelope.place.told("jishi-slot-1")
        return nonce + AESGCM(_asked(self._resting)).encrypt(nonce, canonical(told), bound)

    def read(self, blob: bytes, place: Place) -> Kept:
        """What a blob holds. Raises InvalidTag where it was changed, moved or kept with another key."""
        bound = place.told("jishi-slot-1")
        told = json.loads(
            AESGCM(_asked(self._resting)).decrypt(blob[:NONCE_BYTES], blob[NONCE_BYTES:], bound)
        )
        registration, user = UUID(told["registration"]), UUID(told["user"])
        holder = Holder(
            registration,
            None if user == NOBODY else user,
            None if told["at"] == NEVER else datetime.fromisoformat(told["at"]),
        )
        return Kept(Envelope.model_validate(told["envelope"]), None if registration == NOBODY else holder)

    def pass_of(self, place: Place, registration_id: UUID, user_id: UUID, at: datetime) -> str:
        """The pass, given at market time `at`, with which an envelope is handed in without saying who one is.

        112 hexadecimal digits: the user, the time in microseconds, and what nobody else can write under them.
        """
        told = place.told("jishi-pass-2", at=wire(at), registration=str(registration_id), user=str(user_id))
        micros = (at - _EPOCH) // _MICROSECOND
        return (
            f"{user_id.hex}{micros:0{TIME_DIGITS}x}{hmac.digest(_asked(self._passing), told, 'sha256').hex()}"
        )

    def holder_of_pass(self, shown: str, place: Place, registration_id: UUID) -> Shown | None:
        """To whom a pass was given and when, or None where it is not this envelope's."""
        try:
            user_id = UUID(hex=shown[:USER_DIGITS])
            micros = int(shown[USER_DIGITS : USER_DIGITS + TIME_DIGITS], 16)
            at = _EPOCH + micros * _MICROSECOND
        except (ValueError, OverflowError):
            return None
        due = self.pass_of(place, registration_id, user_id, at)
        return Shown(user_id, at) if hmac.compare_digest(shown.encode(), due.encode()) else None

    @property
    def opener(self) -> X25519PrivateKey:
        """The market's own key of sales that it seals itself."""
        return X25519PrivateKey.from_private_bytes(_asked(self._opening))


def vault_of(session: AsyncSession) -> Vault:
    """The vault of this session's process; one that refuses where none was lent."""
    found: Vault | None = session.info.get(NAME)
    return found or Vault(None)


def _asked(key: bytes | None) -> bytes:
    if key is None:
        raise SealingNotConfigured()
    return key


def _derive(secret: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(secret.encode())
