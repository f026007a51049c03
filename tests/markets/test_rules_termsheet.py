"""Term sheets: what may stand in one, what is pinned, what a contract may write otherwise and what it may not (R4)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from app.kit.errors import Refusal
from app.markets.negotiated.termsheet import (
    CompanyKind,
    Equity,
    Instalment,
    Royalty,
    RoyaltyBase,
    TermField,
    TermPrice,
    TermSheet,
    WorthBy,
    check,
    differs,
    pinned,
    term_hash,
)
from app.markets.states import Mode

SUM = TermSheet(
    form=TermPrice.LUMP_SUM,
    amount_minor=218_000_000,
    buyer_party_id=UUID(int=7),
    mode=Mode.TRANSFER,
    territory="中国境内",
    field_of_use="动力电池",
    term_months=None,
    subject_ids=(UUID(int=2), UUID(int=1)),
    other_terms="交付全套工艺文件，含两次现场指导",
)
SPLIT = replace(
    SUM,
    form=TermPrice.INSTALMENTS,
    instalments=(
        Instalment(amount_minor=65_400_000, due_on=date(2026, 12, 20)),
        Instalment(amount_minor=100_000_000, due_on=date(2027, 6, 20)),
        Instalment(amount_minor=52_600_000, condition="首批产品验收合格后30日内"),
    ),
)
ROYALTY = replace(
    SUM,
    form=TermPrice.ROYALTY,
    amount_minor=0,
    royalty=Royalty(rate_bp=300, base=RoyaltyBase.NET_SALES),
)
ENTRY = replace(SUM, form=TermPrice.ENTRY_FEE, amount_minor=30_000_000, royalty=ROYALTY.royalty)
SHARES = Equity(
    share_bp=2_000,
    valuation_minor=600_000_000,
    worth_by=WorthBy.REPORT,
    worth_document_no="浙评报字〔2026〕第118号",
    company_name="杭州试科储能有限公司",
    company_kind=CompanyKind.NEW,
    registered_capital_minor=3_000_000_000,
    cash_minor=50_000_000,
    registers_on=date(2027, 3, 1),
)
EQUITY = replace(SUM, form=TermPrice.EQUITY, mode=Mode.EQUITY, amount_minor=50_000_000, equity=SHARES)


def field_of(call: Callable[[], None]) -> str | None:
    try:
        call()
    except Refusal as refusal:
        assert refusal.code == "term_sheet_unfit"
        return str(refusal.field)
    return None


@pytest.mark.parametrize("sheet", [SUM, SPLIT, ROYALTY, ENTRY, EQUITY], ids=lambda s: str(s.form))
def test_every_form_of_the_civil_code_and_shares_can_be_agreed(sheet: TermSheet) -> None:
    assert field_of(lambda: check(sheet)) is None


PARTS = SPLIT.instalments


@pytest.mark.parametrize(
    ("sheet", "field"),
    [
        (replace(EQUITY, mode=Mode.TRANSFER), "form"),
        (replace(SUM, mode=Mode.EQUITY), "form"),
        (replace(SUM, amount_minor=0), "amount"),
        (replace(ROYALTY, amount_minor=1), "amount"),
        (replace(EQUITY, amount_minor=50_000_001), "amount"),
        (replace(SUM, instalments=PARTS), "instalments"),
        (replace(SPLIT, instalments=PARTS[:1], amount_minor=65_400_000), "instalments"),
        (replace(SPLIT, amount_minor=218_000_001), "instalments"),
        (
            replace(SPLIT, instalments=(*PARTS[:2], replace(PARTS[2], due_on=date(2027, 9, 1)))),
            "instalments",
        ),
        (replace(SPLIT, instalments=(PARTS[1], PARTS[0], PARTS[2])), "instalments"),
        (replace(SUM, royalty=ROYALTY.royalty), "royalty"),
        (replace(ENTRY, royalty=None), "royalty"),
        (replace(ROYALTY, royalty=Royalty(rate_bp=10_001, base=RoyaltyBase.PROFIT)), "royalty/rate_bp"),
        (replace(ROYALTY, royalty=Royalty(rate_bp=0, base=RoyaltyBase.PROFIT)), "royalty/rate_bp"),
        (
            replace(ROYALTY, royalty=Royalty(rate_bp=300, base=RoyaltyBase.PROFIT, reports_every_months=25)),
            "royalty/reports_every_months",
        ),
        (replace(SUM, equity=SHARES), "equity"),
        (replace(EQUITY, equity=None), "equity"),
        (replace(EQUITY, equity=replace(SHARES, share_bp=10_001)), "equity"),
        (replace(EQUITY, equity=replace(SHARES, valuation_minor=0)), "equity"),
        (replace(EQUITY, equity=replace(SHARES, worth_document_no=" ")), "equity"),
    ],
)
def test_a_sheet_that_contradicts_itself_is_refused_with_its_field(sheet: TermSheet, field: str) -> None:
    assert field_of(lambda: check(sheet)) == f"/body/{field}"


CLERICAL: list[TermSheet] = [
    replace(SUM, other_terms="交付全部工艺文件（含两次现场指导）"),
    replace(SUM, tax_clause="含税，税率6%"),
    replace(SUM, territory=" 中国境内 "),
    replace(SUM, subject_ids=tuple(reversed(SUM.subject_ids))),
    SPLIT,
]


@pytest.mark.parametrize("other", CLERICAL)
def test_what_is_clerical_may_be_written_otherwise_and_a_sum_may_be_split(other: TermSheet) -> None:
    assert differs(pinned(SUM), pinned(other)) == ()
    assert term_hash(pinned(SUM)) == term_hash(pinned(other))


@pytest.mark.parametrize(
    ("base", "changed", "field"),
    [
        (SUM, {"amount_minor": 217_999_999}, TermField.AMOUNT),
        (SUM, {"amount_minor": 218_000_001}, TermField.AMOUNT),
        (SUM, {"buyer_party_id": UUID(int=8)}, TermField.BUYER),
        (SUM, {"mode": Mode.LICENSE_EXCLUSIVE}, TermField.MODE),
        (SUM, {"territory": "浙江省"}, TermField.SCOPE),
        (SUM, {"field_of_use": None}, TermField.SCOPE),
        (SUM, {"term_months": 60}, TermField.TERM),
        (SUM, {"subject_ids": (UUID(int=1),)}, TermField.SUBJECT),
        (ENTRY, {"royalty": Royalty(rate_bp=299, base=RoyaltyBase.NET_SALES)}, TermField.ROYALTY),
        (ENTRY, {"royalty": Royalty(rate_bp=300, base=RoyaltyBase.PROFIT)}, TermField.ROYALTY),
        (EQUITY, {"equity": replace(SHARES, share_bp=1_999)}, TermField.EQUITY),
        (EQUITY, {"equity": replace(SHARES, company_name="杭州另一家有限公司")}, TermField.EQUITY),
    ],
)
def test_each_pinned_field_that_is_changed_alone_is_found_alone(
    base: TermSheet, changed: dict[str, Any], field: TermField
) -> None:
    other = replace(base, **changed)
    assert differs(pinned(base), pinned(other)) == (field,)
    assert term_hash(pinned(base)) != term_hash(pinned(other))
