"""The rules of contracts, without a database."""

import pytest

from app.contracts import rules
from app.contracts.errors import ContractNotFound, SideConfirmedBefore
from app.contracts.states import MACHINE, ContractStatus, Side
from app.kit.ids import new_id
from app.markets.states import Mode

S = ContractStatus


def test_every_mode_leads_to_a_category() -> None:
    assert {mode: str(rules.category_of(mode)) for mode in Mode} == {
        Mode.TRANSFER: "transfer",
        Mode.LICENSE_EXCLUSIVE: "license",
        Mode.LICENSE_SOLE: "license",
        Mode.LICENSE_ORDINARY: "license",
        Mode.EQUITY: "transfer",
        Mode.DEVELOPMENT: "development",
        Mode.SERVICE: "service",
    }


def test_a_contract_is_confirmed_by_both_sides_in_either_order() -> None:
    for first, second, between in (
        (Side.SELLER, Side.BUYER, S.SELLER_CONFIRMED),
        (Side.BUYER, Side.SELLER, S.BUYER_CONFIRMED),
    ):
        assert rules.after_confirmation(S.DRAFT, first) is between
        assert rules.after_confirmation(between, second) is S.CONFIRMED
        assert MACHINE.allows(S.DRAFT, between)
        assert MACHINE.allows(between, S.CONFIRMED)


@pytest.mark.parametrize(
    ("status", "side"),
    [
        (S.SELLER_CONFIRMED, Side.SELLER),
        (S.BUYER_CONFIRMED, Side.BUYER),
        (S.CONFIRMED, Side.SELLER),
        (S.CONFIRMED, Side.BUYER),
    ],
)
def test_no_side_confirms_twice(status: ContractStatus, side: Side) -> None:
    with pytest.raises(SideConfirmedBefore):
        rules.after_confirmation(status, side)


def test_nobody_is_on_a_side_but_the_two_parties() -> None:
    seller, buyer = new_id(), new_id()
    assert rules.side_of(seller, seller_party_id=seller, buyer_party_id=buyer) is Side.SELLER
    assert rules.side_of(buyer, seller_party_id=seller, buyer_party_id=buyer) is Side.BUYER
    with pytest.raises(ContractNotFound):
        rules.side_of(new_id(), seller_party_id=seller, buyer_party_id=buyer)


def test_a_confirmed_contract_stays_confirmed() -> None:
    assert not any(MACHINE.allows(S.CONFIRMED, to) for to in S)
    assert not MACHINE.allows(S.DRAFT, S.CONFIRMED)
