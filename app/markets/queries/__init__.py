"""Reading offerings and awards. The paths import the file they need: none learns of another through here."""

from app.markets.queries.awards import award, list_awards
from app.markets.queries.offerings import guards_of, list_offerings, offering

__all__ = ["award", "guards_of", "list_awards", "list_offerings", "offering"]
