"""Holders of rights of first refusal on an offering."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "priority_holders",
        sa.Column("offering_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("party_id", sa.Uuid(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("reach", sa.Text(), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=True),
        sa.Column("document_no", sa.Text(), nullable=True),
        sa.Column("entered_by", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "basis IN ('completer', 'commissioner', 'co_developer', 'agreement')",
            name=op.f("ck_priority_holders_basis"),
        ),
        sa.CheckConstraint(
            "reach IN ('pending', 'notified', 'unreachable', 'waived')",
            name=op.f("ck_priority_holders_reach"),
        ),
        sa.CheckConstraint("rank > 0 AND position > 0", name=op.f("ck_priority_holders_rank")),
        sa.CheckConstraint(
            "(reach = 'pending') = (told_on IS NULL) AND (told_on IS NULL) = (document_no IS NULL)",
            name=op.f("ck_priority_holders_told"),
        ),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_priority_holders_{column}"))
            for column, table in (
                ("offering_id", "offerings"),
                ("party_id", "parties"),
                ("entered_by", "users"),
            )
        ),
        sa.PrimaryKeyConstraint("offering_id", "position", name=op.f("pk_priority_holders")),
    )
    op.create_index("uq_priority_holders_party", "priority_holders", ["offering_id", "party_id"], unique=True)
    op.create_index("ix_priority_holders_party_id", "priority_holders", ["party_id"])


def downgrade() -> None:
    op.drop_table("priority_holders")
