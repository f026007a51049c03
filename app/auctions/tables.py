"""Rows of auctions: the auction itself, its bids, and its public events in a hash chain.

Bids and events are append-only by trigger. Who stands behind a code is in `registrations`, never here.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, text
from sqlalchemy.dialects.postgresql import BYTEA, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.auctions.states import ENDED, MACHINE
from app.db.base import Base, Identified, Posted, Stamped

_ENDED = ", ".join(repr(str(status)) for status in ENDED)


class AuctionRow(Identified, Stamped, Posted, Base):
    """One sale. What the engine folds out of the events is kept here, so that no read folds them again."""

    __tablename__ = "auctions"
    __table_args__ = (
        CheckConstraint(MACHINE.check_sql(), name="status"),
        CheckConstraint("origin IN ('auction', 'listed')", name="origin"),
        CheckConstraint("seq >= 0 AND bid_no >= 0 AND bid_no <= seq", name="counters"),
        # A corrected floor bid may leave a sale with a number of bids and without a price.
        CheckConstraint("current_minor IS NULL OR bid_no > 0", name="price_of_bids"),
        CheckConstraint("(leader_code IS NULL) = (current_minor IS NULL)", name="leader_of_price"),
        CheckConstraint("(status = 'suspended') = (interrupted IS NOT NULL)", name="interrupted"),
        CheckConstraint("status <> 'awarded' OR leader_code IS NOT NULL", name="award_of_leader"),
        Index("uq_auctions_number", "number", unique=True),
        # An offering has at most one auction that has not ended.
        Index(
            "uq_auctions_open_offering",
            "offering_id",
            unique=True,
            postgresql_where=text(f"status NOT IN ({_ENDED})"),
        ),
        Index("ix_auctions_offering_id", "offering_id"),
        Index("ix_auctions_due", "next_due_at", postgresql_where=text("next_due_at IS NOT NULL")),
        Index("ix_auctions_listing", "sorted_at", "id"),
    )

    number: Mapped[str]
    offering_id: Mapped[UUID] = mapped_column(ForeignKey("offerings.id"))
    seller_party_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"), index=True)
    notice_id: Mapped[UUID | None] = mapped_column(ForeignKey("notices.id"), index=True)
    """Its notice; a listed sale's competition has none of its own."""
    origin: Mapped[str]
    title: Mapped[str]
    status: Mapped[str] = mapped_column(server_default=MACHINE.initial)
    terms: Mapped[dict[str, Any]]
    registration_opens_at: Mapped[datetime | None]
    registration_closes_at: Mapped[datetime | None]
    deposit_due_at: Mapped[datetime | None]
    starts_at: Mapped[datetime | None]
    sorted_at: Mapped[datetime]
    """What lists are sorted by: the start, or the making of a draft."""
    seq: Mapped[int] = mapped_column(server_default="0")
    bid_no: Mapped[int] = mapped_column(server_default="0")
    current_minor: Mapped[int | None] = mapped_column(BigInteger)
    leader_code: Mapped[str | None]
    free_ends_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    extension_count: Mapped[int] = mapped_column(server_default="0")
    interrupted: Mapped[str | None]
    suspended_at: Mapped[datetime | None]
    last_at: Mapped[datetime | None]
    chain_head: Mapped[bytes] = mapped_column(BYTEA, server_default=text("decode(repeat('00', 32), 'hex')"))
    next_due_at: Mapped[datetime | None]
    retry_at: Mapped[datetime | None]
    """Real time before which a sweep that failed on this row leaves it alone, so that it holds up no other."""
    award_id: Mapped[UUID | None] = mapped_column(ForeignKey("awards.id"))
    folded: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"))
    """The rest of the snapshot: who leads, the auctioneer's calls, rights of first refusal, the day of sale."""
    outage_no: Mapped[int] = mapped_column(BigInteger, server_default="0")
    """The latest outage that gave the sale something back."""
    judged_outage_no: Mapped[int] = mapped_column(BigInteger, server_default="0")
    """The latest outage by which the sale was judged, whether it gave something back or not."""
    proxy_no: Mapped[int] = mapped_column(server_default="0")
    """How many maxima were ever left with the market for this sale: 0 spares every bid a look for them."""
    days: Mapped[list[str]] = mapped_column(JSONB, server_default=text("'[]'::jsonb"))
    """The openings of the coming days of sale, where the notice says that it adjourns."""


