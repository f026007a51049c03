"""Reading contracts. A party sees its own; who may read all sees his region's."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.contracts.errors import ContractNotFound
from app.contracts.schemas import ContractOut
from app.contracts.states import ContractStatus
from app.contracts.tables import ContractRow
from app.identity.access import Actor
from app.identity.permissions import Permission
from app.identity.queries import party_names
from app.kit.money import capital
from app.kit.paging import decode_cursor, encode_cursor
from app.kit.schemas import MoneyOut, Page
from app.markets.events import PriceTold


def _seen_by(actor: Actor) -> Select[ContractRow]:
    seen = [
        ContractRow.seller_party_id == actor.party_id,
        ContractRow.buyer_party_id == actor.party_id,
        ContractRow.co_buyer_party_ids.contains([actor.party_id]),
    ]
    if actor.may(Permission.READ_ALL):
        seen.append(ContractRow.region_code.startswith(actor.region_prefix, autoescape=True))
    return select(ContractRow).where(or_(*seen))


async def list_contracts(
    session: AsyncSession, *, actor: Actor, status: ContractStatus | None, cursor: str | None, limit: int
) -> Page[ContractOut]:
    """Contracts, the newest first. Raises `CursorInvalid`."""
    filters: dict[str, Any] = {"list": "contracts", "status": status}
    statement = _seen_by(actor)
    if status is not None:
        statement = statement.where(ContractRow.status == status)
    if cursor is not None:
        statement = statement.where(ContractRow.id < decode_cursor(cursor, filters, (UUID,))[0])
    rows = (await session.scalars(statement.order_by(ContractRow.id.desc()).limit(limit + 1))).all()
    page, more = rows[:limit], len(rows) > limit
    names = await party_names(session, [i for row in page for i in _sides(row)])
    return Page(
        data=[_told(row, names) for row in page],
        next_cursor=encode_cursor([page[-1].id], filters) if more else None,
        has_more=more,
    )


async def read_contract(session: AsyncSession, *, actor: Actor, contract_id: UUID) -> ContractOut:
    """One contract. Raises `ContractNotFound`."""
    row = (await session.scalars(_seen_by(actor).where(ContractRow.id == contract_id))).one_or_none()
    if row is None:
        raise ContractNotFound()
    return _told(row, await party_names(session, _sides(row)))


def _sides(row: ContractRow) -> tuple[UUID, ...]:
    return (row.seller_party_id, row.buyer_party_id, *row.co_buyer_party_ids)


def _told(row: ContractRow, names: dict[UUID, str]) -> ContractOut:
    return ContractOut.model_validate(
        {
            **{name: getattr(row, name) for name in ContractOut.model_fields if hasattr(row, name)},
            "amount": MoneyOut.of(row.amount_minor, row.currency),
            "amount_capital": capital(row.amount_minor),
            "price": PriceTold.model_validate(row.price),
            "seller_name": names[row.seller_party_id],
            "buyer_name": names[row.buyer_party_id],
            "co_buyer_names": [names[one] for one in row.co_buyer_party_ids],
        }
    )
