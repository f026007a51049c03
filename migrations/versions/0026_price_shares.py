"""The division of a bundle's price over its rights, and who agrees to it."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "price_shares",
        sa.Column("offering_id", sa.Uuid(), nullable=False),
        sa.Column("achievement_id", sa.Uuid(), nullable=False),
        sa.Column("share_bp", sa.Integer(), nullable=False),
        sa.CheckConstraint("share_bp BETWEEN 1 AND 10000", name=op.f("ck_price_shares_share_bp")),
        sa.ForeignKeyConstraint(
            ["achievement_id"], ["achievements.id"], name=op.f("fk_price_shares_achievement_id")
        ),
        sa.ForeignKeyConstraint(["offering_id"], ["offerings.id"], name=op.f("fk_price_shares_offering_id")),
        sa.PrimaryKeyConstraint("offering_id", "achievement_id", name=op.f("pk_price_shares")),
    )
    op.create_table(
        "price_share_consents",
        sa.Column("offering_id", sa.Uuid(), nullable=False),
        sa.Column("party_id", sa.Uuid(), nullable=False),
        sa.Column("agreed_by", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agreed_by"], ["users.id"], name=op.f("fk_price_share_consents_agreed_by")),
        sa.ForeignKeyConstraint(
            ["offering_id"], ["offerings.id"], name=op.f("fk_price_share_consents_offering_id")
        ),
        sa.ForeignKeyConstraint(["party_id"], ["parties.id"], name=op.f("fk_price_share_consents_party_id")),
        sa.PrimaryKeyConstraint("offering_id", "party_id", name=op.f("pk_price_share_consents")),
    )


def downgrade() -> None:
    op.drop_table("price_share_consents")
    op.drop_table("price_shares")
