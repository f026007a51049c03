"""Reading what is secret until the close: who asks, when, and what he was answered is always kept."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions.queries import visible_row
from app.auctions.states import AuctionStatus
from app.auctions.tables import AuctionRow
from app.evidence import repository
from app.evidence.rules.secrets import Secret, refusal_of
from app.identity.access import Actor
from app.identity.permissions import Permission
from app.kit.errors import Refusal


async def ask_for(
    session: AsyncSession, *, actor: Actor, auction_id: UUID, what: Secret
) -> tuple[AuctionRow, Refusal | None]:
    """Record the question, and say why it is refused, if it is: returned, not raised, so that the record is committed."""
    row = await visible_row(session, actor, auction_id)
    here = row.region_code.startswith(actor.region_prefix)
    staff = (Permission.AUCTION_MANAGE, Permission.REGISTRATION_REVIEW, Permission.LEDGER_READ)
    refusal = refusal_of(
        what,
        status=AuctionStatus(row.status),
        is_seller=actor.party_id == row.seller_party_id,
        is_staff=here and any(actor.may(permission) for permission in staff),
        is_overseer=here and actor.may(Permission.READ_ALL),
        has_reserve=row.terms.get("reserve_commitment") is not None,
    )
    await repository.note_secret_read(
        session,
        actor=actor,
        auction_id=row.id,
        what=what,
        refusal=refusal.code if refusal is not None else None,
    )
    return row, refusal
