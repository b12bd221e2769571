"""What every test may ask for: a broker, a database server, and empty places in them.

Each starts when the first test asks for it (once for each worker of pytest-xdist), belongs to us
alone, and is gone when the session ends, also when that is killed.
"""

import itertools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from xdist.scheduler import LoadFileScheduling
from xdist.workermanage import WorkerController

from services.console.private_broker import BrokerUnavailable, PrivateBroker
from services.console.topology import Topology
from services.kernel.composition import Composition
from tests.migrated import Migrated
from tests.private_postgres import PostgresUnavailable, PrivatePostgres, Urls

settings.register_profile("ours", deadline=None)  # a busy machine is slow, not wrong
settings.load_profile("ours")

ROOT = Path(__file__).parents[1]
DEPRECATED = (
    "amqp_address_v1",
    "global_qos",
    "management_metrics_collection",
    "queue_master_locator",
    "ram_node_type",
    "transient_nonexcl_queues",
)
"""What RabbitMQ 4.0 still permits and a later one will not."""
ONE_DEMO = ("tests/demo/test_demo.py", "tests/demo/test_story.py")
"""What the same run of the demo is told to."""
LONGEST = (
    "tests/faults/test_campaign.py",
    "tests/simulate/test_simulate.py",
    "tests/demo/test_given_servers.py",
    "one demo",
    "tests/faults/test_last_hour.py",
)
"""Files whose tests take minutes, in the order in which they begin."""
_numbers = itertools.count(1)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that write to the disk, databases above all, before any are chosen by mark."""
    for item in items:
        if "tmp_path" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.disk)


class ByFile(LoadFileScheduling):
    """Whole files go to one worker each; those that look at one demo are as one file.

    The longest, which run whole installations, are one worker's first work, one after the other:
    last they would keep one worker busy and the others idle, at once they would starve each other.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = str(super()._split_scope(nodeid))
        return "one demo" if file in ONE_DEMO else file

    def _assign_work_unit(self, node: WorkerController) -> None:
        longest = [scope for scope in LONGEST if scope in self.workqueue]
        others = [scope for scope in self.workqueue if scope not in LONGEST]
        for_first = node is self.nodes[0]
        following = [*longest, *others] if for_first else [*others, *longest]
        self.workqueue.move_to_end(following[0], last=False)
        super()._assign_work_unit(node)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile | None:
    """Deal tests out by :class:`ByFile` where they are dealt out by file."""
    return ByFile(config, log) if config.getvalue("dist") == "loadfile" else None


@pytest.fixture(scope="session")
def broker() -> Iterator[PrivateBroker]:
    """A running RabbitMQ node; without RabbitMQ the test fails, it is not skipped."""
    with _node() as node:
        yield node


@pytest.fixture(scope="session")
def broker4() -> Iterator[PrivateBroker]:
    """A running RabbitMQ 4 in which nothing is permitted that a later RabbitMQ will not have.

    It is the one whose start script ``RABBITMQ4_SERVER`` names, else the one that
    ``deploy/setup/rabbitmq4.sh`` has fetched; without either the test is skipped.
    """
    fetched = ROOT / "var" / "rabbitmq4" / "rabbitmq-server"
    server = Path(os.environ.get("RABBITMQ4_SERVER") or fetched)
    if server == fetched and not server.exists():
        why = Path(f"{fetched.parent}.why")
        pytest.skip(
            f"no RabbitMQ 4: {why.read_text().strip()}"
            if why.exists()
            else "no RabbitMQ 4: `make rabbitmq4` gets one, or RABBITMQ4_SERVER names one"
        )
    refused = "\n".join(f"deprecated_features.permit.{feature} = false" for feature in DEPRECATED)
    with _node(server, refused) as node:
        yield node


@contextmanager
def _node(*server: Any) -> Iterator[PrivateBroker]:
    folder = Path(tempfile.mkdtemp(prefix="comunita-broker-"))
    node = PrivateBroker(folder / "a node", *server)
    try:
        node.start()
    except BrokerUnavailable as problem:
        pytest.fail(str(problem), pytrace=False)
    yield node
    node.discard()
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PrivatePostgres]:
    """A running PostgreSQL server; without PostgreSQL the test fails, it is not skipped."""
    server = PrivatePostgres()
    try:
        server.start()
    except PostgresUnavailable as problem:
        pytest.fail(str(problem), pytrace=False)
    yield server
    server.discard()


@pytest.fixture
def topology(broker: PrivateBroker) -> Topology:
    """Makes and joins organisations on the broker; who makes them takes them away."""
    return Topology(broker.management_url, broker.admin, broker.password, broker.amqp_address)


@pytest.fixture
def organisations(topology: Topology) -> Iterator[Callable[..., dict[str, str]]]:
    """Makes organisations in virtual hosts of their own, joined each with each.

    >>> urls = organisations("lead", "partner")     # AMQP URL by organisation
    """
    made: list[str] = []

    def make(*names: str) -> dict[str, str]:
        number = next(_numbers)
        urls = {
            name: topology.organisation(name, "a secret", vhost=f"{os.getpid()}-{number}-{name}")
            for name in names
        }
        made.extend(names)
        for one, other in itertools.permutations(names, 2):
            topology.join(one, other)
        return urls

    yield make
    for name in made:
        topology.delete_organisation(name)


@pytest.fixture
def vhost(organisations: Callable[..., dict[str, str]]) -> str:
    """AMQP URL of one organisation, ``lead``, alone in an empty virtual host."""
    return organisations("lead")["lead"]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def new_urls(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Urls]:
    """Makes empty databases, once on SQLite and once on PostgreSQL."""
    if request.param == "postgresql":
        server: PrivatePostgres = request.getfixturevalue("postgres")
        return server.fresh_database

    def new_file() -> Urls:
        url = f"sqlite:///{tmp_path / f'test_{next(_numbers)}.db'}"
        return Urls(url, url)

    return new_file


@pytest.fixture
def database_urls(new_urls: Callable[[], Urls]) -> Urls:
    """Owner's and runtime role's URL of one empty database, on SQLite and on PostgreSQL."""
    return new_urls()


@pytest.fixture(scope="session")
def migrated() -> Migrated:
    """The logs that were migrated in this process."""
    return Migrated()


@pytest.fixture
def empty_log(
    new_urls: Callable[[], Urls], migrated: Migrated, request: pytest.FixtureRequest
) -> Iterator[Callable[[str, Composition], Urls]]:
    """Gives an organisation's service an empty log, once on SQLite and once on PostgreSQL.

    >>> urls = empty_log("lead", Composition.of("pacts"))
    """
    backend = request.node.callspec.params["new_urls"]
    yield lambda own, composition: migrated.take((backend, own, composition), new_urls)
    if migrated.taken:
        migrated.give_back(request.getfixturevalue("postgres"))
