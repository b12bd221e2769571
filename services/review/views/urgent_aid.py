"""Urgent aid: what waits for the next docket, and what was listed with which."""

from collections.abc import Sequence
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
    insert,
    select,
    update,
)

from services.kernel.rows import Row as StoredRow
from services.kernel.views import View
from services.review.urgent_aid import UrgentAid


def _columns() -> list[Column[Any]]:
    return [
        Column("aid_id", Uuid, primary_key=True),
        Column("pact", Uuid, nullable=False),
        Column("family", String(40), nullable=False),
        Column("aid", Integer, nullable=False),
        Column("eur", String(20), nullable=False),
        Column("authorised_as", String(40), nullable=False),
        Column("authorised_on", Date, nullable=False),
        Column("cycle", String(7), index=True),
        Column("listed_on", Date),
    ]


def _project(event: Any, row: StoredRow, table: Table, connection: Connection) -> None:
    match event:
        case UrgentAid.Reported():
            connection.execute(
                insert(table).values(
                    aid_id=event.originator_id,
                    pact=event.pact,
                    family=event.family,
                    aid=event.aid,
                    eur=str(event.eur),
                    authorised_as=event.authorised_as,
                    authorised_on=event.authorised_on,
                )
            )
        case UrgentAid.Listed():
            this = update(table).where(table.c.aid_id == event.originator_id)
            connection.execute(this.values(cycle=event.cycle, listed_on=event.on))


URGENT_AID = View(name="review_urgent_aid", version=1, columns=_columns, project=_project)
urgent_aid = URGENT_AID.table


def waiting(connection: Connection) -> list[UUID]:
    """Urgent aid that no docket lists yet, in the order of authorisation."""
    query = select(urgent_aid.c.aid_id).where(urgent_aid.c.cycle.is_(None))
    return list(connection.scalars(query.order_by(*_by_day())))


def listed(connection: Connection, cycle: str | None) -> Sequence[Row[Any]]:
    """What is listed with the docket of *cycle*, or with none yet, by day of authorisation."""
    query = select(urgent_aid).where(urgent_aid.c.cycle.is_not_distinct_from(cycle))
    return connection.execute(query.order_by(*_by_day())).all()


def _by_day() -> tuple[Any, ...]:
    return urgent_aid.c.authorised_on, urgent_aid.c.family, urgent_aid.c.aid
