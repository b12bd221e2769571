"""Second looks that are open, and since when the families wait."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Date,
    Table,
    Uuid,
    delete,
    insert,
    select,
    update,
)

from services.kernel.rows import Row
from services.kernel.views import View
from services.review.proposal_review import ProposalReview


def _columns() -> list[Column[Any]]:
    return [
        Column("review_id", Uuid, primary_key=True),
        Column("asked_on", Date, nullable=False),
        Column("noted", Boolean, nullable=False),
    ]


def _project(event: Any, row: Row, table: Table, connection: Connection) -> None:
    review = event.originator_id
    match event:
        case ProposalReview.SecondLookOpened(asked_on=asked_on):
            connection.execute(delete(table).where(table.c.review_id == review))
            opened = insert(table).values(review_id=review, asked_on=asked_on, noted=False)
            connection.execute(opened)
        case ProposalReview.SecondLookAnswered():
            connection.execute(delete(table).where(table.c.review_id == review))
        case ProposalReview.SecondLookOverdue():
            connection.execute(update(table).where(table.c.review_id == review).values(noted=True))


SECOND_LOOKS = View(name="review_second_looks", version=1, columns=_columns, project=_project)
second_looks = SECOND_LOOKS.table


def waiting(connection: Connection, day: date) -> list[UUID]:
    """Proposals whose second look was asked for before *day* and is open, longest waiting first.

    Without those of which it was noted that they wait for too long.
    """
    query = (
        select(second_looks.c.review_id)
        .where(second_looks.c.noted.is_(False), second_looks.c.asked_on < day)
        .order_by(second_looks.c.asked_on, second_looks.c.review_id)
    )
    return list(connection.scalars(query))
