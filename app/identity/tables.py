"""Rows of parties, people and credentials. Credentials live in real time: a sandbox's clock does not end sessions."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CHAR, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Text

from app.db.base import MARKET_NOW, Base, Identified, Stamped
from app.identity.permissions import Role
from app.identity.states import PARTY_REVIEW, CreditKind, PartyKind

REAL_NOW = text("clock_timestamp()")


class PartyRow(Identified, Stamped, Base):
    """An organisation or a person that posts, sells, buys or runs the market."""

    __tablename__ = "parties"
    __table_args__ = (
        CheckConstraint(f"kind IN ({', '.join(repr(str(kind)) for kind in PartyKind)})", name="kind"),
        CheckConstraint(PARTY_REVIEW.check_sql(), name="status"),
        CheckConstraint(
            "uscc IS NOT NULL OR registration_no IS NOT NULL OR person_number_hash IS NOT NULL",
            name="identified",
        ),
        Index("uq_parties_uscc", "uscc", unique=True),
        Index("uq_parties_registration", "country_code", "registration_no", unique=True),
        Index("uq_parties_person", "person_number_hash", unique=True),
    )

    kind: Mapped[str]
    name: Mapped[str]
    name_en: Mapped[str | None]
    uscc: Mapped[str | None] = mapped_column(CHAR(18))
    registration_no: Mapped[str | None]
    country_code: Mapped[str] = mapped_column(CHAR(3), server_default="CHN")
    person_number_hash: Mapped[bytes | None] = mapped_column(BYTEA)
    person_number_sealed: Mapped[bytes | None] = mapped_column(BYTEA)
    region_code: Mapped[str] = mapped_column(CHAR(6), index=True)
    objection_procedure: Mapped[str | None]
    status: Mapped[str] = mapped_column(server_default=PARTY_REVIEW.initial)
    review_reason: Mapped[str | None]
    reviewed_by: Mapped[UUID | None]
    entered_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    entered_on_behalf_of: Mapped[UUID | None] = mapped_column(ForeignKey("parties.id"))


class UserRow(Identified, Stamped, Base):
    """A person who signs in. `login` is stored folded to lower case.

    Somebody invited has no password yet, but the hash of an invitation by which he sets one.
    """

    __tablename__ = "users"
    __table_args__ = (
        Index("uq_users_login", "login", unique=True),
        Index("uq_users_invitation_hash", "invitation_hash", unique=True),
    )

    login: Mapped[str]
    name: Mapped[str]
    password_hash: Mapped[str | None]
    invitation_hash: Mapped[bytes | None] = mapped_column(BYTEA)
    invitation_expires_at: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]


class MembershipRow(Identified, Stamped, Base):
    """What a person is in an organisation. `region_scope` limits staff to a region's subtree (six digits).

    Somebody who already had an account belongs to the organisation only once he has accepted (`accepted_at`).
    """

    __tablename__ = "memberships"
    __table_args__ = (
        UniqueConstraint("user_id", "party_id"),
        CheckConstraint(
            f"roles <@ ARRAY[{', '.join(repr(str(role)) for role in Role)}]::text[]", name="roles"
        ),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    party_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"), index=True)
    roles: Mapped[list[str]] = mapped_column(ARRAY(Text()))
    job: Mapped[str | None]
    region_scope: Mapped[str | None] = mapped_column(CHAR(6))
    accepted_at: Mapped[datetime | None] = mapped_column(server_default=MARKET_NOW)
    ended_at: Mapped[datetime | None]


class SessionRow(Identified, Base):
    """A signed-in browser. Only the token's hash is stored."""

    __tablename__ = "sessions"
    __table_args__ = (Index("uq_sessions_token_hash", "token_hash", unique=True),)

    token_hash: Mapped[bytes] = mapped_column(BYTEA)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    party_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"))
    created_at: Mapped[datetime] = mapped_column(server_default=REAL_NOW)
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class ApiKeyRow(Identified, Base):
    """A program's credential: shown once, stored hashed, scoped, expiring, of the live or the test kind."""

    __tablename__ = "api_keys"
    __table_args__ = (
        Index("uq_api_keys_key_hash", "key_hash", unique=True),
        CheckConstraint("kind IN ('live', 'test')", name="kind"),
    )

    name: Mapped[str]
    kind: Mapped[str]
    prefix: Mapped[str]
    key_hash: Mapped[bytes] = mapped_column(BYTEA)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    party_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"), index=True)
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text()))
    created_at: Mapped[datetime] = mapped_column(server_default=REAL_NOW)
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]


class CreditRecordRow(Identified, Base):
    """An entry in a party's credit record 信用记录: what it did, by which decision. Only ever inserted."""

    __tablename__ = "credit_records"
    __table_args__ = (
        CheckConstraint(f"kind IN ({', '.join(repr(str(kind)) for kind in CreditKind)})", name="kind"),
        Index("ix_credit_records_party_id", "party_id", "id"),
    )

    party_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"))
    kind: Mapped[str]
    reference: Mapped[str]
    document_no: Mapped[str]
    note: Mapped[str]
    entered_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime]
