"""What a bidder is told, written as bytes, is the schema's own answer."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from app.auctions.events import bid_placed, event_of
from app.auctions.queries import bid_body, bid_out
from app.auctions.rules.commands import BidVia
from app.auctions.rules.facts import BidPlaced
from app.auctions.rules.snapshot import Snapshot
from app.auctions.rules.terms import Price, PriceKind
from app.signing.rules.receipts import Entry, receipt
from app.signing.rules.statements import Signature
from tests.auctions.sale import terms

AT = datetime(2026, 3, 1, 2, 0, 0, 120, tzinfo=UTC)
ROYALTY = Price(kind=PriceKind.ROYALTY_RATE, entry_fee_minor=100)
ENTRY = Entry(uuid4(), 7, bytes(range(32)))
RECEIPT = receipt(
    ENTRY,
    root=bytes(32),
    path=[bytes(32)],
    size=2,
    index=1,
    signature=Signature("k", bytes(64)),
    signed_at="2026",
)


@pytest.mark.parametrize("price", [Price(), ROYALTY])
@pytest.mark.parametrize("ends_at", [None, AT])
@pytest.mark.parametrize("told", [None, RECEIPT])
@pytest.mark.parametrize("via", [BidVia.WEB, BidVia.PRIORITY])
def test_the_bytes_of_an_accepted_bid_are_those_of_its_schema(
    price: Price, ends_at: datetime | None, told: dict[str, object] | None, via: BidVia
) -> None:
    bid = BidPlaced(seq=7, at=AT, bid_no=3, bidder_code="竞7A", amount_minor=123_456, via=via)
    after = Snapshot(terms=terms(price=price), ends_at=ends_at, extension_count=2)
    asked = (uuid4(), bid, after, bytes(32), told)
    assert bid_body(*asked) == bid_out(*asked).model_dump_json().encode()


@pytest.mark.parametrize("via", [BidVia.WEB, BidVia.PROXY])
def test_the_written_event_of_a_bid_is_that_of_its_schema(via: BidVia) -> None:
    bid = BidPlaced(seq=7, at=AT, bid_no=3, bidder_code="竞7A", amount_minor=123_456, via=via)
    named = {"auction_id": uuid4(), "number": "A-1", "offering_id": uuid4(), "parties": (uuid4(), uuid4())}
    assert bid_placed(bid, **named) == event_of(bid, title="t", **named).written()
