"""Rule profiles 规则方案: what a seller of this kind must obey, as data. An offering pins a profile with its version.

The profile follows the holder of what is sold, also where an agent sells for him. Every parameter carries its unit
and its source; a statute is named only where it binds this kind of seller, everything else is a house rule. Values
above a floor are the operator's; below it is refused with the source. Published versions never change: a new version
is a new document, and what runs keeps the one that it pinned.

Values for state enterprises come from texts that were replaced in 2025 and are not verified since: every answer and
every screen says so.
"""

from typing import Final

from app.identity.states import PartyKind
from app.markets.errors import SellerHasNoProfile
from app.markets.parameters import Parameter, Unit
from app.markets.profiles.documents import profile_of, shipped
from app.markets.profiles.model import NOT_VERIFIED, Profile, ProfileCode

__all__ = [
    "NOT_VERIFIED",
    "VERSIONS",
    "Parameter",
    "Profile",
    "ProfileCode",
    "Unit",
    "code_for",
    "current",
    "pinned",
    "profile_of",
]

VERSIONS: Final[tuple[Profile, ...]] = tuple(profile_of(one) for one in shipped())

_PUBLIC_UNITS: Final = (PartyKind.UNIVERSITY, PartyKind.INSTITUTE, PartyKind.HOSPITAL)
# Budgets and arms are sold by nobody here, and who runs the market does not sell on it.
_WITHOUT: Final = (PartyKind.GOVERNMENT, PartyKind.MILITARY_UNIT, PartyKind.EXCHANGE)


def code_for(kind: PartyKind, region_code: str) -> ProfileCode:
    """Whose rules bind a holder of this kind and region. Raises `SellerHasNoProfile` for who cannot sell."""
    if kind in _WITHOUT:
        raise SellerHasNoProfile(party_kind=str(kind))
    if kind is PartyKind.STATE_ENTERPRISE:
        return ProfileCode.SOE
    if kind not in _PUBLIC_UNITS:
        return ProfileCode.PRIVATE
    return ProfileCode.UNI_ZJ if region_code.startswith("33") else ProfileCode.UNI_CN


def current(code: ProfileCode) -> Profile:
    """The newest version of a profile: what a submission pins."""
    return max((p for p in VERSIONS if p.code is code), key=lambda p: p.version)


def pinned(code: str, version: int) -> Profile:
    """The version that an offering has pinned. Raises KeyError for one that was never published."""
    for profile in VERSIONS:
        if (profile.code, profile.version) == (code, version):
            return profile
    raise KeyError(f"{code} v{version}")
