"""Rows of sessions: the session, its lots in brochure order, who takes part with how many units, paddles.

A unit's hold is a row of its own for each lot, and a counter with its CHECK in the registration: both move in the
transaction of the bid. Which code is whose stands in `registrations`; a paddle's number is that code in a hall.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.auctions.rules.terms import Organiser, SessionProfile
from app.auctions.sessions.states import MACHINE
from app.db.base import Base, Identified, Posted, Stamped
from app.markets.tables import one_of


class SaleSessionRow(Identified, Stamped, Posted, Base):
    """One session. Times of day are local, `HH:MM`; `unit_minor` is a deposit unit in fen, null where lots ask their own."""

    __tablename__ = "sale_sessions"
    __table_args__ = (
        CheckConstraint(MACHINE.check_sql(), name="status"),
        CheckConstraint(one_of("profile", SessionProfile), name="profile"),
        CheckConstraint(one_of("organiser", Organiser), name="organiser"),
        CheckConstraint(
            "(organiser = 'licensed_auction_house')"
            " = (auction_house IS NOT NULL AND auctioneer_licence_no IS NOT NULL)",
            name="house",
        ),
        CheckConstraint("(status = 'draft') = (starts_at IS NULL)", name="starts_at"),
        CheckConstraint("(status = 'adjourned') = (continues_at IS NOT NULL)", name="continues_at"),
        CheckConstraint("(status = 'ended') = (ended_at IS NOT NULL)", name="ended_at"),
        CheckConstraint("unit_minor >= 0", name="unit"),
        CheckConstraint("paddle_first > 0 AND paddle_last >= paddle_first", name="paddles"),
        CheckConstraint("gap_seconds >= 0 AND call_seconds BETWEEN 10 AND 30", name="seconds"),
        Index("uq_sale_sessions_number", "number", unique=True),
        Index("ix_sale_sessions_listing", "sorted_at", "id"),
        Index("ix_sale_sessions_due", "next_due_at", postgresql_where=text("next_due_at IS NOT NULL")),
    )

    number: Mapped[str]
    name: Mapped[str]
    status: Mapped[str] = mapped_column(server_default=MACHINE.initial)
    profile: Mapped[str]
    organiser: Mapped[str]
    auction_house: Mapped[str | None]
    auctioneer_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"), index=True)
    auctioneer_licence_no: Mapped[str | None]
    venue: Mapped[str]
    day_opens: Mapped[str]
    day_ends: Mapped[str]
    adjourns: Mapped[bool]
    gap_seconds: Mapped[int]
    call_seconds: Mapped[int]
    unit_minor: Mapped[int | None] = mapped_column(BigInteger)
    units_max: Mapped[int]
    paddle_first: Mapped[int]
    paddle_last: Mapped[int]
    registration_opens_at: Mapped[datetime | None]
    registration_closes_at: Mapped[datetime | None]
    deposit_due_at: Mapped[datetime | None]
    starts_at: Mapped[datetime | None]
    sorted_at: Mapped[datetime]
    """What lists are sorted by: the start, or the making of a draft."""
    readied_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    continues_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    next_due_at: Mapped[datetime | None]
    retry_at: Mapped[datetime | None]
    """Real time before which a sweep that failed on this row leaves it alone."""


class SessionLotRow(Base):
    """A lot in its session. `lot_no` is its brochure number."""

    __tablename__ = "session_lots"
    __table_args__ = (
        CheckConstraint("lot_no > 0", name="lot_no"),
        Index("uq_session_lots_auction_id", "auction_id", unique=True),
    )

    session_id: Mapped[UUID] = mapped_column(ForeignKey("sale_sessions.id"), primary_key=True)
    lot_no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    auction_id: Mapped[UUID] = mapped_column(ForeignKey("auctions.id"))


class SessionRegistrationRow(Identified, Stamped, Posted, Base):
    """A party in a session. Its lots have registrations of their own; this one holds units, and the paddle.

    units: paid for. units_leading: behind lots where the party leads. units_won: behind lots that it won, each of them
    a deposit of its own since the hammer.
    """

    __tablename__ = "session_registrations"
    __table_args__ = (
        CheckConstraint("units >= 0 AND units_leading >= 0 AND units_won >= 0", name="units"),
        CheckConstraint("units_leading + units_won <= units", name="units_free"),
        CheckConstraint("(passed IS NULL) = (decided_by IS NULL)", name="decided"),
        CheckConstraint("(handed_out_at IS NULL) = (handed_out_by IS NULL)", name="handed_out"),
        CheckConstraint("handed_out_at IS NULL OR paddle_no IS NOT NULL", name="paddle"),
        Index("uq_session_registrations_number", "number", unique=True),
        Index("uq_session_registrations_buyer", "session_id", "buyer_party_id", unique=True),
        Index("uq_session_registrations_paddle", "session_id", "paddle_no", unique=True),
        Index("ix_session_registrations_buyer_party_id", "buyer_party_id", "id"),
    )

    number: Mapped[str]
    session_id: Mapped[UUID] = mapped_column(ForeignKey("sale_sessions.id"))
    buyer_party_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"))
    units: Mapped[int]
    units_leading: Mapped[int] = mapped_column(server_default="0")
    units_won: Mapped[int] = mapped_column(server_default="0")
    agent_name: Mapped[str | None]
    agent_phone: Mapped[str | None]
    note: Mapped[str | None]
    held_at: Mapped[datetime | None]
    """When the deposit was taken into account. Null where it has not come, or none is asked."""
    passed: Mapped[bool | None]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]
    decision_reason: Mapped[str | None]
    paddle_no: Mapped[int | None]
    handed_out_at: Mapped[datetime | None]
    handed_out_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    released_at: Mapped[datetime | None]
    """When what was left of the deposit was given back: once, at the session's end."""


class PaddleExchangeRow(Base):
    """A paddle that was lost and exchanged. Rows are only added: the old number is void for good.

    The bidder's code on every lot stays what it was, so that what he has bid remains his.
    """

    __tablename__ = "paddle_exchanges"
    __table_args__ = (CheckConstraint("old_no <> new_no", name="numbers"),)

    session_id: Mapped[UUID] = mapped_column(ForeignKey("sale_sessions.id"), primary_key=True)
    old_no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    new_no: Mapped[int]
    session_registration_id: Mapped[UUID] = mapped_column(ForeignKey("session_registrations.id"), index=True)
    reason: Mapped[str]
    exchanged_at: Mapped[datetime]
    exchanged_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))


class UnitHoldRow(Base):
    """Whose unit stands behind a lot now: the leader's. A lot that was won keeps its row, marked `won`."""

    __tablename__ = "unit_holds"

    auction_id: Mapped[UUID] = mapped_column(ForeignKey("auctions.id"), primary_key=True)
    session_registration_id: Mapped[UUID] = mapped_column(ForeignKey("session_registrations.id"), index=True)
    won: Mapped[bool] = mapped_column(server_default="false")
    since: Mapped[datetime]
