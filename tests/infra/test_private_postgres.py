"""A private server: two roles, separate databases, and what a power cut leaves."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from tests import private_postgres
from tests.private_postgres import PostgresUnavailable, PrivatePostgres, Urls

pytestmark = pytest.mark.postgres


def run(url: str, *statements: str) -> list[object]:
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            answers = [connection.execute(text(statement)) for statement in statements]
            return list(answers[-1].scalars()) if answers[-1].returns_rows else []
    finally:
        engine.dispose()


def test_every_database_is_empty_and_its_own(postgres: PrivatePostgres) -> None:
    one, other = postgres.fresh_database(), postgres.fresh_database()
    run(one.owner, "CREATE TABLE t (a int)")
    count = "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'"
    assert run(one.owner, count) == [1]
    assert run(other.owner, count) == [0]


def test_the_runtime_role_makes_no_tables_and_sees_only_what_it_is_granted(
    postgres: PrivatePostgres,
) -> None:
    urls = postgres.fresh_database()
    run(urls.owner, "CREATE TABLE t (a int)")
    for statement in ("CREATE TABLE x (a int)", "SELECT * FROM t"):
        with pytest.raises(DBAPIError, match="permission denied"):
            run(urls.runtime, statement)
    run(urls.owner, "GRANT SELECT ON t TO runtime")
    assert run(urls.runtime, "SELECT * FROM t") == []


def test_a_wrong_password_does_not_enter(postgres: PrivatePostgres) -> None:
    urls = postgres.fresh_database()
    with pytest.raises(DBAPIError, match="password authentication failed"):
        run(urls.owner.replace("owner:", "owner:x"), "SELECT 1")


def test_it_does_not_run_as_root(postgres: PrivatePostgres) -> None:
    assert os.stat(f"/proc/{postgres.pid}").st_uid != 0


def test_it_writes_to_disk_before_it_says_so(postgres: PrivatePostgres) -> None:
    urls = postgres.fresh_database()
    assert run(urls.runtime, "SHOW fsync") == ["on"]
    assert run(urls.runtime, "SHOW synchronous_commit") == ["on"]


@pytest.mark.slow
def test_what_was_committed_outlives_a_kill_and_the_port_stays() -> None:
    with PrivatePostgres() as server:
        urls, port = server.fresh_database(), server.port
        run(urls.owner, "CREATE TABLE t (a int)", "INSERT INTO t VALUES (1)")
        server.kill()
        server.start()
        assert run(urls.owner, "SELECT a FROM t") == [1]
        server.restart()
        assert run(urls.owner, "SELECT a FROM t") == [1]
        assert server.port == port


def test_without_postgresql_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> Path:
        raise PostgresUnavailable("install the package postgresql")

    monkeypatch.setattr(private_postgres, "binaries", missing)
    with pytest.raises(PostgresUnavailable, match="install the package postgresql"):
        PrivatePostgres().start()


def test_a_test_gets_an_empty_database_of_each_kind(
    database_urls: Urls, new_urls: Callable[[], Urls], request: pytest.FixtureRequest
) -> None:
    assert database_urls.owner.startswith(request.node.callspec.params["new_urls"])
    run(database_urls.owner, "CREATE TABLE t (a int)")
    run(new_urls().owner, "CREATE TABLE t (a int)")
