"""Letters and what became of them; which are to be sent."""

from collections.abc import Collection, Sequence
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Date,
    Integer,
    Row,
    String,
    Table,
    Uuid,
    and_,
    bindparam,
    exists,
    func,
    not_,
    or_,
    select,
)

from services.kernel.database import Prepared
from services.kernel.rows import Row as StoredRow
from services.kernel.tables import events
from services.kernel.views import View, add, change
from services.notify.letter import Letter, State
from services.notify.preferences import Reminders
from services.notify.views.addresses import addresses
from services.notify.views.notices import notices
from services.notify.views.preferences import preferences


def _columns() -> list[Column[Any]]:
    return [
        Column("letter", Uuid, primary_key=True),
        Column("position", Integer, nullable=False),
        Column("notice", Uuid, nullable=False, index=True),
        Column("kind", String(40), nullable=False),
        Column("person", Uuid, nullable=False),
        Column("state", String(20), nullable=False, index=True),
        Column("since", Integer, nullable=False),
        Column("round", Integer, nullable=False),
        Column("attempts", Integer, nullable=False),
        Column("because", String(80)),
        Column("on", Date, nullable=False),
        Column("digest", Uuid, index=True),
        Column("gathered", Date),
    ]


def _project(event: Any, row: StoredRow, table: Table, connection: Connection) -> None:
    this = {"letter": event.originator_id}

    def becomes(state: State, **more: Any) -> None:
        values = {"state": state.value, "since": row.position, "on": event.on} | more
        change(table, connection, this, **values)

    match event:
        case Letter.Due():
            add(
                table,
                connection,
                **this,
                position=row.position,
                notice=event.notice,
                kind=event.what.value,
                person=event.person,
                state=State.DUE.value,
                since=row.position,
                round=1,
                attempts=0,
                on=event.on,
            )
        case Letter.Gathered():
            change(table, connection, this, digest=event.digest, gathered=event.on)
        case Letter.Dropped():
            becomes(State.DROPPED, because=event.because.value)
        case Letter.HeldBack():
            becomes(State.HELD_BACK, because=event.because.value)
        case Letter.Deferred():
            becomes(State.DEFERRED, because=event.code, attempts=event.attempt)
        case Letter.Sent():
            becomes(State.SENT, because=event.code)
        case Letter.Uncertain():
            becomes(State.UNCERTAIN, because=None)
        case Letter.GivenUp():
            becomes(State.GIVEN_UP, because=f"{event.because.value} {event.code}")
        case Letter.FoundSent():
            becomes(State.SENT, because=None)
        case Letter.SendAgainAsked():
            becomes(State.DUE, because=None, round=event.round, attempts=0)


LETTERS = View(name="notify_letters", version=2, columns=_columns, project=_project)
letters = LETTERS.table


OPEN = (State.DUE.value, State.DEFERRED.value, State.HELD_BACK.value)


def to_gather(
    connection: Connection, reminders: tuple[str, ...], day: date
) -> dict[UUID, list[UUID]]:
    """Whose reminders are to be put into a mail on *day*, and which.

    Who got one on that day gets the next one on the next day, but for what is due until then;
    who wants each at once, waits for none.

    Args:
        reminders: kinds of letter that are.
    """
    found: dict[UUID, list[UUID]] = {}
    for row in _gathering(reminders)(connection, {"day": day}):
        found.setdefault(row.person, []).append(row.letter)
    return found


@lru_cache(maxsize=1)  # built once: the sender looks all the time
def _gathering(reminders: tuple[str, ...]) -> Prepared:
    day = bindparam("day", type_=Date)
    earlier = letters.alias("earlier")
    got_one = exists().where(earlier.c.person == letters.c.person, earlier.c.gathered == day)
    impatient = select(preferences.c.person).where(
        preferences.c.reminders == Reminders.AT_ONCE.value
    )
    at_once = letters.c.person.in_(impatient)
    return Prepared(
        select(letters.c.letter, letters.c.person)
        .join(notices, notices.c.notice == letters.c.notice)
        .where(_ungathered(reminders), letters.c.state.in_(OPEN))
        .where(or_(~got_one, notices.c.due <= day, at_once))
        .order_by(letters.c.position)
    )


def to_send(connection: Connection, reminders: tuple[str, ...]) -> Sequence[Row[Any]]:
    """Letters to be sent, as they became due; one held back, once a newer address is known.

    Args:
        reminders: kinds of letter that wait until they are gathered.
    """
    return _sendable(reminders)(connection).all()


@lru_cache(maxsize=1)
def _sendable(reminders: tuple[str, ...]) -> Prepared:
    newer = exists().where(
        addresses.c.person == letters.c.person, addresses.c.position > letters.c.since
    )
    return Prepared(
        select(letters)
        .where(
            or_(
                letters.c.state.in_([State.DUE.value, State.DEFERRED.value]),
                and_(letters.c.state == State.HELD_BACK.value, newer),
            ),
            not_(_ungathered(reminders)),
        )
        .order_by(letters.c.position)
    )


def is_ours(connection: Connection, mail: UUID) -> bool:
    """Whether *mail* names a mail that we sent, or are to send."""
    query = select(letters.c.letter).where(or_(letters.c.letter == mail, letters.c.digest == mail))
    return connection.execute(query.limit(1)).first() is not None


def persons_of(connection: Connection, notice: UUID) -> list[UUID]:
    """Who has a letter that was written for *notice*, as they became due."""
    query = select(letters.c.person).where(letters.c.notice == notice)
    return list(connection.scalars(query.order_by(letters.c.position)))


def _ungathered(reminders: Collection[str]) -> ColumnElement[bool]:
    """Reminders in no mail yet; one that a person wants sent again goes alone."""
    return and_(letters.c.kind.in_(reminders), letters.c.digest.is_(None), letters.c.round == 1)


def listed(
    connection: Connection, states: Sequence[str], day: date | None, most: int
) -> Sequence[Row[Any]]:
    """The last *most* letters in one of *states* (any, if none is given), of *day* if given."""
    query = select(letters).order_by(letters.c.position.desc()).limit(most)
    if states:
        query = query.where(letters.c.state.in_(states))
    if day is not None:
        query = query.where(letters.c.on == day)
    return connection.execute(query).all()


def counted(connection: Connection) -> dict[str, int]:
    """How many letters are in each state; states without any are left out."""
    query = select(letters.c.state, func.count()).group_by(letters.c.state)
    return {row[0]: row[1] for row in connection.execute(query)}


def oldest_due(connection: Connection, reminders: Collection[str]) -> int | None:
    """Since when the oldest letter is to be sent (µs since 1970 UTC); None if none is.

    Args:
        reminders: kinds of letter that wait until they are gathered.
    """
    query = (
        select(func.min(events.c.recorded_at))
        .join(letters, letters.c.position == events.c.position)
        .where(letters.c.state.in_([State.DUE.value, State.DEFERRED.value]))
        .where(not_(_ungathered(reminders)))
    )
    found: int | None = connection.scalar(query)
    return found


def ever_handed_over(connection: Connection) -> bool:
    """Whether any letter was ever sent, or may have been."""
    states = [State.SENT.value, State.UNCERTAIN.value]
    found = select(letters.c.letter).where(or_(letters.c.state.in_(states), letters.c.round > 1))
    return connection.execute(found.limit(1)).first() is not None
