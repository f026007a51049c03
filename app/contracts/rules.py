"""Pure decisions on contracts: the category of an award's contract, whose side somebody is on, what follows."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from app.contracts.errors import ContractNotFound, ContractVoided, OnePersonOnBothSides, SideConfirmedBefore
from app.contracts.states import ContractCategory, ContractStatus, Side
from app.markets.states import Mode

CONFIRM_WORKING_DAYS: Final = 3
"""How long both sides have to confirm the record after the award. House rule."""
SIGN_WORKING_DAYS: Final = 5
"""How long they have to sign the contract after the award. House rule."""

_CATEGORIES: Final = {
    Mode.TRANSFER: ContractCategory.TRANSFER,
    Mode.LICENSE_EXCLUSIVE: ContractCategory.LICENSE,
    Mode.LICENSE_SOLE: ContractCategory.LICENSE,
    Mode.LICENSE_ORDINARY: ContractCategory.LICENSE,
    # 作价投资 moves the right into the company: registered as a transfer.
    Mode.EQUITY: ContractCategory.TRANSFER,
    Mode.DEVELOPMENT: ContractCategory.DEVELOPMENT,
    Mode.SERVICE: ContractCategory.SERVICE,
}

_FIRST: Final = {Side.SELLER: ContractStatus.SELLER_CONFIRMED, Side.BUYER: ContractStatus.BUYER_CONFIRMED}


def category_of(mode: Mode) -> ContractCategory:
    """What kind of technical contract a mode of conversion leads to."""
    return _CATEGORIES[mode]


def side_of(party_id: UUID, *, seller_party_id: UUID, buyer_party_id: UUID) -> Side:
    """On which side a party stands. Raises `ContractNotFound` for anybody else: it is not theirs to know of."""
    sides = {seller_party_id: Side.SELLER, buyer_party_id: Side.BUYER}
    if party_id not in sides:
        raise ContractNotFound()
    return sides[party_id]


def check_other_person(user_id: UUID, *, confirmed_by: Sequence[UUID | None]) -> None:
    """Refuse somebody who has confirmed for the other side: nobody concludes a contract with himself. House rule."""
    if user_id in confirmed_by:
        raise OnePersonOnBothSides()


def after_confirmation(status: ContractStatus, side: Side) -> ContractStatus:
    """The state after a side's confirmation. Raises `ContractVoided`, and `SideConfirmedBefore` for a side's second one."""
    if status is ContractStatus.VOIDED:
        raise ContractVoided()
    if status in (_FIRST[side], ContractStatus.CONFIRMED):
        raise SideConfirmedBefore(status_now=str(status), side=str(side))
    return _FIRST[side] if status is ContractStatus.DRAFT else ContractStatus.CONFIRMED
