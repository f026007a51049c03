"""evidence: redactions of files beside those of sales and notices."""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("redactions", sa.Column("file_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f("fk_redactions_file_id"), "redactions", "files", ["file_id"], ["id"])
    op.drop_constraint(op.f("ck_redactions_of_one"), "redactions", type_="check")
    op.create_check_constraint(
        op.f("ck_redactions_of_one"), "redactions", "num_nonnulls(auction_id, notice_id, file_id) = 1"
    )
    op.create_index(
        "uq_redactions_file",
        "redactions",
        ["file_id"],
        unique=True,
        postgresql_where=sa.text("file_id IS NOT NULL AND status <> 'refused'"),
    )


def downgrade() -> None:
    op.execute("DELETE FROM redactions WHERE file_id IS NOT NULL")
    op.drop_index("uq_redactions_file", table_name="redactions")
    op.drop_constraint(op.f("ck_redactions_of_one"), "redactions", type_="check")
    op.create_check_constraint(
        op.f("ck_redactions_of_one"), "redactions", "(auction_id IS NULL) <> (notice_id IS NULL)"
    )
    op.drop_constraint(op.f("fk_redactions_file_id"), "redactions", type_="foreignkey")
    op.drop_column("redactions", "file_id")
