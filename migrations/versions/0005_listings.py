"""Listings: achievements, their rights and shares; imports with their findings."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "achievements",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), server_default="draft", nullable=False),
        sa.Column("holder_party_id", sa.Uuid(), nullable=False),
        sa.Column("entered_by_party_id", sa.Uuid(), nullable=False),
        sa.Column("owner_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("owner_confirmed_by", sa.Uuid(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=True),
        sa.Column("abstract", sa.Text(), nullable=False),
        sa.Column("summary", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("keywords", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("tech_field", sa.Text(), nullable=False),
        sa.Column("achievement_class", sa.Text(), nullable=True),
        sa.Column("industry_code", sa.Text(), nullable=True),
        sa.Column("form", sa.Text(), nullable=True),
        sa.Column("attribute", sa.Text(), nullable=True),
        sa.Column("stage", sa.Text(), nullable=True),
        sa.Column("level", sa.Text(), nullable=True),
        sa.Column("registry_number", sa.Text(), nullable=True),
        sa.Column("secrecy_level", sa.Text(), nullable=False),
        sa.Column("secrecy_review", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("research_begins_on", sa.Date(), nullable=True),
        sa.Column("research_ends_on", sa.Date(), nullable=True),
        sa.Column("first_completer", sa.Text(), nullable=True),
        sa.Column("completer_organisations", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("completers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("fund_source", sa.Text(), nullable=True),
        sa.Column("projects", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("tech_report_no", sa.Text(), nullable=True),
        sa.Column("honours", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("innovation_points", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("indicators", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("application_scope", sa.Text(), nullable=True),
        sa.Column("market_prospect", sa.Text(), nullable=True),
        sa.Column("application_status", sa.Text(), nullable=True),
        sa.Column("conversion_status", sa.Text(), nullable=True),
        sa.Column("conversion_benefit", sa.Text(), nullable=True),
        sa.Column("cooperation_modes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("price_form", sa.Text(), nullable=False),
        sa.Column("price_min_minor", sa.BigInteger(), nullable=True),
        sa.Column("price_max_minor", sa.BigInteger(), nullable=True),
        sa.Column("estimated_value_minor", sa.BigInteger(), nullable=True),
        sa.Column("trl_level", sa.Integer(), nullable=True),
        sa.Column("trl_scheme", sa.Text(), nullable=True),
        sa.Column("service_result", sa.Boolean(), nullable=True),
        sa.Column("segregated_ledger", sa.Boolean(), nullable=True),
        sa.Column("dual_use", sa.Boolean(), nullable=True),
        sa.Column("tags", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("contact", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("return_reason", sa.Text(), nullable=True),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawal_reason", sa.Text(), nullable=True),
        sa.Column("reviewed_by", sa.Uuid(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("import_digest", postgresql.BYTEA(), nullable=True),
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
            "(price_form = 'negotiable') = (price_min_minor IS NULL AND price_max_minor IS NULL)",
            name=op.f("ck_achievements_price_of_form"),
        ),
        sa.CheckConstraint(
            "achievement_class IN ('basic', 'applied', 'soft')",
            name=op.f("ck_achievements_achievement_class"),
        ),
        sa.CheckConstraint(
            "application_status IN ('not_applied', 'trial', 'small_scale', 'industrial', 'discontinued')",
            name=op.f("ck_achievements_application_status"),
        ),
        sa.CheckConstraint(
            "attribute IN ('original', 'reinnovation', 'redevelopment')",
            name=op.f("ck_achievements_attribute"),
        ),
        sa.CheckConstraint(
            "conversion_status IN ('not_converted', 'in_progress', 'converted')",
            name=op.f("ck_achievements_conversion_status"),
        ),
        sa.CheckConstraint(
            "cooperation_modes <@ ARRAY['transfer', 'license_exclusive', 'license_sole', 'license_ordinary', 'equity', 'joint', 'self', 'use_first', 'open_license']::text[]",
            name=op.f("ck_achievements_cooperation_modes"),
        ),
        sa.CheckConstraint(
            "form IN ('new_technology', 'new_process', 'new_product', 'new_material', 'new_equipment', 'new_variety', 'software', 'paper', 'other')",
            name=op.f("ck_achievements_form"),
        ),
        sa.CheckConstraint(
            "fund_source IN ('fiscal', 'non_fiscal', 'mixed')", name=op.f("ck_achievements_fund_source")
        ),
        sa.CheckConstraint(
            "level IN ('international_leading', 'international_advanced', 'domestic_leading', 'domestic_advanced', 'not_evaluated')",
            name=op.f("ck_achievements_level"),
        ),
        sa.CheckConstraint(
            "price_form IN ('negotiable', 'reference_range', 'asking')",
            name=op.f("ck_achievements_price_form"),
        ),
        sa.CheckConstraint(
            "secrecy_level IN ('none', 'internal', 'secret', 'confidential', 'top_secret')",
            name=op.f("ck_achievements_secrecy_level"),
        ),
        sa.CheckConstraint("stage IN ('early', 'middle', 'mature')", name=op.f("ck_achievements_stage")),
        sa.CheckConstraint(
            "status <> 'published' OR published_at IS NOT NULL", name=op.f("ck_achievements_published_at")
        ),
        sa.CheckConstraint(
            "status <> 'published' OR secrecy_level = 'none'",
            name=op.f("ck_achievements_secret_not_published"),
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'submitted', 'returned', 'registered', 'published', 'withdrawn')",
            name=op.f("ck_achievements_status"),
        ),
        sa.CheckConstraint(
            "tech_field IN ('electronics_it', 'aerospace', 'advanced_manufacturing', 'biomedicine', 'new_materials', 'new_energy', 'environment', 'agriculture', 'nuclear', 'transport', 'urban_social')",
            name=op.f("ck_achievements_tech_field"),
        ),
        sa.CheckConstraint("(source IS NULL) = (external_id IS NULL)", name=op.f("ck_achievements_origin")),
        sa.CheckConstraint(
            "(trl_level IS NULL) = (trl_scheme IS NULL)", name=op.f("ck_achievements_trl_scheme")
        ),
        sa.CheckConstraint("estimated_value_minor >= 0", name=op.f("ck_achievements_estimated_value")),
        sa.CheckConstraint(
            "price_min_minor >= 0 AND price_min_minor <= price_max_minor", name=op.f("ck_achievements_price")
        ),
        sa.CheckConstraint("trl_level BETWEEN 1 AND 13", name=op.f("ck_achievements_trl_level")),
        sa.ForeignKeyConstraint(["entered_by"], ["users.id"], name=op.f("fk_achievements_entered_by")),
        sa.ForeignKeyConstraint(
            ["entered_by_party_id"], ["parties.id"], name=op.f("fk_achievements_entered_by_party_id")
        ),
        sa.ForeignKeyConstraint(
            ["entered_on_behalf_of"], ["parties.id"], name=op.f("fk_achievements_entered_on_behalf_of")
        ),
        sa.ForeignKeyConstraint(
            ["holder_party_id"], ["parties.id"], name=op.f("fk_achievements_holder_party_id")
        ),
        sa.ForeignKeyConstraint(
            ["owner_confirmed_by"], ["users.id"], name=op.f("fk_achievements_owner_confirmed_by")
        ),
        sa.ForeignKeyConstraint(["reviewed_by"], ["users.id"], name=op.f("fk_achievements_reviewed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_achievements")),
    )
    op.create_index(
        "ix_achievements_entered_by_party_id", "achievements", ["entered_by_party_id"], unique=False
    )
    op.create_index(
        "ix_achievements_public",
        "achievements",
        [sa.literal_column("published_at DESC"), sa.literal_column("id DESC")],
        unique=False,
        postgresql_where=sa.text("status = 'published'"),
    )
    op.create_index(op.f("ix_achievements_region_code"), "achievements", ["region_code"], unique=False)
    op.create_index("ix_achievements_review", "achievements", ["status", "submitted_at", "id"], unique=False)
    op.create_index("uq_achievements_number", "achievements", ["number"], unique=True)
    op.create_index(
        "uq_achievements_origin", "achievements", ["holder_party_id", "source", "external_id"], unique=True
    )
    op.create_table(
        "import_mappings",
        sa.Column("party_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("mapping", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
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
        sa.ForeignKeyConstraint(["entered_by"], ["users.id"], name=op.f("fk_import_mappings_entered_by")),
        sa.ForeignKeyConstraint(
            ["entered_on_behalf_of"], ["parties.id"], name=op.f("fk_import_mappings_entered_on_behalf_of")
        ),
        sa.ForeignKeyConstraint(["party_id"], ["parties.id"], name=op.f("fk_import_mappings_party_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_mappings")),
    )
    op.create_index("ix_import_mappings_party_id", "import_mappings", ["party_id", "id"], unique=False)
    op.create_index(op.f("ix_import_mappings_region_code"), "import_mappings", ["region_code"], unique=False)
    op.create_table(
        "imports",
        sa.Column("party_id", sa.Uuid(), nullable=False),
        sa.Column("holder_party_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), server_default="queued", nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("dry_run", sa.Boolean(), nullable=False),
        sa.Column("mapping", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("file_name", sa.Text(), nullable=True),
        sa.Column("file_bytes", sa.BigInteger(), nullable=False),
        sa.Column("file_digest", postgresql.BYTEA(), nullable=False),
        sa.Column("rows_total", sa.Integer(), nullable=True),
        sa.Column("last_row", sa.Integer(), server_default="0", nullable=False),
        sa.Column("rows_done", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_rows", sa.Integer(), server_default="0", nullable=False),
        sa.Column("updated_rows", sa.Integer(), server_default="0", nullable=False),
        sa.Column("unchanged_rows", sa.Integer(), server_default="0", nullable=False),
        sa.Column("beyond_draft_rows", sa.Integer(), server_default="0", nullable=False),
        sa.Column("refused_rows", sa.Integer(), server_default="0", nullable=False),
        sa.Column("failure_code", sa.Text(), nullable=True),
        sa.Column("failure_zh", sa.Text(), nullable=True),
        sa.Column("failure_en", sa.Text(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "touched_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
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
            "(status = 'failed') = (failure_code IS NOT NULL)", name=op.f("ck_imports_failure")
        ),
        sa.CheckConstraint("format IN ('csv', 'jsonl', 'xlsx')", name=op.f("ck_imports_format")),
        sa.CheckConstraint(
            "status IN ('queued', 'running', 'succeeded', 'failed')", name=op.f("ck_imports_status")
        ),
        sa.CheckConstraint(
            "created_rows >= 0 AND updated_rows >= 0 AND unchanged_rows >= 0 AND beyond_draft_rows >= 0 AND refused_rows >= 0 AND created_rows + updated_rows + unchanged_rows + beyond_draft_rows + refused_rows = rows_done",
            name=op.f("ck_imports_counts"),
        ),
        sa.ForeignKeyConstraint(["entered_by"], ["users.id"], name=op.f("fk_imports_entered_by")),
        sa.ForeignKeyConstraint(
            ["entered_on_behalf_of"], ["parties.id"], name=op.f("fk_imports_entered_on_behalf_of")
        ),
        sa.ForeignKeyConstraint(["holder_party_id"], ["parties.id"], name=op.f("fk_imports_holder_party_id")),
        sa.ForeignKeyConstraint(["party_id"], ["parties.id"], name=op.f("fk_imports_party_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
    )
    op.create_index("ix_imports_party_id", "imports", ["party_id", "id"], unique=False)
    op.create_index(op.f("ix_imports_region_code"), "imports", ["region_code"], unique=False)
    op.create_index(
        "ix_imports_unfinished",
        "imports",
        ["touched_at"],
        unique=False,
        postgresql_where=sa.text("status IN ('queued', 'running')"),
    )
    op.create_table(
        "import_findings",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("row", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("pointer", sa.Text(), nullable=True),
        sa.Column("column", sa.Text(), nullable=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("reason_zh", sa.Text(), nullable=False),
        sa.Column("reason_en", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('refused', 'not_changed_beyond_draft')", name=op.f("ck_import_findings_outcome")
        ),
        sa.ForeignKeyConstraint(
            ["import_id"], ["imports.id"], name=op.f("fk_import_findings_import_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("import_id", "row", "position", name=op.f("pk_import_findings")),
    )
    op.create_table(
        "ip_rights",
        sa.Column("achievement_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("country_code", sa.CHAR(length=3), nullable=False),
        sa.Column("application_no", sa.Text(), nullable=True),
        sa.Column("grant_no", sa.Text(), nullable=True),
        sa.Column("apply_on", sa.Date(), nullable=True),
        sa.Column("grant_on", sa.Date(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("holders", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("inventors", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("legal_status", sa.Text(), nullable=True),
        sa.Column("annual_fee_paid_until", sa.Date(), nullable=True),
        sa.Column("pledged", sa.Boolean(), nullable=True),
        sa.Column("existing_licences", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("open_licence_statement", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "type IN ('invention', 'utility', 'design', 'patent_application', 'software', 'ic_layout', 'plant_variety', 'new_drug', 'know_how')",
            name=op.f("ck_ip_rights_type"),
        ),
        sa.ForeignKeyConstraint(
            ["achievement_id"],
            ["achievements.id"],
            name=op.f("fk_ip_rights_achievement_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ip_rights")),
    )
    op.create_index("ix_ip_rights_application_no", "ip_rights", ["application_no"], unique=False)
    op.create_index("ix_ip_rights_grant_no", "ip_rights", ["grant_no"], unique=False)
    op.create_index("uq_ip_rights_position", "ip_rights", ["achievement_id", "position"], unique=True)
    op.create_table(
        "ownership_shares",
        sa.Column("achievement_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("party_id", sa.Uuid(), nullable=True),
        sa.Column("holder_name", sa.Text(), nullable=False),
        sa.Column("share_bp", sa.Integer(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("agreement", sa.Text(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "basis IN ('law', 'agreement', 'assignment')", name=op.f("ck_ownership_shares_basis")
        ),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_by IS NULL)", name=op.f("ck_ownership_shares_confirmed")
        ),
        sa.CheckConstraint("share_bp BETWEEN 1 AND 10000", name=op.f("ck_ownership_shares_share_bp")),
        sa.ForeignKeyConstraint(
            ["achievement_id"],
            ["achievements.id"],
            name=op.f("fk_ownership_shares_achievement_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["users.id"], name=op.f("fk_ownership_shares_confirmed_by")
        ),
        sa.ForeignKeyConstraint(["party_id"], ["parties.id"], name=op.f("fk_ownership_shares_party_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ownership_shares")),
    )
    op.create_index("ix_ownership_shares_party_id", "ownership_shares", ["party_id"], unique=False)
    op.create_index(
        "uq_ownership_shares_position", "ownership_shares", ["achievement_id", "position"], unique=True
    )


def downgrade() -> None:
    op.drop_table("ownership_shares")
    op.drop_table("ip_rights")
    op.drop_table("import_findings")
    op.drop_table("imports")
    op.drop_table("import_mappings")
    op.drop_table("achievements")
