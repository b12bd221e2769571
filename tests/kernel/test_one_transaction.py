"""One decision is one transaction: facts, what they say, views, vault and outcome, or nothing."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from services.kernel.deciding import Deciding
from services.kernel.inbox import look, receive
from services.kernel.log import all_rows
from services.kernel.refusal import Refused
from services.kernel.tables import erasures, events, outcomes, said, vault, vault_keys, vault_reads
from services.kernel.vault import Vault
from services.kernel.views import View, applied_positions
from services.kernel.words import Publish
from tests.kernel.kitchen import JARS, KITCHEN, PUBLISHED, Jar, JarClosed
from tests.kernel.labour import label, label_once
from tests.kernel.parties import Party, some_id
from tests.kernel.processes import killed_at, together

KEY = some_id("key")
WRITTEN = {"events": 2, "said": 2, "vault": 1, "outcomes": 1}


def added(before: dict[str, list[Any]], after: dict[str, list[Any]]) -> dict[str, int]:
    """How many rows each of the tables of WRITTEN got."""
    return {name: len(after[name]) - len(before[name]) for name in WRITTEN}


def test_a_decision_is_written_everywhere_at_once(kitchen: Party) -> None:
    jar = kitchen.open_jar()
    before = kitchen.everything()
    kitchen.once(KEY, lambda deciding: label(deciding, jar))
    after = kitchen.everything()
    assert added(before, after) == WRITTEN
    assert [row.fruits for row in after["jars"]] == [1]
    assert [row.applied_position for row in after["views"]] == [3]
    assert {row.position for row in after["said"]} == {1, 2}


@pytest.mark.parametrize(
    "failpoint", ["after claiming the key", "between events and said", "before commit"]
)
def test_killed_before_the_commit_nothing_is_left(
    new_party: Callable[..., Party], failpoint: str
) -> None:
    kitchen = new_party()
    jar = kitchen.open_jar()
    before = kitchen.everything()
    killed_at(failpoint, label_once, kitchen.urls, jar, KEY)
    assert kitchen.everything() == before
    [answer] = together((label_once, (kitchen.urls, jar, KEY)))
    assert answer == {"jar": str(jar), "version": 3}
    assert added(before, kitchen.everything()) == WRITTEN


def test_what_one_transaction_reads_is_of_one_moment(kitchen: Party) -> None:
    jar = kitchen.open_jar()
    with kitchen.store.database.reading() as connection:
        log_before = len(list(all_rows(connection)))
        kitchen.once(KEY, lambda deciding: label(deciding, jar))
        assert set(applied_positions(connection).values()) == {(1, log_before)}
        assert len(list(all_rows(connection))) == log_before
    with kitchen.store.database.reading() as connection:
        assert len(list(all_rows(connection))) == log_before + WRITTEN["events"]


def test_killed_after_the_commit_everything_is_left_and_asked_again_adds_nothing(
    new_party: Callable[..., Party],
) -> None:
    kitchen = new_party()
    jar = kitchen.open_jar()
    before = kitchen.everything()
    killed_at("after commit", label_once, kitchen.urls, jar, KEY)
    after = kitchen.everything()
    assert added(before, after) == WRITTEN
    assert kitchen.once(KEY, lambda deciding: label(deciding, jar)) == {
        "jar": str(jar),
        "version": 3,
    }
    assert kitchen.everything() == after


class Broke(Exception):
    """Something that is nobody's rule."""


def break_(*_: Any, **__: Any) -> Any:
    raise Broke


def test_an_act_that_breaks_leaves_nothing(kitchen: Party) -> None:
    jar = kitchen.open_jar()
    before = kitchen.everything()

    def act(deciding: Deciding) -> None:
        label(deciding, jar)
        deciding.write()
        raise Broke

    with pytest.raises(Broke):
        kitchen.once(KEY, act)
    assert kitchen.everything() == before


@pytest.mark.parametrize(
    "broken",
    [
        replace(KITCHEN, published={**PUBLISHED, Jar.Labelled: Publish({"x.v1": break_})}),
        replace(KITCHEN, published={**PUBLISHED, Jar.Labelled: Publish({}, to=break_)}),
        replace(KITCHEN, published={**PUBLISHED, Jar.Labelled: Publish({}, to=("nobody",))}),
        replace(KITCHEN, published={**PUBLISHED, Jar.Labelled: Publish({}, parts=break_)}),
    ],
    ids=["words", "audience", "unknown audience", "parts"],
)
def test_words_that_cannot_be_said_leave_nothing(
    new_party: Callable[..., Party], broken: Any
) -> None:
    kitchen = new_party()
    jar = kitchen.open_jar()
    before = kitchen.everything()
    other = new_party(broken, urls=kitchen.urls)
    with pytest.raises(Exception, match=r"Broke|nobody|^$"):
        other.once(KEY, lambda deciding: label(deciding, jar))
    assert kitchen.everything() == before


