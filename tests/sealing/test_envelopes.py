"""Sealing and opening: who can open, what is found out, and what never shows."""

import itertools
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given, settings
from hypothesis import strategies as st

from app.config import ROOT
from app.kit.canonical import canonical
from app.kit.money import yuan
from app.sealing import envelopes
from app.sealing.custody import (
    NotForThisKeyError,
    answer_challenge,
    challenge,
    digest_of_answer,
    public_bytes,
    seal_to,
)
from app.sealing.envelopes import (
    CommitmentDisagreesError,
    Content,
    DealtFalselyError,
    Kind,
    ShareDisagreesError,
    UnopenableError,
    bid,
    nothing,
    open_content,
    open_envelope,
    open_share,
    seal,
    share_commitment,
)
from app.sealing.shamir import split
from app.sealing.wire import Envelope
from tests.sealing.world import PLACE, Held, hold

VECTORS: Path = ROOT / "docs/examples/sealed-vectors.json"


def sealed(held: Held, amount: str = "3100000.00", code: str = "7KQ") -> Envelope:
    """A bid in an envelope."""
    return seal(bid(amount, code), PLACE, held.custody)


def changed(envelope: Envelope, **fields: Any) -> Envelope:
    """The envelope with other fields."""
    return envelope.model_copy(update=fields)


def flipped(text: str) -> str:
    """Hexadecimal with its first digit changed."""
    return f"{int(text[0], 16) ^ 1:x}{text[1:]}"


# --- who opens --------------------------------------------------------------------------------------------------------


def test_any_two_of_three_custodians_open_a_bid_and_one_alone_opens_nothing() -> None:
    held = hold()
    envelope = sealed(held)
    for pair in itertools.combinations((1, 2, 3), 2):
        opened = open_envelope(envelope, held.shares(envelope, *pair), threshold=2)
        assert (opened.content.amount, opened.content.code) == ("3100000.00", "7KQ")
    for seat in (1, 2, 3):
        alone = held.shares(envelope, seat)
        with pytest.raises(ValueError, match="fewer"):
            open_envelope(envelope, alone, threshold=2)
        with pytest.raises(UnopenableError):
            open_content(envelope, alone[seat])


def test_any_three_of_five_open_and_no_two_do() -> None:
    held = hold(threshold=3, seats=5)
    envelope = sealed(held)
    for some in itertools.combinations(range(1, 6), 3):
        assert open_envelope(envelope, held.shares(envelope, *some), threshold=3).content.kind is Kind.BID
    for two in itertools.combinations(range(1, 6), 2):
        with pytest.raises(DealtFalselyError):
            open_envelope(envelope, held.shares(envelope, *two), threshold=2)


def test_a_deputy_opens_his_seats_share_and_no_second_one() -> None:
    held = hold(deputies=1)
    envelope = sealed(held)
    assert held.share(envelope, 1, deputy=1) == held.share(envelope, 1)
    both = {1: held.share(envelope, 1), 2: held.share(envelope, 2, deputy=1)}
    assert open_envelope(envelope, both, threshold=2).content.amount == "3100000.00"


def test_a_key_that_holds_no_seat_opens_nothing() -> None:
    with pytest.raises(NotForThisKeyError):
        open_share(sealed(hold()), X25519PrivateKey.generate())


def test_a_key_is_believed_once_its_holder_has_opened_something_sealed_to_it() -> None:
    key = X25519PrivateKey.generate()
    sent, expected = challenge(public_bytes(key))
    assert digest_of_answer(answer_challenge(key, sent)) == expected
    with pytest.raises(NotForThisKeyError):
        answer_challenge(X25519PrivateKey.generate(), sent)


# --- what never shows -------------------------------------------------------------------------------------------------


@given(amount=st.integers(0, 10**14 - 1), code=st.text("23456789ABCDEFGHJKLMNPQRSTUVWXYZ", max_size=12))
@settings(max_examples=40, deadline=None)
def test_every_envelope_and_every_dummy_is_of_the_same_length(amount: int, code: str) -> None:
    dummy = seal(nothing(), PLACE, HELD.custody).to_bytes()
    envelope = seal(bid(yuan(amount), code), PLACE, HELD.custody)
    assert len(envelope.to_bytes()) == len(dummy)
    assert open_envelope(envelope, HELD.shares(envelope, 1, 3), threshold=2).content.amount == yuan(amount)


HELD = hold()


def test_the_same_bid_sealed_twice_has_nothing_in_common_but_its_place() -> None:
    first, second = sealed(HELD), sealed(HELD)
    assert first.commitment != second.commitment
    assert first.ciphertext != second.ciphertext
    assert set(first.share_commitments).isdisjoint(second.share_commitments)
    assert "3100000" not in first.model_dump_json()


# --- what is found out ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("other", ["auction_id", "round_no", "envelope_id"])
def test_an_envelope_carried_to_another_place_opens_for_nobody(other: str) -> None:
    envelope = sealed(HELD)
    stolen = changed(envelope, **{other: 2 if other == "round_no" else uuid4()})
    with pytest.raises(NotForThisKeyError):
        HELD.share(stolen, 1)
    shares = HELD.shares(envelope, 1, 2)
    with pytest.raises(ShareDisagreesError):
        open_envelope(stolen, shares, threshold=2)
    assert not envelopes.fits(stolen, PLACE, HELD.custody)


def test_a_share_that_is_not_the_committed_one_is_named() -> None:
    envelope = sealed(HELD)
    shares = HELD.shares(envelope, 1, 2) | {2: bytes(32)}
    with pytest.raises(ShareDisagreesError) as caught:
        open_envelope(envelope, shares, threshold=2)
    assert caught.value.seat == 2


