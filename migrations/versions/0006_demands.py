"""Demands and the answers to them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "demands",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), server_default="draft", nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("outcome_reason", sa.Text(), nullable=True),
        sa.Column("poster_party_id", sa.Uuid(), nullable=False),
        sa.Column("clerk_party_id", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        sa.Column("source_system", sa.Text(), nullable=True),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("current_state", sa.Text(), nullable=True),
        sa.Column("what_was_tried", sa.Text(), nullable=True),
        sa.Column(
            "indicators",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
        ),
        sa.Column("tech_field", sa.Text(), nullable=True),
        sa.Column("industry_code", sa.Text(), nullable=True),
        sa.Column("budget_min_minor", sa.BigInteger(), nullable=True),
        sa.Column("budget_max_minor", sa.BigInteger(), nullable=True),
        sa.Column(
            "cooperation_modes",
            postgresql.ARRAY(sa.Text()),
            server_default=sa.text("'{}'::text[]"),
            nullable=False,
        ),
        sa.Column("ip_preference", sa.Text(), nullable=True),
        sa.Column("deadline_on", sa.Date(), nullable=True),
        sa.Column("duration_months", sa.Integer(), nullable=True),
        sa.Column("confidentiality", sa.Text(), server_default="public", nullable=False),
        sa.Column("contact", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("region_public_code", sa.CHAR(length=6), nullable=False),
        sa.Column("reviewed_by", sa.Uuid(), nullable=True),
        sa.Column("review_reason", sa.Text(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answers_end_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("chosen_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("market_now()"), nullable=False
        ),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("market_now()"), nullable=False
        ),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("region_code", sa.CHAR(length=6), nullable=False),
        sa.Column("entered_by", sa.Uuid(), nullable=False),
        sa.Column("entered_on_behalf_of", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(status = 'closed') = (outcome IS NOT NULL)", name=op.f("ck_demands_closed_has_outcome")
        ),
        sa.CheckConstraint(
            "(status = 'published') = (next_due_at IS NOT NULL)", name=op.f("ck_demands_published_has_due")
        ),
        sa.CheckConstraint(
            "confidentiality IN ('public', 'anonymous_org')", name=op.f("ck_demands_confidentiality")
        ),
        sa.CheckConstraint(
            "cooperation_modes <@ ARRAY['transfer', 'license_exclusive', 'license_sole', 'license_ordinary', 'equity', 'joint', 'development', 'service', 'consulting']::text[]",
            name=op.f("ck_demands_cooperation_modes"),
        ),
        sa.CheckConstraint(
            "ip_preference IN ('poster', 'provider', 'shared', 'negotiable')",
            name=op.f("ck_demands_ip_preference"),
        ),
        sa.CheckConstraint(
            "outcome IN ('awarded', 'solved_elsewhere', 'no_answer', 'withdrawn')",
            name=op.f("ck_demands_outcome"),
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'submitted', 'returned', 'published', 'deciding', 'closed')",
            name=op.f("ck_demands_status"),
        ),
        sa.CheckConstraint(
            "tech_field IN ('electronics_it', 'aerospace', 'advanced_manufacturing', 'biomedicine', 'new_materials', 'new_energy', 'environment', 'agriculture', 'nuclear', 'transport', 'urban_social')",
            name=op.f("ck_demands_tech_field"),
        ),
        sa.CheckConstraint(
            "type IN ('problem', 'purchase', 'joint_rd', 'scenario', 'challenge')",
            name=op.f("ck_demands_type"),
        ),
        sa.CheckConstraint(
            "(budget_min_minor IS NULL) = (budget_max_minor IS NULL)",
            name=op.f("ck_demands_budget_both_ends"),
        ),
        sa.CheckConstraint(
            "(entered_on_behalf_of IS NULL) = (clerk_party_id IS NULL)", name=op.f("ck_demands_on_behalf")
        ),
        sa.CheckConstraint("(source_system IS NULL) = (external_id IS NULL)", name=op.f("ck_demands_source")),
        sa.CheckConstraint(
            "0 <= budget_min_minor AND budget_min_minor <= budget_max_minor", name=op.f("ck_demands_budget")
        ),
        sa.CheckConstraint("chosen_count >= 0", name=op.f("ck_demands_chosen_count")),
        sa.CheckConstraint("duration_months BETWEEN 1 AND 120", name=op.f("ck_demands_duration")),
        sa.ForeignKeyConstraint(["clerk_party_id"], ["parties.id"], name=op.f("fk_demands_clerk_party_id")),
        sa.ForeignKeyConstraint(["confirmed_by"], ["users.id"], name=op.f("fk_demands_confirmed_by")),
        sa.ForeignKeyConstraint(["entered_by"], ["users.id"], name=op.f("fk_demands_entered_by")),
        sa.ForeignKeyConstraint(
            ["entered_on_behalf_of"], ["parties.id"], name=op.f("fk_demands_entered_on_behalf_of")
        ),
        sa.ForeignKeyConstraint(["poster_party_id"], ["parties.id"], name=op.f("fk_demands_poster_party_id")),
        sa.ForeignKeyConstraint(["reviewed_by"], ["users.id"], name=op.f("fk_demands_reviewed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demands")),
    )
    op.create_index(op.f("ix_demands_clerk_party_id"), "demands", ["clerk_party_id"], unique=False)
    op.create_index(
        "ix_demands_due",
        "demands",
        ["next_due_at"],
        unique=False,
        postgresql_where=sa.text("next_due_at IS NOT NULL"),
    )
    op.create_index(op.f("ix_demands_poster_party_id"), "demands", ["poster_party_id"], unique=False)
    op.create_index(
        "ix_demands_published",
        "demands",
        ["published_at", "id"],
        unique=False,
        postgresql_where=sa.text("published_at IS NOT NULL"),
    )
    op.create_index(op.f("ix_demands_region_code"), "demands", ["region_code"], unique=False)
    op.create_index("uq_demands_number", "demands", ["number"], unique=True)
    op.create_index(
        "uq_demands_source",
        "demands",
        ["poster_party_id", "source_system", "external_id"],
        unique=True,
        postgresql_where=sa.text("source_system IS NOT NULL"),
    )
    op.create_table(
        "solutions",
        sa.Column("demand_id", sa.Uuid(), nullable=False),
        sa.Column("provider_party_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), server_default="submitted", nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("approach", sa.Text(), nullable=True),
        sa.Column("schedule_months", sa.Integer(), nullable=False),
        sa.Column("team", sa.Text(), nullable=True),
        sa.Column("choice_reason", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("market_now()"), nullable=False
        ),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("market_now()"), nullable=False
        ),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("region_code", sa.CHAR(length=6), nullable=False),
        sa.Column("entered_by", sa.Uuid(), nullable=False),
        sa.Column("entered_on_behalf_of", sa.Uuid(), nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(status = 'chosen') = (choice_reason IS NOT NULL)", name=op.f("ck_solutions_chosen_has_reason")
        ),
        sa.CheckConstraint("kind IN ('development', 'service')", name=op.f("ck_solutions_kind")),
        sa.CheckConstraint(
            "status IN ('submitted', 'shortlisted', 'chosen', 'not_chosen', 'withdrawn')",
            name=op.f("ck_solutions_status"),
        ),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_solutions_amount")),
        sa.CheckConstraint("schedule_months BETWEEN 1 AND 120", name=op.f("ck_solutions_schedule")),
        sa.ForeignKeyConstraint(["demand_id"], ["demands.id"], name=op.f("fk_solutions_demand_id")),
        sa.ForeignKeyConstraint(["entered_by"], ["users.id"], name=op.f("fk_solutions_entered_by")),
        sa.ForeignKeyConstraint(
            ["entered_on_behalf_of"], ["parties.id"], name=op.f("fk_solutions_entered_on_behalf_of")
        ),
        sa.ForeignKeyConstraint(
            ["provider_party_id"], ["parties.id"], name=op.f("fk_solutions_provider_party_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_solutions")),
        sa.UniqueConstraint(
            "demand_id", "provider_party_id", name=op.f("uq_solutions_demand_id_provider_party_id")
        ),
    )
    op.create_index(op.f("ix_solutions_provider_party_id"), "solutions", ["provider_party_id"], unique=False)
    op.create_index(op.f("ix_solutions_region_code"), "solutions", ["region_code"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_solutions_region_code"), table_name="solutions")
    op.drop_index(op.f("ix_solutions_provider_party_id"), table_name="solutions")
    op.drop_table("solutions")
    op.drop_index(
        "uq_demands_source", table_name="demands", postgresql_where=sa.text("source_system IS NOT NULL")
    )
    op.drop_index("uq_demands_number", table_name="demands")
    op.drop_index(op.f("ix_demands_region_code"), table_name="demands")
    op.drop_index(
        "ix_demands_published", table_name="demands", postgresql_where=sa.text("published_at IS NOT NULL")
    )
    op.drop_index(op.f("ix_demands_poster_party_id"), table_name="demands")
    op.drop_index("ix_demands_due", table_name="demands", postgresql_where=sa.text("next_due_at IS NOT NULL"))
    op.drop_index(op.f("ix_demands_clerk_party_id"), table_name="demands")
    op.drop_table("demands")
