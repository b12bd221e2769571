"""Drafts that wait for a proposal and active pacts that wait for any fact, and since when."""

from collections.abc import Iterator
from datetime import date, timedelta
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

from services.kernel.civil import civil_day
from services.kernel.mapper import instant
from services.kernel.rows import Row
from services.kernel.views import View, change
from services.pacts.pact import Pact
from services.pacts.views.of_a_pact import forget, note

SHORTEST = timedelta(days=15)
"""The guidelines call no shorter silence dormant."""


def project(event: object, row: Row, table: Table, connection: Connection) -> None:
    """Follow since when a draft waits, and when a person last recorded something of a pact."""
    if row.stream_type == Pact.TOPIC:
        day = civil_day(instant(row.recorded_at))
        _project(event, day, table, connection)


@singledispatch
def _project(event: Any, day: date, table: Table, connection: Connection) -> None:
    if event.by.person is not None:
        active = {"pact": event.originator_id, "draft": False}
        change(table, connection, active, since=day, noted=False)


@_project.register
def _drafted(event: Pact.Drafted, day: date, table: Table, connection: Connection) -> None:
    connection.execute(
        insert(table).values(
            pact=event.originator_id, since=day, waits=True, draft=True, noted=False
        )
    )


@_project.register(Pact.Returned)
@_project.register(Pact.ProposalSetAside)
def _waits_again(event: Any, day: date, table: Table, connection: Connection) -> None:
    note(event, table, connection, since=day, waits=True, draft=True, noted=False)


@_project.register(Pact.Activated)
@_project.register(Pact.Resumed)
def _waits(event: Any, day: date, table: Table, connection: Connection) -> None:
    note(event, table, connection, since=day, waits=True, noted=False)


@_project.register(Pact.Proposed)
@_project.register(Pact.DecisionTakenBack)
@_project.register(Pact.NotApproved)
@_project.register(Pact.Suspended)
def _rests(event: Any, day: date, table: Table, connection: Connection) -> None:
    note(event, table, connection, since=day, waits=False, draft=False)


@_project.register
def _noted(event: Pact.FamilyDormant, day: date, table: Table, connection: Connection) -> None:
    note(event, table, connection, noted=True)


@_project.register(Pact.Declined)
@_project.register(Pact.Lapsed)
@_project.register(Pact.Concluded)
@_project.register(Pact.Interrupted)
@_project.register(Pact.TextsErased)
def _over(event: Any, day: date, table: Table, connection: Connection) -> None:
    forget(event, table, connection)


QUIET_PACTS = View(
    name="quiet_pacts",
    version=1,
    columns=lambda: [
        Column("pact", Uuid, primary_key=True),
        Column("since", Date, nullable=False, index=True),
        Column("waits", Boolean, nullable=False),
        Column("draft", Boolean, nullable=False),
        Column("noted", Boolean, nullable=False),
    ],
    project=project,
)


def quiet(connection: Connection, day: date) -> Iterator[UUID]:
    """Yield the drafts and active pacts that have waited for a time until *day*, longest first."""
    table = QUIET_PACTS.table
    query = (
        select(table.c.pact)
        .where(table.c.waits, ~table.c.noted, table.c.since <= day - SHORTEST)
        .order_by(table.c.since, table.c.pact)
    )
    yield from connection.scalars(query)


def since(connection: Connection, pact: UUID) -> date | None:
    """The day since which *pact* waits: an active one, when somebody last recorded something."""
    table = QUIET_PACTS.table
    return connection.scalar(select(table.c.since).where(table.c.pact == pact))
