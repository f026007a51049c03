"""What rows have in common."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CHAR, BigInteger, DateTime, ForeignKey, MetaData, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

from app.kit.ids import new_id

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

MARKET_NOW = text("market_now()")


class Base(DeclarativeBase):
    """The metadata that all rooms share. Instants are `timestamptz`, free text is `text`, documents `jsonb`."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: DateTime(timezone=True),
        str: Text(),
        dict[str, Any]: JSONB(),
        list[dict[str, Any]]: JSONB(),
    }


class Identified:
    """A row with a version 7 UUID as its key."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)


class Stamped:
    """When a row was made and last changed, in market time, and the version that its ETag carries."""

    created_at: Mapped[datetime] = mapped_column(server_default=MARKET_NOW)
    updated_at: Mapped[datetime] = mapped_column(server_default=MARKET_NOW, onupdate=MARKET_NOW)
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        # Values that the server makes come back with the write itself: async code cannot load them lazily later.
        return {"version_id_col": cls.version, "eager_defaults": True}


class Posted:
    """Who typed a row in, for whom, and the region it belongs to (GB/T 2260)."""

    region_code: Mapped[str] = mapped_column(CHAR(6), index=True)

    @declared_attr
    @classmethod
    def entered_by(cls) -> Mapped[UUID]:
        """The person who typed it in."""
        return mapped_column(ForeignKey("users.id"))

    @declared_attr
    @classmethod
    def entered_on_behalf_of(cls) -> Mapped[UUID | None]:
        """The party for whom somebody else's clerk typed it in (代录); null where people type for themselves."""
        return mapped_column(ForeignKey("parties.id"))


class Priced:
    """An amount in fen."""

    amount_minor: Mapped[int] = mapped_column(BigInteger)
