"""Memberships: in which families' microequipes somebody is, and when."""

from collections.abc import Iterator
from datetime import date
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
    insert,
    or_,
    select,
    update,
)

from services.intake.microequipe import Microequipe
from services.kernel.rows import Row
from services.kernel.views import View


def columns() -> list[Column[Any]]:
    """One row a spell; ``until`` is its last day."""
    return [
        Column("microequipe_id", Uuid, primary_key=True),
        Column("person", Uuid, primary_key=True, index=True),
        Column("since", Date, primary_key=True),
        Column("until", Date),
        Column("kind", String(40), nullable=False),
        Column("family", String(80), nullable=False),
    ]


@singledispatch
def project(event: object, row: Row, table: Table, connection: Connection) -> None:
    """Events that this view does not mention leave it as it was."""


@project.register
def _(event: Microequipe.Formed, row: Row, table: Table, connection: Connection) -> None:
    for member in event.members:
        connection.execute(
            insert(table).values(
                microequipe_id=event.originator_id,
                person=member.person,
                since=event.on,
                kind=member.kind.value,
                family=event.family,
            )
        )


@project.register
def _(event: Microequipe.Joined, row: Row, table: Table, connection: Connection) -> None:
    family = connection.scalar(
        select(table.c.family).where(table.c.microequipe_id == event.originator_id).limit(1)
    )
    connection.execute(
        insert(table).values(
            microequipe_id=event.originator_id,
            person=event.member.person,
            since=event.on,
            kind=event.member.kind.value,
            family=family,
        )
    )


@project.register
def _(event: Microequipe.Left, row: Row, table: Table, connection: Connection) -> None:
    connection.execute(
        update(table)
        .where(
            table.c.microequipe_id == event.originator_id,
            table.c.person == event.person,
            table.c.until.is_(None),
        )
        .values(until=event.on)
    )


MEMBERSHIPS = View(name="intake_memberships", version=1, columns=columns, project=project)


def families_of(connection: Connection, person: UUID, day: date) -> Iterator[str]:
    """Yield the codes of the families in whose microequipe *person* was on *day*."""
    table = MEMBERSHIPS.table
    yield from connection.scalars(
        select(table.c.family)
        .where(
            table.c.person == person,
            table.c.since <= day,
            or_(table.c.until.is_(None), table.c.until >= day),
        )
        .order_by(table.c.family)
    )
