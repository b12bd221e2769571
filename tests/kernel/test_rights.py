"""What was recorded stays: triggers stop the owner, missing grants stop the runtime role."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import DBAPIError

from tests.kernel.kitchen import Jar
from tests.kernel.labour import label
from tests.kernel.parties import Party, only_postgresql
from tests.kernel.proof.signing import cosigned, signed

IMMUTABLE = {
    "events": "position",
    "said": "position",
    "checkpoints": "size",
    "cosignatures": "size",
}
"""Tables, and the column by which each is counted."""


@pytest.fixture
def written(new_party: Callable[..., Party]) -> Party:
    """A kitchen in whose every table something stands."""
    kitchen = new_party()
    jar = kitchen.open_jar()
    kitchen.decide(lambda deciding: label(deciding, jar))
    signed(kitchen)
    cosigned(kitchen)
    return kitchen


def refused(engine: Engine, sql: str) -> str:
    """The error that *sql* meets; nothing changes."""
    with pytest.raises(DBAPIError) as error, engine.begin() as connection:
        connection.execute(text(sql))
    engine.dispose()
    return str(error.value.orig)


CHANGES = [
    "UPDATE {table} SET {column} = {column} + 1",
    "UPDATE {table} SET {column} = {column} WHERE {column} > 0",
    "DELETE FROM {table}",
    "DELETE FROM {table} WHERE {column} > 0",
]


@pytest.mark.parametrize("table", IMMUTABLE)
@pytest.mark.parametrize("change", CHANGES)
def test_not_even_the_owner_changes_what_was_recorded(
    written: Party, table: str, change: str
) -> None:
    before = written.everything()
    assert f"{table} are immutable" in refused(
        create_engine(written.urls.owner), change.format(table=table, column=IMMUTABLE[table])
    )
    assert written.everything() == before


@only_postgresql
@pytest.mark.parametrize("table", IMMUTABLE)
def test_not_even_the_owner_empties_a_log(written: Party, table: str) -> None:
    for how in ("", "CASCADE"):
        error = refused(create_engine(written.urls.owner), f"TRUNCATE {table} {how}")
        assert f"{table} are immutable" in error


@only_postgresql
@pytest.mark.parametrize("table", IMMUTABLE)
@pytest.mark.parametrize("change", [*CHANGES, "TRUNCATE {table}"])
def test_the_runtime_role_has_no_right_to_change_what_was_recorded(
    written: Party, table: str, change: str
) -> None:
    error = refused(
        create_engine(written.urls.runtime), change.format(table=table, column=IMMUTABLE[table])
    )
    assert f"permission denied for table {table}" in error


@only_postgresql
@pytest.mark.parametrize(
    ("sql", "error"),
    [
        ("DELETE FROM log", "permission denied for table log"),
        ("INSERT INTO log VALUES (1, 'x', 0, 0)", "permission denied for table log"),
        ("UPDATE vault_reads SET actor = 'x'", "permission denied for table vault_reads"),
        ("DELETE FROM vault_reads", "permission denied for table vault_reads"),
        ("UPDATE erasures SET actor = 'x'", "permission denied for table erasures"),
        ("DELETE FROM erasures", "permission denied for table erasures"),
        ("DELETE FROM outcomes", "permission denied for table outcomes"),
        ("UPDATE vault SET kind = 'x'", "permission denied for table vault"),
        ("DELETE FROM heard", "permission denied for table heard"),
        ("DELETE FROM quarantine", "permission denied for table quarantine"),
        ("DELETE FROM witnessed", "permission denied for table witnessed"),
        ("SELECT * FROM alembic_version", "permission denied for table alembic_version"),
        ("CREATE TABLE mine (one int)", "permission denied for schema"),
        ("DROP TABLE events", "must be owner"),
        ("ALTER TABLE events DISABLE TRIGGER ALL", "must be owner"),
        ("DROP TRIGGER events_no_change ON events", "must be owner"),
        ("CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
         "$$ BEGIN RETURN NEW; END $$", "denied for schema"),
        ("SET session_replication_role = replica", "permission denied"),
    ],
)  # fmt: skip
def test_the_runtime_role_may_do_what_its_work_needs_and_no_more(
    written: Party, sql: str, error: str
) -> None:
    assert error in refused(create_engine(written.urls.runtime), sql)


@only_postgresql
def test_the_runtime_role_is_not_the_owner(written: Party) -> None:
    names = []
    for url in written.urls:
        engine = create_engine(url)
        with engine.connect() as connection:
            names.append(connection.scalar(text("SELECT current_user")))
        engine.dispose()
    assert len(set(names)) == 2


def test_the_runtime_role_does_all_the_work(written: Party) -> None:
    """Appends, says, seals, erases and asks: none of it needs more than the runtime role has."""
    [jar] = {row.originator_id for row in written.rows()}
    written.decide(lambda deciding: deciding.erase(jar))
    assert written.decide(lambda deciding: deciding.get(Jar, jar).version) == 3
