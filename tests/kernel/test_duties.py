"""The calendar's duties: each civil day once, in order, whatever happened in between."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection

from services.kernel.civil import begins
from services.kernel.courier.work import close_days
from services.kernel.deciding import Deciding
from services.kernel.duties import CALENDAR, Calendar, Duty
from services.kernel.log import load, repository
from services.kernel.operate import status
from services.kernel.tables import outcomes
from tests.kernel.kitchen import KITCHEN, Jar, JarClosed
from tests.kernel.labour import close_the_days
from tests.kernel.parties import MARCH_2, Party, StandingClock, some_id
from tests.kernel.processes import killed_at, together

TODAY = date(2026, 3, 2)


def days(*numbers: int) -> list[date]:
    """Days of March 2026."""
    return [date(2026, 3, number) for number in numbers]


def checked(kitchen: Party) -> list[date]:
    """The days on which jars were checked, in the order of positions."""
    return [event.day for event in kitchen.events() if isinstance(event, Jar.Checked)]


def closed(kitchen: Party) -> list[date]:
    return [event.day for event in kitchen.events() if isinstance(event, Calendar.DayClosed)]


def test_the_first_day_of_a_log_is_the_day_it_first_looks(kitchen: Party) -> None:
    assert close_days(kitchen.store) == date(2026, 3, 3)
    assert kitchen.told() == ["kernel.CalendarOpened", "kernel.DayClosed"]
    opened, day = kitchen.events()
    assert opened.first == TODAY
    assert (day.day, day.following) == (TODAY, date(2026, 3, 3))


def test_a_day_is_closed_once_however_often_one_looks(kitchen: Party) -> None:
    kitchen.open_jar()
    for _ in range(3):
        close_days(kitchen.store)
    assert checked(kitchen) == closed(kitchen) == [TODAY]


def test_duties_are_done_before_their_day_is_closed(kitchen: Party) -> None:
    for number in range(2):
        kitchen.open_jar(number)
    close_days(kitchen.store)
    assert kitchen.told()[2:] == [
        "kernel.CalendarOpened",
        *("kitchen.Checked", "kitchen.Checked"),
        "kernel.DayClosed",
    ]


def test_after_an_outage_all_days_are_done_in_order(kitchen: Party) -> None:
    kitchen.open_jar()
    close_days(kitchen.store)
    kitchen.clock.pass_(days=4)
    close_days(kitchen.store)
    assert checked(kitchen) == closed(kitchen) == days(2, 3, 4, 5, 6)


@pytest.mark.parametrize("later", [0, 1, 40])
def test_the_calendar_is_read_from_its_first_and_its_last_day_alone(
    kitchen: Party, later: int
) -> None:
    """It is what all its days make it, and the next one follows the last."""
    kitchen.clock.pass_(days=later)
    close_days(kitchen.store)
    kitchen.clock.pass_(days=later)
    close_days(kitchen.store)
    with kitchen.store.database.reading() as connection:
        found = load(repository(connection), Calendar, CALENDAR)
        whole = load(repository(connection), Calendar, CALENDAR, version=found.version)
    assert found.__dict__ == whole.__dict__
    assert found.next_day == closed(kitchen)[-1] + timedelta(days=1)


@pytest.mark.parametrize(
    ("at", "done"),
    [
        (begins(date(2026, 3, 3)) - timedelta(microseconds=1), days(2)),
        (begins(date(2026, 3, 3)), days(2, 3)),
        (begins(date(2026, 3, 3)) + timedelta(microseconds=1), days(2, 3)),
    ],
)
def test_a_day_begins_at_midnight_in_rome(kitchen: Party, at: datetime, done: list[date]) -> None:
    kitchen.open_jar()
    close_days(kitchen.store)
    kitchen.clock.at = at
    close_days(kitchen.store)
    assert checked(kitchen) == closed(kitchen) == done


def test_the_nights_of_summer_time_and_the_end_of_the_year_are_days_like_others(
    new_party: Callable[..., Party],
) -> None:
    clock = StandingClock(datetime(2026, 10, 24, 12, tzinfo=UTC))
    kitchen = new_party(clock=clock)
    close_days(kitchen.store)
    for _ in range(4 * 70):
        clock.pass_(hours=6)
        close_days(kitchen.store)
    first, last = date(2026, 10, 24), date(2027, 1, 2)
    assert closed(kitchen) == [
        first + timedelta(days=number) for number in range((last - first).days + 1)
    ]


def test_a_clock_that_goes_back_reopens_nothing(kitchen: Party) -> None:
    kitchen.open_jar()
    close_days(kitchen.store)
    kitchen.clock.at -= timedelta(days=3)
    assert close_days(kitchen.store) == date(2026, 3, 3)
    assert closed(kitchen) == [TODAY]


def test_a_duty_carries_its_cause_and_the_service_as_actor(kitchen: Party) -> None:
    jar = kitchen.open_jar()
    close_days(kitchen.store)
    [row] = [row for row in kitchen.rows() if row.topic == "kitchen.Checked"]
    assert (row.actor, row.cause) == ("lead/service/kitchen", f"duty:check:2026-03-02:{jar}")


@pytest.mark.parametrize(
    ("failpoint", "count"),
    [
        ("between duties", 1),
        ("between duties", 2),
        ("before day close", 1),
        ("after day close", 1),
        ("between duties", 5),
        ("before commit", 3),
        ("after commit", 3),
    ],
)
def test_killed_anywhere_the_rest_is_done_and_nothing_twice(
    kitchen: Party, failpoint: str, count: int
) -> None:
    """Three days are open, three jars are due each day."""
    close_days(kitchen.store)
    jars = [kitchen.open_jar(number) for number in range(3)]
    kitchen.clock.pass_(days=3)
    killed_at(failpoint, close_the_days, kitchen.urls, kitchen.clock, count=count)
    close_days(kitchen.store)
    assert closed(kitchen) == days(2, 3, 4, 5)
    done = [
        (event.day, event.originator_id)
        for event in kitchen.events()
        if isinstance(event, Jar.Checked)
    ]
    assert done == [(day, jar) for day in days(3, 4, 5) for jar in sorted(jars)]


def test_several_replicas_at_once_do_each_duty_once(kitchen: Party) -> None:
    for number in range(3):
        kitchen.open_jar(number)
    close_days(kitchen.store)
    kitchen.clock.pass_(days=5)
    answers = together(*((close_the_days, (kitchen.urls, kitchen.clock)) for _ in range(3)))
    assert answers == [date(2026, 3, 8)] * 3
    assert closed(kitchen) == days(2, 3, 4, 5, 6, 7)
    assert sorted(checked(kitchen)) == sorted(days(2, 3, 4, 5, 6, 7) * 3)


def test_two_replicas_open_the_calendar_once(kitchen: Party) -> None:
    together(*((close_the_days, (kitchen.urls, kitchen.clock)) for _ in range(3)))
    assert kitchen.told() == ["kernel.CalendarOpened", "kernel.DayClosed"]


def kitchen_with(decide: Callable[[Deciding, UUID, date], None]) -> Any:
    def everything(_connection: Connection, _day: date) -> Iterable[UUID]:
        return [some_id("jar", "first"), some_id("jar", "second")]

    return replace(KITCHEN, duties=(Duty("look", everything, decide),))


def test_a_refused_duty_is_stored_and_the_day_goes_on(new_party: Callable[..., Party]) -> None:
    asked = []

    def refuse_the_first(deciding: Deciding, jar: UUID, day: date) -> None:
        asked.append((jar, day))
        if jar == some_id("jar", "first"):
            raise JarClosed(jar=jar)

    kitchen = new_party(kitchen_with(refuse_the_first))
    for _ in range(2):
        close_days(kitchen.store)
    assert asked == [(some_id("jar", name), TODAY) for name in ("first", "second")]
    assert sorted(str(row.refusal) for row in kitchen.table(outcomes)) == ["JarClosed", "None"]
    assert closed(kitchen) == [TODAY]


def test_a_duty_that_crashes_leaves_its_day_open(new_party: Callable[..., Party]) -> None:
    broken = [True]

    def crash(deciding: Deciding, jar: UUID, day: date) -> None:
        if broken and jar == some_id("jar", "second"):
            raise RuntimeError
        deciding.add(Jar.open(jar, by=deciding.actor, on=day))

    kitchen = new_party(kitchen_with(crash))
    with pytest.raises(RuntimeError):
        close_days(kitchen.store)
    assert kitchen.told() == ["kernel.CalendarOpened", "kitchen.Opened"]
    assert status(kitchen.store).days_behind == 1
    broken.clear()
    close_days(kitchen.store)
    assert kitchen.told()[2:] == ["kitchen.Opened", "kernel.DayClosed"]


def test_asked_to_stop_it_stops_between_days(kitchen: Party) -> None:
    close_days(kitchen.store)
    kitchen.clock.pass_(days=3)
    answers = iter([False, True])
    assert close_days(kitchen.store, lambda: next(answers)) == date(2026, 3, 4)
    assert closed(kitchen) == days(2, 3)


@pytest.mark.parametrize(("late", "behind"), [(0, 0), (1, 1), (9, 9)])
def test_the_status_counts_the_days_behind(kitchen: Party, late: int, behind: int) -> None:
    close_days(kitchen.store)
    kitchen.clock.pass_(days=late)
    assert status(kitchen.store).days_behind == behind
    assert kitchen.clock.now() == MARCH_2 + timedelta(days=late)


def test_a_log_that_never_looked_is_a_day_behind(kitchen: Party) -> None:
    assert status(kitchen.store).days_behind == 1
