"""Civil days are those of Rome; instants are UTC; a simulated clock never goes back."""

import threading
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.kernel.civil import begins, civil_day, ends
from services.kernel.clock import SimulatedClock, SystemClock, clock_of
from services.kernel.mapper import instant, micros


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "day"),
    [
        # winter: Rome is one hour ahead
        ("2026-01-09T22:59:59.999999", date(2026, 1, 9)),
        ("2026-01-09T23:00:00", date(2026, 1, 10)),
        # summer: two hours
        ("2026-07-09T21:59:59.999999", date(2026, 7, 9)),
        ("2026-07-09T22:00:00", date(2026, 7, 10)),
        # the night in which summer time begins: 2026-03-29, 02:00 becomes 03:00
        ("2026-03-28T22:59:59.999999", date(2026, 3, 28)),
        ("2026-03-28T23:00:00", date(2026, 3, 29)),
        ("2026-03-29T00:59:59", date(2026, 3, 29)),
        ("2026-03-29T01:00:00", date(2026, 3, 29)),
        ("2026-03-29T21:59:59.999999", date(2026, 3, 29)),
        ("2026-03-29T22:00:00", date(2026, 3, 30)),
        # the night in which it ends: 2026-10-25, 03:00 becomes 02:00
        ("2026-10-24T21:59:59.999999", date(2026, 10, 24)),
        ("2026-10-24T22:00:00", date(2026, 10, 25)),
        ("2026-10-25T22:59:59.999999", date(2026, 10, 25)),
        ("2026-10-25T23:00:00", date(2026, 10, 26)),
        # the end of a year, and a leap day
        ("2026-12-31T22:59:59.999999", date(2026, 12, 31)),
        ("2026-12-31T23:00:00", date(2027, 1, 1)),
        ("2028-02-28T23:00:00", date(2028, 2, 29)),
        ("2028-02-29T23:00:00", date(2028, 3, 1)),
    ],
)
def test_the_civil_day_of_an_instant(at: str, day: date) -> None:
    assert civil_day(utc(at)) == day


def test_the_civil_day_does_not_depend_on_how_the_instant_is_written() -> None:
    new_york = timezone(timedelta(hours=-5))
    assert civil_day(datetime(2026, 1, 9, 18, 0, tzinfo=new_york)) == date(2026, 1, 10)


@pytest.mark.parametrize(
    ("day", "begin", "hours"),
    [
        (date(2026, 1, 10), "2026-01-09T23:00:00", 24),
        (date(2026, 7, 10), "2026-07-09T22:00:00", 24),
        (date(2026, 3, 29), "2026-03-28T23:00:00", 23),
        (date(2026, 10, 25), "2026-10-24T22:00:00", 25),
        (date(2027, 1, 1), "2026-12-31T23:00:00", 24),
        (date(2026, 12, 31), "2026-12-30T23:00:00", 24),
    ],
)
def test_a_civil_day_begins_and_ends(day: date, begin: str, hours: int) -> None:
    assert begins(day) == utc(begin)
    assert ends(day) == utc(begin) + timedelta(hours=hours)
    assert begins(day).tzinfo == ends(day).tzinfo == UTC


@given(st.dates(date(1990, 1, 1), date(2100, 12, 31)))
def test_days_follow_each_other_without_gap_or_overlap(day: date) -> None:
    assert ends(day) == begins(day + timedelta(days=1))
    assert civil_day(begins(day)) == day
    assert civil_day(ends(day) - timedelta(microseconds=1)) == day
    assert civil_day(ends(day)) == day + timedelta(days=1)


@given(st.datetimes(timezones=st.just(UTC)))
def test_microseconds_and_instants_are_one_to_one(at: datetime) -> None:
    assert instant(micros(at)) == at


def test_the_systems_clock_is_aware_and_in_utc() -> None:
    before = datetime.now(UTC)
    now = SystemClock().now()
    assert before <= now <= datetime.now(UTC)
    assert now.utcoffset() == timedelta(0)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "a clock"


def test_every_process_with_the_same_file_lives_at_the_same_instant(file: Path) -> None:
    one, other = SimulatedClock(file), SimulatedClock(file)
    one.set(utc("2026-03-02T09:30:00.000001"))
    assert one.now() == other.now() == utc("2026-03-02T09:30:00.000001")
    other.set(utc("2026-03-03T00:00:00"))
    assert one.now() == utc("2026-03-03T00:00:00")


def test_a_simulated_clock_stands_until_it_is_set(file: Path) -> None:
    clock = SimulatedClock(file)
    clock.set(utc("2026-03-02T09:30:00"))
    assert [clock.now() for _ in range(3)] == [utc("2026-03-02T09:30:00")] * 3


@pytest.mark.parametrize(
    ("to", "granted"),
    [
        ("2026-03-02T09:29:59.999999", False),
        ("2026-03-02T09:30:00", True),
        ("2026-03-02T09:30:00.000001", True),
    ],
)
def test_a_simulated_clock_does_not_go_back(file: Path, to: str, granted: bool) -> None:
    clock = SimulatedClock(file)
    clock.set(utc("2026-03-02T09:30:00"))
    if granted:
        clock.set(utc(to))
        assert clock.now() == utc(to)
    else:
        with pytest.raises(ValueError, match="does not go back"):
            clock.set(utc(to))
        assert clock.now() == utc("2026-03-02T09:30:00")


def test_a_simulated_instant_needs_a_zone(file: Path) -> None:
    with pytest.raises(ValueError, match="time zone"):
        SimulatedClock(file).set(datetime(2026, 3, 2))  # noqa: DTZ001  # naive on purpose
    assert not file.exists()


def test_an_instant_of_another_zone_is_the_same_instant(file: Path) -> None:
    clock = SimulatedClock(file)
    clock.set(datetime(2026, 7, 1, 1, 30, tzinfo=timezone(timedelta(hours=2))))
    assert clock.now() == utc("2026-06-30T23:30:00")
    assert clock.now().utcoffset() == timedelta(0)


def test_whoever_looks_while_it_moves_sees_a_whole_instant(file: Path) -> None:
    clock = SimulatedClock(file)
    clock.set(utc("2026-03-02T00:00:00"))
    seen: list[datetime] = []
    done = threading.Event()

    def look() -> None:
        while not done.is_set():
            seen.append(clock.now())

    looking = threading.Thread(target=look)
    looking.start()
    for minute in range(200):
        clock.set(utc("2026-03-02T00:00:00") + timedelta(minutes=minute))
    done.set()
    looking.join()
    assert seen == sorted(seen)


def test_a_ticking_clock_goes_on_in_real_time(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = SimulatedClock(file, ticking=True)
    clock.set(utc("2026-03-02T09:30:00"))
    since = file.stat().st_mtime
    monkeypatch.setattr("services.kernel.clock.time.time", lambda: since + 12.5)
    assert clock.now() - utc("2026-03-02T09:30:12.5") < timedelta(milliseconds=1)
    monkeypatch.setattr("services.kernel.clock.time.time", lambda: since - 60)
    assert clock.now() == utc("2026-03-02T09:30:00")


def test_which_clock_a_process_lives_by(file: Path) -> None:
    assert isinstance(clock_of(None), SystemClock)
    assert isinstance(clock_of(""), SystemClock)
    assert isinstance(clock_of(str(file)), SimulatedClock)
