"""A local installation of two organisations: keys, databases, virtual hosts, joined by shovels."""

import json
import os
import secrets
import shutil
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from http.client import HTTPException
from itertools import permutations
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import unquote, urlsplit

from services.console.installation import (
    LEAD_SERVICES,
    PARTNER_SERVICES,
    Installation,
    Member,
)
from services.console.mailing import DEDICATED, Mailing
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


def given_broker(env: Mapping[str, str]) -> Topology | None:
    """The broker that ``AMQP_URL`` names, if it names one; on it virtual hosts can be made.

    Raises:
        Missing: what is wrong with ``AMQP_URL`` or ``AMQP_MANAGEMENT_URL``; nothing was made.
    """
    if not (given := env.get("AMQP_URL")):
        return None
    if not (management := env.get("AMQP_MANAGEMENT_URL")):
        raise Missing(
            "AMQP_URL is set: set AMQP_MANAGEMENT_URL too (the demo makes two virtual hosts "
            "there, and takes them away at its end)"
        )
    parts = urlsplit(given)
    if parts.scheme != "amqp":
        raise Missing("AMQP_URL cannot be used: the demo speaks amqp:// only")
    try:
        address = f"{parts.hostname}:{parts.port or 5672}"
        socket.create_connection((parts.hostname or "", parts.port or 5672), timeout=10).close()
    except (OSError, ValueError) as error:
        raise Missing(f"AMQP_URL cannot be used ({type(error).__name__})") from None
    user, password = unquote(parts.username or "guest"), unquote(parts.password or "guest")
    topology = Topology(management, user, password, address)
    try:
        tags = topology.tags()
    except (OSError, ValueError, HTTPException) as error:
        raise Missing(f"AMQP_MANAGEMENT_URL cannot be used ({_in_short(error)})") from None
    if "administrator" not in tags:
        raise Missing("AMQP_URL cannot be used: its user is no administrator of the broker")
    return topology


@contextmanager
def broker_of(directory: Path, given: Topology | None) -> Iterator["Broker"]:
    """The *given* broker, or a private node of our own in *directory*."""
    if given is not None:
        yield Broker(given, f"demo-{directory.name}-", True)
        return
    with PrivateBroker(directory / "broker") as node:
        try:
            yield Broker(
                Topology(node.management_url, node.admin, node.password, node.amqp_address),
                "",
                False,
            )
        finally:
            node.kill()  # nobody starts it again: it need not take leave of its disk


class Broker:
    """A broker on which virtual hosts are made; *prefix* keeps two demos on one broker apart."""

    def __init__(self, topology: Topology, prefix: str, shared: bool) -> None:
        self._topology = topology
        self._prefix = prefix
        self._shared = shared
        self._made: list[str] = []

    def join(self, organisations: list[str]) -> dict[str, str]:
        """A virtual host for each organisation, each joined with each; their AMQP URLs.

        Raises:
            Missing: the broker refuses what is needed.
        """
        urls = {}
        try:
            for name in organisations:
                self._made.append(name)
                urls[name] = self._topology.organisation(
                    name, secrets.token_urlsafe(18), vhost=f"{self._prefix}{name}"
                )
            for one, other in permutations(organisations, 2):
                self._topology.join(one, other)
        except HTTPError as error:
            raise Missing(
                f"the broker refuses what the demo needs ({_in_short(error)}); "
                "is its plugin rabbitmq_shovel enabled?"
            ) from error
        return urls

    def leave(self) -> list[str]:
        """Take the virtual hosts away again, if the broker is not ours; those that could not be."""
        left = []
        while self._shared and self._made:
            name = self._made.pop()
            try:
                self._topology.delete_organisation(name)
            except (OSError, ValueError, HTTPException):
                left.append(f"{self._prefix}{name}")
        return left


def _in_short(error: Exception) -> str:
    """What a person can act on, without anything of the URL, which may hold a password."""
    if isinstance(error, HTTPError):
        return f"HTTP {error.code}"
    reason = getattr(error, "reason", None)
    return type(reason if isinstance(reason, Exception) else error).__name__


def new_run(runs: Path, today: date) -> Path:
    """A fresh folder below *runs* for one run, known as ``latest``; old runs are cleared away.

    What a run makes on servers of others is called like its folder: two machines have two names.
    """
    runs.mkdir(parents=True, exist_ok=True)
    stamp = datetime.now().strftime("%Y%m%d-%H%M%S")  # noqa: DTZ005  # a folder's name
    directory = runs / f"{stamp}-{secrets.token_hex(4)}"
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
    mailing: Mailing,
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
                    **({"mail": DEDICATED} if name == "lead" else {}),
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
            "CHECKPOINT_SECONDS": "2",
            **mailing.environment(name, name == "lead"),
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
