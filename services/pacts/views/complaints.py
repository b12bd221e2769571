"""Complaints that nobody has answered yet, by the last day to answer."""

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
    Integer,
    Table,
    Uuid,
    delete,
    insert,
    select,
    update,
)

from services.kernel.rows import Row
from services.kernel.views import View
from services.pacts.pact import Pact
from services.pacts.views.of_a_pact import forget


def project(event: object, row: Row, table: Table, connection: Connection) -> None:
    """Add a complaint; forget one that was answered, and those of an erased family."""
    _project(event, table, connection)


@singledispatch
def _project(event: Any, table: Table, connection: Connection) -> None:
    """Events that this view does not mention leave it as it was."""


@_project.register
def _recorded(event: Pact.ComplaintRecorded, table: Table, connection: Connection) -> None:
    connection.execute(
        insert(table).values(
            pact=event.originator_id,
            complaint=event.complaint,
            answer_by=event.answer_by,
            noted=False,
        )
    )


@_project.register
def _answered(event: Pact.ComplaintAnswered, table: Table, connection: Connection) -> None:
    one = (table.c.pact == event.originator_id) & (table.c.complaint == event.complaint)
    connection.execute(delete(table).where(one))


@_project.register
def _overdue(event: Pact.ComplaintOverdue, table: Table, connection: Connection) -> None:
    one = (table.c.pact == event.originator_id) & (table.c.complaint == event.complaint)
    connection.execute(update(table).where(one).values(noted=True))


@_project.register
def _erased(event: Pact.TextsErased, table: Table, connection: Connection) -> None:
    forget(event, table, connection)


OPEN_COMPLAINTS = View(
    name="open_complaints",
    version=1,
    columns=lambda: [
        Column("pact", Uuid, primary_key=True),
        Column("complaint", Integer, primary_key=True, autoincrement=False),
        Column("answer_by", Date, nullable=False, index=True),
        Column("noted", Boolean, nullable=False),
    ],
    project=project,
)


def overdue(connection: Connection, day: date) -> Iterator[UUID]:
    """Yield the pacts with a complaint to be answered before *day*, if that was not noted."""
    table = OPEN_COMPLAINTS.table
    query = (
        select(table.c.pact)
        .where(~table.c.noted, table.c.answer_by < day)
        .group_by(table.c.pact)
        .order_by(table.c.pact)
    )
    yield from connection.scalars(query)
