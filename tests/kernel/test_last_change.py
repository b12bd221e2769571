"""Whether anything was written since one looked last, at no cost; where the database tells it."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import text

from services.kernel.database import Database


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = Database(f"sqlite:///{tmp_path / 'one.db'}")
    with made.writing() as connection:
        connection.execute(text("CREATE TABLE words (word TEXT)"))
    yield made
    made.dispose()


def written(database: Database) -> None:
    with database.writing() as connection:
        connection.execute(text("INSERT INTO words VALUES ('x')"))


def test_it_is_the_same_while_nobody_writes(database: Database) -> None:
    before = database.last_change()
    with database.reading() as connection:
        connection.execute(text("SELECT * FROM words")).all()
    assert database.last_change() == before


def test_it_is_another_one_after_a_transaction_of_ours_or_of_others(database: Database) -> None:
    seen = [database.last_change()]
    written(database)
    seen.append(database.last_change())
    other = Database(str(database._writing.url))
    written(other)
    other.dispose()
    seen.append(database.last_change())
    assert len(set(seen)) == 3


def test_what_was_rolled_back_changes_nothing(database: Database) -> None:
    before = database.last_change()
    with suppress(ZeroDivisionError), database.writing() as connection:
        connection.execute(text("INSERT INTO words VALUES ('x')"))
        raise ZeroDivisionError
    assert database.last_change() == before


def test_postgresql_has_no_such_number() -> None:
    elsewhere = Database("postgresql+psycopg://nobody@127.0.0.1:1/none")
    assert elsewhere.last_change() is None
    elsewhere.dispose()
