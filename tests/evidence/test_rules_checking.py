"""Verifying a record: what is whole verifies, and what was changed is named with its place."""

import copy
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.auctions.rules.commands import Call, Hammer, MarkReady, OpenLot, SetProxy
from app.auctions.rules.snapshot import Holder
from app.auctions.rules.terms import CloseKind, PriorityStyle, SessionProfile
from app.evidence.rules.checking import verify_record
from app.evidence.rules.words import WORDS
from app.signing.port import KeySigner
from tests.auctions.sale import (
    CLOSES,
    DEPOSIT_DUE,
    NOTICE,
    OPENS,
    START,
    WAN,
    Sale,
    bidder,
    notice,
    seconds,
    started,
)
from tests.evidence.written import KEYS, cancelled, document_of, passed, sold

Change = Callable[[dict[str, Any]], None]


def codes(told: Any) -> list[tuple[str, int | None]]:
    return [(found.code, found.seq) for found in verify_record(told).differences]


@pytest.mark.parametrize("history", [sold, passed, cancelled])
def test_a_whole_record_verifies_and_replays_to_its_outcome(history: Callable[[], Sale]) -> None:
    sale = history()
    told = document_of(sale)
    report = verify_record(told, pinned=KEYS)
    assert report.differences == []
    assert report.facts == len(sale.facts)
    assert report.outcome["status"] == str(sale.now.status)
    assert report.outcome["extension_count"] == sale.now.extension_count


def test_a_sale_with_maxima_and_their_answers_verifies() -> None:
    sale = started()
    sale.does(
        SetProxy(bidder=bidder("1111"), max_minor=300 * WAN, no=1, commitment="a" * 64), START + seconds(1)
    )
    sale.bids("2222", 250, START + seconds(2))
    sale.ticks(START + timedelta(days=1))
    assert verify_record(document_of(sale)).differences == []


def hall(**changed: Any) -> Sale:
    sale = Sale(
        close=CloseKind.HAMMER,
        session_profile=SessionProfile.HALL,
        free_seconds=0,
        window_seconds=60,
        called_up=True,
        **changed,
    )
    sale.does(notice(), NOTICE)
    sale.ticks(OPENS)
    sale.ticks(CLOSES)
    return sale


def test_a_sale_in_a_hall_with_first_refusal_verifies() -> None:
    sale = hall(priority=PriorityStyle.AFTER_CLOSE)
    sale.does(MarkReady(holders=(Holder(code="9999", rank=1),)), DEPOSIT_DUE)
    sale.does(OpenLot(), START)
    sale.bids("3260", 200, START + seconds(5))
    at = START + seconds(10)
    for number in (1, 2, 3):
        sale.does(Call(number=number), at)
        at += seconds(20)
    sale.does(Hammer(), at)
    sale.ticks(at + timedelta(days=2))
    assert sale.kinds()[-2:] == ["priority_offered", "knocked_down"]
    assert verify_record(document_of(sale)).differences == []


