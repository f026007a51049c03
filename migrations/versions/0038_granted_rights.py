"""listings: granted rights, and a row for each right."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

# A grant is ended once; what it granted never changes.
ONLY_ENDED = """
CREATE FUNCTION granted_rights_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE ends text[] := ARRAY['status', 'ended_at', 'end_reason', 'end_document_no', 'ended_by'];
BEGIN
    IF TG_OP <> 'UPDATE' OR to_jsonb(NEW) - ends IS DISTINCT FROM to_jsonb(OLD) - ends OR OLD.status = 'ended' THEN
        RAISE EXCEPTION 'a grant is only ended' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$
"""
TRIGGERS = (
    """CREATE TRIGGER granted_rights_guard BEFORE UPDATE OR DELETE ON granted_rights
    FOR EACH ROW EXECUTE FUNCTION granted_rights_guard()""",
    """CREATE TRIGGER granted_rights_kept BEFORE TRUNCATE ON granted_rights
    EXECUTE FUNCTION granted_rights_guard()""",
)


def upgrade() -> None:
    op.create_table(
        "rights",
        sa.Column("right_key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("right_key", name=op.f("pk_rights")),
    )
    op.create_table(
        "granted_rights",
        sa.Column("right_key", sa.Text(), nullable=False),
        sa.Column("achievement_id", sa.Uuid(), nullable=False),
        sa.Column("mode_class", sa.Text(), nullable=False),
        sa.Column("grantor_party_id", sa.Uuid(), nullable=False),
        sa.Column("grantee_party_id", sa.Uuid(), nullable=True),
        sa.Column("grantee_name", sa.Text(), nullable=False),
        sa.Column("territories", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("fields", postgresql.ARRAY(sa.Text()), nullable=True),
        sa.Column("field_text", sa.Text(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("document_no", sa.Text(), nullable=True),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("status", sa.Text(), server_default="live", nullable=False),
        sa.Column("entered_by", sa.Uuid(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=True),
        sa.Column("end_document_no", sa.Text(), nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(status = 'ended') = (ended_at IS NOT NULL AND end_reason IS NOT NULL)",
            name=op.f("ck_granted_rights_ended"),
        ),
        sa.CheckConstraint(
            "end_reason IN ('rescinded', 'terminated', 'mistaken')", name=op.f("ck_granted_rights_end_reason")
        ),
        sa.CheckConstraint(
            "mode_class IN ('transfer', 'exclusive', 'sole', 'ordinary', 'open', 'equity')",
            name=op.f("ck_granted_rights_mode_class"),
        ),
        sa.CheckConstraint(
            "source = 'award' OR document_no IS NOT NULL", name=op.f("ck_granted_rights_paper")
        ),
        sa.CheckConstraint("source IN ('award', 'external')", name=op.f("ck_granted_rights_source")),
        sa.CheckConstraint("status IN ('live', 'ended')", name=op.f("ck_granted_rights_status")),
        sa.CheckConstraint("cardinality(fields) > 0", name=op.f("ck_granted_rights_fields")),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_granted_rights_days")),
        sa.ForeignKeyConstraint(
            ["achievement_id"], ["achievements.id"], name=op.f("fk_granted_rights_achievement_id")
        ),
        sa.ForeignKeyConstraint(["ended_by"], ["users.id"], name=op.f("fk_granted_rights_ended_by")),
        sa.ForeignKeyConstraint(["entered_by"], ["users.id"], name=op.f("fk_granted_rights_entered_by")),
        sa.ForeignKeyConstraint(
            ["grantee_party_id"], ["parties.id"], name=op.f("fk_granted_rights_grantee_party_id")
        ),
        sa.ForeignKeyConstraint(
            ["grantor_party_id"], ["parties.id"], name=op.f("fk_granted_rights_grantor_party_id")
        ),
        sa.ForeignKeyConstraint(
            ["right_key"], ["rights.right_key"], name=op.f("fk_granted_rights_right_key")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_granted_rights")),
    )
    op.create_index(
        "ix_granted_rights_achievement_id", "granted_rights", ["achievement_id", "id"], unique=False
    )
    op.create_index(
        "ix_granted_rights_live",
        "granted_rights",
        ["right_key"],
        unique=False,
        postgresql_where=sa.text("status = 'live'"),
    )
    op.create_index(
        "uq_granted_rights_source", "granted_rights", ["source", "source_id", "right_key"], unique=True
    )
    for statement in (ONLY_ENDED, *TRIGGERS):
        op.execute(statement)


def downgrade() -> None:

    op.drop_table("granted_rights")
    op.drop_table("rights")
    op.execute("DROP FUNCTION granted_rights_guard()")
