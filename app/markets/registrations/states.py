"""The life of a registration.

`registered`: entered, the deposit has not come. `qualifying`: the deposit is in, or none is asked; the decision is not
made. `qualified_pending_deposit`: decided first, paid later. `qualified`: both. `defaulted`: won, and did not keep to it.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from app.kit.states import Machine


class RegistrationStatus(StrEnum):
    """Where a registration stands."""

    REGISTERED = "registered"
    QUALIFYING = "qualifying"
    QUALIFIED_PENDING_DEPOSIT = "qualified_pending_deposit"
    QUALIFIED = "qualified"
    WINNER = "winner"
    NOT_WINNER = "not_winner"
    WAIVED = "waived"
    DISQUALIFIED = "disqualified"
    DEFAULTED = "defaulted"


_S = RegistrationStatus

TRANSITIONS: Final[Mapping[RegistrationStatus, frozenset[RegistrationStatus]]] = {
    _S.REGISTERED: frozenset({_S.QUALIFYING, _S.WAIVED}),
    _S.QUALIFYING: frozenset({_S.QUALIFIED_PENDING_DEPOSIT, _S.QUALIFIED, _S.WAIVED, _S.DISQUALIFIED}),
    _S.QUALIFIED_PENDING_DEPOSIT: frozenset({_S.QUALIFIED, _S.WAIVED, _S.DISQUALIFIED}),
    _S.QUALIFIED: frozenset({_S.WINNER, _S.NOT_WINNER, _S.WAIVED, _S.DISQUALIFIED}),
    # The winner did not confirm, sign or pay 悔拍.
    _S.WINNER: frozenset({_S.DEFAULTED}),
}

MACHINE: Final = Machine("registration", _S.REGISTERED, TRANSITIONS)

UNDECIDED: Final = (_S.REGISTERED, _S.QUALIFYING)
"""Nobody has decided on the qualification yet."""

LIVE: Final = (*UNDECIDED, _S.QUALIFIED_PENDING_DEPOSIT, _S.QUALIFIED)
"""The registration still counts."""
