"""Paddles that were lost and exchanged: the void number, the new one, who did it, when, why."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "paddle_exchanges",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("old_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("new_no", sa.Integer(), nullable=False),
        sa.Column("session_registration_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("exchanged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("exchanged_by", sa.Uuid(), nullable=False),
        sa.CheckConstraint("old_no <> new_no", name=op.f("ck_paddle_exchanges_numbers")),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_paddle_exchanges_{column}"))
            for column, table in (
                ("session_id", "sale_sessions"),
                ("session_registration_id", "session_registrations"),
                ("exchanged_by", "users"),
            )
        ),
        sa.PrimaryKeyConstraint("session_id", "old_no", name=op.f("pk_paddle_exchanges")),
    )
    op.create_index(
        op.f("ix_paddle_exchanges_session_registration_id"), "paddle_exchanges", ["session_registration_id"]
    )
    op.execute(
        "CREATE TRIGGER paddle_exchanges_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON paddle_exchanges"
        " EXECUTE FUNCTION auctions_append_only()"
    )


def downgrade() -> None:
    op.drop_table("paddle_exchanges")
