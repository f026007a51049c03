"""The life of a contract record, and the categories of technical contracts."""

from enum import StrEnum
from typing import Final

from app.kit.states import Machine


class ContractStatus(StrEnum):
    """Which side has confirmed the record; voided where its award was rescinded."""

    DRAFT = "draft"
    SELLER_CONFIRMED = "seller_confirmed"
    BUYER_CONFIRMED = "buyer_confirmed"
    CONFIRMED = "confirmed"
    VOIDED = "voided"


class Side(StrEnum):
    """A side of a contract."""

    SELLER = "seller"
    BUYER = "buyer"


class ContractCategory(StrEnum):
    """Technical contracts (技术合同) by what is owed. Source: 民法典, articles 843 to 887."""

    TRANSFER = "transfer"
    LICENSE = "license"
    DEVELOPMENT = "development"
    SERVICE = "service"


S = ContractStatus
MACHINE: Final[Machine[ContractStatus]] = Machine(
    "contract",
    S.DRAFT,
    {
        S.DRAFT: frozenset({S.SELLER_CONFIRMED, S.BUYER_CONFIRMED, S.VOIDED}),
        S.SELLER_CONFIRMED: frozenset({S.CONFIRMED, S.VOIDED}),
        S.BUYER_CONFIRMED: frozenset({S.CONFIRMED, S.VOIDED}),
    },
)
