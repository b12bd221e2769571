"""Mails: what came to the dedicated address, and what became of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Date,
    Integer,
    Row,
    String,
    Table,
    Uuid,
    bindparam,
    func,
    insert,
    select,
    update,
)

from services.kernel.database import Prepared
from services.kernel.mapper import micros
from services.kernel.rows import Row as StoredRow
from services.kernel.views import View
from services.notify.mail import Mail, Standing


def _columns() -> list[Column[Any]]:
    return [
        Column("mail", Uuid, primary_key=True),
        Column("position", Integer, nullable=False),
        Column("at", BigInteger, nullable=False, index=True),
        Column("route", String(10), nullable=False),
        Column("size", Integer, nullable=False),
        Column("standing", String(20), nullable=False, index=True),
        Column("why", String(40)),
        Column("code", String(40)),
        Column("organisation", String(40)),
        Column("reference", String(120)),
        Column("person", Uuid),
        Column("authentic", String(10)),
        Column("certified", Boolean),
        Column("sent_at", BigInteger),
        Column("regards", Uuid),
        Column("on", Date),
    ]


def _project(event: Any, row: StoredRow, table: Table, connection: Connection) -> None:
    this = update(table).where(table.c.mail == event.originator_id)
    match event:
        case Mail.Received():
            connection.execute(
                insert(table).values(
                    mail=event.originator_id,
                    position=row.position,
                    at=micros(event.at),
                    route=event.route.value,
                    size=event.size,
                    standing=Standing.RECEIVED.value,
                )
            )
        case Mail.FormReceived():
            connection.execute(
                this.values(standing=Standing.FORM_RECEIVED.value, on=event.on, **_told(event))
            )
        case Mail.SetAside():
            connection.execute(
                this.values(
                    standing=Standing.SET_ASIDE.value,
                    why=event.why.value,
                    code=event.code,
                    regards=event.regards,
                    on=event.on,
                )
            )
        case Mail.LeftToAPerson():
            connection.execute(
                this.values(
                    standing=Standing.WAITING.value,
                    why=event.why.value,
                    code=event.code,
                    on=event.on,
                    **_told(event),
                )
            )
        case Mail.Settled():
            connection.execute(this.values(standing=Standing.SETTLED.value, on=event.on))
        case Mail.Erased():
            connection.execute(this.values(standing=Standing.ERASED.value, on=event.on))


def _told(event: Any) -> dict[str, Any]:
    form = event.form
    return {
        "organisation": form and (form.organisation or None),
        "reference": form and form.reference,
        "person": event.provenance.person,
        "authentic": event.provenance.authentic.value,
        "certified": event.provenance.certified,
        "sent_at": micros(event.provenance.sent_at),
    }


MAILS = View(name="notify_mails", version=1, columns=_columns, project=_project)
mails = MAILS.table


def to_sort(connection: Connection, most: int) -> list[UUID]:
    """The first *most* mails that nobody has read yet, as they came."""
    return list(_to_sort(connection, {"most": most}).scalars())


_to_sort = Prepared(
    select(mails.c.mail)
    .where(mails.c.standing == Standing.RECEIVED.value)
    .order_by(mails.c.position)
    .limit(bindparam("most"))
)


def arrived(
    connection: Connection, since: datetime | None, standing: Standing | None, most: int
) -> Sequence[Row[Any]]:
    """The last *most* mails, the newest first; of those since *since*, or that stand so."""
    query = select(mails).order_by(mails.c.position.desc()).limit(most)
    if since is not None:
        query = query.where(mails.c.at >= micros(since))
    if standing is not None:
        query = query.where(mails.c.standing == standing.value)
    return connection.execute(query).all()


def waiting(connection: Connection) -> int:
    """How many mails wait for a person."""
    return since_when(connection, Standing.WAITING)[0]


def since_when(connection: Connection, standing: Standing) -> tuple[int, int | None]:
    """How many mails stand so, and when the oldest came (µs since 1970 UTC), if there is one."""
    query = select(func.count(), func.min(mails.c.at)).where(mails.c.standing == standing.value)
    count, oldest = connection.execute(query).one()
    return count, oldest
