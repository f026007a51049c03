"""What stands on a right: asked by whoever sells it, and read by its holder."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.listings.grants import repository, rules
from app.listings.grants.rules import Scope
from app.listings.grants.states import ConflictOutcome


@dataclass(frozen=True, kw_only=True)
class Conflict:
    """A grant beside what is asked. disclose: it does not stand in the way, and has to be told to whoever buys."""

    source_id: UUID
    right_key: str
    outcome: ConflictOutcome
    disclose: bool


async def keys_of(session: AsyncSession, achievement_ids: Collection[UUID]) -> dict[str, UUID]:
    """The rights that achievements rest on, by their keys, each with an achievement that has it."""
    return await repository.keys_of(session, achievement_ids)


async def conflicts(
    session: AsyncSession,
    *,
    right_keys: Collection[str],
    scope: Scope,
    grantor_party_id: UUID,
    except_source_id: UUID | None = None,
) -> Sequence[Conflict]:
    """What stands in the way of a grant of these rights, or has to be disclosed with it; the oldest first.

    What was granted to the grantor himself is what he grants from, and is none. The caller holds the rights
    (`actions.hold`) where he acts on the answer.
    """
    found = []
    for row in await repository.live(session, right_keys):
        if row.grantee_party_id == grantor_party_id or row.source_id == except_source_id:
            continue
        told = rules.judge(repository.scope_of(row), scope)
        if told.outcome is not ConflictOutcome.NONE or told.disclose:
            found.append(
                Conflict(
                    source_id=row.source_id,
                    right_key=row.right_key,
                    outcome=told.outcome,
                    disclose=told.disclose,
                )
            )
    return found
