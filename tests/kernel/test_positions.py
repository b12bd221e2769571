"""Positions have no holes, whoever writes at once; a reader that tails the log misses nothing."""

import time
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid5

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError

from services.kernel.deciding import Deciding
from services.kernel.log import Recorder, head, rows_after
from services.kernel.mapper import instant
from services.kernel.rows import Row
from tests.kernel.kitchen import APRICOT, PLUM, Jar
from tests.kernel.labour import opened, tail, tail_naively, write_many, write_naively
from tests.kernel.parties import MARCH_2, Party, occasion, only_postgresql, some_id
from tests.kernel.processes import together
from tests.private_postgres import Urls

WRITERS = 8
COMMITS = {"sqlite": 4_000, "postgresql": 20_000}


@pytest.mark.slow
def test_eight_writers_leave_no_hole_and_a_tailing_reader_misses_nothing(kitchen: Party) -> None:
    runtime = kitchen.urls.runtime
    each = COMMITS[runtime.partition(":")[0].partition("+")[0]] // WRITERS
    total = each * WRITERS
    began = time.monotonic()
    *written, seen = together(
        *((write_many, (runtime, writer, each)) for writer in range(WRITERS)),
        (tail, (runtime, total)),
    )
    print(f"{total} commits, {total / (time.monotonic() - began):.0f}/s")
    everything = list(range(1, total + 1))
    assert sorted(position for positions in written for position in positions) == everything
    assert seen == everything
    assert all(positions == sorted(positions) for positions in written)


@only_postgresql
def test_a_reader_of_a_plain_sequence_does_miss_facts(new_urls: Callable[[], Urls]) -> None:
    """The control: numbers from a sequence, committed a moment later, are not an order."""
    owner, _ = new_urls()
    engine = create_engine(owner)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE naive (id bigserial PRIMARY KEY)"))
    *written, seen = together(
        *((write_naively, (owner, 100)) for _ in range(WRITERS)), (tail_naively, (owner,))
    )
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM naive")) == sum(written)
    engine.dispose()
    print(f"{sum(written)} rows, {sum(written) - seen} missed")
    assert seen < sum(written)


def test_a_transaction_that_fails_leaves_no_hole(new_party: Callable[..., Party]) -> None:
    kitchen = new_party()

    def fail(deciding: Deciding) -> None:
        deciding.add(Jar.open(some_id("never"), by=deciding.actor))
        deciding.write()
        raise RuntimeError

    kitchen.open_jar("first")
    with pytest.raises(RuntimeError):
        kitchen.decide(fail)
    kitchen.open_jar("second")
    assert [row.position for row in kitchen.rows()] == [1, 2]


def test_events_of_one_decision_have_neighbouring_positions(kitchen: Party) -> None:
    jar = kitchen.open_jar()

    def fill_twice(deciding: Deciding) -> None:
        found = deciding.edit(Jar, jar)
        found.fill(APRICOT, by=deciding.actor)
        deciding.add(Jar.open(some_id("other"), by=deciding.actor))
        found.fill(PLUM, by=deciding.actor)

    kitchen.decide(fill_twice)
    assert [(row.position, row.topic, row.originator_version) for row in kitchen.rows()] == [
        (1, "kitchen.Opened", 1),
        (2, "kitchen.Filled", 2),
        (3, "kitchen.Filled", 3),
        (4, "kitchen.Opened", 1),
    ]


def test_the_head_of_the_log_is_the_last_position(kitchen: Party) -> None:
    for number in range(3):
        kitchen.open_jar(number)
    with kitchen.store.database.reading() as connection:
        log_id, position, recorded_at = head(connection)
    assert (position, recorded_at) == (3, kitchen.rows()[-1].recorded_at)
    assert log_id.startswith("lead/kitchen/")


def test_pages_of_the_log_join_without_a_gap(kitchen: Party) -> None:
    kitchen.decide(
        lambda deciding: [
            deciding.add(Jar.open(some_id(number), by=deciding.actor)) for number in range(25)
        ]
    )
    with kitchen.store.database.reading() as connection:
        pages = [rows_after(connection, after, limit=10) for after in (0, 10, 20, 25)]
    assert [len(page) for page in pages] == [10, 10, 5, 0]
    assert [row.position for page in pages for row in page] == list(range(1, 26))


@pytest.mark.parametrize("back", [timedelta(microseconds=1), timedelta(hours=1), timedelta(days=9)])
def test_the_wall_clock_may_go_back_but_recorded_at_never_does(
    new_party: Callable[..., Party], back: timedelta
) -> None:
    kitchen = new_party()
    kitchen.open_jar("first")
    kitchen.clock.at -= back
    kitchen.open_jar("while it is back")
    kitchen.clock.at += back + timedelta(microseconds=5)
    kitchen.open_jar("when it is right again")
    first, while_back, right = (row.recorded_at for row in kitchen.rows())
    assert first == while_back
    assert right == first + 5


def test_events_of_one_decision_are_recorded_at_one_instant(kitchen: Party) -> None:
    kitchen.decide(
        lambda deciding: [
            deciding.add(Jar.open(some_id(number), by=deciding.actor)) for number in range(3)
        ]
    )
    assert len({row.recorded_at for row in kitchen.rows()}) == 1
    assert instant(kitchen.rows()[0].recorded_at) == MARCH_2


def test_an_event_id_is_taken_once_whatever_the_stream(kitchen: Party) -> None:
    """The fence for causes: the same root cannot append twice, even to different streams."""
    first, second = opened("first"), opened("second")
    root = some_id("cause")

    def append_under(row: Row) -> None:
        with kitchen.store.database.writing() as connection:
            Recorder(connection).insert_events(
                [row], now=1, cause="c", correlation="c", root=root, rows=[]
            )

    append_under(first)
    with pytest.raises(IntegrityError):
        append_under(second)
    assert [row.originator_id for row in kitchen.rows()] == [first.originator_id]


def test_event_ids_are_derived_from_the_cause_and_the_place_in_it(kitchen: Party) -> None:
    kitchen.decide(
        lambda deciding: [
            deciding.add(Jar.open(some_id(number), by=deciding.actor)) for number in range(2)
        ]
    )
    root = occasion(1).root
    assert [row.event_id for row in kitchen.rows()] == [uuid5(root, "0"), uuid5(root, "1")]
