"""Part of a held deposit may be taken out into a deposit of its own."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_KINDS = (
    "deposit_held",
    "deposit_released",
    "deposit_applied",
    "deposit_divided",
    "deposit_forfeited",
    "arrival_unidentified",
    "arrival_returned",
    "refund_sent",
    "reversal",
)


def _kinds(*left_out: str) -> None:
    kinds = ", ".join(f"'{kind}'" for kind in _KINDS if kind not in left_out)
    op.drop_constraint(op.f("ck_journals_kind"), "journals", type_="check")
    op.create_check_constraint(op.f("ck_journals_kind"), "journals", f"kind IN ({kinds})")


def upgrade() -> None:
    op.add_column("deposits", sa.Column("divided_minor", sa.BigInteger(), server_default="0", nullable=False))
    op.create_check_constraint(
        op.f("ck_deposits_divided_minor"),
        "deposits",
        "divided_minor >= 0 AND divided_minor <= amount_minor",
    )
    op.create_check_constraint(
        op.f("ck_deposits_divided_when_held"), "deposits", "divided_minor = 0 OR held_at IS NOT NULL"
    )
    _kinds()


def downgrade() -> None:
    _kinds("deposit_divided")
    op.drop_constraint(op.f("ck_deposits_divided_when_held"), "deposits", type_="check")
    op.drop_constraint(op.f("ck_deposits_divided_minor"), "deposits", type_="check")
    op.drop_column("deposits", "divided_minor")