class ReserveRow(Base):
    """A secret reserve, apart from everything that is shown. Its salted commitment is part of the terms."""

    __tablename__ = "auction_reserves"
    __table_args__ = (CheckConstraint("reserve_minor > 0 AND octet_length(salt) = 16", name="values"),)

    auction_id: Mapped[UUID] = mapped_column(ForeignKey("auctions.id"), primary_key=True)
    reserve_minor: Mapped[int] = mapped_column(BigInteger)
    salt: Mapped[bytes] = mapped_column(BYTEA)


class ProxySource(StrEnum):
    """How a maximum came to the market."""

    WEB = "web"
    ABSENTEE = "absentee"
    TELEPHONE = "telephone"


class ProxyRow(Base):
    """A maximum that a bidder has left with the market. Never shown to anybody else; changed by a new row."""

    __tablename__ = "auction_proxies"
    __table_args__ = (
        CheckConstraint("no > 0 AND max_minor > 0 AND octet_length(salt) = 16", name="values"),
        CheckConstraint("source IN ('web', 'absentee', 'telephone')", name="source"),
        CheckConstraint("(source = 'web') = (document_no IS NULL)", name="document"),
        Index(
            "uq_auction_proxies_in_force",
            "auction_id",
            "registration_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_auction_proxies_registration_id", "registration_id"),
    )

    auction_id: Mapped[UUID] = mapped_column(ForeignKey("auctions.id"), primary_key=True)
    no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    registration_id: Mapped[UUID] = mapped_column(ForeignKey("registrations.id"))
    bidder_code: Mapped[str]
    max_minor: Mapped[int] = mapped_column(BigInteger)
    salt: Mapped[bytes] = mapped_column(BYTEA)
    commitment: Mapped[str]
    source: Mapped[str] = mapped_column(server_default="web")
    document_no: Mapped[str | None]
    """The signed form from which a clerk entered an absentee's or telephone bidder's mandate."""
    placed_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class BidRow(Base):
    """One accepted bid. Refused bids leave no row; their answer is kept with the idempotency key."""

    __tablename__ = "bids"
    __table_args__ = (
        # No bid without its public event, and no event without its auction.
        ForeignKeyConstraint(
            ["auction_id", "seq"], ["auction_events.auction_id", "auction_events.seq"], name="fk_bids_event"
        ),
        CheckConstraint("amount_minor > 0 AND bid_no > 0 AND seq >= bid_no", name="numbers"),
        Index("uq_bids_seq", "auction_id", "seq", unique=True),
        Index("ix_bids_registration_id", "registration_id"),
    )

    auction_id: Mapped[UUID] = mapped_column(primary_key=True)
    bid_no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int]
    registration_id: Mapped[UUID] = mapped_column(ForeignKey("registrations.id"))
    bidder_code: Mapped[str]
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    via: Mapped[str] = mapped_column(server_default="web")
    at: Mapped[datetime]
    placed_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    """Who sent it; for an automatic bid, who left the maximum."""


class AuctionEventRow(Base):
    """One public event of an auction, linked to the one before it by `hash`. `seq` is 1..n without a gap."""

    __tablename__ = "auction_events"
    __table_args__ = (
        CheckConstraint("octet_length(hash) = 32 AND octet_length(prev_hash) = 32", name="hashes"),
    )

    auction_id: Mapped[UUID] = mapped_column(ForeignKey("auctions.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str]
    payload: Mapped[dict[str, Any]]
    at: Mapped[datetime]
    prev_hash: Mapped[bytes] = mapped_column(BYTEA)
    hash: Mapped[bytes] = mapped_column(BYTEA)


class AuctionTextRow(Base):
    """A free text of a public event, beside the chain, which holds its salted commitment.

    Text and salt go together when the text is redacted: without the salt nobody can guess the text from its hash.
    """

    __tablename__ = "auction_texts"
    __table_args__ = (
        ForeignKeyConstraint(
            ["auction_id", "seq"],
            ["auction_events.auction_id", "auction_events.seq"],
            name="fk_auction_texts_event",
        ),
        CheckConstraint("octet_length(salt) = 16", name="salt"),
        CheckConstraint(
            "(text IS NULL) = (redacted_at IS NOT NULL) AND (salt IS NULL) = (text IS NULL)", name="redacted"
        ),
    )

    auction_id: Mapped[UUID] = mapped_column(ForeignKey("auctions.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    field: Mapped[str] = mapped_column(primary_key=True)
    salt: Mapped[bytes | None] = mapped_column(BYTEA)
    text: Mapped[str | None]
    redacted_at: Mapped[datetime | None]
