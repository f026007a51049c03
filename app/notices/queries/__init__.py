"""Reading notices, their revisions and mends, and objections."""

from app.notices.queries.mends import mend, mends
from app.notices.queries.notices import list_notices, notice
from app.notices.queries.objections import list_objections, objection
from app.notices.queries.revisions import revisions

__all__ = ["list_notices", "list_objections", "mend", "mends", "notice", "objection", "revisions"]
