"""Pairs of referrals that may concern one person, by what was said of them."""

from collections.abc import Iterator
from functools import singledispatch
from typing import Any

from sqlalchemy import Column, Connection, Date, String, Table, Uuid, insert, select, update

from services.intake.pairing import Pair, PairState
from services.kernel.rows import Row
from services.kernel.views import View


@singledispatch
def project(event: Any, row: Row, table: Table, connection: Connection) -> None:
    """Events that this view does not mention leave it as it was."""


@project.register
def _(event: Pair.Proposed, row: Row, table: Table, connection: Connection) -> None:
    connection.execute(
        insert(table).values(
            pair_id=event.originator_id,
            first=event.first,
            second=event.second,
            state=PairState.OPEN.value,
            proposed_on=event.on,
        )
    )


@project.register
def _(event: Pair.Confirmed, row: Row, table: Table, connection: Connection) -> None:
    _set(event, table, connection, PairState.CONFIRMED)


@project.register
def _(event: Pair.NotTheSame, row: Row, table: Table, connection: Connection) -> None:
    _set(event, table, connection, PairState.REFUSED)


@project.register
def _(event: Pair.Undone, row: Row, table: Table, connection: Connection) -> None:
    _set(event, table, connection, PairState.OPEN)


def _set(event: Any, table: Table, connection: Connection, state: PairState) -> None:
    connection.execute(
        update(table).where(table.c.pair_id == event.originator_id).values(state=state.value)
    )


PAIRS = View(
    name="intake_pairs",
    version=1,
    columns=lambda: [
        Column("pair_id", Uuid, primary_key=True),
        Column("first", String(80), nullable=False),
        Column("second", String(80), nullable=False),
        Column("state", String(20), nullable=False, index=True),
        Column("proposed_on", Date, nullable=False),
    ],
    project=project,
)


def pairs(connection: Connection, state: PairState) -> Iterator[dict[str, Any]]:
    """Yield the pairs of *state*, the longest proposed first."""
    table = PAIRS.table
    query = (
        select(table.c.first, table.c.second, table.c.state, table.c.proposed_on)
        .where(table.c.state == state.value)
        .order_by(table.c.proposed_on, table.c.first, table.c.second)
    )
    yield from (dict(found) for found in connection.execute(query).mappings())
