"""calendar: every change of the calendar has a number, so that dates counted before it are counted again."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calendar_revisions",
        sa.Column("no", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("entered_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("first_on <= last_on", name=op.f("ck_calendar_revisions_order")),
        sa.ForeignKeyConstraint(["entered_by"], ["users.id"], name=op.f("fk_calendar_revisions_entered_by")),
        sa.PrimaryKeyConstraint("no", name=op.f("pk_calendar_revisions")),
    )
    op.execute(
        """CREATE FUNCTION calendar_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
        END $$"""
    )
    op.execute(
        "CREATE TRIGGER calendar_revisions_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON calendar_revisions"
        " EXECUTE FUNCTION calendar_append_only()"
    )


def downgrade() -> None:
    op.drop_table("calendar_revisions")
    op.execute("DROP FUNCTION calendar_append_only()")
