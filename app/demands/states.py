"""The life of a demand and of an answer to it, and the closed lists of words that describe them."""

from enum import StrEnum
from typing import Final

from app.kit.states import Machine


class DemandStatus(StrEnum):
    """Where a demand stands. `published` takes answers, `deciding` takes none and is being chosen from."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    PUBLISHED = "published"
    DECIDING = "deciding"
    CLOSED = "closed"


_D = DemandStatus

DEMAND: Final[Machine[DemandStatus]] = Machine(
    "demand",
    _D.DRAFT,
    {
        _D.DRAFT: frozenset({_D.SUBMITTED, _D.CLOSED}),
        _D.SUBMITTED: frozenset({_D.RETURNED, _D.PUBLISHED, _D.CLOSED}),
        _D.RETURNED: frozenset({_D.SUBMITTED, _D.CLOSED}),
        _D.PUBLISHED: frozenset({_D.DECIDING, _D.CLOSED}),
        _D.DECIDING: frozenset({_D.CLOSED}),
    },
)

EDITABLE: Final = (_D.DRAFT, _D.RETURNED)
"""The poster may still change what was written."""

PUBLIC: Final = (_D.PUBLISHED, _D.DECIDING, _D.CLOSED)
"""What everybody may see, of a demand that was ever published."""


class DemandOutcome(StrEnum):
    """How a demand ended. All four are normal ends."""

    AWARDED = "awarded"
    SOLVED_ELSEWHERE = "solved_elsewhere"
    NO_ANSWER = "no_answer"
    WITHDRAWN = "withdrawn"


class SolutionStatus(StrEnum):
    """Where an answer stands."""

    SUBMITTED = "submitted"
    SHORTLISTED = "shortlisted"
    CHOSEN = "chosen"
    NOT_CHOSEN = "not_chosen"
    WITHDRAWN = "withdrawn"


_S = SolutionStatus
_ENDS: Final = frozenset({_S.CHOSEN, _S.NOT_CHOSEN, _S.WITHDRAWN})

SOLUTION: Final[Machine[SolutionStatus]] = Machine(
    "solution",
    _S.SUBMITTED,
    {_S.SUBMITTED: _ENDS | {_S.SHORTLISTED}, _S.SHORTLISTED: _ENDS},
)

LIVE: Final = (_S.SUBMITTED, _S.SHORTLISTED)
"""Answers that can still be chosen."""


class DemandType(StrEnum):
    """难题攻关, 成果引进, 合作研发, 应用场景, 揭榜."""

    PROBLEM = "problem"
    PURCHASE = "purchase"
    JOINT_RD = "joint_rd"
    SCENARIO = "scenario"
    CHALLENGE = "challenge"


class Confidentiality(StrEnum):
    """Whether the public learns who asks."""

    PUBLIC = "public"
    ANONYMOUS_ORG = "anonymous_org"


class SolutionKind(StrEnum):
    """What the contract will be: 技术开发 or 技术服务."""

    DEVELOPMENT = "development"
    SERVICE = "service"


class DemandMode(StrEnum):
    """拟合作方式."""

    TRANSFER = "transfer"
    LICENSE_EXCLUSIVE = "license_exclusive"
    LICENSE_SOLE = "license_sole"
    LICENSE_ORDINARY = "license_ordinary"
    EQUITY = "equity"
    JOINT = "joint"
    DEVELOPMENT = "development"
    SERVICE = "service"
    CONSULTING = "consulting"


class IpPreference(StrEnum):
    """Who is to hold what comes of it: 归需求方, 归提供方, 共有, 面议."""

    POSTER = "poster"
    PROVIDER = "provider"
    SHARED = "shared"
    NEGOTIABLE = "negotiable"


class TechField(StrEnum):
    """The national list of technical fields (技术领域)."""

    ELECTRONICS_IT = "electronics_it"
    AEROSPACE = "aerospace"
    ADVANCED_MANUFACTURING = "advanced_manufacturing"
    BIOMEDICINE = "biomedicine"
    NEW_MATERIALS = "new_materials"
    NEW_ENERGY = "new_energy"
    ENVIRONMENT = "environment"
    AGRICULTURE = "agriculture"
    NUCLEAR = "nuclear"
    TRANSPORT = "transport"
    URBAN_SOCIAL = "urban_social"
