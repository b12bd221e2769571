"""Newest addresses by person and by bucket: references only."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, Connection, Integer, Row, String, Table, Uuid, delete, insert, select

from services.kernel.rows import Row as StoredRow
from services.kernel.views import View
from services.notify.addresses import Addresses


def _columns() -> list[Column[Any]]:
    return [
        Column("person", Uuid, primary_key=True),
        Column("channel", String(10), primary_key=True),
        Column("position", Integer, nullable=False),
        Column("ref", Uuid, nullable=False),
        Column("bucket", Integer, nullable=False, index=True),
    ]


def _project(event: Any, row: StoredRow, table: Table, connection: Connection) -> None:
    match event:
        case Addresses.Learnt():
            this = (table.c.person == event.person, table.c.channel == event.channel.value)
            connection.execute(delete(table).where(*this))
            connection.execute(
                insert(table).values(
                    person=event.person,
                    channel=event.channel.value,
                    position=row.position,
                    ref=event.address.ref,
                    bucket=event.bucket,
                )
            )


ADDRESSES = View(name="notify_addresses", version=1, columns=_columns, project=_project)
addresses = ADDRESSES.table


def in_bucket(connection: Connection, bucket: int) -> Sequence[Row[Any]]:
    """Person and reference of the newest addresses in *bucket*, those recorded first before."""
    query = (
        select(addresses.c.person, addresses.c.ref)
        .where(addresses.c.bucket == bucket)
        .order_by(addresses.c.position)
    )
    return connection.execute(query).all()
