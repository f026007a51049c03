"""Rows of a bundle's division: a share for each subject, and which holder has agreed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base


class PriceShareRow(Base):
    """The share of one subject in the offering's price, in basis points. All of an offering's sum to 10000."""

    __tablename__ = "price_shares"
    __table_args__ = (CheckConstraint("share_bp BETWEEN 1 AND 10000", name="share_bp"),)

    offering_id: Mapped[UUID] = mapped_column(ForeignKey("offerings.id"), primary_key=True)
    achievement_id: Mapped[UUID] = mapped_column(ForeignKey("achievements.id"), primary_key=True)
    share_bp: Mapped[int]


class PriceShareConsentRow(Base):
    """A holder's agreement to the division as it stands; a new division needs it anew."""

    __tablename__ = "price_share_consents"

    offering_id: Mapped[UUID] = mapped_column(ForeignKey("offerings.id"), primary_key=True)
    party_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"), primary_key=True)
    agreed_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime]
