"""A service with a real store and no broker: it is told things and asked things."""

import json
import shutil
from datetime import UTC, date, datetime, time
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import func, select

from services.kernel.actor import Actor
from services.kernel.civil import ROME
from services.kernel.composition import Composition
from services.kernel.courier.work import close_days
from services.kernel.database import Database
from services.kernel.deciding import Occasion
from services.kernel.identity import sign
from services.kernel.keys import Keys
from services.kernel.log import all_rows
from services.kernel.mapper import Mapper
from services.kernel.migrate import migrate
from services.kernel.programme import Organisation, Programme
from services.kernel.store import Store
from services.kernel.tables import erasures, said, vault, vault_keys, vault_reads
from services.kernel.words import Heard
from tests.intake.moments import DAY, INITIAL

NAMESPACE = UUID("00000000-0000-5000-8000-00000001de5c")
SERVICES = ("people", "intake", "pacts", "notify")


def keys_of(organisation: str) -> Keys:
    return Keys(sha256(organisation.encode()).digest())


def programme(own: str) -> Programme:
    """Two organisations, the first of which leads."""
    return Programme(
        own,
        {
            name: Organisation(name, SERVICES, keys_of(name).public, lead=name == "lead")
            for name in ("lead", "nord")
        },
    )


class Noon:
    """A clock that stands at noon of a day in Rome."""

    def __init__(self, day: date) -> None:
        self.day = day

    def now(self) -> datetime:
        return datetime.combine(self.day, time(12), ROME).astimezone(UTC)


def new_desk(kind: type[Any], folder: Path, empty: Path, own: str = "lead") -> "Desk":
    """A desk of the service class *kind* on a copy of an empty database, made once in *empty*."""
    made = empty / f"{kind.name}-{own}.db"
    if not made.exists():
        url = f"sqlite:///{made}"
        migrate(Composition.of(kind.name), own, url, url)
    path = folder / f"{kind.name}-{own}.db"
    shutil.copy(made, path)
    return Desk(kind, f"sqlite:///{path}", own)


class Desk:
    """One service of one organisation."""

    def __init__(self, kind: type[Any], url: str, own: str) -> None:
        self.own = own
        self.clock = Noon(DAY)
        self.composition = Composition.of(kind.name)
        self.store = Store(
            self.composition, Database(url), keys_of(own), programme(own), self.clock
        )
        self.service = kind()
        self.service.hosted = self.store
        self._count = 0

    def on(self, day: date) -> "Desk":
        """It is *day*."""
        self.clock.day = day
        return self

    def days_pass(self, until: date) -> "Desk":
        """It is *until*; the duties of that day and of every day that was not closed are done."""
        self.clock.day = until
        close_days(self.store)
        return self

    def ask(
        self,
        method: str,
        *roles: str,
        key: UUID | None = None,
        by: int = 1,
        **words: Any,
    ) -> Any:
        """Call *method* as somebody with *roles*, with a token of its own."""
        self._count += 1
        actor = Actor.of_person(self.own, uuid5(NAMESPACE, f"person {by}"), *roles)
        token = sign(
            self.store.keys.identities,
            actor,
            f"{self.own}/{self.service.name}",
            method,
            words,
            key or uuid5(NAMESPACE, f"call {self._count}"),
        )
        return getattr(self.service, method)(identity=token, **words)

    def hear(self, contract: str, body: dict[str, Any], organisation: str = "lead") -> None:
        """Let the policy for *contract* decide on *body*."""
        self._count += 1
        root = uuid5(NAMESPACE, f"heard {self._count}")
        actor = Actor.of_service(self.own, self.service.name)
        service = contract.split("/")[0]
        heard = Heard(contract, body, organisation, service, self.clock.now(), actor.id, root)
        self.store.decide(
            Occasion(root, f"heard:{root}", str(root), actor),
            lambda deciding: self.composition.policies[contract](deciding, heard),
        )

    def hear_guidelines(self, number: int = 1, begins: str = "2026-01-01", **changed: Any) -> None:
        """The board issued guidelines."""
        self.hear(
            "review/guidelines_issued.v1",
            {"number": number, "in_force_from": begins, "parameters": INITIAL | changed},
        )

    def events(self) -> list[Any]:
        """Everything in the log."""
        with self.store.database.reading() as connection:
            return [Mapper().to_domain_event(row) for row in all_rows(connection)]

    def topics(self) -> list[str]:
        """Topics of everything in the log."""
        return [event.TOPIC for event in self.events()]

    def told(self, audience: str) -> list[tuple[str, Any]]:
        """What was said to *audience*: contracts and bodies."""
        query = select(said.c.envelope).where(said.c.audience == audience).order_by(said.c.seq)
        with self.store.database.reading() as connection:
            return [
                each
                for envelope in connection.scalars(query)
                for each in json.loads(envelope)["says"].items()
            ]

    def written(self) -> tuple[int, ...]:
        """How many events, vault entries, keys and erasures there are."""
        with self.store.database.reading() as connection:
            return (
                sum(1 for _ in all_rows(connection)),
                *(
                    connection.scalar(select(func.count()).select_from(table)) or 0
                    for table in (vault, vault_keys, erasures)
                ),
            )

    def reads(self) -> list[str]:
        """The kinds of the vault entries that were read, in order."""
        with self.store.database.reading() as connection:
            return list(connection.scalars(select(vault_reads.c.kind)))

    def stored_text(self) -> str:
        """Every event and every envelope as it is stored."""
        with self.store.database.reading() as connection:
            rows = [row.state.decode() for row in all_rows(connection)]
            return "\n".join([*rows, *connection.scalars(select(said.c.envelope))])

    def view(self, number: int) -> list[dict[str, Any]]:
        """The rows of one of the service's views."""
        table = self.composition.views[number].table
        with self.store.database.reading() as connection:
            found = connection.execute(select(table).order_by(*table.primary_key.columns))
            return [dict(row) for row in found.mappings()]
