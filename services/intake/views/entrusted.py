"""Who is with which family as more than a reference figure, and when: they see all of it."""

from datetime import date, timedelta
from functools import singledispatch
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Column,
    Connection,
    Date,
    String,
    Table,
    Uuid,
    delete,
    exists,
    insert,
    or_,
    select,
    update,
)

from services.intake.codes import MemberKind
from services.intake.microequipe import Member, Microequipe
from services.kernel.rows import Row
from services.kernel.views import View

MEMBER, LEAD, CASE_MANAGER = "member", "lead", "case_manager"
ONE_DAY = timedelta(days=1)


def columns() -> list[Column[Any]]:
    """One row a spell in one capacity; ``until`` is its last day."""
    return [
        Column("microequipe_id", Uuid, primary_key=True),
        Column("person", Uuid, primary_key=True, index=True),
        Column("capacity", String(20), primary_key=True),
        Column("since", Date, primary_key=True),
        Column("until", Date),
    ]


@singledispatch
def project(event: object, row: Row, table: Table, connection: Connection) -> None:
    """Events that this view does not mention leave it as it was."""


@project.register
def _(event: Microequipe.Formed, row: Row, table: Table, connection: Connection) -> None:
    for member in event.members:
        _join(event, member, table, connection)
    _begin(event, event.lead, LEAD, table, connection)
    _begin(event, event.case_manager, CASE_MANAGER, table, connection)


@project.register
def _(event: Microequipe.Joined, row: Row, table: Table, connection: Connection) -> None:
    _join(event, event.member, table, connection)


@project.register
def _(event: Microequipe.Left, row: Row, table: Table, connection: Connection) -> None:
    of_it = table.c.microequipe_id == event.originator_id
    theirs = (table.c.person == event.person, table.c.capacity == MEMBER, table.c.until.is_(None))
    connection.execute(update(table).where(of_it, *theirs).values(until=event.on))


@project.register
def _(event: Microequipe.LeadHandedOver, row: Row, table: Table, connection: Connection) -> None:
    _end(event, LEAD, table, connection)
    _begin(event, event.lead, LEAD, table, connection)


@project.register
def _(event: Microequipe.CaseManagerNamed, row: Row, table: Table, connection: Connection) -> None:
    _end(event, CASE_MANAGER, table, connection)
    _begin(event, event.case_manager, CASE_MANAGER, table, connection)


def _join(event: Any, member: Member, table: Table, connection: Connection) -> None:
    if member.kind is not MemberKind.REFERENCE_FIGURE:
        _begin(event, member.person, MEMBER, table, connection)


def _begin(
    event: Any, person: UUID | None, capacity: str, table: Table, connection: Connection
) -> None:
    if person is not None:
        spell = {"microequipe_id": event.originator_id, "person": person, "capacity": capacity}
        connection.execute(insert(table).values(**spell, since=event.on))


def _end(event: Any, capacity: str, table: Table, connection: Connection) -> None:
    """Whoever had *capacity* had it until the day before; who had it for less never did."""
    its = (table.c.microequipe_id == event.originator_id, table.c.capacity == capacity)
    connection.execute(delete(table).where(*its, table.c.since >= event.on))
    ending = update(table).where(*its, table.c.until.is_(None))
    connection.execute(ending.values(until=event.on - ONE_DAY))


ENTRUSTED = View(name="intake_entrusted", version=1, columns=columns, project=project)


def entrusted_with_any(connection: Connection, person: UUID, day: date) -> bool:
    """Whether *person* is with some family on *day* as more than a reference figure."""
    table = ENTRUSTED.table
    then = (table.c.since <= day, or_(table.c.until.is_(None), table.c.until >= day))
    return bool(connection.scalar(select(exists().where(table.c.person == person, *then))))
