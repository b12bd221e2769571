"""Mails by the families whose forms they brought: they are erased with them."""

from typing import Any
from uuid import UUID

from sqlalchemy import Column, Connection, String, Table, Uuid, insert, select

from services.kernel.rows import Row
from services.kernel.views import View
from services.notify.mail import Mail


def _columns() -> list[Column[Any]]:
    return [
        Column("mail", Uuid, primary_key=True),
        Column("family", String(40), primary_key=True, index=True),
    ]


def _project(event: Any, row: Row, table: Table, connection: Connection) -> None:
    for family in _families(event):
        known = select(table.c.mail).where(
            table.c.mail == event.originator_id, table.c.family == family
        )
        if connection.execute(known).first() is None:  # a form that a person admits was read before
            connection.execute(insert(table).values(mail=event.originator_id, family=family))


def _families(event: Any) -> tuple[str, ...]:
    match event:
        case Mail.FormsFound():
            return event.families
        case Mail.FormReceived() | Mail.LeftToAPerson() if event.form is not None:
            return (event.form.family,)
    return ()


MAILS_OF = View(name="notify_mails_of", version=1, columns=_columns, project=_project)
mails = MAILS_OF.table


def mails_of(connection: Connection, family: str) -> list[UUID]:
    """The mails that brought a form of *family*."""
    query = select(mails.c.mail).where(mails.c.family == family).order_by(mails.c.mail)
    return list(connection.scalars(query))
