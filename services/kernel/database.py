"""One code for SQLite and PostgreSQL: connections, transactions, and what is worth trying again."""

import fcntl
import random
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from functools import lru_cache
from importlib import import_module
from typing import Any, TypeVar

from sqlalchemy import Connection, CursorResult, Engine, Table, create_engine, event, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.pool import QueuePool

R = TypeVar("R")

BUSY_MILLISECONDS = 20
"""How long SQLite may wait for a lock in the driver, where it blocks every worker."""

OWNERS_BUSY_MILLISECONDS = 15_000
"""The same for an owner's process, which has no workers and whose transactions are not repeated."""

PATIENCE = 15.0
"""Seconds of real time for which a transaction is tried again while the database is away."""

OWNERS_TURN = 7_305_101_900
"""With the schema's name, the PostgreSQL advisory lock of whoever migrates or builds views."""


class Conflict(Exception):
    """Somebody else decided first; nothing was written. Load again and decide again."""


class Database:
    """The database of one service.

    SQLite: ``BEGIN IMMEDIATE`` for every writing transaction (SQLAlchemy's default loses updates),
    WAL and synchronous FULL. PostgreSQL: READ COMMITTED for writing, where the counter row orders
    the writers; REPEATABLE READ for reading, which is what a reading transaction of SQLite has.
    """

    def __init__(self, url: str, busy_milliseconds: int = BUSY_MILLISECONDS) -> None:
        self.sqlite = url.startswith("sqlite")
        self._turn = threading.Lock() if self.sqlite else nullcontext()
        self._writing = _engine(url, busy_milliseconds)
        self._reading = (
            _engine(url, busy_milliseconds)
            if self.sqlite
            else self._writing.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        )
        self._watching: sqlite3.Connection | None = None
        self._looking = threading.Lock()

    @classmethod
    def of_owner(cls, url: str) -> "Database":
        """For migrating and rebuilding: it waits for a service that writes, as no worker must."""
        return cls(url, OWNERS_BUSY_MILLISECONDS)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction that may write; committed at the end, rolled back by any exception.

        SQLite wakes nobody who waits for its lock: the threads of one process take turns here, so
        that one that writes without pause does not starve the others.
        """
        with self._turn, self._writing.begin() as connection:
            if self.sqlite:
                _begin(connection, "BEGIN IMMEDIATE")
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One transaction that only reads, all of it as of one moment; it waits for no writer."""
        with self._reading.begin() as connection:
            if self.sqlite:
                _begin(connection, "BEGIN")
            yield connection

    def last_change(self) -> int | None:
        """A number that is another one after every transaction that wrote something; it costs no
        query. None: PostgreSQL has no such number.

        SQLite tells it to a connection about what others wrote: this one never writes.
        """
        if not self.sqlite:
            return None
        with self._looking:
            if self._watching is None:
                path = str(self._writing.url.database)
                self._watching = sqlite3.connect(path, check_same_thread=False)
            [(number,)] = self._watching.execute("PRAGMA data_version")
        return int(number)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """While no other process of the owner migrates or builds views here; waits for its turn.

        Whoever is killed gives the turn back: it is a lock of a file beside SQLite's, or of a
        PostgreSQL session.
        """
        if self.sqlite:
            with open(f"{self._writing.url.database}.owner", "w") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                yield
            return
        with self._writing.connect() as connection:
            session = connection.execution_options(isolation_level="AUTOCOMMIT")
            words = {"owner": OWNERS_TURN}
            key = "hashtextextended(current_schema(), :owner)"
            session.execute(text(f"SELECT pg_advisory_lock({key})"), words)
            try:
                yield
            finally:
                session.execute(text(f"SELECT pg_advisory_unlock({key})"), words)

    def again(self, attempt: Callable[[], R], patience: float = PATIENCE) -> R:
        """Run *attempt* until it neither conflicts nor meets a busy or lost database.

        Only for attempts that may be repeated: those whose transaction claims a key or a position.

        Args:
            attempt: one whole transaction.
            patience: seconds of real time after which the last error is raised.
        """
        end = time.monotonic() + patience
        pause = 0.002
        while True:
            try:
                return attempt()
            except (Conflict, OperationalError, IntegrityError, DBAPIError) as error:
                if not (isinstance(error, Conflict) or away(error)) or time.monotonic() > end:
                    raise
            time.sleep(pause * random.uniform(0.5, 1.5))
            pause = min(pause * 2, 0.25)

    def dispose(self) -> None:
        """Close every connection."""
        self._writing.dispose()
        self._reading.dispose()
        with self._looking:
            if self._watching is not None:
                self._watching.close()
            self._watching = None


