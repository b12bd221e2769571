"""Notices by family, pact or day."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Column,
    Connection,
    Date,
    Integer,
    Row,
    String,
    Table,
    Uuid,
    and_,
    func,
    select,
)

from services.kernel.database import Prepared
from services.kernel.rows import Row as StoredRow
from services.kernel.views import View, add, change
from services.notify.notice import Notice


def _columns() -> list[Column[Any]]:
    return [
        Column("notice", Uuid, primary_key=True),
        Column("position", Integer, nullable=False),
        Column("cause", Uuid, nullable=False),
        Column("kind", String(40), nullable=False),
        Column("recipient", String(80), nullable=False),
        Column("family", String(40), index=True),
        Column("pact", Uuid, index=True),
        Column("cycle", String(7)),
        Column("number", Integer),
        Column("organisation", String(30)),
        Column("due", Date),
        Column("on", Date, nullable=False, index=True),
        Column("status", String(20), nullable=False, index=True),
    ]


def _project(event: Any, row: StoredRow, table: Table, connection: Connection) -> None:
    match event:
        case Notice.Recorded(subject=subject):
            add(
                table,
                connection,
                notice=event.originator_id,
                position=row.position,
                cause=event.cause,
                kind=event.what.value,
                recipient=event.recipient,
                family=subject.family,
                pact=subject.pact,
                cycle=subject.cycle,
                number=subject.number,
                organisation=subject.organisation,
                due=event.due,
                on=event.on,
                status="recorded",
            )
        case Notice.Addressed():
            change(table, connection, {"notice": event.originator_id}, status="addressed")


NOTICES = View(name="notify_notices", version=3, columns=_columns, project=_project)
notices = NOTICES.table


def recorded(
    connection: Connection, family: str | None, pact: UUID | None, day: date | None
) -> Sequence[Row[Any]]:
    """The notices about *family*, about *pact*, of *day*; of all that is given; as recorded."""
    wanted = {"family": family, "pact": pact, "on": day}
    given = [notices.c[name] == value for name, value in wanted.items() if value is not None]
    query = select(notices).where(and_(True, *given)).order_by(notices.c.position)
    return connection.execute(query).all()


def unaddressed(connection: Connection) -> Sequence[Row[Any]]:
    """Notices of which it is not decided yet who gets a letter, as recorded."""
    return _unaddressed(connection).all()


_unaddressed = Prepared(
    select(notices).where(notices.c.status == "recorded").order_by(notices.c.position)
)


def how_many(connection: Connection, kind: str, recipient: str, day: date) -> int:
    """How many notices of *kind* were recorded for *recipient* on *day*."""
    query = (
        select(func.count())
        .where(notices.c.on == day, notices.c.kind == kind)
        .where(notices.c.recipient == recipient)
    )
    return int(connection.scalar(query) or 0)
