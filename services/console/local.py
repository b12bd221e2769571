"""A local installation of two organisations: keys, databases, virtual hosts, joined by shovels."""

import json
import os
import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from services.console.installation import (
    LEAD_SERVICES,
    PARTNER_SERVICES,
    Installation,
    Member,
)
from services.console.postgres import prepare_schema
from services.console.private_broker import PrivateBroker
from services.console.topology import Topology
from services.kernel.civil import begins
from services.kernel.clock import SimulatedClock
from services.kernel.composition import Composition
from services.kernel.keys import Keys
from services.kernel.migrate import migrate
from services.kernel.settings import Missing

KEPT_RUNS = 3
"""How many earlier runs keep their data under var/."""
ORGANISATIONS = {"lead": LEAD_SERVICES, "partner": PARTNER_SERVICES}


@contextmanager
def broker_of(directory: Path, env: Mapping[str, str]) -> Iterator["Broker"]:
    """The broker that ``AMQP_URL`` names, or a private node of our own in *directory*.

    Raises:
        Missing: the named broker's management interface, which makes virtual hosts, is not named.
    """
    if given := env.get("AMQP_URL"):
        parts = urlsplit(given)
        management = env.get("AMQP_MANAGEMENT_URL")
        if not management:
            raise Missing(
                "AMQP_URL is set: set AMQP_MANAGEMENT_URL too (the demo makes two virtual hosts "
                "there, and takes them away at its end)"
            )
        address = f"{parts.hostname}:{parts.port or 5672}"
        yield Broker(
            Topology(management, parts.username or "guest", parts.password or "guest", address),
            f"demo-{directory.name}-",
            True,
        )
        return
    with PrivateBroker(directory / "broker") as node:
        yield Broker(
            Topology(node.management_url, node.admin, node.password, node.amqp_address), "", False
        )


class Broker:
    """A broker on which virtual hosts are made; *prefix* keeps two demos on one broker apart."""

    def __init__(self, topology: Topology, prefix: str, shared: bool) -> None:
        self._topology = topology
        self._prefix = prefix
        self._shared = shared
        self._made: list[str] = []

    def join(self, organisations: list[str]) -> dict[str, str]:
        """A virtual host for each organisation, each joined with each; their AMQP URLs."""
        urls = {}
        for name in organisations:
            self._made.append(name)
            urls[name] = self._topology.organisation(
                name, secrets.token_urlsafe(18), vhost=f"{self._prefix}{name}"
            )
        for one in organisations:
            for other in organisations:
                if one != other:
                    self._topology.join(one, other)
        return urls

    def leave(self) -> None:
        """Take the virtual hosts away again, if the broker is not ours."""
        if self._shared:
            for name in self._made:
                self._topology.delete_organisation(name)


def new_run(runs: Path, today: date) -> Path:
    """A fresh folder below *runs* for one run, known as ``latest``; old runs are cleared away."""
    runs.mkdir(parents=True, exist_ok=True)
    stamp = datetime.now().strftime("%Y%m%d-%H%M%S")  # noqa: DTZ005  # a folder's name
    directory = runs / f"{stamp}-{os.getpid()}"
    directory.mkdir()
    latest = runs / "latest"
    beside = runs / f".latest-{os.getpid()}"
    beside.symlink_to(directory.name)
    os.replace(beside, latest)
    for old in sorted(each for each in runs.iterdir() if each.is_dir() and not each.is_symlink())[
        :-KEPT_RUNS
    ]:
        if not _still_runs(old):
            shutil.rmtree(old, ignore_errors=True)
    (directory / "pid").write_text(str(os.getpid()))
    SimulatedClock(directory / "clock", ticking=True).set(begins(today) + timedelta(hours=9))
    return directory


def prepare(
    directory: Path,
    broker: Broker,
    env: Mapping[str, str],
    report: Callable[[str], None] = lambda words: None,
) -> Installation:
    """Keys, virtual hosts, databases and migrations of both organisations, saved in *directory*."""
    keys = {name: secrets.token_bytes(32) for name in ORGANISATIONS}
    organisations = directory / "organisations.json"
    organisations.write_text(
        json.dumps(
            [
                {
                    "id": name,
                    "lead": name == "lead",
                    "services": services,
                    "verify": Keys(keys[name]).public.verify,
                    "seal": Keys(keys[name]).public.seal,
                }
                for name, services in ORGANISATIONS.items()
            ],
            indent=1,
        )
    )
    report("virtual hosts")
    urls = broker.join(list(ORGANISATIONS))
    members = []
    for name, services in ORGANISATIONS.items():
        own = {
            "ORGANISATION": name,
            "SERVICES": ",".join(services),
            "ORGANISATION_SECRET": keys[name].hex(),
            "ORGANISATIONS_FILE": str(organisations.absolute()),
            "AMQP_URL": urls[name],
            "CLOCK_FILE": str((directory / "clock").absolute()),
            "COURIER_POLL_SECONDS": "0.5",
        }
        for service in services:
            report(f"{name}/{service}")
            owner, runtime = _databases(directory, env, name, service)
            own[f"{service.upper()}_DATABASE_URL"] = runtime
            own[f"{service.upper()}_OWNER_DATABASE_URL"] = owner
            migrate(Composition.of(service), name, owner, runtime)
        members.append(Member(name, services, own))
    installation = Installation(tuple(members), directory)
    installation.save()
    return installation


def _databases(
    directory: Path, env: Mapping[str, str], organisation: str, service: str
) -> tuple[str, str]:
    """URLs of the owner's and of the runtime role of one service's database."""
    given = env.get(f"{service.upper()}_DATABASE_URL") or env.get("DATABASE_URL")
    if given:
        return prepare_schema(given, f"{organisation}_{service}_{directory.name}".replace("-", "_"))
    kept = directory / "data"
    kept.mkdir(exist_ok=True)
    url = f"sqlite:///{(kept / f'{organisation}-{service}.db').absolute()}"
    return url, url


def _still_runs(directory: Path) -> bool:
    try:
        os.kill(int((directory / "pid").read_text()), 0)
    except (OSError, ValueError):
        return False
    return True
