"""Roles by organisation and day, for notices that go to a role."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Date,
    Integer,
    String,
    Table,
    Uuid,
    insert,
    or_,
    select,
    true,
    update,
)

from services.kernel.rows import Row
from services.kernel.views import View
from services.notify.addressees import EVERY_BODY, Holders


def _columns() -> list[Column[Any]]:
    return [
        Column("position", Integer, primary_key=True, autoincrement=False),
        Column("holders", Uuid, nullable=False),
        Column("organisation", String(40)),
        Column("role", String(40)),
        Column("person", Uuid),
        Column("body", String(80)),
        Column("first", Date),
        Column("last", Date),
    ]


def _project(event: Any, row: Row, table: Table, connection: Connection) -> None:
    match event:
        case Holders.Opened():
            connection.execute(
                insert(table).values(
                    position=row.position,
                    holders=event.originator_id,
                    organisation=event.organisation,
                    role=event.role,
                )
            )
        case Holders.Began():
            connection.execute(
                insert(table).values(
                    position=row.position,
                    holders=event.originator_id,
                    person=event.person,
                    body=event.body,
                    first=event.first,
                    last=event.last,
                )
            )
        case Holders.Ended():
            connection.execute(
                update(table)
                .where(
                    table.c.holders == event.originator_id,
                    table.c.person == event.person,
                    _body_is(event.body, table),
                    table.c.first <= event.last,
                    or_(table.c.last.is_(None), table.c.last >= event.last),
                )
                .values(last=event.last)
            )


def _body_is(body: str | None, table: Table) -> ColumnElement[bool]:
    return true() if body == EVERY_BODY else table.c.body.is_not_distinct_from(body)


HOLDERS = View(name="notify_holders", version=2, columns=_columns, project=_project)
holders = HOLDERS.table


def roles_held(connection: Connection, roles: Sequence[str], day: date) -> list[tuple[str, str]]:
    """Organisation and role of those among *roles* that somebody holds on *day*, as first heard."""
    opened = holders.alias("opened")
    query = (
        select(opened.c.organisation, opened.c.role)
        .join(holders, holders.c.holders == opened.c.holders)
        .where(
            opened.c.role.in_(roles),
            holders.c.first <= day,
            or_(holders.c.last.is_(None), holders.c.last >= day),
        )
        .group_by(opened.c.organisation, opened.c.role, opened.c.position)
        .order_by(opened.c.position)
    )
    return [(row.organisation, row.role) for row in connection.execute(query)]


def holds_a_role(connection: Connection, person: UUID, day: date) -> bool:
    """Whether *person* holds any role on *day*, at any organisation."""
    query = select(holders.c.position).where(
        holders.c.person == person,
        holders.c.first <= day,
        or_(holders.c.last.is_(None), holders.c.last >= day),
    )
    return connection.execute(query.limit(1)).first() is not None


def roles_of(connection: Connection, person: UUID, day: date) -> list[str]:
    """The roles that *person* holds on *day*, at any organisation, by name."""
    opened = holders.alias("opened")
    query = (
        select(opened.c.role)
        .join(holders, holders.c.holders == opened.c.holders)
        .where(
            opened.c.role.is_not(None),
            holders.c.person == person,
            holders.c.first <= day,
            or_(holders.c.last.is_(None), holders.c.last >= day),
        )
        .distinct()
        .order_by(opened.c.role)
    )
    return list(connection.scalars(query))


def has_left(connection: Connection, person: UUID, day: date) -> bool:
    """Whether *person* held a role and holds none from *day* on; of whom none is known: no."""
    query = select(holders.c.last).where(holders.c.person == person)
    lasts = list(connection.scalars(query))
    return bool(lasts) and all(last is not None and last < day for last in lasts)
