"""The newest ISEE certificate of each family, and what was noted of it."""

from collections.abc import Iterator
from datetime import date, timedelta
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
    and_,
    insert,
    or_,
    select,
    update,
)

from services.kernel.rows import Row
from services.kernel.views import View
from services.pacts.certificates import Certificates
from services.pacts.life import UNDER_WAY
from services.pacts.pact import Pact
from services.pacts.views.by_family import PACTS_BY_FAMILY

LONGEST_REMINDER = timedelta(days=90)
"""The guidelines give no more days before the last one of a certificate."""


def project(event: object, row: Row, table: Table, connection: Connection) -> None:
    """Follow the certificates of each family, and what a pact noted of them."""
    _project(event, table, connection)


@singledispatch
def _project(event: Any, table: Table, connection: Connection) -> None:
    """Events that this view does not mention leave it as it was."""


@_project.register
def _opened(event: Certificates.Opened, table: Table, connection: Connection) -> None:
    connection.execute(
        insert(table).values(
            stream=event.originator_id, family=event.family, number=0, expiring=0, expired=0
        )
    )


@_project.register
def _heard(event: Certificates.Heard, table: Table, connection: Connection) -> None:
    newer = (table.c.stream == event.originator_id) & (table.c.number < event.number)
    connection.execute(
        update(table).where(newer).values(number=event.number, valid_until=event.valid_until)
    )


@_project.register
def _expiring(event: Pact.CertificateExpiring, table: Table, connection: Connection) -> None:
    connection.execute(
        update(table).where(table.c.family == event.family).values(expiring=event.certificate)
    )


@_project.register
def _expired(event: Pact.CertificateExpired, table: Table, connection: Connection) -> None:
    connection.execute(
        update(table).where(table.c.family == event.family).values(expired=event.certificate)
    )


NEWEST_CERTIFICATES = View(
    name="newest_certificates",
    version=1,
    columns=lambda: [
        Column("stream", Uuid, primary_key=True),
        Column("family", String(40), nullable=False, index=True),
        Column("number", Integer, nullable=False),
        Column("valid_until", Date, nullable=True, index=True),
        Column("expiring", Integer, nullable=False),
        Column("expired", Integer, nullable=False),
    ],
    project=project,
)


def to_note(connection: Connection, day: date) -> Iterator[UUID]:
    """Yield the pacts under way whose family's newest certificate expires soon, or has."""
    newest, pacts = NEWEST_CERTIFICATES.table, PACTS_BY_FAMILY.table
    soon = and_(newest.c.valid_until >= day, newest.c.expiring < newest.c.number)
    over = and_(newest.c.valid_until < day, newest.c.expired < newest.c.number)
    query = (
        select(pacts.c.pact)
        .join(newest, newest.c.family == pacts.c.family)
        .where(
            pacts.c.state.in_([state.value for state in UNDER_WAY]),
            newest.c.valid_until <= day + LONGEST_REMINDER,
            or_(soon, over),
        )
        .order_by(pacts.c.pact)
    )
    yield from connection.scalars(query)
