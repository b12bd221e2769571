"""Who is around which pact today, of those who sign in, and who only as a reference figure."""

from collections.abc import Iterator
from functools import singledispatch
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Column, Connection, Table, Uuid, delete, insert, select

from services.kernel.rows import Row
from services.kernel.views import View
from services.pacts.content import Microequipe
from services.pacts.pact import Pact


def project(event: object, row: Row, table: Table, connection: Connection) -> None:
    """Follow who is around a pact, and in what capacity; who has left is not known any more."""
    _project(event, table, connection)


@singledispatch
def _project(event: Any, table: Table, connection: Connection) -> None:
    """Events that this view does not mention leave it as it was."""


@_project.register(Pact.Drafted)
@_project.register(Pact.MicroequipeChanged)
def _around(event: Any, table: Table, connection: Connection) -> None:
    pact = event.originator_id
    connection.execute(delete(table).where(table.c.pact == pact))
    for person, figure in _people(event.microequipe).items():
        connection.execute(insert(table).values(pact=pact, person=person, figure=figure))


def _people(team: Microequipe) -> dict[UUID, bool]:
    """Everybody around who signs in, and whether only as a reference figure."""
    figures = [each.person for each in team.only_figures if each.has_account]
    manager = [] if team.case_manager is None else [team.case_manager]
    return {**dict.fromkeys(figures, True), **dict.fromkeys((*team.professionals, *manager), False)}


PEOPLE = View(
    name="pacts_people",
    version=2,
    columns=lambda: [
        Column("pact", Uuid, primary_key=True),
        Column("person", Uuid, primary_key=True, index=True),
        Column("figure", Boolean, nullable=False),
    ],
    project=project,
)


def only_a_figure(connection: Connection, person: UUID) -> bool | None:
    """Whether *person* is around pacts as a reference figure alone; None: around none."""
    table = PEOPLE.table
    found = connection.scalars(select(table.c.figure).where(table.c.person == person).distinct())
    return all(capacities) if (capacities := list(found)) else None


def pacts_with(connection: Connection, person: UUID) -> Iterator[UUID]:
    """Yield the pacts around which *person* is now, in any capacity."""
    table = PEOPLE.table
    query = select(table.c.pact).where(table.c.person == person)
    yield from connection.scalars(query.order_by(table.c.pact))
