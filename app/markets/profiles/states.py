"""The life of a proposed version: one supervisor proposes it, another publishes or refuses it."""

from enum import StrEnum
from typing import Final

from app.kit.states import Machine


class DraftStatus(StrEnum):
    """Where a proposal stands."""

    DRAFT = "draft"
    PUBLISHED = "published"
    REFUSED = "refused"


_S = DraftStatus

MACHINE: Final = Machine(
    name="rule_profile_draft",
    initial=_S.DRAFT,
    transitions={
        _S.DRAFT: frozenset({_S.PUBLISHED, _S.REFUSED}),
        _S.PUBLISHED: frozenset(),
        _S.REFUSED: frozenset(),
    },
)
