"""Every pact, by family: which one runs, and where it stands."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import singledispatch
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Column,
    Connection,
    Date,
    Integer,
    String,
    Table,
    Uuid,
    insert,
    select,
)

from services.kernel.rows import Row
from services.kernel.views import View
from services.pacts.life import OVER, State
from services.pacts.pact import Pact
from services.pacts.views.of_a_pact import note

REACHED: dict[type[Any], State] = {
    Pact.Proposed: State.PROPOSED,
    Pact.Approved: State.APPROVED,
    Pact.ApprovedWithConditions: State.APPROVED_WITH_CONDITIONS,
    Pact.Returned: State.RETURNED,
    Pact.NotApproved: State.NOT_APPROVED,
    Pact.DecisionTakenBack: State.PROPOSED,
    Pact.ProposalSetAside: State.DRAFTED,
    Pact.SignedByAll: State.SIGNED,
    Pact.Declined: State.DECLINED,
    Pact.Lapsed: State.LAPSED,
    Pact.Activated: State.ACTIVE,
    Pact.Suspended: State.SUSPENDED,
    Pact.Resumed: State.ACTIVE,
    Pact.Concluded: State.CONCLUDED,
    Pact.Interrupted: State.INTERRUPTED,
}
"""The state to which each event brings a pact."""


@dataclass(frozen=True)
class Found:
    """One pact of a family."""

    pact: UUID
    number: int
    state: State
    since: date


def project(event: object, row: Row, table: Table, connection: Connection) -> None:
    """Add a drafted pact; follow its states."""
    _project(event, table, connection)


@singledispatch
def _project(event: Any, table: Table, connection: Connection) -> None:
    state = REACHED.get(type(event))
    if state is not None:
        note(event, table, connection, state=state.value, since=event.on)


@_project.register
def _drafted(event: Pact.Drafted, table: Table, connection: Connection) -> None:
    connection.execute(
        insert(table).values(
            pact=event.originator_id,
            family=event.family,
            number=event.number,
            state=State.DRAFTED.value,
            since=event.on,
        )
    )


PACTS_BY_FAMILY = View(
    name="pacts_by_family",
    version=2,
    columns=lambda: [
        Column("pact", Uuid, primary_key=True),
        Column("family", String(40), nullable=False, index=True),
        Column("number", Integer, nullable=False),
        Column("state", String(40), nullable=False),
        Column("since", Date, nullable=False),
    ],
    project=project,
)


def pacts_of(connection: Connection, family: str) -> Iterator[Found]:
    """Yield the pacts of *family*, newest first."""
    table = PACTS_BY_FAMILY.table
    query = select(table).where(table.c.family == family).order_by(table.c.number.desc())
    for row in connection.execute(query):
        yield Found(row.pact, row.number, State(row.state), row.since)


def running(connection: Connection, family: str) -> UUID | None:
    """The pact of *family* that has not ended, if there is one."""
    table = PACTS_BY_FAMILY.table
    return connection.scalar(
        select(table.c.pact).where(
            table.c.family == family, table.c.state.not_in([state.value for state in OVER])
        )
    )
