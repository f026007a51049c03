"""evidence: redactions of notices beside those of sales."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("redactions", sa.Column("notice_id", sa.Uuid(), nullable=True))
    op.alter_column("redactions", "auction_id", nullable=True)
    op.create_foreign_key(op.f("fk_redactions_notice_id"), "redactions", "notices", ["notice_id"], ["id"])
    op.create_foreign_key(
        "fk_redactions_blob",
        "redactions",
        "notice_blobs",
        ["notice_id", "seq", "field"],
        ["notice_id", "seq", "field"],
    )
    op.create_check_constraint(
        op.f("ck_redactions_of_one"), "redactions", "(auction_id IS NULL) <> (notice_id IS NULL)"
    )
    op.create_index(
        "uq_redactions_blob",
        "redactions",
        ["notice_id", "seq", "field"],
        unique=True,
        postgresql_where=sa.text("notice_id IS NOT NULL AND status <> 'refused'"),
    )


def downgrade() -> None:
    op.execute("DELETE FROM redactions WHERE notice_id IS NOT NULL")
    op.drop_index("uq_redactions_blob", table_name="redactions")
    op.drop_constraint(op.f("ck_redactions_of_one"), "redactions", type_="check")
    op.drop_constraint("fk_redactions_blob", "redactions", type_="foreignkey")
    op.drop_constraint(op.f("fk_redactions_notice_id"), "redactions", type_="foreignkey")
    op.alter_column("redactions", "auction_id", nullable=False)
    op.drop_column("redactions", "notice_id")
