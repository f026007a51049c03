"""Joint buyers: several parties under one registration, with shares."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "offerings", sa.Column("joint_allowed", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.add_column(
        "contracts",
        sa.Column(
            "co_buyer_party_ids",
            postgresql.ARRAY(sa.UUID()),
            server_default=sa.text("'{}'::uuid[]"),
            nullable=False,
        ),
    )
    op.create_table(
        "registration_members",
        sa.Column("registration_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("offering_id", sa.Uuid(), nullable=False),
        sa.Column("party_id", sa.Uuid(), nullable=False),
        sa.Column("share_bp", sa.Integer(), nullable=False),
        sa.Column("consented_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("consented_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "position > 0 AND share_bp > 0 AND share_bp < 10000", name=op.f("ck_registration_members_share")
        ),
        sa.CheckConstraint(
            "(consented_at IS NULL) = (consented_by IS NULL)", name=op.f("ck_registration_members_consent")
        ),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_registration_members_{column}"))
            for column, table in (
                ("registration_id", "registrations"),
                ("offering_id", "offerings"),
                ("party_id", "parties"),
                ("consented_by", "users"),
            )
        ),
        sa.PrimaryKeyConstraint("registration_id", "position", name=op.f("pk_registration_members")),
    )
    op.create_index(
        "uq_registration_members_party",
        "registration_members",
        ["offering_id", "party_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index("ix_registration_members_party_id", "registration_members", ["party_id"])


def downgrade() -> None:
    op.drop_table("registration_members")
    op.drop_column("contracts", "co_buyer_party_ids")
    op.drop_column("offerings", "joint_allowed")
