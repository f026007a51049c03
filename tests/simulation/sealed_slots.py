"""What lies in the slots of a simulated round: envelopes as digests of what is in them, and what they come to when opened."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from hashlib import sha256

from app.auctions.rules.sealed.state import Fault, Found
from app.sealing.envelopes import Kind
from tests.auctions.sale import START
from tests.simulation.sealed_script import SHUT, UNREADABLE

FAULTS = {
    "dealt_falsely": Fault.DEALT_FALSELY,
    "commitment_disagrees": Fault.COMMITMENT_DISAGREES,
    SHUT: Fault.UNOPENABLE,
    UNREADABLE: Fault.UNOPENABLE,
}


def hashed(*parts: object) -> str:
    """A digest of these parts, in hex."""
    return sha256("/".join(map(str, parts)).encode()).hexdigest()


@dataclass(frozen=True)
class Envelope:
    """What a client's program sealed: for which round, what, and what is wrong with it. key: of the request that sent it.

    pass_at: the moment that the pass holds with which it comes; made: when that was in truth, in microseconds.
    """

    key: int
    round_no: int
    code: str
    amount: int
    flaw: str = ""
    pass_at: datetime = START
    made: int = 0

    @property
    def digest(self) -> str:
        """Of the envelope as it lies."""
        return hashed("envelope", *vars(self).values())


@dataclass(frozen=True)
class Slot:
    """One place of a round: for whom it is kept (None: a dummy's), and what lies in it."""

    envelope_id: str
    holder: str | None
    envelope: Envelope | None = None
    received_at: datetime | None = None
    laid: int = 0
    """When that was in truth, in microseconds."""

    @cached_property
    def found(self) -> Found:
        """The envelope as it is opened, where enough seats can."""
        one, flaw = self.envelope, self.envelope.flaw if self.envelope else ""
        digest = one.digest if one else hashed("dummy", self.envelope_id)
        known = Found(
            envelope_id=self.envelope_id,
            commitment=hashed("commitment", self.envelope_id, digest),
            digest=digest,
            holder_code=self.holder,
            received_at=self.received_at,
        )
        if flaw in FAULTS:
            return replace(known, fault=FAULTS[flaw])
        if one is None or flaw == "taken back":
            return replace(known, kind=Kind.NONE, salt="00" * 32)
        named = "9999" if flaw == "code_disagrees" else one.code
        return replace(known, kind=Kind.BID, code=named, amount_minor=one.amount, salt="00" * 32)
