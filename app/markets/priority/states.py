"""On what a right of first refusal rests, and how its holder was reached."""

from enum import StrEnum


class Basis(StrEnum):
    """Why somebody may take the lot at the price found."""

    COMPLETER = "completer"
    """Who completed the service result that a unit transfers."""
    COMMISSIONER = "commissioner"
    """Who commissioned the development whose patent application is transferred."""
    CO_DEVELOPER = "co_developer"
    """Who developed jointly what another transfers his share of."""
    AGREEMENT = "agreement"
    """Who was promised it by contract."""


class Reach(StrEnum):
    """How a holder stands to the sale before its notice."""

    PENDING = "pending"
    NOTIFIED = "notified"
    UNREACHABLE = "unreachable"
    """Told by a public announcement, since nobody could find him."""
    WAIVED = "waived"