def test_a_custodian_whose_sealed_share_is_not_the_committed_one_finds_out_before_he_hands_it_in() -> None:
    envelope = sealed(HELD)
    public = HELD.custody.seats[0].keys[0]
    info = PLACE.told("jishi-share-1", seat=1, key=envelope.shares[0].key)
    other = envelope.shares[0].model_copy(update={"sealed": seal_to(public, bytes(32), info).hex()})
    with pytest.raises(ShareDisagreesError):
        HELD.share(changed(envelope, shares=[other, *envelope.shares[1:]]), 1)


def test_a_bidder_who_deals_shares_of_two_keys_is_found_out_whoever_opens() -> None:
    """He might let a friendly custodian choose which of two amounts is opened: the third share gives him away."""
    envelope = sealed(HELD)
    other = split(bytes(32), threshold=2, seats=3)
    false = [*envelope.share_commitments[:2], share_commitment(PLACE, 3, other[2])]
    dealt = changed(envelope, share_commitments=false)
    for shares in (HELD.shares(envelope, 1, 2), HELD.shares(envelope, 1, 2) | {3: other[2]}):
        with pytest.raises(DealtFalselyError):
            open_envelope(dealt, shares, threshold=2)


def test_an_altered_ciphertext_nonce_or_commitment_does_not_open() -> None:
    envelope = sealed(HELD)
    shares = HELD.shares(envelope, 2, 3)
    for field in ("ciphertext", "nonce", "commitment"):
        wrong = changed(envelope, **{field: flipped(getattr(envelope, field))})
        with pytest.raises(UnopenableError):
            open_envelope(wrong, shares, threshold=2)


def _with_content(plain: bytes, commitment: bytes) -> tuple[Envelope, dict[int, bytes]]:
    """An envelope that a client of somebody's own made: its content is what he liked."""
    key, nonce = bytes(range(32)), bytes(12)
    shares = split(key, threshold=2, seats=3)
    bound = PLACE.told("jishi-content-1", commitment=commitment.hex())
    made = changed(
        sealed(HELD),
        commitment=commitment.hex(),
        nonce=nonce.hex(),
        ciphertext=AESGCM(key).encrypt(nonce, plain.ljust(256), bound).hex(),
        share_commitments=[share_commitment(PLACE, n, share) for n, share in enumerate(shares, 1)],
    )
    return made, dict(enumerate(shares, start=1))


def test_a_content_other_than_the_committed_one_is_found_out() -> None:
    told = bid("1.00", "7KQ")
    made, shares = _with_content(told.padded(), bid("2.00", "7KQ").commitment(PLACE))
    with pytest.raises(CommitmentDisagreesError):
        open_envelope(made, shares, threshold=2)


@pytest.mark.parametrize(
    "plain",
    [b"", b"null", b"\xff", b"[" * 256, b'{"kind":"bid"}', b'{"kind":"gift"}', canonical({"amount": 1})],
)
def test_a_content_that_cannot_be_read_waits_for_a_person_and_is_not_silently_void(plain: bytes) -> None:
    made, shares = _with_content(plain, bytes(32))
    with pytest.raises(UnopenableError):
        open_envelope(made, shares, threshold=2)


@pytest.mark.parametrize("amount", ["1", "1.0", "01.00", "１.00", "-1.00", "1e3", "NaN"])
def test_an_amount_is_written_in_one_way_only(amount: str) -> None:
    with pytest.raises(ValueError, match="amount"):
        bid(amount, "7KQ")


def test_an_envelope_addressed_to_other_keys_or_in_another_order_does_not_fit() -> None:
    envelope = sealed(HELD)
    assert envelopes.fits(envelope, PLACE, HELD.custody)
    wrong: tuple[Callable[[], Envelope], ...] = (
        lambda: changed(envelope, shares=envelope.shares[1:]),
        lambda: changed(envelope, shares=envelope.shares[::-1]),
        lambda: changed(envelope, share_commitments=envelope.share_commitments[:2]),
        lambda: seal(bid("1.00", "7KQ"), PLACE, hold().custody),
    )
    assert not any(envelopes.fits(make(), PLACE, HELD.custody) for make in wrong)
    assert not envelopes.fits(envelope, replace(PLACE, round_no=2), HELD.custody)


# --- vectors for other clients ----------------------------------------------------------------------------------------


def test_the_published_vectors_hold() -> None:
    """The browser's client and a stranger's are tried on the same file."""
    told = json.loads(VECTORS.read_text(encoding="utf-8"))
    for one in told["shamir"]:
        coefficients = iter(bytes.fromhex(row) for row in one["coefficients"])
        made = split(
            bytes.fromhex(one["secret"]),
            threshold=one["threshold"],
            seats=one["seats"],
            random=lambda _, rows=coefficients: next(rows),
        )
        assert [share.hex() for share in made] == one["shares"]
    for one in told["envelopes"]:
        envelope = Envelope.model_validate(one["envelope"])
        keys = [X25519PrivateKey.from_private_bytes(bytes.fromhex(key)) for key in one["private_keys"]]
        shares = dict(open_share(envelope, key) for key in keys)
        assert {str(seat): share.hex() for seat, share in shares.items()} == one["shares"]
        opened = open_envelope(envelope, shares, threshold=one["threshold"])
        assert opened.content == Content.model_validate(
            one["content"] | {"kind": Kind(one["content"]["kind"])}
        )
        assert (opened.key.hex(), envelope.digest.hex()) == (one["content_key"], one["digest"])
        assert envelope.leaf.hex() == envelope.commitment + one["digest"]
