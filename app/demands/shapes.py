"""From rows to wire shapes: the public's view of a demand, and the view of those whom it concerns."""

from typing import Any

from app.demands.schemas import (
    DemandBudgetOut,
    DemandContactOut,
    DemandIndicatorOut,
    DemandListedOut,
    DemandOut,
    DemandOwnOut,
    DemandPartyOut,
    DemandSourceOut,
    SolutionOut,
)
from app.demands.states import Confidentiality, DemandStatus
from app.demands.tables import DemandRow, SolutionRow
from app.kit.schemas import MoneyOut


def _budget(row: DemandRow) -> DemandBudgetOut | None:
    if row.budget_min_minor is None or row.budget_max_minor is None:
        return None
    return DemandBudgetOut(min=MoneyOut.of(row.budget_min_minor), max=MoneyOut.of(row.budget_max_minor))


def _contact(row: DemandRow) -> DemandContactOut | None:
    return DemandContactOut.model_validate(row.contact) if row.contact is not None else None


def _named(row: DemandRow) -> bool:
    return row.confidentiality == Confidentiality.PUBLIC


def _head(row: DemandRow, poster: str, *, unnamed: bool) -> dict[str, Any]:
    """unnamed: for the public, whom a poster may stay unnamed to."""
    hidden = unnamed and not _named(row)
    return {
        "id": row.id,
        "number": row.number,
        "title": row.title,
        "type": row.type,
        "status": row.status,
        "outcome": row.outcome,
        "tech_field": row.tech_field,
        "region_code": row.region_public_code,
        "confidentiality": row.confidentiality,
        "poster": None if hidden else DemandPartyOut(party_id=row.poster_party_id, name=poster),
        "budget": _budget(row),
        "deadline_on": row.deadline_on,
        "published_at": row.published_at,
    }


def listed(row: DemandRow, poster: str, *, unnamed: bool) -> DemandListedOut:
    """A demand in a list."""
    return DemandListedOut(**_head(row, poster, unnamed=unnamed))


def public(row: DemandRow, poster: str, *, signed_in: bool) -> DemandOut:
    """What everybody sees. Whom to talk to is shown to who has signed in, while there is something to talk about."""
    running = row.status in (DemandStatus.PUBLISHED, DemandStatus.DECIDING)
    contact = _contact(row) if signed_in and running and _named(row) else None
    return _demand(row, _head(row, poster, unnamed=True), contact, None)


def whole(row: DemandRow, poster: str) -> DemandOut:
    """What the poster, his clerk, the reviewer and supervisors see."""
    source = (
        DemandSourceOut(system=row.source_system, external_id=row.external_id)
        if row.source_system is not None and row.external_id is not None
        else None
    )
    own = DemandOwnOut(
        poster=DemandPartyOut(party_id=row.poster_party_id, name=poster),
        contact=_contact(row),
        region_code=row.region_code,
        entered_on_behalf=row.entered_on_behalf_of is not None,
        confirmed_at=row.confirmed_at,
        review_reason=row.review_reason,
        outcome_reason=row.outcome_reason,
        chosen_count=row.chosen_count,
        source=source,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
    return _demand(row, _head(row, poster, unnamed=False), _contact(row), own)


def _demand(
    row: DemandRow, head: dict[str, Any], contact: DemandContactOut | None, own: DemandOwnOut | None
) -> DemandOut:
    return DemandOut(
        **head,
        description=row.description,
        current_state=row.current_state,
        what_was_tried=row.what_was_tried,
        indicators=[DemandIndicatorOut.model_validate(indicator) for indicator in row.indicators],
        industry_code=row.industry_code,
        cooperation_modes=row.cooperation_modes,
        ip_preference=row.ip_preference,
        duration_months=row.duration_months,
        contact=contact,
        answers_end_at=row.answers_end_at,
        closed_at=row.closed_at,
        own=own,
        version=row.version,
    )


def answer(row: SolutionRow, *, number: str, title: str, provider: str) -> SolutionOut:
    """An answer, with the demand that it is to."""
    return SolutionOut(
        id=row.id,
        demand_id=row.demand_id,
        demand_number=number,
        demand_title=title,
        provider=DemandPartyOut(party_id=row.provider_party_id, name=provider),
        status=row.status,
        kind=row.kind,
        summary=row.summary,
        approach=row.approach,
        price=MoneyOut.of(row.amount_minor),
        schedule_months=row.schedule_months,
        team=row.team,
        choice_reason=row.choice_reason,
        created_at=row.created_at,
        decided_at=row.decided_at,
        version=row.version,
    )
