"""Secrets that people and programs show: making them, hashing them. Pure, but for the source of randomness."""

import hashlib
import hmac
import secrets
import string
import zlib
from typing import Literal

_BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase
SECRET_LENGTH = 43  # 43 characters of base 62 carry just over 256 bits.
CHECK_LENGTH = 6
TOPIC = "credentials"
"""What is announced when a credential ended, or what its holder may do has changed."""


def new_session_token() -> str:
    """A session's secret, for the cookie."""
    return secrets.token_urlsafe(32)


def new_api_key(kind: Literal["live", "test"]) -> str:
    """An API key: kind, 256 random bits, and a check part by which scanners know it from noise."""
    body = f"ttm_{kind}_" + "".join(secrets.choice(_BASE62) for _ in range(SECRET_LENGTH))
    return body + _check_part(body)


def looks_like_api_key(text: str) -> bool:
    """Whether the form and the check part are right: a mistyped key is refused without asking the database."""
    body, check = text[:-CHECK_LENGTH], text[-CHECK_LENGTH:]
    return text.isascii() and body.startswith(("ttm_live_", "ttm_test_")) and check == _check_part(body)


def fingerprint(secret: str) -> bytes:
    """What is stored of a secret of 256 random bits. Not for passwords, which are guessable."""
    return hashlib.sha256(secret.encode()).digest()


def csrf_token(session_token: str) -> str:
    """The token that a page sends back in `X-CSRF-Token`. Derived, so nothing more need be stored."""
    return hmac.new(session_token.encode(), b"csrf", hashlib.sha256).hexdigest()


def _check_part(body: str) -> str:
    number, text = zlib.crc32(body.encode()), ""
    for _ in range(CHECK_LENGTH):
        number, digit = divmod(number, 62)
        text = _BASE62[digit] + text
    return text
