"""Term sheets between the wire, the rules and the rows."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from pydantic import TypeAdapter

from app.kit.money import fen, yuan
from app.kit.schemas import MoneyOut
from app.markets.award import LUMP_SUM, PriceForm, PriceKind
from app.markets.negotiated import termsheet
from app.markets.negotiated.schemas import (
    EquityOut,
    InstalmentOut,
    RoyaltyOut,
    TermsIn,
    TermsOut,
)
from app.markets.negotiated.termsheet import Equity, Instalment, Royalty, TermPrice, TermSheet
from app.markets.states import Mode
from app.markets.tables import OfferingRow

_ROW: Final = TypeAdapter(TermSheet)


def written(
    terms: TermsIn, offering: OfferingRow, *, buyer_party_id: UUID, subject_ids: Sequence[UUID]
) -> TermSheet:
    """The sheet that somebody writes for this offering and buyer: mode, scope and subject are the offering's.

    Raises `TermSheetUnfit`.
    """
    royalty, equity = terms.royalty, terms.equity
    sheet = TermSheet(
        form=terms.form,
        amount_minor=fen(terms.amount),
        buyer_party_id=buyer_party_id,
        mode=Mode(offering.mode),
        territory=offering.territory,
        field_of_use=offering.field_of_use,
        term_months=offering.term_months,
        subject_ids=tuple(subject_ids),
        instalments=tuple(
            Instalment(amount_minor=fen(one.amount), due_on=one.due_on, condition=one.condition)
            for one in terms.instalments
        ),
        royalty=Royalty(**royalty.model_dump()) if royalty is not None else None,
        equity=Equity(
            share_bp=equity.share_bp,
            valuation_minor=fen(equity.valuation),
            worth_by=equity.worth_by,
            worth_document_no=equity.worth_document_no,
            company_name=equity.company_name,
            company_kind=equity.company_kind,
            registered_capital_minor=fen(equity.registered_capital),
            cash_minor=fen(equity.cash),
            registers_on=equity.registers_on,
        )
        if equity is not None
        else None,
        tax_clause=terms.tax_clause,
        other_terms=terms.terms,
    )
    termsheet.check(sheet)
    return sheet


def stored(sheet: TermSheet) -> dict[str, Any]:
    """As a row keeps it."""
    kept: dict[str, Any] = _ROW.dump_python(sheet, mode="json")
    return kept


def read(kept: dict[str, Any]) -> TermSheet:
    """From a row."""
    return _ROW.validate_python(kept)


def told(sheet: TermSheet) -> TermsOut:
    """For the two sides."""
    royalty, equity = sheet.royalty, sheet.equity
    return TermsOut(
        form=sheet.form,
        amount=MoneyOut.of(sheet.amount_minor),
        instalments=[
            InstalmentOut(amount=yuan(one.amount_minor), due_on=one.due_on, condition=one.condition)
            for one in sheet.instalments
        ],
        royalty=RoyaltyOut(
            rate_bp=royalty.rate_bp,
            base=royalty.base,
            reports_every_months=royalty.reports_every_months,
            audited=royalty.audited,
        )
        if royalty is not None
        else None,
        equity=EquityOut(
            share_bp=equity.share_bp,
            valuation=yuan(equity.valuation_minor),
            worth_by=equity.worth_by,
            worth_document_no=equity.worth_document_no,
            company_name=equity.company_name,
            company_kind=equity.company_kind,
            registered_capital=yuan(equity.registered_capital_minor),
            cash=yuan(equity.cash_minor),
            registers_on=equity.registers_on,
        )
        if equity is not None
        else None,
        tax_clause=sheet.tax_clause,
        terms=sheet.other_terms or "",
        term_hash=termsheet.term_hash(termsheet.pinned(sheet)),
    )


def price_of(sheet: TermSheet) -> PriceForm:
    """What an award on these terms says beside its fixed sum."""
    match sheet.form:
        case TermPrice.ROYALTY:
            assert sheet.royalty is not None
            return PriceForm(kind=PriceKind.ROYALTY_RATE, royalty_bp=sheet.royalty.rate_bp)
        case TermPrice.ENTRY_FEE:
            assert sheet.royalty is not None
            return PriceForm(kind=PriceKind.ENTRY_FEE, royalty_bp=sheet.royalty.rate_bp)
        case TermPrice.EQUITY:
            assert sheet.equity is not None
            return PriceForm(
                kind=PriceKind.EQUITY,
                share_bp=sheet.equity.share_bp,
                valuation_minor=sheet.equity.valuation_minor,
                company=sheet.equity.company_name,
            )
        case _:
            return LUMP_SUM
