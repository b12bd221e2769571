"""Pacts under way, by the day on which their next verification is due."""

from collections.abc import Iterator
from dataclasses import dataclass
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
    insert,
    select,
)

from services.kernel.rows import Row
from services.kernel.views import View
from services.pacts.pact import Pact
from services.pacts.views.of_a_pact import forget, note


@dataclass(frozen=True)
class DueVerification:
    """One verification that is to be held by a day."""

    pact: UUID
    verify_by: date


def project(event: object, row: Row, table: Table, connection: Connection) -> None:
    """Follow the due day of each pact under way."""
    _project(event, table, connection)


@singledispatch
def _project(event: Any, table: Table, connection: Connection) -> None:
    """Events that this view does not mention leave it as it was."""


@_project.register
def _activated(event: Pact.Activated, table: Table, connection: Connection) -> None:
    connection.execute(
        insert(table).values(
            pact=event.originator_id, verify_by=event.verify_by, suspended=False, noted=False
        )
    )


@_project.register
def _verified(event: Pact.Verified, table: Table, connection: Connection) -> None:
    note(event, table, connection, verify_by=event.next_by, noted=False)


@_project.register
def _overdue(event: Pact.VerificationOverdue, table: Table, connection: Connection) -> None:
    note(event, table, connection, noted=True)


@_project.register
def _suspended(event: Pact.Suspended, table: Table, connection: Connection) -> None:
    note(event, table, connection, suspended=True)


@_project.register
def _resumed(event: Pact.Resumed, table: Table, connection: Connection) -> None:
    note(event, table, connection, suspended=False, verify_by=event.verify_by, noted=False)


@_project.register(Pact.Concluded)
@_project.register(Pact.Interrupted)
def _ended(event: Any, table: Table, connection: Connection) -> None:
    forget(event, table, connection)


VERIFICATIONS_DUE = View(
    name="verifications_due",
    version=1,
    columns=lambda: [
        Column("pact", Uuid, primary_key=True),
        Column("verify_by", Date, nullable=False, index=True),
        Column("suspended", Boolean, nullable=False),
        Column("noted", Boolean, nullable=False),
    ],
    project=project,
)


def due_by(connection: Connection, day: date) -> Iterator[DueVerification]:
    """Yield what is to be verified on or before *day*, the most overdue first."""
    table = VERIFICATIONS_DUE.table
    query = (
        select(table)
        .where(~table.c.suspended, table.c.verify_by <= day)
        .order_by(table.c.verify_by, table.c.pact)
    )
    for row in connection.execute(query):
        yield DueVerification(row.pact, row.verify_by)


def overdue(connection: Connection, day: date) -> Iterator[UUID]:
    """Yield the pacts whose verification was due before *day*, and that was not noted yet."""
    table = VERIFICATIONS_DUE.table
    query = (
        select(table.c.pact)
        .where(~table.c.suspended, ~table.c.noted, table.c.verify_by < day)
        .order_by(table.c.verify_by, table.c.pact)
    )
    yield from connection.scalars(query)
