"""Checkpoints of the log, who cosigned them, and what was seen of the logs of others."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the tables; what is signed and cosigned is immutable, as the events are."""
    op.create_table(
        "checkpoints",
        sa.Column("size", BIG, primary_key=True, autoincrement=False),
        sa.Column("root", sa.String(64), nullable=False),
        sa.Column("peaks", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("made_at", BIG, nullable=False),
    )
    op.create_table(
        "cosignatures",
        sa.Column("organisation", sa.String(40), primary_key=True),
        sa.Column("size", BIG, primary_key=True, autoincrement=False),
        sa.Column("line", sa.Text, nullable=False),
        sa.Column("received_at", BIG, nullable=False),
    )
    op.create_table(
        "witnessed",
        sa.Column("log_id", sa.String(120), primary_key=True),
        sa.Column("size", BIG, nullable=False),
        sa.Column("root", sa.String(64), nullable=False),
        sa.Column("note", sa.Text),
        sa.Column("seen_at", BIG, nullable=False),
        sa.Column("stopped", sa.String(80)),
        sa.Column("against", sa.Text),
    )
    for table in ("checkpoints", "cosignatures"):
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
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
