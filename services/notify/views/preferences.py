"""Who wants to be reminded how; who has not chosen is not listed."""

from typing import Any

from sqlalchemy import Column, String, Table, Uuid, delete, insert
from sqlalchemy.engine import Connection

from services.kernel.rows import Row
from services.kernel.views import View
from services.notify.preferences import Preferences


def _columns() -> list[Column[Any]]:
    return [
        Column("person", Uuid, primary_key=True),
        Column("reminders", String(20), nullable=False),
    ]


def _project(event: Any, row: Row, table: Table, connection: Connection) -> None:
    match event:
        case Preferences.RemindersChosen():
            connection.execute(delete(table).where(table.c.person == event.person))
            chosen = {"person": event.person, "reminders": event.reminders.value}
            connection.execute(insert(table).values(chosen))


PREFERENCES = View(name="notify_preferences", version=1, columns=_columns, project=_project)
preferences = PREFERENCES.table
