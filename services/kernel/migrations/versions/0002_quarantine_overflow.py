"""Messages that the quarantine is too full, or too small, to keep are counted."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the table of the one row."""
    op.create_table(
        "quarantine_overflow",
        sa.Column("one", sa.Integer, primary_key=True),
        sa.Column("messages", BIG, nullable=False),
        sa.Column("bytes", BIG, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("first_at", BIG, nullable=False),
        sa.Column("last_at", BIG, nullable=False),
        sa.CheckConstraint("one = 1", name="ck_quarantine_overflow_one_row"),
    )
