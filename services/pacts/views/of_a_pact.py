"""The row of a pact in a view: what an event says of it, and its end."""

from typing import Any

from sqlalchemy import Connection, Table

from services.kernel.views import change, drop


def note(event: Any, table: Table, connection: Connection, **values: Any) -> None:
    """Write *values* into the row of the pact of *event*; without a row, nothing happens."""
    change(table, connection, {"pact": event.originator_id}, **values)


def forget(event: Any, table: Table, connection: Connection) -> None:
    """Take away every row of the pact of *event*."""
    drop(table, connection, {"pact": event.originator_id})
