"""Outages as a record tells of them: each a gap between two heartbeats of one service, so that they follow each other."""

from collections.abc import Sequence
from datetime import datetime

from app.auctions.rules import facts
from app.auctions.rules.facts import Fact
from app.evidence.rules.findings import Report


def check_outages(record: Sequence[Fact], report: Report) -> None:
    """An outage ends after it began, its number is above that of the one before, and it began after that one had ended.

    What an outage brought is the replay's to judge. A suspension does not tell when its outage ended.
    """
    last_no, free_from = 0, None
    for seq, fact in enumerate(record, 1):
        told = _told(fact)
        if told is None:
            continue
        number, began_at, ended_at = told
        follows = number > last_no and (free_from is None or began_at >= free_from)
        if not follows or (ended_at is not None and ended_at <= began_at):
            report.differs("outage_impossible", seq, outage=number)
        last_no, free_from = max(number, last_no), ended_at or began_at


def _told(fact: Fact) -> tuple[int, datetime, datetime | None] | None:
    if isinstance(fact, facts.Postponed):
        return fact.outage_no, fact.began_at, fact.ended_at
    if isinstance(fact, facts.Suspended) and fact.outage_no is not None and fact.since is not None:
        return fact.outage_no, fact.since, None
    return None
