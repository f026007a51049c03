"""Opened envelopes: what each is said to have held must be what was committed to before anybody could open it."""

from collections.abc import Sequence
from uuid import UUID

from app.auctions.rules import facts
from app.auctions.rules.facts import Fact
from app.auctions.rules.sealed.state import Outcome, Result
from app.evidence.rules.findings import Report
from app.kit.money import yuan
from app.sealing.envelopes import Content, Kind
from app.sealing.wire import Place


def check_envelopes(auction_id: str, record: Sequence[Fact], report: Report) -> None:
    """Compute every commitment again. That the set is the one whose root was published the replay itself asks."""
    for fact in record:
        if isinstance(fact, facts.EnvelopesOpened):
            for result in fact.results:
                if result.salt is not None and not _holds(auction_id, fact.round_no, result):
                    report.differs("envelope_altered", fact.seq, envelope=result.envelope_id)


def _holds(auction_id: str, round_no: int, result: Result) -> bool:
    nothing = result.outcome is Outcome.NONE
    try:
        content = Content(
            amount="" if result.amount_minor is None else yuan(result.amount_minor),
            code=result.code or "",
            kind=Kind.NONE if nothing else Kind.BID,
            salt=result.salt or "",
        )
        place = Place(UUID(auction_id), round_no, UUID(result.envelope_id))
    except ValueError:
        return False
    return content.commitment(place).hex() == result.commitment
