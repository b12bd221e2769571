"""Two organisations with all their services on real stores; words are carried without a broker."""

from collections.abc import Callable, Iterable
from datetime import date
from importlib import import_module
from typing import Any

from sqlalchemy import func, select

from services.kernel.actor import Actor
from services.kernel.composition import Composition
from services.kernel.courier.out import message
from services.kernel.courier.work import close_days
from services.kernel.inbox import Step, lines_waiting, look, receive
from services.kernel.store import Store
from services.kernel.tables import erasures, said, vault, vault_keys
from tests.review.office import Office, noon

RUNS = {
    "lead": ("people", "intake", "pacts", "review", "notify"),
    "nord": ("people", "intake", "pacts", "notify"),
}


class House:
    """Every service of every organisation of :data:`RUNS`, on one day."""

    def __init__(self, empty_log: Callable[[str, Composition], Any], day: date) -> None:
        self.offices = {
            (organisation, service): Office(
                service,
                organisation,
                empty_log(organisation, Composition.of(service)),
                day,
                migrated=True,
            )
            for organisation, services in RUNS.items()
            for service in services
        }
        self._carried: dict[tuple[tuple[str, str], tuple[str, str]], int] = {}

    def close(self) -> None:
        for office in self.offices.values():
            office.close()

    def ask(self, place: str, method: str, actor: Actor, **words: Any) -> Any:
        """What ``organisation/service`` answers to *actor*."""
        organisation, service = place.split("/")
        door = import_module(f"services.{service}.service")
        host = getattr(door, f"{service.capitalize()}Service")
        return self.offices[organisation, service].call(host, method, actor, **words)

    def carry(self, *places: str) -> None:
        """Let everybody hear what the services *places* (all) said; and what follows from it."""
        moved = True
        while moved:
            moved = False
            for one in self._named(places):
                for other in self.offices:
                    moved = self._carry(one, other) or moved

    def carry_again(self) -> None:
        """Say everything that was ever said once more."""
        self._carried.clear()
        self.carry()

    def on(self, day: date) -> None:
        """It is *day*, noon in Rome; days between are not kept."""
        for office in self.offices.values():
            office.day = day
            office.clock.at = noon(day)

    def keep_the_day(self) -> None:
        """Do what the calendar asks of everybody today, and carry what follows from it."""
        for office in self.offices.values():
            close_days(office.store)
        self.carry()

    def on_the_way(self, place: str) -> list[tuple[Office, list[bytes]]]:
        """What *place* said and nobody has heard yet, as it is sealed now for each hearer."""
        one = self._named([place])[0]
        found = [(other, self._messages(one, other)) for other in self.offices]
        return [(self.offices[other], messages) for other, messages in found if messages]

    def arrive(self, on_the_way: list[tuple[Office, list[bytes]]]) -> None:
        """Let what was :meth:`on_the_way` be heard."""
        for office, messages in on_the_way:
            hear(office.store, messages)

    def count(self, table: Any, subject: Any) -> dict[str, int]:
        """How many rows of *table* each service has about *subject*; without those of none."""
        found = {}
        for (organisation, service), office in self.offices.items():
            query = select(func.count()).select_from(table).where(table.c.subject == subject)
            with office.store.database.reading() as connection:
                if rows := connection.scalar(query):
                    found[f"{organisation}/{service}"] = rows
        return found

    def readable(self, subject: Any) -> dict[str, int]:
        """How many texts about *subject* each service can open."""
        assert self.count(vault, subject).keys() == self.count(vault_keys, subject).keys()
        return self.count(vault, subject)

    def forgotten(self, subject: Any) -> set[str]:
        """Who has noted that *subject* was erased."""
        return set(self.count(erasures, subject))

    def facts(self) -> dict[str, list[str]]:
        """Topics of every log."""
        return {
            "/".join(place): [topic for topic, _ in office.facts()]
            for place, office in self.offices.items()
        }

    def _named(self, places: Iterable[str]) -> list[tuple[str, str]]:
        named = [tuple(place.split("/")) for place in places]
        return [place for place in self.offices if not named or place in named]

    def _carry(self, one: tuple[str, str], other: tuple[str, str]) -> bool:
        """Let *other* hear *one*; whether there was anything new."""
        messages = self._messages(one, other)
        if messages:
            hear(self.offices[other].store, messages)
            done = self._carried.get((one, other), 0)
            self._carried[one, other] = done + len(messages)
        return bool(messages)

    def _messages(self, one: tuple[str, str], other: tuple[str, str]) -> list[bytes]:
        """What *one* said to *other* and was not carried yet, if *other* listens to it."""
        if one not in self.offices[other].store.producers:
            return []
        return words_for(self.offices[one], other[0], self._carried.get((one, other), 0))


def words_for(speaker: Office, audience: str, after: int = 0) -> list[bytes]:
    """What *speaker* said to *audience* after number *after*, as the courier carries it."""
    query = select(said.c.envelope).where(said.c.audience == audience, said.c.seq > after)
    with speaker.store.database.reading() as connection:
        envelopes = list(connection.scalars(query.order_by(said.c.seq)))
        return [message(speaker.store, connection, envelope) for envelope in envelopes]


def hear(hearer: Store, messages: list[bytes]) -> None:
    """Let *hearer* hear *messages* and act on all of them."""
    receive(hearer, messages)
    with hearer.database.reading() as connection:
        waiting = lines_waiting(connection)
    for log_id in waiting:
        while (step := look(hearer, log_id).step) is Step.HEARD:
            pass
        assert step is Step.WAITING
