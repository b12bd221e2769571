"""What somebody does who may do everything in a database: no trigger and no grant is in the way."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, create_engine, text

from tests.kernel.parties import Party

TABLES = ("events", "said", "checkpoints", "cosignatures")


def tamper(party: Party, *statements: str, **words: Any) -> None:
    """Let the owner of *party*'s database, triggers put aside, do *statements*."""

    def act(connection: Connection) -> None:
        for statement in statements:
            connection.execute(text(statement), words)

    without_triggers(party, act)


def without_triggers(party: Party, act: Callable[[Connection], None]) -> None:
    """Do *act* with the owner's rights and without the triggers, which are there again after it."""
    engine = create_engine(party.urls.owner)
    with engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            select = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
            triggers = connection.execute(text(select)).all()
            for name, _ in triggers:
                connection.execute(text(f"DROP TRIGGER {name}"))
            act(connection)
            for _, sql in triggers:
                connection.exec_driver_sql(sql)
        else:
            for table in TABLES:
                connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
            act(connection)
            for table in TABLES:
                connection.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))
    engine.dispose()


CHANGES = {
    "a word of a state": (
        "UPDATE events SET state = replace(state, 'small', 'large') WHERE position = 2",
    ),
    "who decided": ("UPDATE events SET actor = 'lead/person/x' WHERE position = 2",),
    "on whose behalf": ("UPDATE events SET on_behalf_of = 'lead/person/x' WHERE position = 2",),
    "when it was recorded": ("UPDATE events SET recorded_at = recorded_at - 1 WHERE position = 2",),
    "why": ("UPDATE events SET cause = 'command:x' WHERE position = 2",),
    "what followed from it": ("UPDATE events SET correlation = 'x' WHERE position = 2",),
    "its kind": ("UPDATE events SET topic = 'kitchen.Closed' WHERE position = 2",),
    "its shape": ("UPDATE events SET schema_version = 9 WHERE position = 2",),
    "one removed": ("DELETE FROM events WHERE position = 2",),
    "one removed and the others moved up": (
        "DELETE FROM events WHERE position = 2",
        "UPDATE events SET position = -position WHERE position > 2",
        "UPDATE events SET position = -position - 1 WHERE position < 0",
        "UPDATE log SET position = position - 1",
    ),
    "two in the other order": (
        "UPDATE events SET position = -2 WHERE position = 2",
        "UPDATE events SET position = 2 WHERE position = 3",
        "UPDATE events SET position = 3 WHERE position = -2",
    ),
    "the last ones removed": (
        "DELETE FROM events WHERE position > 2",
        "UPDATE log SET position = 2",
    ),
    "all removed": ("DELETE FROM events", "UPDATE log SET position = 0"),
    "another log's id": ("UPDATE log SET log_id = 'lead/kitchen/ffffffffffffffff'",),
}
"""How a log of four jars may be altered."""
