"""Persons who are known by a tax code, by bucket: references only."""

from collections.abc import Sequence
from functools import singledispatch
from typing import Any

from sqlalchemy import Column, Connection, Integer, Row, String, Table, Uuid, insert, select

from services.intake.known_persons import KnownPersons
from services.kernel.rows import Row as StoredRow
from services.kernel.views import View


@singledispatch
def project(event: object, row: StoredRow, table: Table, connection: Connection) -> None:
    """Events that this view does not mention leave it as it was."""


@project.register
def _(
    event: KnownPersons.PersonIdentified, row: StoredRow, table: Table, connection: Connection
) -> None:
    connection.execute(
        insert(table).values(ref=event.tax_code.ref, family=event.family, bucket=event.bucket)
    )


PERSONS = View(
    name="intake_persons",
    version=1,
    columns=lambda: [
        Column("ref", Uuid, primary_key=True),
        Column("family", String(80), nullable=False, index=True),
        Column("bucket", Integer, nullable=False, index=True),
    ],
    project=project,
)


def of_family(connection: Connection, family: str) -> Sequence[Row[Any]]:
    """Reference of every code that is known of *family*."""
    table = PERSONS.table
    return connection.execute(select(table.c.ref).where(table.c.family == family)).all()


def of_anybody(connection: Connection) -> Sequence[Row[Any]]:
    """Family and reference of every code that is known."""
    table = PERSONS.table
    query = select(table.c.family, table.c.ref)
    return connection.execute(query.order_by(table.c.family, table.c.ref)).all()


def in_bucket(connection: Connection, bucket: int) -> Sequence[Row[Any]]:
    """Family and reference of every code in *bucket*."""
    table = PERSONS.table
    query = select(table.c.family, table.c.ref).where(table.c.bucket == bucket)
    return connection.execute(query.order_by(table.c.family, table.c.ref)).all()
