"""A sealed sale's public record: replayed, its root and every commitment computed again."""

import copy
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from app.evidence.actions import publish_head
from app.evidence.rules.checking import verify_record
from tests.evidence.sealed import sold_in_two_rounds
from tests.evidence.test_records import record_of
from tests.evidence.written import KEYS, document_of, rewritten
from tests.factories.auctions import CLOCK
from tests.factories.sealed import make_sealing, open_all, send


async def test_a_sealed_sales_record_verifies_and_an_altered_offer_is_found(session: AsyncSession) -> None:
    """Two tie at 300, one raises in the extra round; somebody's salt is later said to have been another."""
    sale = await make_sealing(session, bidders=3)
    for bidder, amount in zip(sale.bidders, ("3000000.00", "3000000.00", "2500000.00"), strict=True):
        await send(session, sale, bidder, amount)
    await open_all(session, sale)
    await send(session, sale, sale.bidders[1], "3200000.00")
    row = await open_all(session, sale, round_no=2)
    assert row.status == "awarded"
    await publish_head(session, CLOCK, auction_id=sale.auction_id)
    told = await record_of(session, sale)
    report = verify_record(told)
    assert report.differences == []
    assert report.outcome["amount_minor"] == 320_000_000

    altered = copy.deepcopy(told)
    opened = next(entry for entry in altered["facts"] if entry["kind"] == "envelopes_opened")
    opened["payload"]["results"][0]["salt"] = "00" * 32
    codes = {one.code for one in verify_record(altered).differences}
    assert {"entry_altered", "envelope_altered"} <= codes


# --- tampering, hashed and signed again by whoever holds the market's key ---------------------------------------------

Results = list[dict[str, Any]]
Change = Callable[[Results], Any]


def of(results: Results, code: str) -> dict[str, Any]:
    """The envelope of a code."""
    return next(one for one in results if one["code"] == code)


def openings(told: dict[str, Any]) -> list[dict[str, Any]]:
    """The entries of the rounds' openings."""
    return [entry for entry in told["facts"] if entry["kind"] == "envelopes_opened"]


def test_a_record_of_two_sealed_rounds_verifies_and_says_what_it_does_not_show() -> None:
    report = verify_record(document_of(sold_in_two_rounds()), pinned=KEYS)
    assert [found.en for found in report.differences] == []
    assert (report.outcome["bidder_code"], report.outcome["amount_minor"]) == ("4711", 320_000_000)
    assert [note.code for note in report.notes] == ["envelope_not_shown"]


def _dummy(results: Results) -> dict[str, Any]:
    return next(one for one in results if one["outcome"] == "none")


CHANGES: list[tuple[str, Change, str]] = [
    ("an amount", lambda all_: of(all_, "4711").update(amount_minor=310_000_000), "envelope_altered"),
    ("a loser's amount", lambda all_: of(all_, "8888").update(amount_minor=150_000_001), "envelope_altered"),
    ("whose it is", lambda all_: of(all_, "8888").update(code="8889"), "envelope_altered"),
    ("a salt", lambda all_: of(all_, "4711").update(salt="00" * 32), "envelope_altered"),
    ("a salt that is none", lambda all_: of(all_, "4711").update(salt="salt"), "envelope_altered"),
    ("no salt", lambda all_: of(all_, "4711").update(salt=None), "envelope_unproven"),
    ("no salt, another amount", lambda all_: of(all_, "4711").update(salt=None, amount_minor=310_000_000), "envelope_unproven"),
    ("a void one without a salt", lambda all_: of(all_, "8888").update(salt=None), "envelope_unproven"),
    ("an offer said to be none", lambda all_: of(all_, "4711").update(outcome="none", amount_minor=None, code=None), "envelope_altered"),
    ("a dummy without a salt", lambda all_: _dummy(all_).update(salt=None), "envelope_unproven"),
    ("a dummy said to be an offer", lambda all_: _dummy(all_).update(outcome="bid", code="5555", amount_minor=330_000_000, received_at="2026-03-12T01:00:09.000000Z"), "envelope_altered"),
    ("a commitment", lambda all_: of(all_, "4711").update(commitment="00" * 32), "envelopes_differ"),
    ("a digest", lambda all_: of(all_, "4711").update(digest="00" * 32), "envelopes_differ"),
    ("an envelope's name", lambda all_: of(all_, "4711").update(envelope_id=_dummy(all_)["envelope_id"]), "envelope_altered"),
    ("one envelope less", lambda all_: all_.remove(of(all_, "8888")), "envelopes_differ"),
    ("one envelope twice", lambda all_: all_.append(dict(of(all_, "8888"))), "envelopes_differ"),
    ("their order", lambda all_: all_.reverse(), "envelopes_differ"),
    ("a content for what was dealt falsely", lambda all_: all_[-1].update(amount_minor=1), "envelope_altered"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "code"), [(change, code) for _, change, code in CHANGES], ids=[one[0] for one in CHANGES]
)
def test_an_opening_that_was_not_so_is_found_though_everything_is_signed_again(
    change: Change, code: str
) -> None:
    told = document_of(sold_in_two_rounds())
    opening = openings(told)[0]
    change(opening["payload"]["results"])
    found = verify_record(rewritten(told), pinned=KEYS).differences
    assert (code, opening["seq"]) in [(one.code, one.seq) for one in found], [one.en for one in found]


def test_an_amount_raised_with_its_bid_and_its_outcome_is_found_by_its_commitment_alone() -> None:
    """Everything that the rules could notice agrees: offer, bid, price, list and claim."""
    told = document_of(sold_in_two_rounds())
    opening = openings(told)[1]
    of(opening["payload"]["results"], "4711")["amount_minor"] = 350_000_000
    for entry in told["facts"][opening["seq"] :]:
        entry["payload"]["amount_minor"] = 350_000_000
    told["bids"][-1]["amount_minor"] = 350_000_000
    told["outcome"].update(amount_minor=350_000_000, award_minor=350_000_000)
    found = verify_record(rewritten(told), pinned=KEYS).differences
    assert [(one.code, one.seq) for one in found] == [("envelope_altered", opening["seq"])]


@pytest.mark.parametrize("field", ["root", "size"])
def test_a_published_root_that_was_changed_afterwards_is_found_at_the_opening(field: str) -> None:
    told = document_of(sold_in_two_rounds())
    closed = next(entry for entry in told["facts"] if entry["kind"] == "sealing_closed")
    closed["payload"][field] = {"root": "00" * 32, "size": 99}[field]
    found = verify_record(rewritten(told), pinned=KEYS).differences
    assert ("envelopes_differ", openings(told)[0]["seq"]) in [(one.code, one.seq) for one in found]