def entry(told: dict[str, Any], kind: str, nth: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = [one for one in told["facts"] if one["kind"] == kind][nth]
    return found


CHANGES: list[tuple[str, Change, str]] = [
    ("a price", lambda told: entry(told, "bid_placed", 2)["payload"].update(amount_minor=1), "entry_altered"),
    ("an instant", lambda told: entry(told, "extended").update(at="2026-03-12T02:00:00.000000Z"), "entry_altered"),
    ("a note", lambda told: entry(told, "suspended")["texts"]["note"].update(text="无事"), "text_altered"),
    ("a note taken away", lambda told: entry(told, "suspended")["texts"].clear(), "text_missing"),
    ("a list of bids", lambda told: told["bids"][1].update(amount_minor=1), "bid_differs"),
    ("a bid of the list", lambda told: told["bids"].pop(1), "bid_count_differs"),
    ("a price of the outcome", lambda told: told["outcome"].update(amount_minor=1), "claim_differs"),
    ("the terms", lambda told: told["terms"].update(window_seconds=60), "claim_differs"),
    ("the start", lambda told: told["timetable"].update(starts_at="2026-03-12T02:00:00.000000Z"), "claim_differs"),
    ("the award", lambda told: told["outcome"].update(award_minor=7), "claim_differs"),
    ("a signature", lambda told: told["batches"][0].update(signature="0" * 128), "signature_wrong"),
    ("a path", lambda told: told["facts"][1].update(path=[]), "not_what_was_signed"),
    ("a place in a batch", lambda told: told["facts"][1].update(batch=None), "not_signed"),
    ("the head", lambda told: told["head"].update(signature="0" * 128), "head_signature_wrong"),
    ("a key", lambda told: told["keys"][0].update(public_key="0" * 64), "key_not_itself"),
    ("a key's time", lambda told: told["keys"][0].update(valid_from="2027-01-01T00:00:00.000000Z"), "key_out_of_time"),
    ("the schema", lambda told: told.update(schema="other/1"), "schema_unknown"),
    ("the algorithm", lambda told: told.update(chain_algorithm="md5"), "algorithm_unknown"),
    ("a field", lambda told: told["facts"][3].update(extra=1), "malformed"),
    ("a type", lambda told: told["facts"][3].update(seq="4"), "malformed"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "code"), [(change, code) for _, change, code in CHANGES], ids=[c[0] for c in CHANGES]
)
def test_each_kind_of_change_is_named(change: Change, code: str) -> None:
    told = document_of(sold())
    change(told)
    assert code in [found for found, _ in codes(told)]


def test_an_entry_that_was_taken_out_is_missing_at_its_place() -> None:
    told = document_of(sold())
    told["facts"].pop(8)
    assert codes(told)[:2] == [("entry_missing", 9), ("link_broken", 9)]


def test_a_record_that_was_cut_off_does_not_reach_its_head() -> None:
    told = document_of(sold())
    kept = len(told["facts"]) - 1
    told["facts"].pop()
    assert ("head_not_the_last", kept + 1) in codes(told)


def test_a_record_signed_by_another_key_is_not_one_that_the_reader_knows() -> None:
    other = KeySigner(Ed25519PrivateKey.generate())
    told = document_of(sold(), signer=other)
    assert verify_record(told).verified, (
        "by its own keys it is whole: whoever trusts only the document is told so"
    )
    found = verify_record(told, pinned=KEYS)
    assert {one.code for one in found.differences} == {
        "key_not_pinned",
        "key_unknown",
        "signature_wrong",
        "head_signature_wrong",
    }


def test_a_redacted_text_is_a_note_and_not_a_difference() -> None:
    told = document_of(sold())
    suspended = entry(told, "suspended")
    suspended["texts"]["note"] = {
        "salt": None,
        "text": None,
        "redaction": {
            "reason": "personal_data",
            "document_no": "遮蔽2026-1",
            "requested_by": "某交易中心",
            "decided_by": "某交易中心",
            "at": "2026-04-01T00:00:00.000000Z",
        },
    }
    report = verify_record(told, pinned=KEYS)
    assert report.verified
    assert [(one.code, one.seq) for one in report.notes] == [("text_redacted", suspended["seq"])]
    assert "哈希已知" in report.notes[0].zh and "hash is known" in report.notes[0].en
    # A redaction cannot hide another text, nor keep half of it.
    wrong = copy.deepcopy(told)
    entry(wrong, "suspended")["texts"]["note"]["text"] = "别的"
    assert ("text_altered", suspended["seq"]) in codes(wrong)


def test_every_difference_is_said_in_two_languages_with_its_place() -> None:
    told = document_of(sold())
    told["facts"][4]["payload"]["bid_no"] = 5
    for found in verify_record(told).differences:
        assert found.zh and found.en
        if found.seq is not None:
            assert found.zh.startswith(f"第 {found.seq} 条：") and found.en.startswith(f"seq {found.seq}: ")
    assert all(len(words) == 2 and all(words) for words in WORDS.values())


@pytest.mark.parametrize("told", [None, 1, [], {}, {"schema": "jishi/auction-record/1"}, {"schema": ["x"]}])
def test_what_is_no_record_is_said_to_be_none(told: Any) -> None:
    assert not verify_record(told).verified
