"""The tables that every service's log has. Alembic makes them; this says how they are read."""

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)

metadata = MetaData()
BIG = BigInteger().with_variant(Integer, "sqlite")

log = Table(
    "log",
    metadata,
    Column("one", Integer, primary_key=True),
    Column("log_id", String(120), nullable=False),
    Column("position", BIG, nullable=False),
    Column("recorded_at", BIG, nullable=False),
    comment="one row: which log this is, its last position and its last instant",
)

events = Table(
    "events",
    metadata,
    Column("position", BIG, primary_key=True, autoincrement=False),
    Column("event_id", Uuid, nullable=False, unique=True),
    Column("stream_type", String(80), nullable=False),
    Column("stream", Uuid, nullable=False),
    Column("version", Integer, nullable=False),
    Column("topic", String(80), nullable=False),
    Column("schema_version", Integer, nullable=False),
    Column("recorded_at", BIG, nullable=False),
    Column("actor", String(120), nullable=False),
    Column("on_behalf_of", String(120)),
    Column("cause", String(300), nullable=False),
    Column("correlation", String(80), nullable=False),
    Column("state", Text, nullable=False),
    UniqueConstraint("stream", "version", name="uq_events_stream_version"),
)

said = Table(
    "said",
    metadata,
    Column("audience", String(40), primary_key=True),
    Column("seq", BIG, primary_key=True, autoincrement=False),
    Column("previous_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Column("position", BIG, nullable=False),
    Column("envelope", Text, nullable=False),
    comment="the public log: what was said, to whom, as it was said",
)

sent = Table(
    "sent",
    metadata,
    Column("audience", String(40), primary_key=True),
    Column("seq", BIG, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("stopped", String(80)),
    comment="the courier's cursor: the last row of each audience that the broker confirmed",
)

inbox = Table(
    "inbox",
    metadata,
    Column("log_id", String(120), primary_key=True),
    Column("seq", BIG, primary_key=True, autoincrement=False),
    Column("hash", String(64), nullable=False),
    Column("envelope", Text, nullable=False),
    Column("parts", Text),
    Column("received_at", BIG, nullable=False),
)

heard = Table(
    "heard",
    metadata,
    Column("log_id", String(120), primary_key=True),
    Column("seq", BIG, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("stopped", String(80)),
    Column("stopped_at", BIG),
    Column("attempts", Integer, nullable=False, default=0),
    Column("next_try_at", BIG, nullable=False, default=0),
    comment="one line per producer log: how far it was heard, and why it stands still, if it does",
)

quarantine = Table(
    "quarantine",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("reason", String(80), nullable=False),
    Column("received_at", BIG, nullable=False),
    Column("body", LargeBinary, nullable=False),
    comment="messages that no known organisation signed, or that contradict what was heard",
)

quarantine_overflow = Table(
    "quarantine_overflow",
    metadata,
    Column("one", Integer, primary_key=True),
    Column("messages", BIG, nullable=False),
    Column("bytes", BIG, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("first_at", BIG, nullable=False),
    Column("last_at", BIG, nullable=False),
    comment="one row, if any: what the quarantine was too full, or too small, to keep",
)

checkpoints = Table(
    "checkpoints",
    metadata,
    Column("size", BIG, primary_key=True, autoincrement=False),
    Column("root", String(64), nullable=False),
    Column("peaks", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("made_at", BIG, nullable=False),
    comment="what this log was, signed: the root of the tree over its first events",
)

cosignatures = Table(
    "cosignatures",
    metadata,
    Column("organisation", String(40), primary_key=True),
    Column("size", BIG, primary_key=True, autoincrement=False),
    Column("line", Text, nullable=False),
    Column("received_at", BIG, nullable=False),
    comment="which other organisation saw which checkpoint of this log",
)

witnessed = Table(
    "witnessed",
    metadata,
    Column("log_id", String(120), primary_key=True),
    Column("size", BIG, nullable=False),
    Column("root", String(64), nullable=False),
    Column("note", Text),
    Column("seen_at", BIG, nullable=False),
    Column("stopped", String(80)),
    Column("against", Text),
    comment="the last checkpoint of each other log that was seen to continue the one before, "
    "and what contradicts it; of the own log, what it was when it was last read as a whole",
)

outcomes = Table(
    "outcomes",
    metadata,
    Column("key", Uuid, primary_key=True),
    Column("method", String(120), nullable=False),
    Column("actor", String(120), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("refusal", String(80)),
    Column("outcome", Text),
    Column("recorded_at", BIG, nullable=False),
    comment="what became of each command or duty, refusals too: asked again, answered the same",
)

views = Table(
    "views",
    metadata,
    Column("name", String(60), primary_key=True),
    Column("view_version", Integer, nullable=False),
    Column("applied_position", BIG, nullable=False),
)

vault = Table(
    "vault",
    metadata,
    Column("ref", Uuid, primary_key=True),
    Column("subject", Uuid, nullable=False, index=True),
    Column("kind", String(40), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("recorded_at", BIG, nullable=False),
)

vault_keys = Table(
    "vault_keys",
    metadata,
    Column("subject", Uuid, primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
    comment="kept outside the ordinary backup, so that a restored one brings nobody back",
)

erasures = Table(
    "erasures",
    metadata,
    Column("subject", Uuid, primary_key=True),
    Column("erased_at", BIG, nullable=False),
    Column("actor", String(120), nullable=False),
    comment="the erasure ledger; applied again after every restore",
)

vault_reads = Table(
    "vault_reads",
    metadata,
    Column("number", BIG, primary_key=True, autoincrement=True),
    Column("ref", Uuid, nullable=False),
    Column("subject", Uuid, nullable=False, index=True),
    Column("kind", String(40), nullable=False),
    Column("actor", String(120), nullable=False),
    Column("cause", String(300), nullable=False),
    Column("read_at", BIG, nullable=False),
    comment="who read whose entries, and why; separate from the events",
)

leases = Table(
    "leases",
    metadata,
    Column("name", String(60), primary_key=True),
    Column("holder", String(80), nullable=False),
    Column("until", BIG, nullable=False),
)

Index("ix_events_stream_type", events.c.stream_type, events.c.position)
