"""A scene: organisations with keys, databases and virtual hosts of their own, for one test."""

import itertools
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from services.console.installation import Member
from services.console.private_broker import PrivateBroker
from services.console.topology import Topology
from services.kernel.actor import Actor
from services.kernel.civil import begins
from services.kernel.clock import SimulatedClock
from services.kernel.composition import Composition
from services.kernel.courier.__main__ import Courier
from services.kernel.deciding import Deciding, Occasion
from services.kernel.following import know_agreement
from services.kernel.ids import stream_id
from services.kernel.keys import Keys
from services.kernel.lease import Hangs
from services.kernel.migrate import migrate
from services.kernel.opening import open_store
from services.kernel.store import Store
from tests.private_postgres import PrivatePostgres, Urls

NewDatabase = Callable[[str, str], Urls]
"""Makes an empty database for (organisation, service)."""

FIRST_DAY = date(2026, 3, 2)
SERVICES: Mapping[str, tuple[str, ...]] = {
    "lead": ("people", "review", "notify"),
    "partner": ("people",),
}
ADMINISTRATOR = "00000000-0000-4000-8000-0000000000ad"
_numbers = itertools.count(1)


def keys_of(organisation: str) -> Keys:
    """The keys of *organisation*, the same in every test."""
    return Keys(secret_of(organisation))


def secret_of(organisation: str) -> bytes:
    """The secret from which they come."""
    return sha256(f"tests/faults/{organisation}".encode()).digest()


def administrator(organisation: str) -> Actor:
    """Who gives the commands."""
    return Actor.of_person(organisation, ADMINISTRATOR, "administrator")


def sqlite_in(directory: Path) -> NewDatabase:
    """Databases that are files in *directory*."""

    def new(organisation: str, service: str) -> Urls:
        url = f"sqlite:///{directory / f'{organisation}-{service}.db'}"
        return Urls(url, url)

    return new


def mixed(directory: Path, postgres: PrivatePostgres, seed: int) -> NewDatabase:
    """Half of the services have PostgreSQL, the others SQLite; the next seed reverses it."""
    files = sqlite_in(directory)

    def new(organisation: str, service: str) -> Urls:
        even = (organisation, service) in {("lead", "people"), ("lead", "notify")}
        return (
            postgres.fresh_database() if even == (seed % 2 == 0) else files(organisation, service)
        )

    return new


@dataclass
class Scene:
    """What the organisations of one test have.

    Attributes:
        clock: one simulated instant for all of them.
    """

    directory: Path
    members: dict[str, Member]
    topology: Topology
    clock: SimulatedClock

    def store(self, organisation: str, service: str, **tables: Any) -> Store:
        """The store of one service, opened in this process; *tables* replace those it has."""
        store = open_store(self.members[organisation].settings(service))
        if tables:
            store.composition = replace(store.composition, **tables)
        return store

    @contextmanager
    def stores(self) -> Iterator[dict[tuple[str, str], Store]]:
        """The stores of all services that have a database; closed at the end."""
        opened = {
            (member.organisation, service): self.store(member.organisation, service)
            for member in self.members.values()
            for service in member.services
            if f"{service.upper()}_DATABASE_URL" in member.env
        }
        try:
            yield opened
        finally:
            for store in opened.values():
                store.close()

    @contextmanager
    def courier(self, store: Store) -> Iterator[Courier]:
        """The courier of *store* as threads of this process: for what needs no ``kill -9``."""
        settings = self.members[store.programme.own].settings(store.composition.name)
        courier = Courier(store, settings)
        courier.start()
        try:
            yield courier
        finally:
            with suppress(Hangs):  # its queue is gone; the next one makes it anew
                courier.stop()

    @contextmanager
    def couriers(self, *stores: Store) -> Iterator[None]:
        """The couriers of all *stores*."""
        with ExitStack() as stack:
            for store in stores:
                stack.enter_context(self.courier(store))
            yield

    def migrate(self, organisation: str, service: str) -> str:
        """Make the tables of one service; the id of its log."""
        settings = self.members[organisation].settings(service)
        return migrate(
            Composition.of(service),
            organisation,
            settings.owner_database_url,
            settings.database_url,
        )

    def agree(self) -> None:
        """Let words pass between all organisations."""
        with self.stores() as stores:
            for store in stores.values():
                agree(store)

    def pass_days(self, days: int = 1) -> None:
        """Let *days* pass; it is nine o'clock."""
        self.clock.set(self.clock.now() + timedelta(days=days))


@contextmanager
def scene(
    directory: Path,
    broker: PrivateBroker,
    new_database: NewDatabase,
    services: Mapping[str, tuple[str, ...]] = SERVICES,
    migrated: bool = True,
    agreed: bool = True,
) -> Iterator[Scene]:
    """A new scene on *broker*; its virtual hosts are taken away at the end."""
    topology = Topology(broker.management_url, broker.admin, broker.password, broker.amqp_address)
    clock = SimulatedClock(directory / "clock")
    clock.set(begins(FIRST_DAY) + timedelta(hours=9))
    organisations = directory / "organisations.json"
    organisations.write_text(json.dumps([_listed(name, services[name]) for name in services]))
    number = next(_numbers)
    members = {}
    for name, own in services.items():
        words = {
            "ORGANISATION": name,
            "ORGANISATION_SECRET": secret_of(name).hex(),
            "ORGANISATIONS_FILE": str(organisations),
            "CLOCK_FILE": str(directory / "clock"),
            "AMQP_URL": topology.organisation(
                name, "secret", vhost=f"faults-{os.getpid()}-{number}-{name}"
            ),
            "COURIER_POLL_SECONDS": "0.2",
            "COURIER_LEASE_SECONDS": "1",
            "CHECKPOINT_SECONDS": "0.5",
        }
        for service in own:
            owner, runtime = new_database(name, service)
            words[f"{service.upper()}_OWNER_DATABASE_URL"] = owner
            words[f"{service.upper()}_DATABASE_URL"] = runtime
        members[name] = Member(name, tuple(own), words)
    for one, other in itertools.permutations(services, 2):
        topology.join(one, other)
    made = Scene(directory, members, topology, clock)
    try:
        if migrated:
            for name, own in services.items():
                for service in own:
                    made.migrate(name, service)
            if agreed:
                made.agree()
        yield made
    finally:
        for name in services:
            topology.delete_organisation(name)


def _listed(name: str, services: tuple[str, ...]) -> dict[str, Any]:
    public = keys_of(name).public
    return {
        "id": name,
        "lead": name == "lead",
        "services": services,
        "verify": public.verify,
        "seal": public.seal,
    }


def agree(store: Store) -> None:
    """Let words of the other organisations pass at *store*, from today on."""
    own, actor = store.programme.own, Actor.of_service(store.programme.own, "tests")

    def record(deciding: Deciding) -> None:
        for number, partner in enumerate(sorted(store.programme.organisations), start=1):
            if partner != own:
                words = {"organisation": own, "number": number, "partner": partner, "until": None}
                words |= {"from": deciding.today.isoformat(), "covers": ["programme"]}
                know_agreement(deciding, words)

    root = stream_id("agreed", store.log_id)
    store.decide(Occasion(root, f"prepared:{root}", str(root), actor), record)
