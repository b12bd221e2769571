"""The log: gapless positions, expected versions, one counter row that orders all writers.

Our own recorder behind the ``eventsourcing`` library's interface, in SQLAlchemy Core, the same code
for SQLite and PostgreSQL. The measured reasons are in docs/decisions.md.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, TypeVar, cast
from uuid import UUID, uuid5

from eventsourcing.application import AggregateNotFoundError, Repository
from eventsourcing.persistence import AggregateRecorder, EventStore, StoredEvent
from sqlalchemy import Connection, bindparam, case, insert, select, update

from services.kernel.aggregate import Aggregate, replay
from services.kernel.database import Prepared
from services.kernel.mapper import Mapper
from services.kernel.refusal import Unknown
from services.kernel.rows import Row, columns_of
from services.kernel.tables import events, log

A = TypeVar("A", bound=Aggregate)

_now: Any = bindparam("now")
_head = Prepared(select(log.c.log_id, log.c.position, log.c.recorded_at))
_hold = Prepared(update(log).values(position=log.c.position))
_advance = Prepared(
    update(log)
    .where(log.c.one == 1)
    .values(
        position=log.c.position + bindparam("count"),
        recorded_at=case((log.c.recorded_at > _now, log.c.recorded_at), else_=_now),
    )
    .returning(log.c.position, log.c.recorded_at)
)
_insert = Prepared(insert(events))
_after = Prepared(
    select(events)
    .where(events.c.position > bindparam("after"))
    .order_by(events.c.position)
    .limit(bindparam("most"))
)


@lru_cache(maxsize=16)
def _stream(gt: bool, lte: bool, desc: bool, limit: bool) -> Prepared:
    query = select(events).where(events.c.stream == bindparam("stream"))
    if gt:
        query = query.where(events.c.version > bindparam("gt"))
    if lte:
        query = query.where(events.c.version <= bindparam("lte"))
    query = query.order_by(events.c.version.desc() if desc else events.c.version)
    return Prepared(query.limit(bindparam("most")) if limit else query)


class Recorder(AggregateRecorder):
    """Appends to and reads one log, inside the transaction of *connection*."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def insert_events(self, stored_events: Sequence[StoredEvent], **context: Any) -> Sequence[int]:
        """Append rows at the next positions and return the positions.

        Takes the log's counter row, and with it the order of all writers, until the commit.

        Args:
            stored_events: rows of the mapper.
            context: ``now`` (µs since 1970 UTC), ``cause``, ``correlation``, ``root`` (the id from
                which event ids are derived), ``rows`` (a list that receives the rows as stored).

        Raises:
            sqlalchemy.exc.IntegrityError: the version or the event id is taken.
        """
        count = len(stored_events)
        words = {"now": context["now"], "count": count}
        position, recorded_at = _advance(self._connection, words).one()
        first = position - count + 1
        rows = [
            replace(
                cast(Row, stored),
                position=first + offset,
                event_id=uuid5(context["root"], str(offset)),
                recorded_at=recorded_at,
                cause=context["cause"],
                correlation=context["correlation"],
            )
            for offset, stored in enumerate(stored_events)
        ]
        _insert(self._connection, [columns_of(row) for row in rows])
        context["rows"].extend(rows)
        return range(first, position + 1)

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """The rows of one stream, in the order of their versions."""
        query = _stream(gt is not None, lte is not None, desc, limit is not None)
        words = {"stream": originator_id, "gt": gt, "lte": lte, "most": limit}
        given = {name: word for name, word in words.items() if word is not None}
        return [row_of(found) for found in query(self._connection, given)]


def repository(connection: Connection) -> Repository[UUID]:
    """The library's repository over this log."""
    return Repository(EventStore(Mapper(), Recorder(connection)))


def load(repository: Repository[UUID], kind: type[A], id: UUID, version: int | None = None) -> A:
    """The aggregate *id*, at *version* if given.

    Raises:
        Unknown: this log has no such stream, or one of another kind.
    """
    found = look_for(repository, kind, id, version)
    if found is None:
        raise Unknown(kind=kind.TOPIC, id=id)
    return found


def look_for(
    repository: Repository[UUID], kind: type[A], id: UUID, version: int | None = None
) -> A | None:
    """The aggregate *id*, at *version* if given; None if this log has no such stream.

    Raises:
        Unknown: it is one of another kind.
    """
    try:
        if kind.LAST_TELLS_ALL and version is None:
            found = _from_both_ends(repository, id)
        else:
            found = repository.get(id, version=version, projector_func=cast(Any, replay))
    except AggregateNotFoundError:
        return None
    if not isinstance(found, kind):
        raise Unknown(kind=kind.TOPIC, id=id)
    return found


def _from_both_ends(repository: Repository[UUID], id: UUID) -> Any:
    """The aggregate *id* by its first event and its last one."""
    stored = repository.event_store
    found: Any = None
    for event in (*stored.get(id, limit=1), *stored.get(id, desc=True, limit=1)):
        if found is None:
            found = cast(Any, event).mutate(None)
        elif event.originator_version > 1:
            found.version = event.originator_version - 1
            cast(Any, event).mutate(found)
    if found is None:
        raise AggregateNotFoundError(id)
    return found


def rows_after(connection: Connection, position: int, limit: int = 1000) -> Sequence[Row]:
    """Up to *limit* rows after *position*, in order: how a reader tails the log."""
    words = {"after": position, "most": limit}
    return [row_of(found) for found in _after(connection, words)]


def all_rows(connection: Connection, after: int = 0) -> Iterator[Row]:
    """Every row after *after*, in order, read in pages."""
    while page := rows_after(connection, after):
        yield from page
        after = page[-1].position


def hold(connection: Connection) -> None:
    """Take the log's counter row, and with it the order of all writers, without appending."""
    _hold(connection)


def head(connection: Connection) -> tuple[str, int, int]:
    """The log's id, last position and last instant (µs since 1970 UTC)."""
    found = _head(connection).one()
    return found.log_id, found.position, found.recorded_at


def row_of(found: Any) -> Row:
    """The row that a result of the events table stands for, with all its columns."""
    position, event_id, stream_type, stream, version, *others = found
    topic, schema_version, recorded_at, actor, on_behalf_of, cause, correlation, state = others
    return Row(
        originator_id=stream,
        originator_version=version,
        topic=topic,
        state=state.encode(),
        position=position,
        event_id=event_id,
        stream_type=stream_type,
        schema_version=schema_version,
        recorded_at=recorded_at,
        actor=actor,
        on_behalf_of=on_behalf_of,
        cause=cause,
        correlation=correlation,
    )
