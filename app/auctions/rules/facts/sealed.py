"""Facts of sealed sales: the rehearsal, the published root, the opening, further rounds."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from app.auctions.rules.facts.base import FactBase, FreeText
from app.auctions.rules.sealed.state import Result, Sealing
from app.auctions.rules.snapshot import Snapshot
from app.auctions.states import AuctionStatus


@dataclass(frozen=True, kw_only=True)
class OpeningRehearsed(FactBase):
    """Custodians of these seats opened a dummy: keys and programs work."""

    seats: tuple[int, ...]
    kind: Literal["opening_rehearsed"] = "opening_rehearsed"

    def onto(self, s: Snapshot) -> Snapshot:
        """The auction after it."""
        return replace(s, sealing=replace(s.sealing, rehearsed_at=self.at))


@dataclass(frozen=True, kw_only=True)
class SealingClosed(FactBase):
    """No further envelope is taken. `root` (hex) fixes those that were; `size` counts them, dummies among them."""

    round_no: int
    root: str
    size: int
    kind: Literal["sealing_closed"] = "sealing_closed"

    def onto(self, s: Snapshot) -> Snapshot:
        """The auction after it."""
        sealing = replace(s.sealing, root=self.root, size=self.size)
        return replace(s, status=AuctionStatus.OPENING, sealing=sealing)


@dataclass(frozen=True, kw_only=True)
class OpeningHalted(FactBase):
    """These envelopes cannot be opened; the seller decides. Nothing is void by itself."""

    round_no: int
    envelope_ids: tuple[str, ...]
    kind: Literal["opening_halted"] = "opening_halted"

    def onto(self, s: Snapshot) -> Snapshot:
        """The auction after it."""
        return replace(s, sealing=replace(s.sealing, halted=self.envelope_ids))


@dataclass(frozen=True, kw_only=True)
class OpeningDecided(FactBase):
    """The seller decided: on without them, or an end (the cancellation follows). By which paper, and why."""

    round_no: int
    proceed: bool
    envelope_ids: tuple[str, ...]
    document_no: str
    note: FreeText
    kind: Literal["opening_decided"] = "opening_decided"

    def onto(self, s: Snapshot) -> Snapshot:
        """The auction after it."""
        struck = (*s.sealing.struck, *self.envelope_ids) if self.proceed else s.sealing.struck
        return replace(s, sealing=replace(s.sealing, halted=(), struck=struck))


@dataclass(frozen=True, kw_only=True)
class EnvelopesOpened(FactBase):
    """Every envelope of the round, in the order of the Merkle tree, all at once. Bids follow as bids."""

    round_no: int
    results: tuple[Result, ...]
    kind: Literal["envelopes_opened"] = "envelopes_opened"

    def onto(self, s: Snapshot) -> Snapshot:
        """The auction after it. A halt that a deputy ended waits for nobody any more."""
        return replace(s, sealing=replace(s.sealing, halted=()))


@dataclass(frozen=True, kw_only=True)
class RoundOpened(FactBase):
    """Another round of envelopes, among these codes, above the highest offer so far (fen)."""

    round_no: int
    among: tuple[str, ...]
    floor_minor: int
    is_tie: bool
    ends_at: datetime
    kind: Literal["round_opened"] = "round_opened"

    def onto(self, s: Snapshot) -> Snapshot:
        """The auction after it."""
        sealing = Sealing(
            round_no=self.round_no,
            among=self.among,
            floor_minor=self.floor_minor,
            is_tie=self.is_tie,
            rehearsed_at=s.sealing.rehearsed_at,
        )
        return replace(s, status=AuctionStatus.SEALING, ends_at=self.ends_at, sealing=sealing)
