"""markets: published versions of the rule profiles, which never change.

The first versions are written out from the documents that come with the release (`app/markets/profiles/data`). Those
never change either: another value is another version, published by a supervisor with its day.
"""

import json
from datetime import date

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.markets.profiles.documents import shipped

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

EFFECTIVE_ON = date(2020, 1, 1)


def upgrade() -> None:
    op.create_table(
        "rule_profiles",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("document", postgresql.JSONB(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column(
            "published_at", sa.DateTime(timezone=True), server_default=sa.text("market_now()"), nullable=False
        ),
        sa.Column("published_by", sa.Uuid(), nullable=True),
        sa.Column("document_no", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.CheckConstraint("version > 0", name=op.f("ck_rule_profiles_version")),
        sa.ForeignKeyConstraint(["published_by"], ["users.id"], name=op.f("fk_rule_profiles_published_by")),
        sa.PrimaryKeyConstraint("code", "version", name=op.f("pk_rule_profiles")),
    )
    for document in shipped():
        op.get_bind().execute(
            sa.text(
                "INSERT INTO rule_profiles (code, version, document, effective_on)"
                " VALUES (:code, :version, CAST(:document AS jsonb), :effective_on)"
            ),
            {
                "code": document["code"],
                "version": document["version"],
                "document": json.dumps(document, ensure_ascii=False),
                "effective_on": EFFECTIVE_ON,
            },
        )
    op.execute(
        "CREATE TRIGGER rule_profiles_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON rule_profiles"
        " EXECUTE FUNCTION markets_append_only()"
    )


def downgrade() -> None:
    op.drop_table("rule_profiles")
