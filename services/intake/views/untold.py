"""Microequipes of which our pacts have not been told who the reference figures are."""

from collections.abc import Iterator
from datetime import date
from functools import singledispatch
from uuid import UUID

from sqlalchemy import Column, Connection, Table, Uuid, delete, insert, select

from services.intake.microequipe import Microequipe
from services.kernel.rows import Row
from services.kernel.views import View


@singledispatch
def project(event: object, row: Row, table: Table, connection: Connection) -> None:
    """Events that this view does not mention leave it as it was."""


@project.register
def _(event: Microequipe.Formed, row: Row, table: Table, connection: Connection) -> None:
    if not event.figures_told:
        connection.execute(insert(table).values(microequipe_id=event.originator_id))


@project.register
def _(event: Microequipe.FiguresTold, row: Row, table: Table, connection: Connection) -> None:
    connection.execute(delete(table).where(table.c.microequipe_id == event.originator_id))


FIGURES_UNTOLD = View(
    name="intake_figures_untold",
    version=1,
    columns=lambda: [Column("microequipe_id", Uuid, primary_key=True)],
    project=project,
)


def figures_untold(connection: Connection, day: date) -> Iterator[UUID]:
    """Yield those microequipes, whatever *day* is."""
    table = FIGURES_UNTOLD.table
    yield from connection.scalars(select(table.c.microequipe_id).order_by(table.c.microequipe_id))
