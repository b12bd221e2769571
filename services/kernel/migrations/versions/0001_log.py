"""The log of a service and everything written with it; events and said are immutable."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the tables, the counter row's table, the triggers."""
    op.create_table(
        "log",
        sa.Column("one", sa.Integer, primary_key=True),
        sa.Column("log_id", sa.String(120), nullable=False),
        sa.Column("position", BIG, nullable=False),
        sa.Column("recorded_at", BIG, nullable=False),
        sa.CheckConstraint("one = 1", name="ck_log_one_row"),
    )
    op.create_table(
        "events",
        sa.Column("position", BIG, primary_key=True, autoincrement=False),
        sa.Column("event_id", sa.Uuid, nullable=False),
        sa.Column("stream_type", sa.String(80), nullable=False),
        sa.Column("stream", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("topic", sa.String(80), nullable=False),
        sa.Column("schema_version", sa.Integer, nullable=False),
        sa.Column("recorded_at", BIG, nullable=False),
        sa.Column("actor", sa.String(120), nullable=False),
        sa.Column("on_behalf_of", sa.String(120)),
        sa.Column("cause", sa.String(300), nullable=False),
        sa.Column("correlation", sa.String(80), nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.UniqueConstraint("event_id", name="uq_events_event_id"),
        sa.UniqueConstraint("stream", "version", name="uq_events_stream_version"),
    )
    op.create_index("ix_events_stream_type", "events", ["stream_type", "position"])
    op.create_table(
        "said",
        sa.Column("audience", sa.String(40), primary_key=True),
        sa.Column("seq", BIG, primary_key=True, autoincrement=False),
        sa.Column("previous_hash", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("position", BIG, nullable=False),
        sa.Column("envelope", sa.Text, nullable=False),
    )
    op.create_table(
        "sent",
        sa.Column("audience", sa.String(40), primary_key=True),
        sa.Column("seq", BIG, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("stopped", sa.String(80)),
    )
    op.create_table(
        "inbox",
        sa.Column("log_id", sa.String(120), primary_key=True),
        sa.Column("seq", BIG, primary_key=True, autoincrement=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("envelope", sa.Text, nullable=False),
        sa.Column("parts", sa.Text),
        sa.Column("received_at", BIG, nullable=False),
    )
    op.create_table(
        "heard",
        sa.Column("log_id", sa.String(120), primary_key=True),
        sa.Column("seq", BIG, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("stopped", sa.String(80)),
        sa.Column("stopped_at", BIG),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("next_try_at", BIG, nullable=False),
    )
    op.create_table(
        "quarantine",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("reason", sa.String(80), nullable=False),
        sa.Column("received_at", BIG, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "outcomes",
        sa.Column("key", sa.Uuid, primary_key=True),
        sa.Column("method", sa.String(120), nullable=False),
        sa.Column("actor", sa.String(120), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("refusal", sa.String(80)),
        sa.Column("outcome", sa.Text),
        sa.Column("recorded_at", BIG, nullable=False),
    )
    op.create_table(
        "views",
        sa.Column("name", sa.String(60), primary_key=True),
        sa.Column("view_version", sa.Integer, nullable=False),
        sa.Column("applied_position", BIG, nullable=False),
    )
    op.create_table(
        "vault",
        sa.Column("ref", sa.Uuid, primary_key=True),
        sa.Column("subject", sa.Uuid, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("recorded_at", BIG, nullable=False),
    )
    op.create_index("ix_vault_subject", "vault", ["subject"])
    op.create_table(
        "vault_keys",
        sa.Column("subject", sa.Uuid, primary_key=True),
        sa.Column("wrapped", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "erasures",
        sa.Column("subject", sa.Uuid, primary_key=True),
        sa.Column("erased_at", BIG, nullable=False),
        sa.Column("actor", sa.String(120), nullable=False),
    )
    op.create_table(
        "vault_reads",
        sa.Column("number", BIG, primary_key=True, autoincrement=True),
        sa.Column("ref", sa.Uuid, nullable=False),
        sa.Column("subject", sa.Uuid, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("actor", sa.String(120), nullable=False),
        sa.Column("cause", sa.String(300), nullable=False),
        sa.Column("read_at", BIG, nullable=False),
    )
    op.create_index("ix_vault_reads_subject", "vault_reads", ["subject"])
    op.create_table(
        "leases",
        sa.Column("name", sa.String(60), primary_key=True),
        sa.Column("holder", sa.String(80), nullable=False),
        sa.Column("until", BIG, nullable=False),
    )
    for table in ("events", "said"):
        _make_immutable(table)


def _make_immutable(table: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} are immutable'); END"
            )
        return
    op.execute(
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% are immutable', TG_TABLE_NAME USING ERRCODE = '55000'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
