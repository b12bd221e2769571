"""Views: questions across aggregates, kept as a function of the own log.

Written in the same transaction as the facts. A new version is built beside the old one and switched
under the log's counter row, while the old one goes on answering.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, TypeAlias

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    MetaData,
    Table,
    bindparam,
    delete,
    insert,
    select,
    text,
    update,
)

from services.kernel.database import Database, Prepared
from services.kernel.failpoints import failpoint
from services.kernel.log import all_rows, head, hold
from services.kernel.mapper import Mapper
from services.kernel.rows import Row
from services.kernel.tables import views

Effect: TypeAlias = Callable[[Any, Row, Table, Connection], None]

PAGE = 1000
"""Facts that take effect in one transaction while a view is built."""
LONGEST_WAIT_MILLISECONDS = 100
"""How long a switch waits, with the counter row in its hand, for those who read the old view."""

_applied = Prepared(update(views))


@dataclass(frozen=True)
class View:
    """One table, what each event does to it, and (beside it) the questions that it answers.

    Attributes:
        name: of the table.
        version: raise it when columns or effect change, and rebuild.
        columns: a fresh list of the columns.
        project: effect of one event; an event that the view does not know leaves it as it was.
    """

    name: str
    version: int
    columns: Callable[[], list[Column[Any]]]
    project: Effect
    _metadata: MetaData = field(default_factory=MetaData, compare=False, repr=False)

    @cached_property
    def table(self) -> Table:
        """The table that answers."""
        return Table(self.name, self._metadata, *self.columns())


def change(table: Table, connection: Connection, of: Mapping[str, Any], **values: Any) -> None:
    """Write *values* into the rows of *table* that have what *of* names."""
    _changing(table, tuple(of))(connection, {**_named(of), **values})


def drop(table: Table, connection: Connection, of: Mapping[str, Any]) -> None:
    """Take away the rows of *table* that have what *of* names."""
    _dropping(table, tuple(of))(connection, _named(of))


def add(table: Table, connection: Connection, **row: Any) -> None:
    """Insert *row* into *table*."""
    _adding(table)(connection, row)


def _named(of: Mapping[str, Any]) -> dict[str, Any]:
    return {f"of_{name}": value for name, value in of.items()}


def _these(table: Table, columns: tuple[str, ...]) -> list[ColumnElement[bool]]:
    return [table.c[name] == bindparam(f"of_{name}") for name in columns]


@lru_cache(maxsize=500)
def _changing(table: Table, columns: tuple[str, ...]) -> Prepared:
    return Prepared(update(table).where(*_these(table, columns)))


@lru_cache(maxsize=500)
def _dropping(table: Table, columns: tuple[str, ...]) -> Prepared:
    return Prepared(delete(table).where(*_these(table, columns)))


@lru_cache(maxsize=500)
def _adding(table: Table) -> Prepared:
    return Prepared(insert(table))


def project(view_list: Iterable[View], event: Any, row: Row, connection: Connection) -> None:
    """Let *event* take effect on every view."""
    for view in view_list:
        view.project(event, row, view.table, connection)


def applied(view_list: Iterable[View], position: int, connection: Connection) -> None:
    """Store that the views have taken effect of everything up to *position*."""
    if any(True for _ in view_list):
        _applied(connection, {"applied_position": position})


def applied_positions(connection: Connection) -> dict[str, tuple[int, int]]:
    """Version and applied position of every view, by name."""
    found = connection.execute(select(views))
    return {row.name: (row.view_version, row.applied_position) for row in found}


def rebuild(view: View, database: Database, report: Callable[[int], None]) -> int:
    """Build *view* anew; as :func:`build`, when no other process of the owner is at work."""
    with database.alone():
        return build(view, database, report)


def build(view: View, database: Database, report: Callable[[int], None]) -> int:
    """Build *view* anew beside the one that answers, then switch; return the applied position.

    The bulk is read without any lock; the rest and the switch happen under the counter row, so that
    no fact falls between. Interrupted, it leaves the old view as it was.

    Args:
        view: which.
        database: the owner's, who holds it :meth:`alone <Database.alone>`.
        report: is told the position reached, for progress.
    """
    beside = Table(f"{view.name}__new", MetaData(), *_plain(view.columns()))
    with database.writing() as connection:
        if _begin(view, connection):
            return 0
        connection.execute(text(f'DROP TABLE IF EXISTS "{beside.name}"'))
        beside.create(connection)
    reached = 0
    while True:
        with database.writing() as connection:
            before = reached
            reached = _catch_up(view, beside, connection, reached, most=PAGE)
        report(reached)
        failpoint("during rebuild")
        if reached - before < PAGE:
            break

    def switch() -> int:
        with database.writing() as connection:
            if not database.sqlite:
                # who asks the old view and then decides would wait for us, and we for them
                connection.execute(text(f"SET LOCAL lock_timeout = {LONGEST_WAIT_MILLISECONDS}"))
            hold(connection)
            position = _catch_up(view, beside, connection, reached, most=None)
            if applied_positions(connection).get(view.name, (0, 0))[0] == view.version:
                _refill(view, beside, connection)
            else:
                _replace(view, beside, connection)
            remember(view, position, connection)
            failpoint("before a view is switched")
        return position

    return database.again(switch, patience=60.0)


def _begin(view: View, connection: Connection) -> bool:
    """Make the table of a new view, if nothing was ever decided; whether that is so.

    One that answers already is asked by others, who may wait for the counter row in our hand.
    """
    hold(connection)
    if head(connection)[1] > 0 or view.name in applied_positions(connection):
        return False
    connection.execute(text(f'DROP TABLE IF EXISTS "{view.name}"'))
    view.table.create(connection)
    remember(view, 0, connection)
    return True


def _refill(view: View, beside: Table, connection: Connection) -> None:
    """Take the rows of *beside* into the table that answers: nobody who only asks is waited for."""
    connection.execute(delete(view.table))
    columns = [column.name for column in beside.columns]
    connection.execute(insert(view.table).from_select(columns, select(beside)))
    beside.drop(connection)


def _replace(view: View, beside: Table, connection: Connection) -> None:
    connection.execute(text(f'DROP TABLE IF EXISTS "{view.name}"'))
    connection.execute(text(f'ALTER TABLE "{beside.name}" RENAME TO "{view.name}"'))
    if connection.dialect.name == "postgresql":
        connection.execute(text(f'ALTER INDEX "{beside.name}_pkey" RENAME TO "{view.name}_pkey"'))
    for index in view.table.indexes:
        index.create(connection)


def remember(view: View, position: int, connection: Connection) -> None:
    """Store version and applied position of *view*."""
    changed = connection.execute(
        update(views)
        .where(views.c.name == view.name)
        .values(view_version=view.version, applied_position=position)
    )
    if changed.rowcount == 0:
        connection.execute(
            insert(views).values(
                name=view.name, view_version=view.version, applied_position=position
            )
        )


def _catch_up(
    view: View, table: Table, connection: Connection, after: int, most: int | None
) -> int:
    mapper = Mapper()
    for count, row in enumerate(all_rows(connection, after), start=1):
        view.project(mapper.to_domain_event(row), row, table, connection)
        after = row.position
        if count == most:
            return after
    return after if most else head(connection)[1]


def _plain(columns: list[Column[Any]]) -> list[Column[Any]]:
    for column in columns:
        column.index = None
    return columns
