"""evidence: redactions of records, and every question for what is secret."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

TRIGGER = """CREATE TRIGGER secret_reads_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON secret_reads
EXECUTE FUNCTION auctions_append_only()"""


def upgrade() -> None:
    op.create_table(
        "redactions",
        sa.Column("auction_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("document_no", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), server_default="requested", nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=False),
        sa.Column("requested_party_id", sa.Uuid(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_party_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("market_now()"), nullable=False
        ),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("market_now()"), nullable=False
        ),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("status IN ('requested', 'done', 'refused')", name=op.f("ck_redactions_status")),
        sa.CheckConstraint(
            "reason IN ('personal_data', 'state_secret', 'trade_secret', 'court_order')",
            name=op.f("ck_redactions_reason"),
        ),
        sa.CheckConstraint(
            "(status = 'requested') = (decided_by IS NULL) AND (decided_by IS NULL) = (decided_at IS NULL)"
            " AND (decided_by IS NULL) = (decided_party_id IS NULL)",
            name=op.f("ck_redactions_decided"),
        ),
        sa.CheckConstraint("decided_by <> requested_by", name=op.f("ck_redactions_two_persons")),
        sa.ForeignKeyConstraint(
            ["auction_id", "seq", "field"],
            ["auction_texts.auction_id", "auction_texts.seq", "auction_texts.field"],
            name="fk_redactions_text",
        ),
        sa.ForeignKeyConstraint(["auction_id"], ["auctions.id"], name=op.f("fk_redactions_auction_id")),
        sa.ForeignKeyConstraint(["requested_by"], ["users.id"], name=op.f("fk_redactions_requested_by")),
        sa.ForeignKeyConstraint(
            ["requested_party_id"], ["parties.id"], name=op.f("fk_redactions_requested_party_id")
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name=op.f("fk_redactions_decided_by")),
        sa.ForeignKeyConstraint(
            ["decided_party_id"], ["parties.id"], name=op.f("fk_redactions_decided_party_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_redactions")),
    )
    op.create_index(
        "uq_redactions_text",
        "redactions",
        ["auction_id", "seq", "field"],
        unique=True,
        postgresql_where=sa.text("status <> 'refused'"),
    )
    op.create_table(
        "secret_reads",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("auction_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("granted", sa.Boolean(), nullable=False),
        sa.Column("refusal", sa.Text(), nullable=True),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("party_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("market_now()"), nullable=False),
        sa.CheckConstraint("what IN ('identities', 'reserve')", name=op.f("ck_secret_reads_what")),
        sa.CheckConstraint("granted = (refusal IS NULL)", name=op.f("ck_secret_reads_refusal")),
        sa.ForeignKeyConstraint(["auction_id"], ["auctions.id"], name=op.f("fk_secret_reads_auction_id")),
        sa.ForeignKeyConstraint(["party_id"], ["parties.id"], name=op.f("fk_secret_reads_party_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_secret_reads_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_secret_reads")),
    )
    op.create_index("ix_secret_reads_auction_id", "secret_reads", ["auction_id", "id"], unique=False)
    op.create_index("ix_secret_reads_user_id", "secret_reads", ["user_id", "id"], unique=False)
    op.execute(TRIGGER)


def downgrade() -> None:
    op.drop_table("secret_reads")
    op.drop_table("redactions")
