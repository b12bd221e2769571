"""Organisations, services, stores and occasions for the kernel's tests; no broker anywhere."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid5

import pytest
from sqlalchemy import select

from services.kernel.actor import Actor
from services.kernel.composition import Composition
from services.kernel.courier.out import message
from services.kernel.database import Database
from services.kernel.deciding import Deciding, Occasion
from services.kernel.keys import Keys
from services.kernel.log import all_rows
from services.kernel.mapper import Mapper
from services.kernel.programme import Organisation, Programme
from services.kernel.rows import Row
from services.kernel.store import Store
from services.kernel.tables import metadata, said
from tests.kernel.kitchen import CELLAR, KITCHEN, Jar
from tests.private_postgres import Urls

only_postgresql = pytest.mark.parametrize(
    "new_urls", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True
)

NAMESPACE = UUID("00000000-0000-5000-8000-00000000c00c")
MARCH_2 = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def keys_of(organisation: str) -> Keys:
    """The keys of *organisation*, the same in every process of a test."""
    return Keys(sha256(organisation.encode()).digest())


def some_id(*words: object) -> UUID:
    """An id that is the same in every run."""
    return uuid5(NAMESPACE, "/".join(map(str, words)))


def programme(own: str) -> Programme:
    """Two organisations that both run a kitchen and a cellar."""
    return Programme(
        own,
        {
            "lead": Organisation("lead", ("kitchen", "cellar"), keys_of("lead").public, lead=True),
            "partner": Organisation("partner", ("kitchen", "cellar"), keys_of("partner").public),
        },
    )


@dataclass
class StandingClock:
    """A clock that a test moves."""

    at: datetime = MARCH_2

    def now(self) -> datetime:
        return self.at

    def pass_(self, **time: float) -> None:
        self.at += timedelta(**time)


def person(organisation: str, name: str = "cook", *roles: str) -> Actor:
    return Actor.of_person(organisation, some_id("person", name), *roles)


def occasion(*words: object, own: str = "lead") -> Occasion:
    """An occasion of its own for each *words*."""
    root = some_id("occasion", own, *words)
    return Occasion(root, f"command:{root}", str(root), person(own))


class Party:
    """One service of one organisation with its store, in a database that was migrated."""

    def __init__(
        self,
        urls: Urls,
        composition: Composition = KITCHEN,
        own: str = "lead",
        clock: StandingClock | None = None,
    ) -> None:
        self.urls = urls
        self.own = own
        self.clock = clock or StandingClock()
        database = Database(urls.runtime)
        try:
            self.store = Store(composition, database, keys_of(own), programme(own), self.clock)
        except Exception:
            database.dispose()
            raise
        self._count = 0

    def close(self) -> None:
        self.store.close()

    def decide(self, act: Callable[[Deciding], Any]) -> Any:
        """Decide on a fresh occasion."""
        self._count += 1
        return self.store.decide(occasion(self._count, own=self.own), act)

    def once(
        self,
        key: UUID,
        act: Callable[[Deciding], Any],
        method: str = "method",
        request: bytes = b"{}",
        actor: Actor | None = None,
    ) -> Any:
        """Decide under an idempotency key."""
        why = Occasion(key, f"command:{key}", str(key), actor or person(self.own))
        return self.store.decide_once(key, method, request, why, act)

    def open_jar(self, name: object = "first", **words: Any) -> UUID:
        """Open the jar *name*; its id."""
        jar = some_id("jar", name)
        self.decide(lambda deciding: deciding.add(Jar.open(jar, by=deciding.actor, **words)))
        return jar

    def edit(self, jar: UUID, act: Callable[[Jar, Deciding], Any]) -> None:
        """Do *act* on a jar."""
        self.decide(lambda deciding: act(deciding.edit(Jar, jar), deciding))

    def rows(self) -> list[Row]:
        with self.store.database.reading() as connection:
            return list(all_rows(connection))

    def told(self) -> list[str]:
        """Topics of the log, in the order of positions."""
        return [row.topic for row in self.rows()]

    def events(self) -> list[Any]:
        return [Mapper().to_domain_event(row) for row in self.rows()]

    def table(self, table: Any) -> list[Any]:
        """Every row of *table*."""
        with self.store.database.reading() as connection:
            return list(connection.execute(select(table).order_by(*table.primary_key.columns)))

    def everything(self) -> dict[str, list[Any]]:
        """All that is stored."""
        tables = (*metadata.sorted_tables, *(view.table for view in self.store.composition.views))
        return {table.name: self.table(table) for table in tables}

    def messages(self, audience: str, after: int = 0) -> list[bytes]:
        """What the courier would carry to *audience*."""
        query = select(said.c.envelope).where(said.c.audience == audience, said.c.seq > after)
        with self.store.database.reading() as connection:
            envelopes = list(connection.scalars(query.order_by(said.c.seq)))
            return [message(self.store, connection, envelope) for envelope in envelopes]


def cellar_with(policies: dict[str, Any], **tables: Any) -> Composition:
    return replace(CELLAR, policies=policies, **tables)
