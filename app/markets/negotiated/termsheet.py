"""Term sheets 条款清单: what the two sides agree on, which parts of it are pinned, and how two of them differ. Pure.

A price notice shows the pinned fields, and the contract must repeat them (R4): the form of the price, the amounts, the
royalty, the shares, the buyer, the mode, the scope, the subject and the term. Everything else is clerical: it may be
written out, split or corrected. Sums must be equal; how a sum is split into instalments may be written otherwise.

Forms of the price: 民法典 art. 846 (a lump sum, at once or in instalments; a royalty; an entry fee with a royalty).
Shares instead of money are worth what a valuation or the unit's recorded decision says: house rule, after 公司法 art. 48.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

import orjson

from app.kit.money import yuan
from app.markets.negotiated.errors import TermSheetUnfit
from app.markets.states import Mode

WHOLE_BP: Final = 10_000


class TermPrice(StrEnum):
    """The form of the price."""

    LUMP_SUM = "lump_sum"
    INSTALMENTS = "instalments"
    ROYALTY = "royalty"
    ENTRY_FEE = "entry_fee"
    """An entry fee 入门费, and a royalty beside it."""
    EQUITY = "equity"
    """Shares in a company 作价入股, and money beside them where so agreed."""


class RoyaltyBase(StrEnum):
    """Of what a royalty is a part."""

    NET_SALES = "net_sales"
    PROFIT = "profit"
    OUTPUT_VALUE = "output_value"


class CompanyKind(StrEnum):
    """Whether the company whose shares are given exists already."""

    NEW = "new"
    EXISTING = "existing"


class WorthBy(StrEnum):
    """By what a right that becomes shares was valued."""

    REPORT = "report"
    DECISION = "decision"


class TermField(StrEnum):
    """The pinned fields: what a notice and a contract have in common, byte for byte."""

    PRICE_FORM = "price_form"
    AMOUNT = "amount"
    ROYALTY = "royalty"
    EQUITY = "equity"
    BUYER = "buyer"
    MODE = "mode"
    SCOPE = "scope"
    SUBJECT = "subject"
    TERM = "term"


@dataclass(frozen=True, kw_only=True)
class Instalment:
    """A part of a sum, in fen: due on a day, or when something has happened."""

    amount_minor: int
    due_on: date | None = None
    condition: str | None = None


@dataclass(frozen=True, kw_only=True)
class Royalty:
    """A part of what the buyer makes, in basis points of `base`.

    reports_every_months: how often he reports; audited: the seller may look into his books.
    """

    rate_bp: int
    base: RoyaltyBase
    reports_every_months: int = 12
    audited: bool = True


@dataclass(frozen=True, kw_only=True)
class Equity:
    """Shares in a company for the right. Amounts in fen.

    valuation_minor: what the right is worth; worth_by, worth_document_no: by which report, or by which recorded decision of
    the unit; cash_minor: money paid beside the shares; registers_on: the expected day of the company's registration.
    """

    share_bp: int
    valuation_minor: int
    worth_by: WorthBy
    worth_document_no: str
    company_name: str
    company_kind: CompanyKind
    registered_capital_minor: int
    cash_minor: int = 0
    registers_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class TermSheet:
    """One version of what is agreed. `amount_minor`: what is fixed to be paid in money in all, in fen.

    Clerical, not pinned: the split of a sum that is paid in instalments, the text of other terms, the tax clause.
    """

    form: TermPrice
    amount_minor: int
    buyer_party_id: UUID
    mode: Mode
    territory: str
    subject_ids: Sequence[UUID]
    field_of_use: str | None = None
    term_months: int | None = None
    instalments: Sequence[Instalment] = ()
    royalty: Royalty | None = None
    equity: Equity | None = None
    tax_clause: str | None = None
    other_terms: str | None = None


def check(sheet: TermSheet) -> None:
    """Refuse a sheet that contradicts itself: in the order in which the fields are named here.

    form against mode, amount, instalments, royalty, equity. Raises `TermSheetUnfit` with the field.
    """
    for unfit, field, zh, en in _FLAWS:
        if unfit(sheet):
            raise TermSheetUnfit(zh, en, field=f"/body/{field}")


def pinned(sheet: TermSheet) -> dict[TermField, Any]:
    """The pinned fields as JSON values, the same for every way to write the same terms.

    A sum in instalments has the form of a lump sum: the split may be written out later.
    """
    form = TermPrice.LUMP_SUM if sheet.form is TermPrice.INSTALMENTS else sheet.form
    royalty, equity = sheet.royalty, sheet.equity
    return {
        TermField.PRICE_FORM: str(form),
        TermField.AMOUNT: yuan(sheet.amount_minor),
        TermField.ROYALTY: {"rate_bp": royalty.rate_bp, "base": str(royalty.base)} if royalty else None,
        TermField.EQUITY: _pinned_equity(equity) if equity else None,
        TermField.BUYER: str(sheet.buyer_party_id),
        TermField.MODE: str(sheet.mode),
        TermField.SCOPE: {"territory": sheet.territory.strip(), "field_of_use": _trimmed(sheet.field_of_use)},
        TermField.SUBJECT: sorted(str(one) for one in sheet.subject_ids),
        TermField.TERM: sheet.term_months,
    }


def term_hash(fields: Mapping[TermField, Any]) -> str:
    """The SHA-256 of pinned fields, as hex: what a notice and a contract compare."""
    told = {str(name): value for name, value in fields.items()}
    return hashlib.sha256(orjson.dumps(told, option=orjson.OPT_SORT_KEYS)).hexdigest()


def differs(noticed: Mapping[TermField, Any], other: Mapping[TermField, Any]) -> tuple[TermField, ...]:
    """The pinned fields in which two sheets differ, in the order of `TermField`."""
    return tuple(name for name in TermField if noticed[name] != other[name])


_WITH_ROYALTY: Final = (TermPrice.ROYALTY, TermPrice.ENTRY_FEE)


def _pinned_equity(equity: Equity) -> dict[str, Any]:
    return {
        "share_bp": equity.share_bp,
        "valuation": yuan(equity.valuation_minor),
        "company": equity.company_name.strip(),
        "company_kind": str(equity.company_kind),
        "registered_capital": yuan(equity.registered_capital_minor),
        "cash": yuan(equity.cash_minor),
    }


def _trimmed(text: str | None) -> str | None:
    return text.strip() or None if text is not None else None


def _split_unfit(sheet: TermSheet) -> bool:
    parts = sheet.instalments
    if sheet.form is not TermPrice.INSTALMENTS:
        return bool(parts)
    return len(parts) < 2 or sum(one.amount_minor for one in parts) != sheet.amount_minor


def _part_unfit(sheet: TermSheet) -> bool:
    return any(
        one.amount_minor <= 0 or (one.due_on is None) == (one.condition is None) for one in sheet.instalments
    )


def _days_turned(sheet: TermSheet) -> bool:
    days = [one.due_on for one in sheet.instalments if one.due_on is not None]
    return days != sorted(set(days))


def _amount_unfit(sheet: TermSheet) -> bool:
    if sheet.form is TermPrice.EQUITY:
        return sheet.equity is not None and sheet.amount_minor != sheet.equity.cash_minor
    return sheet.amount_minor < 0 or (sheet.amount_minor == 0) != (sheet.form is TermPrice.ROYALTY)


def _equity_unfit(sheet: TermSheet) -> bool:
    equity = sheet.equity
    if equity is None:
        return False
    return not (
        0 < equity.share_bp <= WHOLE_BP
        and equity.valuation_minor > 0
        and equity.cash_minor >= 0
        and equity.registered_capital_minor > 0
        and equity.worth_document_no.strip()
    )


_FLAWS: Final[Sequence[tuple[Callable[[TermSheet], bool], str, str, str]]] = (
    (
        lambda s: (s.form is TermPrice.EQUITY) != (s.mode is Mode.EQUITY),
        "form",
        "作价入股的价款形式只用于作价投资，作价投资也只用作价入股。",
        "Shares are the price of an investment in kind, and only of that.",
    ),
    (
        _amount_unfit,
        "amount",
        "固定价款须大于零；纯提成的固定价款为零；作价入股的固定价款等于其现金部分。",
        "The fixed sum is above zero; of a royalty alone it is zero; of shares it is the cash beside them.",
    ),
    (
        _split_unfit,
        "instalments",
        "分期付款至少两期，各期之和须等于总价；其他价款形式不填分期。",
        "Instalments are two or more and add up to the sum; other forms have none.",
    ),
    (
        _part_unfit,
        "instalments",
        "每期金额须大于零，并写明付款日或付款条件之一。",
        "Each instalment is above zero and has a day or a condition, not both.",
    ),
    (
        _days_turned,
        "instalments",
        "各期付款日须依次递增。",
        "The days of the instalments follow one another.",
    ),
    (
        lambda s: (s.form in _WITH_ROYALTY) != (s.royalty is not None),
        "royalty",
        "提成、入门费加提成须填写提成；其他价款形式不填。",
        "A royalty and an entry fee state the royalty; other forms have none.",
    ),
    (
        lambda s: s.royalty is not None and not 0 < s.royalty.rate_bp <= WHOLE_BP,
        "royalty/rate_bp",
        "提成比例须大于零且不超过100%。",
        "The royalty is above zero and at most the whole.",
    ),
    (
        lambda s: s.royalty is not None and not 1 <= s.royalty.reports_every_months <= 24,
        "royalty/reports_every_months",
        "提成报告周期为1至24个月。",
        "The buyer reports every 1 to 24 months.",
    ),
    (
        lambda s: (s.form is TermPrice.EQUITY) != (s.equity is not None),
        "equity",
        "作价入股须填写股权条款；其他价款形式不填。",
        "Shares state their terms; other forms have none.",
    ),
    (
        _equity_unfit,
        "equity",
        "股权比例须大于零且不超过100%，评估值和注册资本须大于零，并写明估值依据的文号。",
        "The share is above zero and at most the whole, valuation and capital are above zero, and the paper of the valuation is named.",
    ),
)