class Prepared:
    """A statement that is asked all the time: it is compiled once for each dialect.

    SQLAlchemy finds what it compiled before by all that a statement is made of, which takes as long
    as to ask SQLite; and an INSERT that knows ON CONFLICT it compiles each time.
    """

    def __init__(self, statement: Any) -> None:
        """Args:
        statement: what to ask, its parameters bound by name; or gives it, told the dialect's name.
        """
        self._statement = statement
        self._compiled: dict[tuple[Any, ...], Any] = {}

    def __call__(self, connection: Connection, words: Any = None) -> CursorResult[Any]:
        """What *connection* answers.

        Args:
            words: values of the parameters, or of the columns of a row; several rows in a list.
        """
        many = isinstance(words, list)
        columns = words[0] if many else words or ()
        key = (connection.dialect.name, many, *columns)
        compiled = self._compiled.get(key)
        if compiled is None:
            made = self._statement
            statement = made(connection.dialect.name) if callable(made) else made
            compiled = statement.compile(
                dialect=connection.dialect,
                column_keys=list(columns),
                for_executemany=many,  # else an INSERT asks for the number it gave, of one row
            )
            self._compiled[key] = compiled
        return connection.execute(compiled, words)


def add_new(connection: Connection, table: Table, row: dict[str, Any]) -> bool:
    """Insert *row*, if none has its key; whether it was inserted."""
    # the row count of an INSERT is not told by psycopg
    return _adding(table)(connection, row).first() is not None


@lru_cache(maxsize=100)
def _adding(table: Table) -> Prepared:
    return Prepared(
        lambda dialect: (
            insert_of(dialect)(table).on_conflict_do_nothing().returning(*table.primary_key)
        )
    )


def insert_of(dialect: str) -> Callable[[Table], Any]:
    """The INSERT of *dialect*, which knows ON CONFLICT; no process loads the other dialect."""
    insert: Callable[[Table], Any] = import_module(f"sqlalchemy.dialects.{dialect}").insert
    return insert


def away(error: Exception) -> bool:
    """Whether *error* goes away by itself: the database is busy, restarts, or is not reached."""
    if isinstance(error, IntegrityError):
        return False
    if isinstance(error, DBAPIError):
        if error.connection_invalidated:
            return True
        if isinstance(error, OperationalError):
            words = str(error.orig)
            return "no such table" not in words and "readonly" not in words
        state = getattr(error.orig, "sqlstate", None)
        return state in {"40001", "40P01", "57P01", "57P02", "57P03", "08006", "08003"}
    return False


def _engine(url: str, busy_milliseconds: int) -> Engine:
    sqlite = url.startswith("sqlite")
    options: dict[str, Any] = {"hide_parameters": True}
    if sqlite:
        options |= {
            "connect_args": {"check_same_thread": False, "timeout": busy_milliseconds / 1000},
            "poolclass": QueuePool,
        }
    else:
        options |= {"pool_pre_ping": False, "pool_size": 5, "max_overflow": 10}
    engine = create_engine(url, **options)
    if sqlite:
        event.listen(engine, "connect", _sqlite_connected)
    return engine


def _begin(connection: Connection, words: str) -> None:
    """Begin by the driver: SQLAlchemy's way takes three times as long.

    A listener to the engine's event is no way either: with one, all statements are told to nobody.
    """
    driver: Any = connection.connection.driver_connection
    try:
        driver.execute(words)
    except sqlite3.Error as error:
        raise DBAPIError.instance(words, None, error, sqlite3.Error) from error


def _sqlite_connected(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()
