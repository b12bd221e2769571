"""Deadlines: of which to remind, and which went by."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Date,
    Select,
    String,
    Table,
    Uuid,
    select,
)

from services.kernel.rows import Row
from services.kernel.views import View, add, change
from services.notify.deadline import Awaited, Deadline


def _columns() -> list[Column[Any]]:
    return [
        Column("deadline", Uuid, primary_key=True),
        Column("awaited", String(20), nullable=False),
        Column("family", String(40), index=True),
        Column("due", Date, nullable=False),
        Column("remind_from", Date, nullable=False),
        Column("open", Boolean, nullable=False),
        Column("reminded", Date),
    ]


def _project(event: Any, row: Row, table: Table, connection: Connection) -> None:
    this = {"deadline": event.originator_id}
    match event:
        case Deadline.Set():
            add(
                table,
                connection,
                **this,
                awaited=event.awaited.value,
                family=event.subject.family,
                due=event.due,
                remind_from=event.remind_from,
                open=True,
            )
        case Deadline.Moved():
            moved = {"due": event.due, "remind_from": event.remind_from}
            change(table, connection, this, **moved, open=True)
        case Deadline.Met() | Deadline.Ended():
            change(table, connection, this, open=False)
        case Deadline.Reminded():
            change(table, connection, this, reminded=event.due)


DEADLINES = View(name="notify_deadlines", version=2, columns=_columns, project=_project)
deadlines = DEADLINES.table


def to_remind(connection: Connection, day: date) -> list[UUID]:
    """Open deadlines whose reminder has not gone out and whose time for it has come."""
    query = (
        select(deadlines.c.deadline)
        .where(
            deadlines.c.open,
            deadlines.c.remind_from <= day,
            deadlines.c.due >= day,
            deadlines.c.reminded.is_distinct_from(deadlines.c.due),
        )
        .order_by(deadlines.c.due, deadlines.c.deadline)
    )
    return list(connection.scalars(query))


def proposals_missed(connection: Connection, day: date) -> list[UUID]:
    """Drafts and returned proposals whose day went by: the next month has one, too."""
    query = _proposals().where(deadlines.c.due < day)
    return list(connection.scalars(query))


def proposals_awaited(connection: Connection) -> list[UUID]:
    """Drafts and returned proposals that were not sent yet."""
    return list(connection.scalars(_proposals()))


def open_about(connection: Connection, family: str) -> list[UUID]:
    """Whatever is awaited about *family*."""
    query = select(deadlines.c.deadline).where(deadlines.c.open, deadlines.c.family == family)
    return list(connection.scalars(query.order_by(deadlines.c.due, deadlines.c.deadline)))


def _proposals() -> Select[tuple[UUID]]:
    return (
        select(deadlines.c.deadline)
        .where(deadlines.c.open, deadlines.c.awaited == Awaited.PROPOSAL.value)
        .order_by(deadlines.c.due, deadlines.c.deadline)
    )
