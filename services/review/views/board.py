"""The board's next date, and what was noted about it."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Connection, Date, Table, Uuid, insert, select, update

from services.kernel.rows import Row
from services.kernel.views import View
from services.review.steering_board import NOTICE, SteeringBoard


def _columns() -> list[Column[Any]]:
    return [
        Column("board", Uuid, primary_key=True),
        Column("next_due", Date),
        Column("announced", Date),
        Column("missed", Date),
    ]


def _project(event: Any, row: Row, table: Table, connection: Connection) -> None:
    this = update(table).where(table.c.board == event.originator_id)
    match event:
        case SteeringBoard.Opened():
            connection.execute(insert(table).values(board=event.originator_id))
        case SteeringBoard.SessionHeld():
            connection.execute(this.values(next_due=event.next_due))
        case SteeringBoard.SessionAnnounced():
            connection.execute(this.values(announced=event.due))
        case SteeringBoard.SessionMissed():
            connection.execute(this.values(missed=event.due))


BOARD_DATES = View(name="review_board_dates", version=1, columns=_columns, project=_project)
dates = BOARD_DATES.table


def to_announce(connection: Connection, day: date) -> list[UUID]:
    """The board, if its next session falls due soon and nobody said so yet."""
    query = select(dates.c.board).where(
        dates.c.next_due >= day,
        dates.c.next_due <= day + NOTICE,
        dates.c.announced.is_distinct_from(dates.c.next_due),
    )
    return list(connection.scalars(query))


def missed(connection: Connection, day: date) -> list[UUID]:
    """The board, if its day went by without a session and nobody noted it yet."""
    query = select(dates.c.board).where(
        dates.c.next_due < day, dates.c.missed.is_distinct_from(dates.c.next_due)
    )
    return list(connection.scalars(query))
