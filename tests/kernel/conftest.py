"""Databases for the kernel's tests: every test runs on SQLite and on PostgreSQL."""

import itertools
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from services.kernel.composition import Composition
from tests.kernel.kitchen import CELLAR, KITCHEN
from tests.kernel.parties import Party, StandingClock, Urls

BINARIES = Path("/usr/lib/postgresql/15/bin")
_numbers = itertools.count(1)


def _as_postgres(*command: object) -> None:
    subprocess.run(
        ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *map(str, command)],
        check=True,
        cwd="/",
        stdout=subprocess.DEVNULL,
    )


@pytest.fixture(scope="session")
def local_server() -> Iterator[tuple[Path, int]]:
    folder = Path(tempfile.mkdtemp(prefix="kernel-pg-"))
    shutil.chown(folder, "postgres")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data = folder / "data"
    _as_postgres(BINARIES / "initdb", "-D", data, "-A", "trust", "-U", "postgres", "--no-sync")
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c max_connections=100"
    _as_postgres(BINARIES / "pg_ctl", "-D", data, "-o", options, "-l", folder / "log", "-w", "start")
    psql = [BINARIES / "psql", "-q", "-h", "127.0.0.1", "-p", port]
    _as_postgres(*psql, "-c", "CREATE ROLE owner LOGIN", "-c", "CREATE ROLE runtime LOGIN")
    yield folder, port
    _as_postgres(BINARIES / "pg_ctl", "-D", data, "-m", "immediate", "stop")
    shutil.rmtree(folder)


@pytest.fixture(params=["sqlite", "postgresql"])
def new_database(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Urls]:
    """Makes empty databases."""
    if request.param == "sqlite":

        def new_file() -> Urls:
            url = f"sqlite:///{tmp_path / f'log{next(_numbers)}.db'}"
            return url, url

        return new_file
    _, port = request.getfixturevalue("local_server")

    def new_postgresql() -> Urls:
        name = f"d{next(_numbers)}"
        _as_postgres(BINARIES / "createdb", "-h", "127.0.0.1", "-p", port, "-O", "owner", name)
        at = f"127.0.0.1:{port}/{name}"
        return f"postgresql+psycopg://owner@{at}", f"postgresql+psycopg://runtime@{at}"

    return new_postgresql


@pytest.fixture
def urls(new_database: Callable[[], Urls]) -> Urls:
    """One empty database."""
    return new_database()


@pytest.fixture
def new_party(new_database: Callable[[], Urls]) -> Iterator[Callable[..., Party]]:
    """Makes services with a migrated database of their own, and closes them at the end."""
    made: list[Party] = []

    def new(composition: Composition = KITCHEN, **words: Any) -> Party:
        urls = words.pop("urls", None) or new_database()
        made.append(Party(urls, composition, **words))
        return made[-1]

    yield new
    for party in made:
        party.close()


@pytest.fixture
def kitchen(new_party: Callable[..., Party]) -> Party:
    """A kitchen of the lead, empty."""
    return new_party()


@pytest.fixture
def cellar(new_party: Callable[..., Party]) -> Party:
    """A cellar of the lead, empty."""
    return new_party(CELLAR)


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()
