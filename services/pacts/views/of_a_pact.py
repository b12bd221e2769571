"""The row of a pact in a view: what an event says of it, and its end."""

from typing import Any

from sqlalchemy import Connection, Table, delete, update


def note(event: Any, table: Table, connection: Connection, **values: Any) -> None:
    """Write *values* into the row of the pact of *event*; without a row, nothing happens."""
    connection.execute(update(table).where(table.c.pact == event.originator_id).values(**values))


def forget(event: Any, table: Table, connection: Connection) -> None:
    """Take away every row of the pact of *event*."""
    connection.execute(delete(table).where(table.c.pact == event.originator_id))
