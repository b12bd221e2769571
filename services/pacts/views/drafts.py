"""Drafts that wait to be proposed, blank, written or returned: for reminders before the 10th."""

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
    String,
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
class OpenDraft:
    """One draft and who is to propose it.

    Attributes:
        since: the day it was drafted, returned by the committee, or set aside by it.
    """

    pact: UUID
    family: str
    lead: UUID
    since: date


def project(event: object, row: Row, table: Table, connection: Connection) -> None:
    """Open and close drafts."""
    _project(event, table, connection)


@singledispatch
def _project(event: Any, table: Table, connection: Connection) -> None:
    """Events that this view does not mention leave it as it was."""


@_project.register
def _drafted(event: Pact.Drafted, table: Table, connection: Connection) -> None:
    connection.execute(
        insert(table).values(
            pact=event.originator_id,
            family=event.family,
            lead=event.microequipe.lead,
            since=event.on,
            open=True,
        )
    )


@_project.register
def _changed(event: Pact.MicroequipeChanged, table: Table, connection: Connection) -> None:
    note(event, table, connection, lead=event.microequipe.lead)


@_project.register(Pact.Proposed)
@_project.register(Pact.DecisionTakenBack)
def _closed(event: Any, table: Table, connection: Connection) -> None:
    note(event, table, connection, open=False)


@_project.register(Pact.Returned)
@_project.register(Pact.ProposalSetAside)
def _open_again(event: Any, table: Table, connection: Connection) -> None:
    note(event, table, connection, open=True, since=event.on)


@_project.register(Pact.Declined)
@_project.register(Pact.SignedByAll)
@_project.register(Pact.Lapsed)
def _past(event: Any, table: Table, connection: Connection) -> None:
    forget(event, table, connection)


OPEN_DRAFTS = View(
    name="open_drafts",
    version=2,
    columns=lambda: [
        Column("pact", Uuid, primary_key=True),
        Column("family", String(40), nullable=False),
        Column("lead", Uuid, nullable=False),
        Column("since", Date, nullable=False),
        Column("open", Boolean, nullable=False),
    ],
    project=project,
)


def open_drafts(connection: Connection) -> Iterator[OpenDraft]:
    """Yield the drafts that wait to be proposed, the longest waiting first."""
    table = OPEN_DRAFTS.table
    query = select(table).where(table.c.open).order_by(table.c.since, table.c.pact)
    for row in connection.execute(query):
        yield OpenDraft(row.pact, row.family, row.lead, row.since)
