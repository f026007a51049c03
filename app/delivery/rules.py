"""Which of its organisation's events somebody hears: what he may not read by GET, the stream does not tell him."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from app.identity.permissions import Permission

_NEEDS: Final[Mapping[str, Permission]] = {
    "identity.membership_ended": Permission.MEMBER_MANAGE,
    "notices.mend_proposed": Permission.NOTICE_CONFIRM,
    "demands.demand_submitted": Permission.DEMAND_WRITE,
    "demands.demand_confirmed": Permission.DEMAND_WRITE,
    "demands.demand_returned": Permission.DEMAND_WRITE,
}
_OF_APPROVALS: Final = "approvals."
_DECIDERS: Final = frozenset({Permission.APPROVAL_OPEN, Permission.APPROVAL_DECIDE, Permission.CHAIN_EDIT})
_OF_OBJECTIONS: Final = "notices.objection_"
_OF_ANSWERS: Final = "demands.solution_"


def may_hear(
    kind: str, payload: Mapping[str, Any], *, party_id: UUID, permissions: frozenset[Permission]
) -> bool:
    """Whether somebody of a party to which an event is addressed may read what it tells.

    Answers to demands are for those who answer and for those who ask, objections for those who file and who handle them,
    internal decisions for those who have a part in them; a key hears what its scopes let it read.
    """
    if kind.startswith(_OF_ANSWERS):
        answered = payload.get("provider_party_id") == str(party_id)
        return (Permission.SOLUTION_WRITE if answered else Permission.DEMAND_WRITE) in permissions
    if kind.startswith(_OF_APPROVALS):
        return not _DECIDERS.isdisjoint(permissions)
    if kind.startswith(_OF_OBJECTIONS) and "filer_party_id" in payload:
        filed = payload["filer_party_id"] == str(party_id)
        return (Permission.OBJECTION_FILE if filed else Permission.OBJECTION_HANDLE) in permissions
    return kind not in _NEEDS or _NEEDS[kind] in permissions
