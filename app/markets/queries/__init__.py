"""Reading offerings, awards and rule profiles. The paths import the file they need: none learns of another through here."""

from app.markets.queries.awards import award, list_awards
from app.markets.queries.offerings import guards_of, list_offerings, offering
from app.markets.queries.profiles import rule_profiles

__all__ = ["award", "guards_of", "list_awards", "list_offerings", "offering", "rule_profiles"]
