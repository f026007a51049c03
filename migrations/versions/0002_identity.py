"""Parties, people, memberships and credentials."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "users",
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("invitation_hash", postgresql.BYTEA(), nullable=True),
        sa.Column("invitation_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("market_now()"), nullable=False
        ),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("market_now()"), nullable=False
        ),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
    )
    op.create_index("uq_users_login", "users", ["login"], unique=True)
    op.create_index("uq_users_invitation_hash", "users", ["invitation_hash"], unique=True)
    op.create_table(
        "parties",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=True),
        sa.Column("uscc", sa.CHAR(length=18), nullable=True),
        sa.Column("registration_no", sa.Text(), nullable=True),
        sa.Column("country_code", sa.CHAR(length=3), server_default="CHN", nullable=False),
        sa.Column("person_number_hash", postgresql.BYTEA(), nullable=True),
        sa.Column("person_number_sealed", postgresql.BYTEA(), nullable=True),
        sa.Column("region_code", sa.CHAR(length=6), nullable=False),
        sa.Column("objection_procedure", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), server_default="pending", nullable=False),
        sa.Column("review_reason", sa.Text(), nullable=True),
        sa.Column("reviewed_by", sa.Uuid(), nullable=True),
        sa.Column("entered_by", sa.Uuid(), nullable=True),
        sa.Column("entered_on_behalf_of", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("market_now()"), nullable=False
        ),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("market_now()"), nullable=False
        ),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "kind IN ('university', 'institute', 'hospital', 'state_enterprise', 'private_enterprise', 'foreign_invested_enterprise', 'village_collective', 'social_organisation', 'sole_trader', 'military_unit', 'government', 'exchange', 'auction_house', 'transfer_agency', 'evaluator', 'registration_office', 'finance_institution', 'natural_person', 'hong_kong', 'macau', 'taiwan', 'foreign')",
            name=op.f("ck_parties_kind"),
        ),
        sa.CheckConstraint("status IN ('pending', 'approved', 'refused')", name=op.f("ck_parties_status")),
        sa.CheckConstraint(
            "uscc IS NOT NULL OR registration_no IS NOT NULL OR person_number_hash IS NOT NULL",
            name=op.f("ck_parties_identified"),
        ),
        sa.ForeignKeyConstraint(["entered_by"], ["users.id"], name=op.f("fk_parties_entered_by")),
        sa.ForeignKeyConstraint(
            ["entered_on_behalf_of"], ["parties.id"], name=op.f("fk_parties_entered_on_behalf_of")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parties")),
    )
    op.create_index(op.f("ix_parties_region_code"), "parties", ["region_code"], unique=False)
    op.create_index("uq_parties_person", "parties", ["person_number_hash"], unique=True)
    op.create_index("uq_parties_registration", "parties", ["country_code", "registration_no"], unique=True)
    op.create_index("uq_parties_uscc", "parties", ["uscc"], unique=True)
    op.create_table(
        "api_keys",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("key_hash", postgresql.BYTEA(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("party_id", sa.Uuid(), nullable=False),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("kind IN ('live', 'test')", name=op.f("ck_api_keys_kind")),
        sa.ForeignKeyConstraint(["party_id"], ["parties.id"], name=op.f("fk_api_keys_party_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_api_keys_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
    )
    op.create_index(op.f("ix_api_keys_party_id"), "api_keys", ["party_id"], unique=False)
    op.create_index(op.f("ix_api_keys_user_id"), "api_keys", ["user_id"], unique=False)
    op.create_index("uq_api_keys_key_hash", "api_keys", ["key_hash"], unique=True)
    op.create_table(
        "memberships",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("party_id", sa.Uuid(), nullable=False),
        sa.Column("roles", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("job", sa.Text(), nullable=True),
        sa.Column("region_scope", sa.CHAR(length=6), nullable=True),
        sa.Column(
            "accepted_at", sa.DateTime(timezone=True), server_default=sa.text("market_now()"), nullable=True
        ),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("market_now()"), nullable=False
        ),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("market_now()"), nullable=False
        ),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "roles <@ ARRAY['researcher', 'tto_officer', 'org_leader', 'enterprise_user', 'enterprise_admin', 'broker', 'clerk', 'operator', 'auctioneer', 'finance', 'supervisor', 'auditor', 'expert', 'registration_officer', 'finance_partner', 'partner_exchange']::text[]",
            name=op.f("ck_memberships_roles"),
        ),
        sa.ForeignKeyConstraint(["party_id"], ["parties.id"], name=op.f("fk_memberships_party_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_memberships_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memberships")),
        sa.UniqueConstraint("user_id", "party_id", name=op.f("uq_memberships_user_id_party_id")),
    )
    op.create_index(op.f("ix_memberships_party_id"), "memberships", ["party_id"], unique=False)
    op.create_table(
        "sessions",
        sa.Column("token_hash", postgresql.BYTEA(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("party_id", sa.Uuid(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["party_id"], ["parties.id"], name=op.f("fk_sessions_party_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_sessions_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
    )
    op.create_index(op.f("ix_sessions_user_id"), "sessions", ["user_id"], unique=False)
    op.create_index("uq_sessions_token_hash", "sessions", ["token_hash"], unique=True)


def downgrade() -> None:
    op.drop_index("uq_sessions_token_hash", table_name="sessions")
    op.drop_index(op.f("ix_sessions_user_id"), table_name="sessions")
    op.drop_table("sessions")
    op.drop_index(op.f("ix_memberships_party_id"), table_name="memberships")
    op.drop_table("memberships")
    op.drop_index("uq_api_keys_key_hash", table_name="api_keys")
    op.drop_index(op.f("ix_api_keys_user_id"), table_name="api_keys")
    op.drop_index(op.f("ix_api_keys_party_id"), table_name="api_keys")
    op.drop_table("api_keys")
    op.drop_index("uq_parties_uscc", table_name="parties")
    op.drop_index("uq_parties_registration", table_name="parties")
    op.drop_index("uq_parties_person", table_name="parties")
    op.drop_index(op.f("ix_parties_region_code"), table_name="parties")
    op.drop_table("parties")
    op.drop_index("uq_users_invitation_hash", table_name="users")
    op.drop_index("uq_users_login", table_name="users")
    op.drop_table("users")
