"""One courier at a time: a lease in the database, in real time.

Two couriers at once would only repeat each other; the lease keeps them from doing so for nothing.
"""

import time
from typing import Any
from uuid import uuid4

from sqlalchemy import delete, or_, update
from sqlalchemy.dialects import postgresql, sqlite

from services.kernel.database import Database
from services.kernel.tables import leases


class Lease:
    """The lease *name* of one database, held by this object or by somebody else."""

    def __init__(self, database: Database, name: str, seconds: float) -> None:
        self._database = database
        self._name = name
        self._seconds = seconds
        self._holder = str(uuid4())

    def hold(self) -> bool:
        """Take or prolong the lease; whether it is ours now."""
        now = int(time.time() * 1_000_000)
        until = now + int(self._seconds * 1_000_000)
        dialect: Any = sqlite if self._database.sqlite else postgresql

        def attempt() -> bool:
            with self._database.writing() as connection:
                connection.execute(
                    dialect.insert(leases)
                    .values(name=self._name, holder="", until=0)
                    .on_conflict_do_nothing()
                )
                taken = connection.execute(
                    update(leases)
                    .where(
                        leases.c.name == self._name,
                        or_(leases.c.until < now, leases.c.holder == self._holder),
                    )
                    .values(holder=self._holder, until=until)
                )
                return bool(taken.rowcount)

        return self._database.again(attempt, patience=self._seconds / 3)

    def give_back(self) -> None:
        """End the lease, if it is ours, so that the next one need not wait."""

        def attempt() -> None:
            with self._database.writing() as connection:
                connection.execute(
                    delete(leases).where(
                        leases.c.name == self._name, leases.c.holder == self._holder
                    )
                )

        self._database.again(attempt, patience=2.0)
