"""The demo on servers that are there already: PostgreSQL, a broker of others, a trace collector."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from psycopg import sql

from services.console.installation import LEAD_SERVICES, Installation
from services.console.private_broker import PrivateBroker
from services.kernel.composition import Composition
from tests.demo.telling import Run, asked, clean_environment, named_in, tell
from tests.demo.test_story import ENDED, GOES_ON, REFUSED
from tests.kernel.collector import Collector
from tests.private_postgres import PrivatePostgres

pytestmark = [pytest.mark.slow, pytest.mark.broker, pytest.mark.postgres]

ADMINISTRATOR, PASSWORD = "demo admin", "a/b@c:d%41"
"""An administrator of the broker, whose password a URL does not hold as it is."""
THEIRS = "lead"
"""Somebody else's virtual host, called like one of the organisations."""


@pytest.fixture(scope="module")
def used_broker(broker: PrivateBroker) -> Iterator[PrivateBroker]:
    """A broker that is there already, with somebody else's queues and a shovel between them."""

    def put(path: str, **words: Any) -> None:
        asked(broker, path, words, "PUT")

    put(f"users/{quote(ADMINISTRATOR)}", password=PASSWORD, tags="administrator")
    put(f"vhosts/{THEIRS}")
    put(f"permissions/{THEIRS}/{broker.admin}", configure=".*", write=".*", read=".*")
    for queue in ("from", "to"):
        put(f"queues/{THEIRS}/{queue}", durable=True)
    uri = broker.amqp_url(THEIRS, broker.admin, broker.password)
    shovel = {
        "src-protocol": "amqp091",
        "src-uri": [uri],
        "src-queue": "from",
        "dest-protocol": "amqp091",
        "dest-uri": [uri],
        "dest-queue": "to",
    }
    put(f"parameters/shovel/{THEIRS}/theirs", value=shovel)
    yield broker
    asked(broker, f"vhosts/{THEIRS}", method="DELETE")
    asked(broker, f"users/{quote(ADMINISTRATOR)}", method="DELETE")


@pytest.fixture(scope="module")
def cluster() -> Iterator[PrivatePostgres]:
    """A PostgreSQL server in which nothing but the demo ever wrote."""
    with PrivatePostgres() as server:
        yield server


@pytest.fixture(scope="module")
def collector() -> Iterator[Collector]:
    """A collector of traces."""
    with Collector() as listening:
        yield listening


@pytest.fixture(scope="module")
def given(used_broker: PrivateBroker) -> dict[str, str]:
    """The environment that names the broker."""
    return {
        "AMQP_URL": used_broker.amqp_url("/", ADMINISTRATOR, PASSWORD),
        "AMQP_MANAGEMENT_URL": used_broker.management_url,
    }


@pytest.fixture(scope="module")
def before(used_broker: PrivateBroker) -> dict[str, Any]:
    """What was on the broker before the demo came."""
    return on(used_broker)


def on(broker: PrivateBroker) -> dict[str, Any]:
    """Which node it is, and all that is defined there."""
    return {"pid": broker.pid, **asked(broker, "definitions")}


@pytest.fixture(scope="module")
def run(
    tmp_path_factory: pytest.TempPathFactory,
    cluster: PrivatePostgres,
    given: dict[str, str],
    before: dict[str, Any],
    collector: Collector,
) -> Run:
    return tell(
        tmp_path_factory.mktemp("given servers"),
        DATABASE_URL=cluster.url("postgres", "postgres").replace("+psycopg", ""),
        OTEL_EXPORTER_OTLP_ENDPOINT=collector.endpoint,
        **given,
    )


def test_the_story_is_the_same(run: Run) -> None:
    assert run.status == 0, run.err
    assert set(run.families()) == {GOES_ON, ENDED, REFUSED}
    topics = {moment["topic"] for moment in run.history(run.families()[GOES_ON])}
    assert {"pacts.Verified", "pacts.Amended"} <= topics
    assert run.comunita("status").returncode == 0


def test_no_server_was_started_and_no_database_file_made(run: Run) -> None:
    assert sorted(path.name for path in run.directory.iterdir()) == [
        "clock",
        "installation.json",
        "lead-letters.ledger",
        "letters",
        "logs",
        "organisations.json",
        "papers",
        "partner-letters.ledger",
        "pid",
    ]


def test_every_service_has_a_schema_with_two_roles(run: Run) -> None:
    settings = [
        member.settings(service)
        for member in Installation.read(run.directory).members
        for service in member.services
    ]
    urls = [url for each in settings for url in (each.owner_database_url, each.database_url)]
    assert len({urlsplit(url).username for url in urls}) == len(urls) == 18
    assert all(run.directory.name.replace("-", "_") in url for url in urls)


# no invented name


