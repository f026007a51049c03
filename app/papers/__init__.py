"""What the market prints: records and sheets as PDF, from plain values, the same bytes for the same values.

The room knows no business and no database. Rooms above put what is to be said into plain values and choose a template.
"""

from app.papers.marking import PagesUnfit, count_pages, marked
from app.papers.press import pdf

__all__ = ["PagesUnfit", "count_pages", "marked", "pdf"]
