"""Records of sealed sales from the pure engine alone, with true commitments."""

from collections.abc import Sequence
from hashlib import sha256
from uuid import UUID

from app.auctions.rules.sealed.state import Fault, Found
from app.kit.money import fen
from app.sealing.envelopes import Content, Kind, bid, nothing
from app.sealing.wire import Place
from tests.auctions.sale import START, Sale, seconds
from tests.auctions.test_rules_sealed import opened, sealing
from tests.evidence.written import AUCTION


def envelope(no: int, content: Content, *, holder: str | None, round_no: int = 1) -> Found:
    """An envelope as it was opened, received so many seconds into the sealing as its number says."""
    envelope_id = UUID(int=AUCTION.int + round_no * 1_000 + no)
    is_bid = content.kind is Kind.BID
    return Found(
        envelope_id=str(envelope_id),
        commitment=content.commitment(Place(AUCTION, round_no, envelope_id)).hex(),
        digest=sha256(f"envelope {round_no} {no}".encode()).hexdigest(),
        holder_code=holder,
        received_at=START + seconds(no) if holder else None,
        kind=content.kind,
        code=content.code if is_bid else None,
        amount_minor=fen(content.amount) if is_bid else None,
        salt=content.salt,
    )


def _bid(code: str, amount: str, round_no: int = 1) -> Content:
    return bid(amount, code, lambda size: sha256(f"{code} {amount} {round_no}".encode()).digest()[:size])


def offers(amounts: Sequence[tuple[str, str]], *, round_no: int = 1) -> list[Found]:
    """Offers by code and yuan, and a dummy behind them."""
    told = [
        envelope(no, _bid(code, amount, round_no), holder=code, round_no=round_no)
        for no, (code, amount) in enumerate(amounts, 1)
    ]
    dummy = nothing(lambda size: sha256(f"dummy{round_no}".encode()).digest()[:size])
    return [*told, envelope(len(told) + 1, dummy, holder=None, round_no=round_no)]


def sold_in_two_rounds() -> Sale:
    """Two tie at 300 万, 4711 raises in the extra round; one offer lies below the start, one is under another's code, one
    was dealt falsely.
    """
    first = offers([("3260", "3000000.00"), ("4711", "3000000.00"), ("8888", "1500000.00")])
    stolen = envelope(7, _bid("3260", "9000000.00"), holder="9999")
    faulty = _faulty(envelope(8, _bid("7777", "4000000.00"), holder="7777"))
    sale = opened(sealing(), *first, stolen, faulty)
    return opened(sale, *offers([("4711", "3200000.00")], round_no=2))


def _faulty(found: Found) -> Found:
    """The same, where its shares were found to belong to different keys."""
    return Found(
        envelope_id=found.envelope_id,
        commitment=found.commitment,
        digest=found.digest,
        holder_code=found.holder_code,
        received_at=found.received_at,
        fault=Fault.DEALT_FALSELY,
    )
