"""How a forfeited deposit is used up, to the fen. Pure."""

from dataclasses import dataclass
from uuid import UUID

from app.settlement.dispositions.errors import DepositNotForfeited, DisposedBefore, DispositionDecided
from app.settlement.dispositions.states import DispositionStatus, Purpose
from app.settlement.rules import FORFEITED, Account, Line, transfer
from app.settlement.states import AccountKind, DepositStatus

SALE_COSTS = Account(AccountKind.SALE_COSTS)


@dataclass(frozen=True)
class Disposition:
    """How much of a deposit goes where, in fen. `claim_minor`: what the defaulting buyer still owes beyond it."""

    costs_minor: int
    shortfall_minor: int
    seller_minor: int
    claim_minor: int

    def lines(self) -> tuple[tuple[Purpose, int], ...]:
        """The lines in their order; they sum to the deposit."""
        return (
            (Purpose.COSTS, self.costs_minor),
            (Purpose.SHORTFALL, self.shortfall_minor),
            (Purpose.SELLER, self.seller_minor),
        )


def dispose(amount_minor: int, *, costs_minor: int, shortfall_minor: int) -> Disposition:
    """Use a deposit up: first the costs of the sale, then the shortfall of the re-auction, the rest to the seller.

    What costs and shortfall come to beyond the deposit remains a claim on the buyer. Amounts in fen. Source: house rule,
    after 法释〔2016〕18号 art. 24; 拍卖法 art. 39 says of the shortfall the same where a licensed auction house sold.
    """
    costs = min(costs_minor, amount_minor)
    shortfall = min(shortfall_minor, amount_minor - costs)
    return Disposition(
        costs_minor=costs,
        shortfall_minor=shortfall,
        seller_minor=amount_minor - costs - shortfall,
        claim_minor=costs_minor + shortfall_minor - costs - shortfall,
    )


def postings(disposition: Disposition, *, seller_party_id: UUID) -> tuple[Line, ...]:
    """What a disposition posts: out of what was forfeited, to the costs and to the seller."""
    seller = Account(AccountKind.SELLER_PAYABLE, party_id=seller_party_id)
    where = {Purpose.COSTS: SALE_COSTS, Purpose.SHORTFALL: seller, Purpose.SELLER: seller}
    lines: tuple[Line, ...] = ()
    for purpose, amount_minor in disposition.lines():
        lines += transfer(amount_minor, debit=FORFEITED, credit=where[purpose])
    return lines


def check_forfeited(status: DepositStatus, *, disposed: bool) -> None:
    """Refuse to dispose of a deposit that is not forfeited, or of which a disposition stands or waits."""
    if status is not DepositStatus.FORFEITED:
        raise DepositNotForfeited(status_now=str(status))
    if disposed:
        raise DisposedBefore()


def check_open(status: DispositionStatus) -> None:
    """Refuse to decide twice."""
    if status is not DispositionStatus.PROPOSED:
        raise DispositionDecided(status_now=str(status))
