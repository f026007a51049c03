"""The agent of a registered buyer: who bids for it in one sale, up to which limit, by which letter."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("registrations", sa.Column("agent_user_id", sa.Uuid(), nullable=True))
    op.add_column("registrations", sa.Column("agent_limit_minor", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_registrations_agent_user_id"), "registrations", "users", ["agent_user_id"], ["id"]
    )
    op.create_check_constraint(
        op.f("ck_registrations_agent"),
        "registrations",
        "agent_limit_minor IS NULL OR agent_user_id IS NOT NULL",
    )
    op.create_table(
        "registration_agents",
        sa.Column("registration_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("user_name", sa.Text(), nullable=False),
        sa.Column("document_no", sa.Text(), nullable=False),
        sa.Column("limit_minor", sa.BigInteger(), nullable=True),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("appointed_by", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "cause IN ('named', 'replaced', 'illness', 'accident', 'incapacity', 'death')",
            name=op.f("ck_registration_agents_cause"),
        ),
        sa.CheckConstraint("limit_minor > 0", name=op.f("ck_registration_agents_limit")),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registrations.id"], name=op.f("fk_registration_agents_registration_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_registration_agents_user_id")),
        sa.ForeignKeyConstraint(
            ["appointed_by"], ["users.id"], name=op.f("fk_registration_agents_appointed_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration_agents")),
    )
    op.create_index(
        "ix_registration_agents_registration_id", "registration_agents", ["registration_id", "id"]
    )
    op.execute(
        "CREATE TRIGGER registration_agents_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON registration_agents"
        " EXECUTE FUNCTION markets_append_only()"
    )


def downgrade() -> None:
    op.drop_table("registration_agents")
    op.drop_constraint(op.f("ck_registrations_agent"), "registrations")
    op.drop_constraint(op.f("fk_registrations_agent_user_id"), "registrations")
    op.drop_column("registrations", "agent_limit_minor")
    op.drop_column("registrations", "agent_user_id")
