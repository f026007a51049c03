"""Where a sealed sale stands, and what an envelope came to."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from app.sealing.envelopes import Kind


@dataclass(frozen=True, kw_only=True)
class Sealing:
    """The round that is sealed or opened, what was published of it, and what waits for a person."""

    round_no: int = 1
    among: tuple[str, ...] | None = None
    """The codes that take part in this round; None: all that may bid."""
    floor_minor: int | None = None
    """The highest offer of the round before, in fen: an offer must be above it. None: the start price, which suffices."""
    is_tie: bool = False
    """An extra round between those who tied."""
    root: str | None = None
    """Merkle root (hex) over the round's envelopes, published at the close of the sealing."""
    size: int = 0
    """How many envelopes there are, dummies among them."""
    rehearsed_at: datetime | None = None
    halted: tuple[str, ...] = ()
    """Envelopes that cannot be opened: a person decides."""
    struck: tuple[str, ...] = ()
    """Envelopes that he decided to go on without."""


NOT_SEALED: Final = Sealing()
"""Before anything was sealed, and for good where bids are open."""


class Outcome(StrEnum):
    """What one envelope counts for."""

    BID = "bid"
    NONE = "none"
    """A dummy, or an envelope taken back."""
    VOID = "void"
    STRUCK = "struck"
    """It could not be opened, and the seller decided to go on without it."""


class VoidReason(StrEnum):
    """Why an opened envelope does not count. Whose it was is named."""

    DEALT_FALSELY = "dealt_falsely"
    """The shares belong to different keys: its sealer could have let somebody choose what is opened."""
    COMMITMENT_DISAGREES = "commitment_disagrees"
    CODE_DISAGREES = "code_disagrees"
    """It names another bidder's code."""
    BELOW_FLOOR = "below_floor"
    ABOVE_WHOLE = "above_whole"
    """A royalty of more than 100 %."""


class Fault(StrEnum):
    """What was found out when the shares were put together."""

    DEALT_FALSELY = "dealt_falsely"
    COMMITMENT_DISAGREES = "commitment_disagrees"
    UNOPENABLE = "unopenable"
    """Too few seats can open their share, or the content cannot be read: through our format, a key, or its sealer's own
    program. Nobody can tell at once, so a person decides.
    """


@dataclass(frozen=True, kw_only=True)
class Found:
    """One envelope as it was opened: what the published set says of it, whose it is, and what was in it.

    Digests and salt in hex; amount in fen; `holder_code` and `received_at` None for a dummy.
    """

    envelope_id: str
    commitment: str
    digest: str
    holder_code: str | None = None
    received_at: datetime | None = None
    fault: Fault | None = None
    kind: Kind | None = None
    code: str | None = None
    amount_minor: int | None = None
    salt: str | None = None

    @property
    def leaf(self) -> bytes:
        """Its place in the Merkle tree."""
        return bytes.fromhex(self.commitment) + bytes.fromhex(self.digest)


@dataclass(frozen=True, kw_only=True)
class Result:
    """One envelope in the public record: everybody can compute its commitment and the root again.

    code, amount_minor, salt: as its content says; culprit: the code of whose void envelope it is.
    """

    envelope_id: str
    commitment: str
    digest: str
    outcome: Outcome
    reason: VoidReason | None = None
    code: str | None = None
    amount_minor: int | None = None
    salt: str | None = None
    received_at: datetime | None = None
    culprit: str | None = None
