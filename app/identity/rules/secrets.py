"""Passwords and API keys: what is too weak, too wide or unfit for the place. Pure. Source: house rule."""

import unicodedata
from typing import Literal

from app.identity.errors import ApiKeyKindUnfit, PasswordWeak, ScopeTooWide
from app.identity.permissions import Permission

PASSWORD_MIN, PASSWORD_MAX = 10, 128
DIFFERENT_MIN = 5

UNKEYED = frozenset({Permission.MEMBER_MANAGE, Permission.API_KEY_MANAGE})
"""What no key may do: a stolen key must not be able to make itself followers."""


def fold_login(login: str) -> str:
    """One spelling of a login: width and case do not tell people apart."""
    return unicodedata.normalize("NFKC", login).strip().casefold()


def check_password(password: str, login: str, *, field: str = "/body/password") -> None:
    """Refuse a password that is quickly guessed. Length counts; kinds of characters are not prescribed."""
    local = fold_login(login).split("@", 1)[0]
    if not PASSWORD_MIN <= len(password) <= PASSWORD_MAX:
        raise PasswordWeak(
            f"密码长度应为 {PASSWORD_MIN} 至 {PASSWORD_MAX} 个字符。",
            f"A password has {PASSWORD_MIN} to {PASSWORD_MAX} characters.",
            field=field,
        )
    if len(set(password)) < DIFFERENT_MIN:
        raise PasswordWeak(
            f"密码至少包含 {DIFFERENT_MIN} 个不同的字符。",
            f"A password has at least {DIFFERENT_MIN} different characters.",
            field=field,
        )
    if len(local) >= 4 and local in fold_login(password):
        raise PasswordWeak("密码不能包含登录名。", "A password does not contain the login.", field=field)


def check_scopes(wanted: frozenset[Permission], held: frozenset[Permission]) -> None:
    """A key may do at most what its maker may do, and never manage people or keys."""
    too_wide = wanted - (held - UNKEYED)
    if too_wide:
        named = ", ".join(sorted(too_wide))
        raise ScopeTooWide(f"密钥不能包含：{named}。", f"The key cannot have: {named}.", field="/body/scopes")


def check_key_kind(kind: Literal["live", "test"], database_kind: Literal["live", "sandbox"]) -> None:
    """A sandbox gives test keys and a live market live ones: neither would be good for anything in the other."""
    wanted = "test" if database_kind == "sandbox" else "live"
    if kind != wanted:
        raise ApiKeyKindUnfit(
            f"此环境只发放 {wanted} 密钥。",
            f"Only {wanted} keys are made here.",
            field="/body/kind",
            kind=wanted,
        )
