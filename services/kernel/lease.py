"""One process of a kind works at a time: a lease in the database, in real time.

Two at once would only repeat each other; the lease keeps them from doing so for nothing.
"""

import logging
import time
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Generic, Protocol, TypeVar
from uuid import uuid4

from sqlalchemy import bindparam, delete, or_

from services.kernel.database import Database, insert_of
from services.kernel.stopping import Stopping
from services.kernel.tables import leases

logger = logging.getLogger(__name__)


@lru_cache(maxsize=2)
def _taking(dialect: str) -> Any:
    """Take the lease, if nobody has it, it is over, or it is ours."""
    insert = insert_of(dialect)(leases)
    return insert.on_conflict_do_update(
        index_elements=[leases.c.name],
        set_={"holder": insert.excluded.holder, "until": insert.excluded.until},
        where=or_(leases.c.until < bindparam("now"), leases.c.holder == insert.excluded.holder),
    ).returning(leases.c.name)  # the row count of an INSERT is not told by psycopg


class Lease:
    """The lease *name* of one database, held by this object or by somebody else."""

    def __init__(self, database: Database, name: str, seconds: float) -> None:
        self._database = database
        self.name = name
        self.seconds = seconds
        self._holder = str(uuid4())

    def hold(self) -> bool:
        """Take or prolong the lease; whether it is ours now."""
        now = int(time.time() * 1_000_000)
        until = now + int(self.seconds * 1_000_000)
        words = {"name": self.name, "holder": self._holder, "until": until, "now": now}

        def attempt() -> bool:
            with self._database.writing() as connection:
                taken = connection.execute(_taking(connection.dialect.name), words)
                return taken.first() is not None

        return self._database.again(attempt, patience=self.seconds / 3)

    def give_back(self) -> None:
        """End the lease, if it is ours, so that the next one need not wait."""

        def attempt() -> None:
            with self._database.writing() as connection:
                connection.execute(
                    delete(leases).where(
                        leases.c.name == self.name, leases.c.holder == self._holder
                    )
                )

        self._database.again(attempt, patience=2.0)


class Work(Protocol):
    """What is done under a lease: threads."""

    def start(self) -> None:
        """Start them."""

    def is_alive(self) -> bool:
        """Whether all of them can go on."""

    def stop(self) -> None:
        """End them; what is not finished is done again later.

        Raises:
            Hangs: one of them does not end.
        """


class Hangs(Exception):
    """A thread does not end, so the process must: who runs it starts it again."""


W = TypeVar("W", bound=Work)


class Turn(Generic[W]):
    """Works while the lease is ours.

    Attributes:
        work: what is being done, or None while the lease is another process's.
    """

    def __init__(self, lease: Lease, prepare: Callable[[], W]) -> None:
        """Nothing is done yet.

        Args:
            prepare: makes the work, anew for each turn.
        """
        self.work: W | None = None
        self._lease = lease
        self._prepare = prepare

    def sound(self) -> bool:
        """Whether all is well: the work goes on, or another process does it."""
        return self.work is None or self.work.is_alive()

    def run(self, stopping: Stopping) -> int:
        """Take turns until *stopping*; the exit status of the process.

        A database that is away for less than the lease lasts stops nothing.
        """
        held_at = 0.0
        try:
            while not stopping.is_set():
                try:
                    held = self._lease.hold()
                except Exception as error:  # the database is away; look again
                    logger.warning("lease not known", extra={"because": type(error).__name__})
                    held = time.monotonic() - held_at < self._lease.seconds
                else:
                    held_at = time.monotonic() if held else held_at
                if held and self.work is None:
                    self.work = self._prepare()
                    self.work.start()
                    logger.info("works", extra={"lease": self._lease.name})
                elif self.work is not None and not (held and self.work.is_alive()):
                    logger.warning("steps back", extra={"lease": self._lease.name})
                    self._end()
                stopping.wait(self._lease.seconds / 3)
            self._end()
        except Hangs as hung:
            logger.error("hangs", extra={"lease": self._lease.name, "because": str(hung)})
            return 1
        try:
            self._lease.give_back()
        except Exception as error:  # it ends by itself
            logger.warning("lease not given back", extra={"because": type(error).__name__})
        return 0

    def _end(self) -> None:
        if self.work is not None:
            self.work.stop()
            self.work = None
