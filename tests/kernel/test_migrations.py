"""Migrations: twice is once, interrupted is not at all, at once is one after the other."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import create_engine, inspect, text

from services.kernel.migrate import RIGHTS, migrate
from services.kernel.store import Store
from services.kernel.tables import metadata
from tests.kernel.kitchen import KITCHEN, Jar
from tests.kernel.labour import migrate_once
from tests.kernel.parties import Party, only_postgresql, some_id
from tests.kernel.processes import killed_at, together
from tests.private_postgres import Urls


@pytest.fixture
def urls(new_urls: Callable[[], Urls]) -> Urls:
    return new_urls()


@pytest.fixture
def look(urls: Urls) -> Iterator[Any]:
    """Looks at the database as its owner."""
    engine = create_engine(urls.owner)
    yield lambda: inspect(engine)
    engine.dispose()


def scalars(urls: Urls, sql: str) -> list[Any]:
    engine = create_engine(urls.owner)
    with engine.connect() as connection:
        found = list(connection.scalars(text(sql)))
    engine.dispose()
    return found


def test_an_empty_database_gets_all_tables_and_a_log_of_its_own(urls: Urls, look: Any) -> None:
    log_id = migrate(KITCHEN, "lead", *urls)
    names = {table.name for table in metadata.sorted_tables}
    assert set(look().get_table_names()) == names | {"alembic_version", "jars"}
    organisation, service, random = log_id.split("/")
    assert (organisation, service, len(random)) == ("lead", "kitchen", 16)
    int(random, 16)


def test_the_tables_are_those_that_the_kernel_reads(urls: Urls, look: Any) -> None:
    migrate(KITCHEN, "lead", *urls)
    for table in metadata.sorted_tables:
        made = {column["name"]: column for column in look().get_columns(table.name)}
        assert set(made) == {column.name for column in table.columns}, table.name
        for column in table.columns:
            assert made[column.name]["nullable"] == bool(column.nullable), (table.name, column.name)
            length = getattr(column.type, "length", None)
            assert getattr(made[column.name]["type"], "length", None) in (length, 32), column
        keys = look().get_pk_constraint(table.name)["constrained_columns"]
        assert keys == [column.name for column in table.primary_key.columns]


def test_streams_and_causes_are_unique(urls: Urls, look: Any) -> None:
    migrate(KITCHEN, "lead", *urls)
    found = {tuple(each["column_names"]) for each in look().get_unique_constraints("events")}
    assert found == {("event_id",), ("stream", "version")}


def test_every_table_has_stated_rights() -> None:
    assert set(RIGHTS) == {table.name for table in metadata.sorted_tables}


def test_twice_is_once(urls: Urls, look: Any) -> None:
    first = migrate(KITCHEN, "lead", *urls)
    kitchen = Party(urls)
    kitchen.open_jar()
    before = kitchen.everything()
    assert migrate(KITCHEN, "lead", *urls) == first
    assert kitchen.everything() == before
    kitchen.close()


@pytest.mark.parametrize("failpoint", ["during migration"])
def test_interrupted_it_leaves_nothing_and_is_done_by_the_next_one(
    urls: Urls, look: Any, failpoint: str
) -> None:
    killed_at(failpoint, migrate_once, urls)
    assert look().get_table_names() == []
    migrate(KITCHEN, "lead", *urls)
    kitchen = Party(urls)
    kitchen.open_jar()
    assert kitchen.told() == ["kitchen.Opened"]
    kitchen.close()


@pytest.mark.parametrize("failpoint", ["during rebuild", "before a view is switched"])
def test_interrupted_while_a_view_is_built_it_goes_on_there(urls: Urls, failpoint: str) -> None:
    migrate(KITCHEN, "lead", *urls)
    kitchen = Party(urls)
    jars = [kitchen.open_jar(1)]
    of_the_release_before(urls)
    killed_at(failpoint, migrate_once, urls)
    migrate(KITCHEN, "lead", *urls)
    jars.append(kitchen.open_jar(2))
    assert {row.jar for row in kitchen.everything()["jars"]} == {*jars}
    kitchen.close()


def of_the_release_before(urls: Urls) -> None:
    """Let the views be such as an earlier release built."""
    engine = create_engine(urls.owner)
    with engine.begin() as connection:
        connection.execute(text("UPDATE views SET view_version = view_version - 1"))
    engine.dispose()


LATER = ("quarantine_overflow", "checkpoints", "cosignatures", "witnessed")
"""Tables that the first release had not."""


def test_a_database_of_the_first_release_keeps_what_it_has(urls: Urls) -> None:
    migrate(KITCHEN, "lead", *urls)
    kitchen = Party(urls)
    jar = kitchen.open_jar()
    kitchen.close()
    engine = create_engine(urls.owner)
    with engine.begin() as connection:
        for table in LATER:
            connection.execute(text(f"DROP TABLE {table}"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    engine.dispose()
    migrate(KITCHEN, "lead", *urls)
    kitchen = Party(urls)
    assert kitchen.told() == ["kitchen.Opened"]
    assert kitchen.once(some_id("key"), lambda deciding: deciding.edit(Jar, jar).version) == 1
    assert [kitchen.everything()[table] for table in LATER] == [[]] * len(LATER)
    kitchen.close()


def test_several_at_once_are_one_after_the_other(urls: Urls) -> None:
    answers = together(*((migrate_once, (urls,)) for _ in range(3)))
    assert len(set(answers)) == 1
    assert scalars(urls, "SELECT count(*) FROM log") == [1]
    assert scalars(urls, "SELECT version_num FROM alembic_version") == ["0003"]
    kitchen = Party(urls)
    kitchen.open_jar()
    assert len(kitchen.everything()["jars"]) == 1
    kitchen.close()


def test_the_id_of_a_log_is_drawn_anew_for_each_log(new_urls: Callable[[], Urls]) -> None:
    assert migrate(KITCHEN, "lead", *new_urls()) != migrate(KITCHEN, "lead", *new_urls())


def test_a_database_that_was_not_migrated_does_not_open(urls: Urls) -> None:
    with pytest.raises(Exception, match=r"log"):
        Party(urls)


@only_postgresql
def test_two_schemas_of_one_database_are_two_logs(urls: Urls) -> None:
    """As one server serves several services: each schema has tables and rights of its own."""
    engine = create_engine(urls.owner)
    with engine.begin() as connection:
        for schema in ("one", "other"):
            connection.execute(text(f"CREATE SCHEMA {schema}"))
    engine.dispose()
    parties = []
    for schema in ("one", "other"):
        inside = Urls(*(f"{url}?options=-csearch_path%3D{schema}" for url in urls))
        migrate(KITCHEN, "lead", *inside)
        parties.append(Party(inside))
    one, other = parties
    one.open_jar()
    assert (len(one.rows()), len(other.rows())) == (1, 0)
    assert one.store.log_id != other.store.log_id
    for party in parties:
        assert isinstance(party.store, Store)
        party.close()
