"""Opened envelopes: the set is the one whose root was published, and what each is said to have held is what was committed
to before anybody could open it.
"""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from app.auctions.rules import facts
from app.auctions.rules.facts import Fact
from app.auctions.rules.sealed.state import Outcome, Result, VoidReason
from app.evidence.rules.findings import Report
from app.kit.money import yuan
from app.sealing.envelopes import Content, Kind
from app.sealing.wire import Place
from app.signing.rules.merkle import Tree

_BY_ITS_SHARES: Final = (VoidReason.DEALT_FALSELY, VoidReason.COMMITMENT_DISAGREES)


def check_envelopes(auction_id: str, record: Sequence[Fact], report: Report) -> None:
    """Compute every root and every commitment again, of each round by itself, whatever the replay says of the rest."""
    closed: dict[int, facts.SealingClosed] = {}
    for seq, fact in enumerate(record, 1):
        if isinstance(fact, facts.SealingClosed):
            closed[fact.round_no] = fact
        elif isinstance(fact, facts.EnvelopesOpened):
            _check_set(closed, seq, fact, report)
            for result in fact.results:
                _check_content(auction_id, seq, fact.round_no, result, report)


def _check_set(
    closed: Mapping[int, facts.SealingClosed], seq: int, fact: facts.EnvelopesOpened, report: Report
) -> None:
    """The tree over the opened envelopes has the root that was published when nobody could know what they held."""
    published = closed.get(fact.round_no)
    try:
        tree = Tree(bytes.fromhex(one.commitment) + bytes.fromhex(one.digest) for one in fact.results)
    except ValueError:
        tree = Tree(())
    if published is None or (tree.root.hex(), len(fact.results)) != (published.root, published.size):
        report.differs("envelopes_differ", seq, round=fact.round_no)


def _check_content(auction_id: str, seq: int, round_no: int, result: Result, report: Report) -> None:
    """An envelope that counts, that was empty, or that is void by its content shows this content, and it is the committed.

    What is void by its shares, or was struck, shows none: `note` says so, for the record alone does not prove it.
    """
    by_shares = result.outcome is Outcome.VOID and result.reason in _BY_ITS_SHARES
    if by_shares or result.outcome is Outcome.STRUCK:
        if (result.code, result.amount_minor, result.salt) != (None, None, None):
            report.differs("envelope_altered", seq, envelope=result.envelope_id)
        report.note("envelope_not_shown", seq, envelope=result.envelope_id)
    elif result.salt is None:
        report.differs("envelope_unproven", seq, envelope=result.envelope_id)
    elif not _holds(auction_id, round_no, result):
        report.differs("envelope_altered", seq, envelope=result.envelope_id)


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
