"""Rows of sealed sales: custodians' keys, slots for envelopes, opened shares, releases."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.dialects.postgresql import BYTEA, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import MARKET_NOW, Base, Identified, Stamped
from app.sealing.shamir import SEATS_MAX


class CustodianKeyRow(Identified, Stamped, Base):
    """A public key that a custodian made himself. The private one never comes here."""

    __tablename__ = "custodian_keys"
    __table_args__ = (
        CheckConstraint("octet_length(public_key) = 32", name="public_key"),
        Index("uq_custodian_keys_fingerprint", "fingerprint", unique=True),
        Index("ix_custodian_keys_party_id", "party_id"),
    )

    party_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    name: Mapped[str]
    public_key: Mapped[bytes] = mapped_column(BYTEA)
    fingerprint: Mapped[str]
    challenge: Mapped[bytes] = mapped_column(BYTEA)
    """Something sealed to the key; whoever opens it holds the private one."""
    answer_digest: Mapped[bytes] = mapped_column(BYTEA)
    proven_at: Mapped[datetime | None]
    retired_at: Mapped[datetime | None]


class SlotRow(Base):
    """One place for an envelope of a round. There is one for every bidder of the round from its beginning, and more.

    The blob holds a dummy until its bidder seals; all blobs of a round are written anew together, whenever one changes and
    at random times, so that a row that changes says nothing. Round 0 is the rehearsal.
    """

    __tablename__ = "envelope_slots"
    __table_args__ = (
        CheckConstraint("round_no >= 0", name="round_no"),
        Index("ix_envelope_slots_auction_id_round_no", "auction_id", "round_no"),
    )

    # A random id: an id with a time in it would tell the order of making.
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    auction_id: Mapped[UUID] = mapped_column(ForeignKey("auctions.id"))
    round_no: Mapped[int]
    blob: Mapped[bytes] = mapped_column(BYTEA)
    envelope: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """The envelope, once its round's root is published."""


class ShareRow(Base):
    """What one seat handed in for one envelope: its opened share, or that it could not be opened."""

    __tablename__ = "envelope_shares"
    __table_args__ = (
        CheckConstraint(f"seat BETWEEN 1 AND {SEATS_MAX}", name="seat"),
        CheckConstraint("share IS NULL OR octet_length(share) = 32", name="share"),
    )

    envelope_id: Mapped[UUID] = mapped_column(
        ForeignKey("envelope_slots.id", ondelete="CASCADE"), primary_key=True
    )
    seat: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    share: Mapped[bytes | None] = mapped_column(BYTEA)
    key: Mapped[str]
    handed_in_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    """None: the market's own seat, after two officers released it."""
    handed_in_at: Mapped[datetime] = mapped_column(server_default=MARKET_NOW)


class ReleaseRow(Base):
    """An officer's word that a sale which the market itself sealed may be opened."""

    __tablename__ = "envelope_releases"

    auction_id: Mapped[UUID] = mapped_column(ForeignKey("auctions.id"), primary_key=True)
    round_no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    released_at: Mapped[datetime] = mapped_column(server_default=MARKET_NOW)
