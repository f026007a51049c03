"""What can be asked of a sealed sale."""

from dataclasses import dataclass

from app.auctions.rules.sealed.state import Found
from app.auctions.rules.snapshot import Standing


@dataclass(frozen=True, kw_only=True)
class Seal:
    """Leave an envelope for this round. Says yes or no and enters no fact: who seals, and how many, is nobody's business."""

    bidder: Standing
    round_no: int


@dataclass(frozen=True, kw_only=True)
class PassRehearsal:
    """Custodians of so many seats have opened a dummy."""

    seats: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class OpenEnvelopes:
    """Every envelope of the round, as it was opened."""

    found: tuple[Found, ...]


@dataclass(frozen=True, kw_only=True)
class HaltOpening:
    """These envelopes cannot be opened."""

    envelope_ids: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class DecideOpening:
    """The seller goes on without what cannot be opened, or ends the sale. `document_no` names his paper; the note is public."""

    proceed: bool
    document_no: str
    note: str


SealedCommand = Seal | PassRehearsal | OpenEnvelopes | HaltOpening | DecideOpening
