"""Ended pacts on which nobody has looked back yet, by the day from which that is due."""

from collections.abc import Iterator
from datetime import date
from functools import singledispatch
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Date,
    Table,
    Uuid,
    and_,
    insert,
    or_,
    select,
)

from services.kernel.rows import Row
from services.kernel.views import View
from services.pacts.pact import Pact
from services.pacts.views.of_a_pact import forget, note


def project(event: object, row: Row, table: Table, connection: Connection) -> None:
    """Add a pact that ended; forget one on which somebody looked back, or that was erased."""
    _project(event, table, connection)


@singledispatch
def _project(event: Any, table: Table, connection: Connection) -> None:
    """Events that this view does not mention leave it as it was."""


@_project.register
def _awaited(event: Pact.LookBackSet, table: Table, connection: Connection) -> None:
    connection.execute(
        insert(table).values(
            pact=event.originator_id,
            due=event.due,
            until=event.until,
            due_noted=False,
            late_noted=False,
        )
    )


@_project.register
def _due(event: Pact.LookBackDue, table: Table, connection: Connection) -> None:
    note(event, table, connection, due_noted=True)


@_project.register
def _overdue(event: Pact.LookBackOverdue, table: Table, connection: Connection) -> None:
    note(event, table, connection, late_noted=True)


@_project.register(Pact.LookedBack)
@_project.register(Pact.TextsErased)
def _over(event: Any, table: Table, connection: Connection) -> None:
    forget(event, table, connection)


LOOK_BACKS = View(
    name="look_backs",
    version=1,
    columns=lambda: [
        Column("pact", Uuid, primary_key=True),
        Column("due", Date, nullable=False, index=True),
        Column("until", Date, nullable=False),
        Column("due_noted", Boolean, nullable=False),
        Column("late_noted", Boolean, nullable=False),
    ],
    project=project,
)


def to_note(connection: Connection, day: date) -> Iterator[UUID]:
    """Yield the pacts whose look back is due or overdue on *day*, if that was not noted."""
    table = LOOK_BACKS.table
    query = (
        select(table.c.pact)
        .where(
            or_(
                and_(~table.c.due_noted, table.c.due <= day),
                and_(~table.c.late_noted, table.c.until < day),
            )
        )
        .order_by(table.c.due, table.c.pact)
    )
    yield from connection.scalars(query)
