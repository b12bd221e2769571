"""Roles: who holds which one, and when. Ids only, never a name."""

from collections.abc import Iterator
from datetime import date
from functools import singledispatch
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Date,
    String,
    Table,
    Uuid,
    insert,
    or_,
    select,
    update,
)

from services.kernel.rows import Row
from services.kernel.views import View
from services.people.codes import Role
from services.people.person import Person


def columns() -> list[Column[Any]]:
    """One row a spell, named by the position of its fact; ``until`` is its last day."""
    return [
        Column("position", BigInteger, primary_key=True, autoincrement=False),
        Column("person", Uuid, nullable=False, index=True),
        Column("role", String(40), nullable=False, index=True),
        Column("body", String(80)),
        Column("since", Date, nullable=False),
        Column("until", Date),
    ]


@singledispatch
def project(event: object, row: Row, table: Table, connection: Connection) -> None:
    """Events that this view does not mention leave it as it was."""


@project.register
def _(event: Person.RoleAssigned, row: Row, table: Table, connection: Connection) -> None:
    connection.execute(
        insert(table).values(
            position=row.position,
            person=event.originator_id,
            role=event.role.value,
            body=event.body,
            since=event.since,
            until=event.until,
        )
    )


@project.register
def _(event: Person.RoleEnded, row: Row, table: Table, connection: Connection) -> None:
    connection.execute(
        update(table)
        .where(
            table.c.person == event.originator_id,
            table.c.role == event.role.value,
            table.c.body.is_not_distinct_from(event.body),
            table.c.since <= event.on,
            or_(table.c.until.is_(None), table.c.until >= event.on),
        )
        .values(until=event.on)
    )


ROLES = View(name="people_roles", version=1, columns=columns, project=project)


def holders(connection: Connection, role: Role, day: date) -> Iterator[dict[str, Any]]:
    """Yield who holds *role* on *day*: ``person`` and ``body``."""
    table = ROLES.table
    query = (
        select(table.c.person, table.c.body)
        .where(
            table.c.role == role.value,
            table.c.since <= day,
            or_(table.c.until.is_(None), table.c.until >= day),
        )
        .order_by(table.c.position)
    )
    yield from (dict(found) for found in connection.execute(query).mappings())


VIEWS: tuple[View, ...] = (ROLES,)
