"""The record: what is stored can be read back, folds to the same auction, and is chained."""

import json
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import get_args
from uuid import UUID

import pytest

from app.auctions.rules import record
from app.auctions.rules.commands import Cancel, CancelReason, Resume, Suspend, SuspendReason
from app.auctions.rules.facts import BidPlaced, Fact
from app.auctions.rules.facts.base import text_fields
from app.auctions.rules.record import (
    BrokenRecordError,
    apply,
    fact_of,
    link,
    payload,
    payload_of,
    replay,
    texts_of,
)
from app.auctions.states import AuctionStatus
from app.signing.rules.chain import GENESIS
from tests.auctions.sale import NOTICE, START, Sale, competition, seconds, started

AUCTION = UUID("0193f5a0-0000-7000-8000-000000000001")
SALTS = {"note": bytes(range(16))}
END = START + seconds(3_900)


def histories() -> list[Sale]:
    """Sales whose records together hold every kind of fact."""
    sold = started()
    sold.bids("3260", 200, START)
    sold.does(Suspend(reason=SuspendReason.SYSTEM_FAULT, note="断网"), START + seconds(9))
    sold.does(Resume(note="恢复"), START + seconds(19))
    sold.bids("3172", 210, END)
    sold.ticks(END + timedelta(hours=1))
    passed = started()
    passed.ticks(END)
    cancelled = Sale()
    cancelled.does(competition(), START - seconds(9))
    cancelled.does(Cancel(reason=CancelReason.TITLE_DEFECT, document_no="甲1", note="权属"), START)
    return [sold, passed, cancelled]


def chain(facts: list[Fact]) -> list[bytes]:
    """The hashes of a record."""
    hashes = [GENESIS]
    for fact in facts:
        hashes.append(link(AUCTION, fact, hashes[-1], SALTS))
    return hashes[1:]


def test_the_histories_hold_every_kind_of_fact() -> None:
    kinds = {fact.kind for sale in histories() for fact in sale.facts}
    assert len(kinds) == 14


def test_a_fact_survives_json() -> None:
    for sale in histories():
        for fact in sale.facts:
            stored = json.loads(json.dumps(payload(fact, SALTS)))
            assert not {"seq", "at", "kind"} & set(stored)
            texts = texts_of(fact)
            assert fact_of(seq=fact.seq, at=fact.at, kind=fact.kind, payload=stored, texts=texts) == fact


def test_folding_the_record_gives_the_auction_again() -> None:
    for sale in histories():
        assert replay(sale.first, sale.facts) == sale.now


def test_a_gap_a_repeat_and_time_running_back_break_a_record() -> None:
    sale = histories()[0]
    facts = sale.facts
    broken = [
        facts[1:],
        [*facts[:3], *facts[4:]],
        [*facts[:3], facts[2], *facts[3:]],
        [facts[0], replace(facts[1], at=NOTICE - seconds(1))],
        [facts[0], BidPlaced(seq=2, at=START, bid_no=1, bidder_code="3260", amount_minor=1)],
    ]
    for wrong in broken[:4]:
        with pytest.raises(BrokenRecordError):
            replay(sale.first, wrong)
    # A transition that does not exist.
    with pytest.raises(BrokenRecordError):
        apply(sale.first, replace(facts[-1], seq=1))


def test_a_change_of_any_fact_changes_every_later_hash_and_no_earlier_one() -> None:
    facts = histories()[0].facts
    honest = chain(facts)
    place, bid = next((n, fact) for n, fact in enumerate(facts) if isinstance(fact, BidPlaced))
    forged = [*facts[:place], replace(bid, amount_minor=1), *facts[place + 1 :]]
    false = chain(forged)
    assert false[:place] == honest[:place]
    assert all(a != b for a, b in zip(false[place:], honest[place:], strict=True))
    assert len(set(honest)) == len(honest)
    assert {len(link) for link in honest} == {32}


def test_a_hash_belongs_to_its_auction() -> None:
    fact = histories()[0].facts[0]
    other = UUID("0193f5a0-0000-7000-8000-000000000002")
    assert link(AUCTION, fact, GENESIS) != link(other, fact, GENESIS)


def test_a_free_text_stands_beside_the_chain_which_holds_its_salted_commitment() -> None:
    sale = started()
    (fact,) = sale.does(
        Suspend(reason=SuspendReason.OBJECTION, note="王某 13800000000 来电"), START + seconds(9)
    )
    stored = payload(fact, SALTS)
    wanted = sha256(SALTS["note"] + '"王某 13800000000 来电"'.encode()).hexdigest()
    assert stored == {
        "reason": "objection",
        "note": {"commitment": wanted},
        "since": None,
        "outage_no": None,
    }
    other = payload(fact, {"note": bytes(16)})["note"]["commitment"]
    assert other != wanted, "without its salt a text could be guessed from its hash"
    with pytest.raises(KeyError):
        payload(fact)


def test_a_text_that_was_taken_away_leaves_the_fact_and_its_hash_whole() -> None:
    sale = started()
    (fact,) = sale.does(Suspend(reason=SuspendReason.OBJECTION, note="王某"), START + seconds(9))
    stored = payload(fact, SALTS)
    read = fact_of(seq=fact.seq, at=fact.at, kind=fact.kind, payload=stored)
    assert read == replace(fact, note="依法遮蔽")
    assert stored == payload_of(read, {"note": stored["note"]["commitment"]})


def test_every_note_of_a_fact_is_a_free_text() -> None:
    noted = {kind: text_fields(kind) for kind in get_args(Fact) if "note" in kind.__dataclass_fields__}
    assert len(noted) >= 3
    assert set(noted.values()) == {("note",)}


def test_a_known_record_keeps_its_hash_for_ever() -> None:
    # If this fails, old records no longer verify: give the chain a new algorithm name instead.
    bid = BidPlaced(seq=7, at=START, bid_no=1, bidder_code="3260", amount_minor=200_000_000)
    told = {"bid_no": 1, "bidder_code": "3260", "amount_minor": 200_000_000}
    assert payload(bid) == told | {"via": "web", "rank": None, "answers": None}
    by_hand = (
        '{"algorithm":"sha256/canonical-json/3","at":"2026-03-12T01:00:00.000000Z",'
        '"auction_id":"0193f5a0-0000-7000-8000-000000000001","kind":"bid_placed",'
        '"payload":{"amount_minor":200000000,"answers":null,"bid_no":1,"bidder_code":"3260","rank":null,"via":"web"},'
        '"seq":7}'
    )
    assert link(AUCTION, bid, GENESIS) == sha256(GENESIS + by_hand.encode()).digest()
    assert record.CHAIN_ALGORITHM == "sha256/canonical-json/3"


def test_nothing_in_a_record_names_anybody() -> None:
    sale = histories()[0]
    text = json.dumps([payload(fact, SALTS) for fact in sale.facts])
    assert "party" not in text and "registration_id" not in text and "user" not in text
    assert sale.now.status is AuctionStatus.AWARDED
