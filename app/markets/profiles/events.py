"""What is told of rule profiles."""

from datetime import date
from typing import ClassVar

from app.events.model import Event
from app.markets.profiles.model import ProfileCode


class RuleProfilePublished(Event):
    """A new version was published; submissions from its day on pin it."""

    kind: ClassVar[str] = "markets.profile_published"
    subject: ClassVar[str] = "rule_profile"
    public: ClassVar[bool] = True

    profile_code: ProfileCode
    profile_version: int
    effective_on: date
    document_no: str
