"""Evidence packs that were made: for whom, when, and the digest of each manifest."""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "evidence_packs",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("offering_id", sa.Uuid(), nullable=False),
        sa.Column("party_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("manifest_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "octet_length(manifest_sha256) = 32 AND size > 0", name=op.f("ck_evidence_packs_digest")
        ),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_evidence_packs_{column}"))
            for column, table in (
                ("offering_id", "offerings"),
                ("party_id", "parties"),
                ("user_id", "users"),
                ("key_id", "signing_keys"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_packs")),
    )
    op.create_index("uq_evidence_packs_number", "evidence_packs", ["number"], unique=True)
    op.create_index("ix_evidence_packs_offering_id", "evidence_packs", ["offering_id", "id"])
    op.execute(
        "CREATE TRIGGER evidence_packs_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON evidence_packs"
        " EXECUTE FUNCTION files_append_only()"
    )


def downgrade() -> None:
    op.drop_table("evidence_packs")
