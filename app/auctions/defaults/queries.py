"""Reading findings of default: staff of the region, and the two sides once it is confirmed."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions import queries as auctions
from app.auctions.defaults import repository
from app.auctions.defaults.errors import DefaultNotFound
from app.auctions.defaults.schemas import DefaultOut
from app.auctions.defaults.states import DefaultStatus, Ground
from app.identity.access import Actor
from app.identity.permissions import Permission
from app.identity.queries import party_names
from app.kit.schemas import MoneyOut
from app.settlement.dispositions.queries import disposition_of

_STAFF = (
    Permission.AUCTION_MANAGE,
    Permission.REFUND_ORDER,
    Permission.REFUND_CONFIRM,
    Permission.READ_ALL,
)


async def read_default(session: AsyncSession, *, actor: Actor, auction_id: UUID) -> DefaultOut:
    """The finding about a sale. Raises `DefaultNotFound` also for those whom it does not concern."""
    auction = await auctions.visible_row(session, actor, auction_id)
    row = await repository.latest(session, auction_id)
    staff = any(actor.may(permission) for permission in _STAFF) and row.region_code.startswith(
        actor.region_prefix
    )
    side = actor.party_id in (row.seller_party_id, row.buyer_party_id)
    if not staff and not (side and row.status == DefaultStatus.CONFIRMED):
        raise DefaultNotFound()
    disposition = None
    if row.registration_id is not None and row.forfeited_minor:
        disposition = await disposition_of(session, actor=actor, reference_id=row.registration_id)
    names = await party_names(session, [row.buyer_party_id])
    return DefaultOut(
        id=row.id,
        auction_id=row.auction_id,
        auction_number=auction.number,
        award_id=row.award_id,
        seller_party_id=row.seller_party_id,
        buyer_party_id=row.buyer_party_id,
        buyer_name=names[row.buyer_party_id],
        price=MoneyOut.of(row.price_minor),
        ground=Ground(row.ground),
        due_on=row.due_on,
        document_no=row.document_no,
        reason=row.reason,
        source=row.source,
        status=DefaultStatus(row.status),
        forfeited=MoneyOut.of(row.forfeited_minor),
        disposition=disposition,
        proposed_by=row.entered_by,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        decision_reason=row.decision_reason,
        version=row.version,
        created_at=row.created_at,
    )
