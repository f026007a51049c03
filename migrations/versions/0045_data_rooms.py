"""Data rooms: files, agreements and who has signed them, questions and answers."""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

_AT = sa.DateTime(timezone=True)


def _keys(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))
        for column, target in columns.items()
    ]


def upgrade() -> None:
    op.create_table(
        "room_files",
        sa.Column("offering_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("file_class", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("added_by", sa.Uuid(), nullable=False),
        sa.Column("added_at", _AT, nullable=False),
        sa.Column("removed_at", _AT, nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "file_class IN ('public', 'registered', 'nda')", name=op.f("ck_room_files_file_class")
        ),
        sa.CheckConstraint("(file_class = 'nda') = (pages IS NOT NULL)", name=op.f("ck_room_files_pages")),
        *_keys("room_files", offering_id="offerings", file_id="files", added_by="users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room_files")),
    )
    op.create_index("uq_room_files_file_id", "room_files", ["file_id"], unique=True)
    op.create_index("ix_room_files_offering_id", "room_files", ["offering_id", "id"])
    op.create_table(
        "nda_texts",
        sa.Column("offering_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", _AT, nullable=False),
        sa.CheckConstraint("version > 0 AND octet_length(sha256) = 32", name=op.f("ck_nda_texts_version")),
        *_keys("nda_texts", offering_id="offerings", made_by="users"),
        sa.PrimaryKeyConstraint("offering_id", "version", name=op.f("pk_nda_texts")),
    )
    op.create_table(
        "nda_signatures",
        sa.Column("offering_id", sa.Uuid(), nullable=False),
        sa.Column("party_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("user_name", sa.Text(), nullable=False),
        sa.Column("signed_at", _AT, nullable=False),
        *_keys("nda_signatures", offering_id="offerings", party_id="parties", user_id="users"),
        sa.PrimaryKeyConstraint("offering_id", "party_id", "version", name=op.f("pk_nda_signatures")),
    )
    op.create_table(
        "room_questions",
        sa.Column("offering_id", sa.Uuid(), nullable=False),
        sa.Column("asker_party_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("asked_at", _AT, nullable=False),
        sa.Column("status", sa.Text(), server_default="asked", nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answered_at", _AT, nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", _AT, server_default=sa.text("market_now()"), nullable=False),
        sa.Column("updated_at", _AT, server_default=sa.text("market_now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "status IN ('asked', 'answered', 'declined')", name=op.f("ck_room_questions_status")
        ),
        sa.CheckConstraint(
            "(status = 'asked') = (answer IS NULL) AND (answer IS NULL) = (answered_by IS NULL)"
            " AND (answer IS NULL) = (answered_at IS NULL)",
            name=op.f("ck_room_questions_answered"),
        ),
        *_keys(
            "room_questions",
            offering_id="offerings",
            asker_party_id="parties",
            asked_by="users",
            answered_by="users",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room_questions")),
    )
    op.create_index("ix_room_questions_offering_id", "room_questions", ["offering_id", "id"])
    for table in ("nda_texts", "nda_signatures"):
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " EXECUTE FUNCTION markets_append_only()"
        )


def downgrade() -> None:
    for table in ("room_questions", "nda_signatures", "nda_texts", "room_files"):
        op.drop_table(table)