def test_a_view_that_breaks_leaves_nothing(new_party: Callable[..., Party]) -> None:
    kitchen = new_party()
    jar = kitchen.open_jar()
    before = kitchen.everything()
    broken = View(JARS.name, JARS.version, JARS.columns, break_)
    other = new_party(replace(KITCHEN, views=(broken,)), urls=kitchen.urls)
    with pytest.raises(Broke):
        other.once(KEY, lambda deciding: label(deciding, jar))
    assert kitchen.everything() == before


def test_a_view_that_breaks_its_own_key_is_a_defect_and_no_conflict(
    new_party: Callable[..., Party],
) -> None:
    """It is not decided again and again, and is named for what it is."""
    tries = []

    def twice(event: Any, row: Any, table: Any, connection: Any) -> None:
        tries.append(1)
        for _ in range(2):
            connection.execute(insert(table).values(jar=event.originator_id, size="x", fruits=0))

    kitchen = new_party(replace(KITCHEN, views=(View(JARS.name, 1, JARS.columns, twice),)))
    with pytest.raises(IntegrityError):
        kitchen.open_jar()
    assert len(tries) == 1
    assert kitchen.told() == []


def test_a_vault_that_breaks_leaves_nothing(
    kitchen: Party, monkeypatch: pytest.MonkeyPatch
) -> None:
    jar = kitchen.open_jar()
    before = kitchen.everything()
    monkeypatch.setattr(Vault, "write_reads", break_)
    with pytest.raises(Broke):
        kitchen.once(KEY, lambda deciding: label(deciding, jar))
    assert kitchen.everything() == before


def test_an_outcome_that_is_no_json_leaves_nothing(kitchen: Party) -> None:
    jar = kitchen.open_jar()
    before = kitchen.everything()
    with pytest.raises(TypeError):
        kitchen.once(KEY, lambda deciding: label(deciding, jar) and object())
    assert kitchen.everything() == before


def test_a_refusal_leaves_nothing_but_its_outcome(kitchen: Party) -> None:
    jar = kitchen.open_jar()
    before = kitchen.everything()

    def refuse(deciding: Deciding) -> None:
        label(deciding, jar)
        raise JarClosed(jar=jar)

    with pytest.raises(JarClosed):
        kitchen.once(KEY, refuse)
    after = kitchen.everything()
    assert [row.refusal for row in after.pop("outcomes")] == ["JarClosed"]
    before.pop("outcomes")
    assert after == before


def test_a_refusal_without_a_key_leaves_nothing(kitchen: Party) -> None:
    jar = kitchen.open_jar()
    before = kitchen.everything()

    def refuse(deciding: Deciding) -> None:
        label(deciding, jar)
        raise Refused

    with pytest.raises(Refused):
        kitchen.decide(refuse)
    assert kitchen.everything() == before


@pytest.fixture
def order_of_writes() -> Any:
    """Listens to a store: the tables it writes to, in order, neighbours once."""
    engines = []

    def listen(party: Party) -> list[str]:
        written: list[str] = []

        def executed(_c: Any, _cursor: Any, sql: str, *_: Any) -> None:
            words = sql.replace('"', "").split()
            if words[0] in ("INSERT", "UPDATE", "DELETE"):
                table = words[1 if words[0] == "UPDATE" else 2]
                if written[-1:] != [table]:
                    written.append(table)

        engine = party.store.database._writing
        sqlalchemy_event.listen(engine, "before_cursor_execute", executed)
        engines.append((engine, executed))
        return written

    yield listen
    for engine, executed in engines:
        sqlalchemy_event.remove(engine, "before_cursor_execute", executed)


def test_a_command_locks_in_the_one_order(kitchen: Party, order_of_writes: Any) -> None:
    jar = kitchen.open_jar()
    written = order_of_writes(kitchen)

    def act(deciding: Deciding) -> Any:
        [sealed] = [deciding.seal(jar, "label", "x")]
        deciding.open(sealed)
        deciding.erase(some_id("somebody else"))
        return label(deciding, jar)

    kitchen.once(KEY, act)
    first = {name: written.index(name) for name in dict.fromkeys(written)}
    assert list(first) == [
        *("outcomes", "log", "events", "said", "jars", "views"),
        *("vault", "vault_keys", "erasures", "vault_reads"),
    ]


def test_hearing_locks_in_the_one_order(
    kitchen: Party, cellar: Party, order_of_writes: Any
) -> None:
    kitchen.open_jar()
    receive(cellar.store, kitchen.messages("lead"))
    written = order_of_writes(cellar)
    look(cellar.store, kitchen.store.log_id)
    assert written == ["heard", "log", "events"]


def test_the_tables_of_these_tests_are_all_there_are() -> None:
    """Whoever adds a table says here that it is written with the facts, or is not."""
    from services.kernel.tables import metadata

    with_the_facts = {table.name for table in (events, said, outcomes, vault, vault_keys)}
    with_the_facts |= {table.name for table in (vault_reads, erasures)} | {"log", "views"}
    of_the_courier = {"sent", "inbox", "heard", "quarantine", "quarantine_overflow", "leases"}
    of_the_courier |= {"checkpoints", "cosignatures", "witnessed"}
    assert {table.name for table in metadata.sorted_tables} == with_the_facts | of_the_courier
