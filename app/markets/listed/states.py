"""The life of a listing.

`evaluating`: its time is over, and the bank's statements are waited for. `quoting`: one buyer has qualified and may quote
more than the ask, once. `over`: a licence for several whose time is over.
"""

from collections.abc import Mapping
from typing import Final

from app.kit.states import Machine
from app.markets.states import ListingStatus, OfferingStatus

_S = ListingStatus

TRANSITIONS: Final[Mapping[ListingStatus, frozenset[ListingStatus]]] = {
    _S.LISTED: frozenset({_S.SUSPENDED, _S.EVALUATING, _S.AWARDED, _S.WITHDRAWN}),
    _S.SUSPENDED: frozenset({_S.LISTED, _S.TERMINATED, _S.WITHDRAWN}),
    # Back on the list: extended as announced, or an outage of ours had touched its end.
    _S.EVALUATING: frozenset(
        {_S.LISTED, _S.QUOTING, _S.COMPETITION, _S.AWARDED, _S.UNSOLD, _S.OVER, _S.WITHDRAWN}
    ),
    _S.QUOTING: frozenset({_S.AWARDED, _S.WITHDRAWN}),
    _S.COMPETITION: frozenset({_S.AWARDED, _S.UNSOLD, _S.WITHDRAWN}),
}

MACHINE: Final = Machine("listing", _S.LISTED, TRANSITIONS)

RUNNING: Final = (_S.LISTED, _S.SUSPENDED, _S.EVALUATING)
"""Its period, or the evaluation, is not over."""

AFTER: Final[Mapping[OfferingStatus, ListingStatus]] = {
    OfferingStatus.AWARDED: _S.AWARDED,
    OfferingStatus.FAILED: _S.UNSOLD,
    OfferingStatus.WITHDRAWN: _S.WITHDRAWN,
}
"""How a listing ends whose offering leaves the market, unless it has ended by itself in the same commit."""
