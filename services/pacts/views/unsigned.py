"""Approved pacts that not everybody has signed, by the last day for signing."""

from collections.abc import Iterator
from datetime import date
from functools import singledispatch
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Connection, Date, Table, Uuid, insert, select

from services.kernel.rows import Row
from services.kernel.views import View
from services.pacts.pact import Pact
from services.pacts.views.of_a_pact import forget


def project(event: object, row: Row, table: Table, connection: Connection) -> None:
    """Add an approved pact; forget one that was signed, declined, lapsed, or decided on again."""
    _project(event, table, connection)


@singledispatch
def _project(event: Any, table: Table, connection: Connection) -> None:
    """Events that this view does not mention leave it as it was."""


@_project.register(Pact.Approved)
@_project.register(Pact.ApprovedWithConditions)
def _approved(event: Any, table: Table, connection: Connection) -> None:
    connection.execute(insert(table).values(pact=event.originator_id, sign_by=event.sign_by))


@_project.register(Pact.SignedByAll)
@_project.register(Pact.DecisionTakenBack)
@_project.register(Pact.Declined)
@_project.register(Pact.Lapsed)
def _settled(event: Any, table: Table, connection: Connection) -> None:
    forget(event, table, connection)


UNSIGNED_PACTS = View(
    name="unsigned_pacts",
    version=2,
    columns=lambda: [
        Column("pact", Uuid, primary_key=True),
        Column("sign_by", Date, nullable=False, index=True),
    ],
    project=project,
)


def lapsing(connection: Connection, day: date) -> Iterator[UUID]:
    """Yield the pacts whose last day for signing is before *day*, the oldest first."""
    table = UNSIGNED_PACTS.table
    query = (
        select(table.c.pact).where(table.c.sign_by < day).order_by(table.c.sign_by, table.c.pact)
    )
    yield from connection.scalars(query)
