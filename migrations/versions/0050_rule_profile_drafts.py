"""markets: versions of rule profiles that a supervisor proposes and another decides on."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

NOW = sa.text("market_now()")


def upgrade() -> None:
    op.create_table(
        "rule_profile_drafts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("changes", postgresql.JSONB(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("document_no", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), server_default="draft", nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("published_version", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "status IN ('draft', 'published', 'refused')", name=op.f("ck_rule_profile_drafts_status")
        ),
        sa.CheckConstraint(
            "(status = 'draft') = (decided_by IS NULL) AND (decided_by IS NULL) = (decided_at IS NULL)",
            name=op.f("ck_rule_profile_drafts_decided"),
        ),
        sa.CheckConstraint("decided_by <> proposed_by", name=op.f("ck_rule_profile_drafts_two_persons")),
        sa.CheckConstraint(
            "(status = 'published') = (published_version IS NOT NULL)",
            name=op.f("ck_rule_profile_drafts_published"),
        ),
        *(
            sa.ForeignKeyConstraint([column], ["users.id"], name=op.f(f"fk_rule_profile_drafts_{column}"))
            for column in ("proposed_by", "decided_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_profile_drafts")),
    )


def downgrade() -> None:
    op.drop_table("rule_profile_drafts")