@pytest.fixture(scope="module")
def files(run: Run, cluster: PrivatePostgres) -> dict[Path, bytes]:
    """Every file of the cluster and the run, but what was printed; the server rests meanwhile."""
    cluster.stop()
    found = {
        path: path.read_bytes()
        for folder in (cluster.folder, run.directory)
        for path in folder.rglob("*")
        if path.is_file() and path.parent.name != "papers"
    }
    cluster.start()
    return found


def test_no_invented_name_is_in_any_file_of_the_cluster_or_of_the_run(
    files: dict[Path, bytes],
) -> None:
    """Whole files: tables, indexes, what the write-ahead log keeps, the server's own log."""
    found = [(file.name, name) for file, content in files.items() for name in named_in(content)]
    assert found == []


def test_no_invented_name_is_in_any_row(run: Run, cluster: PrivatePostgres) -> None:
    """Long texts are compressed in files: the rows are searched too, in every schema."""
    tables = rows_of(cluster)
    found = [(table, name) for table, rows in tables.items() for name in named_in(rows)]
    assert found == []
    searched = {table for _, table in tables}
    assert {"events", "said", "inbox", "outcomes", "vault", "vault_keys", "vault_reads"} <= searched
    views = [view for name in LEAD_SERVICES for view in Composition.of(name).views]
    assert {view.table.name for view in views} <= searched


def test_the_search_finds_what_is_there(
    run: Run, cluster: PrivatePostgres, files: dict[Path, bytes]
) -> None:
    """A family's code is no secret: it stands in tables, in the write-ahead log, and in rows."""
    code = run.families()[GOES_ON].encode()
    parts = {part for file, content in files.items() if code in content for part in file.parts}
    assert {"base", "pg_wal"} <= parts
    tables = {table for (_, table), rows in rows_of(cluster).items() if code in rows}
    assert {"events", "said", "inbox", "pacts_by_family"} <= tables


def rows_of(cluster: PrivatePostgres) -> dict[tuple[str, str], bytes]:
    """All values of every table of the demo, by schema and table."""
    found = {}
    with closing(cluster.admin()) as connection:
        tables = connection.execute(
            "SELECT schemaname, tablename FROM pg_tables"
            " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        ).fetchall()
        for schema, table in tables:
            query = sql.SQL("SELECT * FROM {}").format(sql.Identifier(schema, table))
            values = (value for row in connection.execute(query) for value in row)
            found[schema, table] = b"\0".join(
                value if isinstance(value, bytes) else str(value).encode() for value in values
            )
    return found


# the broker


def test_the_broker_is_as_it_was(
    run: Run, used_broker: PrivateBroker, before: dict[str, Any]
) -> None:
    """The demo took away all that it made, and nothing else; whose shovel it is, it goes on."""
    assert run.err.count("still on the broker") == 0
    assert on(used_broker) == before
    [shovel] = asked(used_broker, f"shovels/{THEIRS}")
    assert shovel["state"] == "running"


def test_virtual_hosts_are_called_like_the_run(run: Run) -> None:
    members = Installation.read(run.directory).members
    assert [urlsplit(member.env["AMQP_URL"]).path for member in members] == [
        f"/demo-{run.directory.name}-{member.organisation}" for member in members
    ]


def test_a_demo_that_is_interrupted_takes_its_virtual_hosts_away(
    tmp_path: Path, used_broker: PrivateBroker, given: dict[str, str], before: dict[str, Any]
) -> None:
    child = subprocess.Popen(
        [sys.executable, "-m", "services.console", "demo", "--once", "--in", str(tmp_path)],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        env=clean_environment() | given,
    )
    assert child.stderr is not None
    try:
        for line in child.stderr:
            if "broker ready" in line:
                break
        while not any("demo-" in each["name"] for each in asked(used_broker, "vhosts")):
            assert child.poll() is None
        os.kill(child.pid, signal.SIGINT)
        assert "stopped on request" in child.stderr.read()
        assert child.wait(timeout=60) == 130
    finally:
        if child.poll() is None:
            child.kill()
            child.wait()
        child.stderr.close()
    assert on(used_broker) == before


# the collector


def test_whatever_was_heard_was_caused_by_a_span_of_its_trace(
    run: Run, collector: Collector
) -> None:
    """A season in two organisations: commands and duties, and all that followed from them."""
    spans = {(span.trace, span.id): span for span in collector.told()}
    assert len(spans) == len(collector.told())
    heard = [span for span in spans.values() if span.kind == "consumer"]
    assert len(heard) > 50
    assert [span for span in heard if (span.trace, span.parent) not in spans] == []
    assert {span.process.partition("/")[0] for span in heard} == {"lead", "partner"}
    assert not any(span.failed for span in spans.values())


def test_no_invented_name_is_in_any_span(run: Run, collector: Collector) -> None:
    assert named_in(b"".join(collector.bodies)) == []
