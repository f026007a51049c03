"""What a sale of this market gives to its notice: the rule profile's terms for objections, and the words for modes."""

from collections.abc import Mapping
from typing import Final

from app.markets.profiles.model import Profile
from app.markets.states import Mode
from app.notices.rules.draft import ObjectionTerms

MODES: Final[Mapping[str, str]] = {
    Mode.TRANSFER: "转让",
    Mode.LICENSE_EXCLUSIVE: "独占许可",
    Mode.LICENSE_SOLE: "排他许可",
    Mode.LICENSE_ORDINARY: "普通许可",
    Mode.EQUITY: "作价投资",
    Mode.DEVELOPMENT: "合作开发",
    Mode.SERVICE: "技术服务",
}


def objection_terms(profile: Profile) -> ObjectionTerms:
    """What a notice pins for objections to it."""
    return ObjectionTerms(
        accept_days=profile.objection_accept_days.value,
        decide_days=profile.objection_decide_days.value,
        extend_days=profile.objection_extend_days.value,
        review_days=profile.objection_review_days.value,
        resume_min_days=profile.resume_objection_days_min.value,
        publish_result=bool(profile.objection_result_published.value),
    )
