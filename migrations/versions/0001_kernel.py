"""The kernel: market time, human numbers, kept answers, the outbox and the job queue."""

import sqlalchemy as sa
from alembic import context, op
from pgqueuer.adapters.persistence.qb import QueryBuilderEnvironment
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)

MARKET_NOW = """
CREATE FUNCTION market_now() RETURNS timestamptz LANGUAGE sql VOLATILE PARALLEL SAFE AS $$
    SELECT market_at + (clock_timestamp() - real_at) * rate FROM market_clock WHERE id = 1
$$
"""

# A live database's clock cannot be set by anybody short of a superuser who drops this trigger.
GUARD_FUNCTION = """
CREATE FUNCTION market_clock_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    real_now timestamptz := clock_timestamp();
BEGIN
    IF TG_OP <> 'UPDATE' OR OLD.kind <> 'sandbox' OR NEW.kind <> OLD.kind THEN
        RAISE EXCEPTION 'the clock of a live database cannot be set' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NEW.market_at + (real_now - NEW.real_at) * NEW.rate
       < OLD.market_at + (real_now - OLD.real_at) * OLD.rate - interval '1 millisecond' THEN
        RAISE EXCEPTION 'market time only moves forward' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$
"""


def _run_script(script: str) -> None:
    """Several statements at once: asyncpg takes them only outside its prepared protocol."""
    bind = op.get_bind()
    bind.connection.dbapi_connection.run_async(lambda connection: connection.execute(script))


def upgrade() -> None:
    op.create_table(
        "market_clock",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("real_at", INSTANT, nullable=False),
        sa.Column("market_at", INSTANT, nullable=False),
        sa.Column("rate", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_market_clock_single")),
        sa.CheckConstraint("kind IN ('live', 'sandbox')", name=op.f("ck_market_clock_kind")),
        sa.CheckConstraint("rate BETWEEN 1 AND 1440", name=op.f("ck_market_clock_rate")),
        sa.CheckConstraint(
            "kind = 'sandbox' OR (rate = 1 AND market_at = real_at)",
            name=op.f("ck_market_clock_live_is_real_time"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_market_clock")),
    )
    op.execute(MARKET_NOW)
    op.execute(GUARD_FUNCTION)
    _set_clock()
    op.execute(
        "CREATE TRIGGER market_clock_guard BEFORE INSERT OR UPDATE OR DELETE ON market_clock"
        " FOR EACH ROW EXECUTE FUNCTION market_clock_guard()"
    )
    op.create_table(
        "numbers",
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("prefix", "year", name=op.f("pk_numbers")),
    )
    _kept_answers()
    _outbox()
    _run_script(QueryBuilderEnvironment().build_install_query())


def _set_clock() -> None:
    """The kind is written once. A sandbox may begin in the past, so that its history has past dates."""
    sandbox = bool(context.config.attributes.get("sandbox"))
    days_back = int(context.config.attributes.get("days_back", 0)) if sandbox else 0
    kind = "sandbox" if sandbox else "live"
    op.execute(
        "INSERT INTO market_clock (id, kind, real_at, market_at, rate)"
        f" VALUES (1, '{kind}', now(), now() - make_interval(days => {days_back}), 1)"
    )


def _kept_answers() -> None:
    op.create_table(
        "idempotency_keys",
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("route", sa.Text(), nullable=False),
        sa.Column("request_hash", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("headers", postgresql.JSONB(), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("created_at", INSTANT, server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.CheckConstraint(
            "status IS NULL OR status BETWEEN 200 AND 499", name=op.f("ck_idempotency_keys_status")
        ),
        sa.PrimaryKeyConstraint("actor_id", "key", name=op.f("pk_idempotency_keys")),
    )
    op.create_index(op.f("ix_idempotency_keys_created_at"), "idempotency_keys", ["created_at"])


def _outbox() -> None:
    op.execute(
        """
        CREATE TABLE events (
            id bigint GENERATED ALWAYS AS IDENTITY,
            xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
            position bigint,
            kind text NOT NULL,
            version integer NOT NULL,
            subject text NOT NULL,
            subject_id uuid NOT NULL,
            public boolean NOT NULL,
            parties uuid[] NOT NULL,
            payload jsonb NOT NULL,
            at timestamptz NOT NULL,
            CONSTRAINT pk_events PRIMARY KEY (id)
        )
        """
    )
    op.execute("CREATE INDEX ix_events_unplaced ON events (xid, id) WHERE position IS NULL")
    op.execute("CREATE UNIQUE INDEX uq_events_position ON events (position)")
    op.execute("CREATE INDEX ix_events_parties ON events USING gin (parties)")
    op.execute("CREATE INDEX ix_events_subject_id ON events (subject_id)")
    op.create_table(
        "event_relay",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last_position", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_event_relay_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_relay")),
    )
    op.execute("INSERT INTO event_relay (id, last_position) VALUES (1, 0)")
    op.create_table(
        "event_cursors",
        sa.Column("handler", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("retry_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("handler", name=op.f("pk_event_cursors")),
    )
    op.create_table(
        "event_parked",
        sa.Column("handler", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("parked_at", INSTANT, server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.PrimaryKeyConstraint("handler", "position", name=op.f("pk_event_parked")),
    )


def downgrade() -> None:
    _run_script(QueryBuilderEnvironment().build_uninstall_query())
    for table in ("event_parked", "event_cursors", "event_relay", "events", "idempotency_keys", "numbers"):
        op.drop_table(table)
    op.drop_table("market_clock")
    op.execute("DROP FUNCTION market_now()")
    op.execute("DROP FUNCTION market_clock_guard()")
