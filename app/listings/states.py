"""The life of an achievement, and the closed lists of words that describe one."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from app.kit.states import Machine


class AchievementStatus(StrEnum):
    """Where an achievement stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    REGISTERED = "registered"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


_S = AchievementStatus

TRANSITIONS: Final[Mapping[AchievementStatus, frozenset[AchievementStatus]]] = {
    _S.DRAFT: frozenset({_S.SUBMITTED, _S.WITHDRAWN}),
    _S.SUBMITTED: frozenset({_S.RETURNED, _S.REGISTERED, _S.WITHDRAWN}),
    _S.RETURNED: frozenset({_S.SUBMITTED, _S.WITHDRAWN}),
    _S.REGISTERED: frozenset({_S.PUBLISHED, _S.WITHDRAWN}),
    _S.PUBLISHED: frozenset({_S.WITHDRAWN}),
    _S.WITHDRAWN: frozenset(),
}

MACHINE: Final = Machine("achievement", _S.DRAFT, TRANSITIONS)

EDITABLE: Final = frozenset({_S.DRAFT, _S.RETURNED})
"""The states in which the holder may still change what was written."""


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


class AchievementClass(StrEnum):
    """成果类别."""

    BASIC = "basic"
    APPLIED = "applied"
    SOFT = "soft"


class Form(StrEnum):
    """成果体现形式."""

    NEW_TECHNOLOGY = "new_technology"
    NEW_PROCESS = "new_process"
    NEW_PRODUCT = "new_product"
    NEW_MATERIAL = "new_material"
    NEW_EQUIPMENT = "new_equipment"
    NEW_VARIETY = "new_variety"
    SOFTWARE = "software"
    PAPER = "paper"
    OTHER = "other"


class Attribute(StrEnum):
    """成果属性."""

    ORIGINAL = "original"
    REINNOVATION = "reinnovation"
    REDEVELOPMENT = "redevelopment"


class Stage(StrEnum):
    """成果所处阶段."""

    EARLY = "early"
    MIDDLE = "middle"
    MATURE = "mature"


class Level(StrEnum):
    """成果水平, as somebody else has judged it."""

    INTERNATIONAL_LEADING = "international_leading"
    INTERNATIONAL_ADVANCED = "international_advanced"
    DOMESTIC_LEADING = "domestic_leading"
    DOMESTIC_ADVANCED = "domestic_advanced"
    NOT_EVALUATED = "not_evaluated"


class SecrecyLevel(StrEnum):
    """密级. Whatever is not `none` is never published."""

    NONE = "none"
    INTERNAL = "internal"
    SECRET = "secret"  # noqa: S105  # a level of secrecy, not a password
    CONFIDENTIAL = "confidential"
    TOP_SECRET = "top_secret"  # noqa: S105  # as above


class FundSource(StrEnum):
    """经费来源."""

    FISCAL = "fiscal"
    NON_FISCAL = "non_fiscal"
    MIXED = "mixed"


class CooperationMode(StrEnum):
    """拟转化方式."""

    TRANSFER = "transfer"
    LICENSE_EXCLUSIVE = "license_exclusive"
    LICENSE_SOLE = "license_sole"
    LICENSE_ORDINARY = "license_ordinary"
    EQUITY = "equity"
    JOINT = "joint"
    SELF = "self"
    USE_FIRST = "use_first"
    OPEN_LICENSE = "open_license"


class PriceForm(StrEnum):
    """How a price is spoken of before anybody negotiates: 面议, 参考区间, 要价."""

    NEGOTIABLE = "negotiable"
    REFERENCE_RANGE = "reference_range"
    ASKING = "asking"


class ApplicationStatus(StrEnum):
    """应用状态."""

    NOT_APPLIED = "not_applied"
    TRIAL = "trial"
    SMALL_SCALE = "small_scale"
    INDUSTRIAL = "industrial"
    DISCONTINUED = "discontinued"


class ConversionStatus(StrEnum):
    """转化状态."""

    NOT_CONVERTED = "not_converted"
    IN_PROGRESS = "in_progress"
    CONVERTED = "converted"


class IpType(StrEnum):
    """知识产权类型, know-how (技术秘密) among them."""

    INVENTION = "invention"
    UTILITY = "utility"
    DESIGN = "design"
    PATENT_APPLICATION = "patent_application"
    SOFTWARE = "software"
    IC_LAYOUT = "ic_layout"
    PLANT_VARIETY = "plant_variety"
    NEW_DRUG = "new_drug"
    KNOW_HOW = "know_how"


PATENTS: Final = frozenset({IpType.INVENTION, IpType.UTILITY, IpType.DESIGN, IpType.PATENT_APPLICATION})
"""The kinds whose Chinese numbers carry a check digit."""


class ShareBasis(StrEnum):
    """What a share rests on: 法定, 约定, 赋权."""

    LAW = "law"
    AGREEMENT = "agreement"
    ASSIGNMENT = "assignment"
