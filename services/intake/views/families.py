"""Families: how far each one is."""

from collections.abc import Iterator
from datetime import date
from functools import singledispatch
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Date,
    Integer,
    String,
    Table,
    Uuid,
    func,
    insert,
    or_,
    select,
    update,
)

from services.intake.codes import AccessPoint, Outcome
from services.intake.family import Family
from services.intake.microequipe import Microequipe
from services.kernel.rows import Row
from services.kernel.views import View, change


def columns() -> list[Column[Any]]:
    """One row a family; ``lacking`` counts what an incomplete referral has not told."""
    return [
        Column("family_id", Uuid, primary_key=True),
        Column("code", String(80), nullable=False, index=True),
        Column("access_point", String(40), nullable=False),
        Column("referred_on", Date, nullable=False, index=True),
        Column("lacking", Integer, nullable=False),
        Column("notice", String(20)),
        Column("notice_due", Date),
        Column("isee_until", Date),
        Column("outcome", String(20), index=True),
        Column("verified_on", Date),
        Column("eligible_since", Date, index=True),
        Column("dormant_since", Date),
        Column("notice_overdue", Boolean, nullable=False),
        Column("microequipe", Boolean, nullable=False),
        Column("joined_into", String(80)),
        Column("erased_on", Date),
    ]


@singledispatch
def project(event: object, row: Row, table: Table, connection: Connection) -> None:
    """Events that this view does not mention leave it as it was."""


@project.register
def _(event: Family.Referred, row: Row, table: Table, connection: Connection) -> None:
    connection.execute(
        insert(table).values(
            family_id=event.originator_id,
            code=event.code,
            access_point=event.access_point.value,
            referred_on=event.on,
            lacking=len(event.lacking),
            notice_overdue=False,
            microequipe=False,
        )
    )


@project.register
def _(event: Family.ReferralCompleted, row: Row, table: Table, connection: Connection) -> None:
    _set(event.originator_id, table, connection, lacking=len(event.lacking))


@project.register
def _(
    event: Family.InformationNoticeRecorded, row: Row, table: Table, connection: Connection
) -> None:
    _set(event.originator_id, table, connection, notice=event.state.value, notice_due=event.due)


@project.register
def _(event: Family.IseeRecorded, row: Row, table: Table, connection: Connection) -> None:
    _set(event.originator_id, table, connection, isee_until=event.valid_until)


@project.register
def _(event: Family.EligibilityVerified, row: Row, table: Table, connection: Connection) -> None:
    this, told = event.originator_id, {"outcome": event.outcome.value, "verified_on": event.on}
    if event.outcome is not Outcome.ELIGIBLE:
        _set(this, table, connection, **told, eligible_since=None)
        return
    since = func.coalesce(table.c.eligible_since, event.on)
    query = update(table).where(table.c.family_id == this)
    connection.execute(query.values(**told, eligible_since=since))


@project.register
def _(event: Family.FamilyDormant, row: Row, table: Table, connection: Connection) -> None:
    _set(event.originator_id, table, connection, dormant_since=event.since)


@project.register
def _(
    event: Family.InformationNoticeOverdue, row: Row, table: Table, connection: Connection
) -> None:
    _set(event.originator_id, table, connection, notice_overdue=True)


@project.register
def _(event: Family.Joined, row: Row, table: Table, connection: Connection) -> None:
    _set(event.originator_id, table, connection, joined_into=event.into)


@project.register
def _(event: Family.JoiningUndone, row: Row, table: Table, connection: Connection) -> None:
    _set(event.originator_id, table, connection, joined_into=None)


@project.register
def _(event: Family.Erased, row: Row, table: Table, connection: Connection) -> None:
    _set(event.originator_id, table, connection, erased_on=event.on)


@project.register
def _(event: Microequipe.Formed, row: Row, table: Table, connection: Connection) -> None:
    change(table, connection, {"code": event.family}, microequipe=True)


def _set(family: UUID, table: Table, connection: Connection, **values: object) -> None:
    change(table, connection, {"family_id": family}, **values)


FAMILIES = View(name="intake_families", version=2, columns=columns, project=project)


def families(
    connection: Connection,
    *,
    access_point: AccessPoint | None = None,
    outcome: Outcome | None = None,
    without_microequipe: bool = False,
    most: int = 200,
) -> Iterator[dict[str, Any]]:
    """Yield the families that are not erased, latest referral first.

    Args:
        connection: of a reading.
        access_point: only those referred there.
        outcome: only those whose last verification came to this.
        without_microequipe: only those that have none.
        most: at most so many.
    """
    table = FAMILIES.table
    query = select(table).where(table.c.erased_on.is_(None))
    if access_point is not None:
        query = query.where(table.c.access_point == access_point.value)
    if outcome is not None:
        query = query.where(table.c.outcome == outcome.value)
    if without_microequipe:
        query = query.where(table.c.microequipe.is_(False))
    query = query.order_by(table.c.referred_on.desc(), table.c.code).limit(most)
    yield from (dict(found) for found in connection.execute(query).mappings())


def eligible_without_microequipe(connection: Connection, day: date) -> Iterator[UUID]:
    """Yield the eligible families without microequipe of which that was not noted.

    Who has waited longest, since before *day*, comes first.
    """
    table = FAMILIES.table
    since, noted = table.c.eligible_since, table.c.dormant_since
    yield from connection.scalars(
        select(table.c.family_id)
        .where(
            since < day,
            table.c.microequipe.is_(False),
            table.c.erased_on.is_(None),
            table.c.joined_into.is_(None),
            or_(noted.is_(None), noted != since),
        )
        .order_by(since, table.c.code)
    )


def notices_overdue(connection: Connection, day: date) -> Iterator[UUID]:
    """Yield the families whose information notice was due before *day*, if that was not noted."""
    table = FAMILIES.table
    yield from connection.scalars(
        select(table.c.family_id)
        .where(
            table.c.notice_due < day,
            table.c.notice_overdue.is_(False),
            table.c.erased_on.is_(None),
            table.c.joined_into.is_(None),
        )
        .order_by(table.c.notice_due, table.c.code)
    )
