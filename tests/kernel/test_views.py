"""Views are a function of the own log: live, rebuilt beside, switched without losing a fact."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import BigInteger, Column, Integer, Uuid, insert, inspect, select, text, update

from services.kernel import views
from services.kernel.database import Database
from services.kernel.migrate import migrate
from services.kernel.tables import views as table_of_views
from services.kernel.views import View, applied_positions, rebuild
from tests.kernel.kitchen import APRICOT, JARS, KITCHEN, PLUM, Jar
from tests.kernel.labour import write_and_ask
from tests.kernel.parties import MARCH_2, Party, occasion, only_postgresql, some_id
from tests.kernel.processes import killed_at, start, together
from tests.private_postgres import Urls


@pytest.fixture
def fresh(new_urls: Callable[[], Urls]) -> Iterator[Party]:
    """A kitchen in a database that is not used again: its tables are changed."""
    urls = new_urls()
    migrate(KITCHEN, "lead", *urls)
    kitchen = Party(urls)
    yield kitchen
    kitchen.close()


def some_life(kitchen: Party, jars: int = 5) -> None:
    for number in range(jars):
        jar = kitchen.open_jar(number)
        kitchen.edit(jar, lambda found, d: found.fill(APRICOT, PLUM, by=d.actor))
        if number % 2:
            kitchen.edit(jar, lambda found, d: found.close(d.today, MARCH_2, by=d.actor))


def content(kitchen: Party, view: View = JARS) -> list[Any]:
    return [tuple(row) for row in kitchen.table(view.table)]


def positions(kitchen: Party) -> dict[str, tuple[int, int]]:
    with kitchen.store.database.reading() as connection:
        return applied_positions(connection)


def rebuilt(kitchen: Party, view: View = JARS, report: Any = lambda position: None) -> int:
    owner = Database.of_owner(kitchen.urls.owner)
    try:
        return rebuild(view, owner, report)
    finally:
        owner.dispose()


def test_facts_take_effect_at_once(kitchen: Party) -> None:
    jar = kitchen.open_jar()
    assert content(kitchen) == [(jar, "small", 0, None)]
    kitchen.edit(jar, lambda found, d: found.fill(APRICOT, PLUM, by=d.actor))
    kitchen.edit(jar, lambda found, d: found.close(d.today, MARCH_2, by=d.actor))
    assert content(kitchen) == [(jar, "small", 2, MARCH_2.date())]


def test_the_applied_position_is_that_of_the_log(kitchen: Party) -> None:
    assert positions(kitchen) == {"jars": (1, 0)}
    some_life(kitchen, 2)
    assert positions(kitchen) == {"jars": (1, len(kitchen.rows()))}


def test_rebuilt_it_is_what_it_was(fresh: Party) -> None:
    some_life(fresh)
    before = content(fresh)
    assert len(before) == 5
    assert rebuilt(fresh) == len(fresh.rows())
    assert content(fresh) == before
    assert positions(fresh) == {"jars": (1, len(fresh.rows()))}


def test_rebuilt_again_and_again_it_stays_the_same_and_is_still_written(fresh: Party) -> None:
    some_life(fresh, 2)
    for _ in range(3):
        rebuilt(fresh)
    some_life_more = fresh.open_jar("more")
    assert some_life_more in [row[0] for row in content(fresh)]
    assert len(content(fresh)) == 3
    assert positions(fresh) == {"jars": (1, len(fresh.rows()))}


def test_rebuilding_mends_a_view_that_was_spoilt(fresh: Party) -> None:
    some_life(fresh)
    before = content(fresh)
    with fresh.store.database.writing() as connection:
        connection.execute(update(JARS.table).values(fruits=99))
    assert content(fresh) != before
    rebuilt(fresh)
    assert content(fresh) == before


def test_indexes_and_key_are_there_after_a_rebuild(fresh: Party) -> None:
    some_life(fresh, 1)
    for _ in range(2):
        rebuilt(fresh)
    looking = inspect(fresh.store.database._reading)
    [index] = looking.get_indexes("jars")
    assert (index["name"], index["column_names"]) == ("ix_jars_size", ["size"])
    assert looking.get_pk_constraint("jars")["constrained_columns"] == ["jar"]
    assert [name for name in looking.get_table_names() if name.startswith("jars")] == ["jars"]


@only_postgresql
def test_the_runtime_role_may_write_a_rebuilt_view(fresh: Party) -> None:
    rebuilt(fresh)
    fresh.open_jar("after")
    with fresh.store.database.reading() as connection:
        assert connection.scalar(text("SELECT current_user")) == "runtime"
    assert len(content(fresh)) == 1


def test_progress_is_reported_in_rising_positions(
    fresh: Party, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "PAGE", 10)
    fresh.decide(lambda d: [d.add(Jar.open(some_id(number), by=d.actor)) for number in range(25)])
    reported: list[int] = []
    assert rebuilt(fresh, report=reported.append) == 25
    assert reported == [10, 20, 25]
    assert len(content(fresh)) == 25


CLOSED = View(
    "jars",
    2,
    lambda: [
        Column("jar", Uuid, primary_key=True),
        Column("fruits", Integer, nullable=False, index=True),
    ],
    lambda event, row, table, connection: (
        connection.execute(insert(table).values(jar=event.originator_id, fruits=0))
        if isinstance(event, Jar.Closed)
        else None
    ),
)


def test_a_new_version_is_built_by_the_migration(fresh: Party) -> None:
    some_life(fresh)
    reported: list[tuple[str, int]] = []
    newer = replace(KITCHEN, views=(CLOSED,))
    migrate(newer, "lead", *fresh.urls, lambda view, at: reported.append((view, at)))
    assert positions(fresh) == {"jars": (2, len(fresh.rows()))}
    assert len(content(fresh, CLOSED)) == 2
    assert reported == [("jars", len(fresh.rows()))]
    reported.clear()
    migrate(newer, "lead", *fresh.urls, lambda view, at: reported.append((view, at)))
    assert reported == []


@pytest.mark.parametrize("failpoint", ["during rebuild", "before a view is switched"])
def test_an_interrupted_rebuild_leaves_the_old_view(fresh: Party, failpoint: str) -> None:
    some_life(fresh)
    before = content(fresh)
    killed_at(failpoint, rebuild_closed, fresh.urls)
    assert content(fresh) == before
    assert positions(fresh) == {"jars": (1, len(fresh.rows()))}
    fresh.open_jar("afterwards")
    assert len(content(fresh)) == len(before) + 1
    rebuild_closed(fresh.urls)
    assert len(content(fresh, CLOSED)) == 2


def test_a_view_that_answers_is_built_beside_also_while_nothing_was_decided(fresh: Party) -> None:
    killed_at("during rebuild", rebuild_closed, fresh.urls)
    assert content(fresh) == []
    rebuild_closed(fresh.urls)
    assert positions(fresh) == {"jars": (2, 0)}


def rebuild_closed(urls: Urls) -> int:
    owner = Database.of_owner(urls.owner)
    try:
        return rebuild(CLOSED, owner, lambda position: None)
    finally:
        owner.dispose()


def rebuild_jars(urls: Urls) -> int:
    owner = Database.of_owner(urls.owner)
    try:
        return rebuild(JARS, owner, lambda position: None)
    finally:
        owner.dispose()


def test_a_rebuild_that_breaks_leaves_the_old_view(fresh: Party) -> None:
    some_life(fresh)
    before = content(fresh)

    def break_(*_: Any) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        rebuilt(fresh, replace(JARS, project=break_))
    assert content(fresh) == before


def test_rebuilt_while_others_write_nothing_is_missing(fresh: Party) -> None:
    """Two writers that also ask the view, and one that rebuilds it again and again."""
    some_life(fresh)
    writers = [start(write_and_ask, fresh.urls, writer, 60) for writer in range(2)]
    rebuilds = 0
    while any(not writer.ended for writer in writers):
        rebuilt(fresh)
        rebuilds += 1
        time.sleep(0.01)
    for writer in writers:
        writer.answer()
    assert rebuilds > 1
    live = content(fresh)
    assert len(live) == 5 + 2 * 60
    assert positions(fresh) == {"jars": (1, len(fresh.rows()))}
    rebuilt(fresh)
    assert content(fresh) == live


def test_two_rebuilds_at_once_give_one_right_view(fresh: Party) -> None:
    some_life(fresh, 8)
    before = content(fresh)
    together(*((rebuild_jars, (fresh.urls,)) for _ in range(3)))
    assert content(fresh) == before
    fresh.open_jar("more")
    assert len(content(fresh)) == 9


COUNTS = View(
    "counts",
    1,
    lambda: [
        Column("topic", Uuid, primary_key=True),
        Column("count", BigInteger, nullable=False),
    ],
    lambda event, row, table, connection: (
        connection.execute(update(table).values(count=table.c.count + 1))
        if row.position > 1
        else connection.execute(insert(table).values(topic=some_id("all"), count=1))
    ),
)


def test_two_rebuilds_at_once_count_every_fact_once(new_urls: Callable[[], Urls]) -> None:
    """A view whose rows do not tell whether a fact took effect twice."""
    urls = new_urls()
    counting = replace(KITCHEN, views=(COUNTS,))
    migrate(counting, "lead", *urls)
    kitchen = Party(urls, counting)
    kitchen.decide(lambda d: [d.add(Jar.open(some_id(n), by=d.actor)) for n in range(100)])
    together(*((rebuild_counts, (urls,)) for _ in range(3)))
    kitchen.open_jar("more")
    assert content(kitchen, COUNTS) == [(some_id("all"), 101)]
    kitchen.close()


def rebuild_counts(urls: Urls) -> int:
    views.PAGE = 10
    owner = Database.of_owner(urls.owner)
    try:
        return rebuild(COUNTS, owner, lambda position: None)
    finally:
        owner.dispose()


def test_a_view_gets_event_row_table_and_connection(new_urls: Callable[[], Urls]) -> None:
    got: list[tuple[str, UUID, int, int, str]] = []
    watching = View(
        "watching",
        1,
        lambda: [Column("one", Integer, primary_key=True)],
        lambda event, row, table, connection: got.append(
            (row.topic, event.originator_id, row.position, row.recorded_at, table.name)
        ),
    )
    urls = new_urls()
    kitchen_ = replace(KITCHEN, views=(watching,))
    migrate(kitchen_, "lead", *urls)
    kitchen = Party(urls, kitchen_)
    jar = kitchen.open_jar()
    [row] = kitchen.rows()
    assert got == [("kitchen.Opened", jar, 1, row.recorded_at, "watching")]
    kitchen.close()


def test_a_question_is_answered_from_the_view(kitchen: Party) -> None:
    some_life(kitchen, 3)
    query = select(JARS.table.c.jar).where(JARS.table.c.closed_on.is_(None))
    found = kitchen.store.ask(
        occasion("ask"), lambda reading: len(list(reading.connection.scalars(query)))
    )
    assert found == 2


def test_without_views_there_is_nothing_to_store(cellar: Party) -> None:
    assert cellar.table(table_of_views) == []
    with cellar.store.database.writing() as connection:
        views.applied((), 5, connection)
    assert cellar.table(table_of_views) == []
