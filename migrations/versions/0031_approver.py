"""The role of an approver: who decides the steps of a unit's own chain.

Revision ID: 0031
Revises: 0030
"""

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

BEFORE = (
    "researcher",
    "tto_officer",
    "org_leader",
    "enterprise_user",
    "enterprise_admin",
    "broker",
    "clerk",
    "operator",
    "auctioneer",
    "finance",
    "supervisor",
    "auditor",
    "expert",
    "registration_officer",
    "finance_partner",
    "partner_exchange",
)
AFTER = (*BEFORE[:3], "approver", *BEFORE[3:])


def _allow(roles: tuple[str, ...]) -> None:
    op.drop_constraint(op.f("ck_memberships_roles"), "memberships", type_="check")
    listed = ", ".join(f"'{role}'" for role in roles)
    op.create_check_constraint(
        op.f("ck_memberships_roles"), "memberships", f"roles <@ ARRAY[{listed}]::text[]"
    )


def upgrade() -> None:
    _allow(AFTER)


def downgrade() -> None:
    op.execute("UPDATE memberships SET roles = array_remove(roles, 'approver')")
    _allow(BEFORE)
