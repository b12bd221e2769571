"""Which cycle a proposal belongs to: every edge of the calendar, in Europe/Rome."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from services.kernel.civil import ROME, civil_day
from services.review.cycle import Month, Place, carry, is_closed, months_later, place
from services.review.guidelines import Evaluates, Guidelines, Late
from tests.review.moments import V1

SAME_MONTH = replace(V1, evaluates=Evaluates.SAME_MONTH)
ELEVENTH_TO_TENTH = replace(V1, evaluates=Evaluates.ELEVENTH_TO_TENTH)
NEXT_CYCLE = replace(V1, late=Late.NEXT_CYCLE)
SAME_MONTH_NEXT_CYCLE = replace(SAME_MONTH, late=Late.NEXT_CYCLE)
ELEVENTH_NEXT_CYCLE = replace(ELEVENTH_TO_TENTH, late=Late.NEXT_CYCLE)


def sent(instant: str, guidelines: Guidelines) -> Place:
    """Place a proposal sent at an instant; without an offset it is on the clocks of Rome."""
    at = datetime.fromisoformat(instant)
    day = civil_day(at if at.tzinfo else at.replace(tzinfo=ROME))
    return place(day, day, guidelines)


@pytest.mark.parametrize(
    ("instant", "late"),
    [
        ("2026-06-09T23:59:59.999999", False),
        ("2026-06-10T23:59:59.999999", False),
        ("2026-06-11T00:00:00", True),
    ],
)
def test_a_proposal_is_on_time_until_the_last_instant_of_the_tenth(instant: str, late: bool):
    assert sent(instant, V1) == Place("2026-07", late, date(2026, 7, 1), date(2026, 7, 20))


@pytest.mark.parametrize(
    ("instant", "late"),
    [
        ("2026-06-10T21:59:59.999999+00:00", False),
        ("2026-06-10T22:00:00+00:00", True),
        ("2026-01-10T22:59:59.999999+00:00", False),
        ("2026-01-10T23:00:00+00:00", True),
    ],
)
def test_the_tenth_is_that_of_rome_in_summer_and_in_winter(instant: str, late: bool):
    assert sent(instant, V1).late is late


@pytest.mark.parametrize(
    ("instant", "cycle"),
    [
        ("2026-06-30T23:59:59.999999", "2026-07"),
        ("2026-07-01T00:00:00", "2026-08"),
        ("2026-06-30T21:59:59.999999+00:00", "2026-07"),
        ("2026-06-30T22:00:00+00:00", "2026-08"),
        ("2026-12-31T23:59:59.999999", "2027-01"),
        ("2027-01-01T00:00:00", "2027-02"),
        ("2028-02-29T23:59:59.999999", "2028-03"),
        ("2028-03-01T00:00:00", "2028-04"),
        ("2026-02-28T23:59:59.999999", "2026-03"),
        ("2026-03-29T01:59:59.999999", "2026-04"),  # the hour that does not exist follows
        ("2026-03-29T03:00:00", "2026-04"),
        ("2026-10-25T00:30:00+00:00", "2026-11"),  # 02:30 in Rome, the first time
        ("2026-10-25T01:30:00+00:00", "2026-11"),  # 02:30 in Rome, the second time
    ],
)
def test_a_cycle_evaluates_what_was_sent_in_the_month_before(instant: str, cycle: str):
    assert sent(instant, V1).cycle == cycle


SUMMER_TIME_ON_THE_TENTH = [  # no such year, but the day of a month is set by guidelines
    ("2026-03-29T23:59:59.999999", False),
    ("2026-03-30T00:00:00", True),
    ("2026-10-25T23:59:59.999999", False),
    ("2026-10-26T00:00:00", True),
]


@pytest.mark.parametrize(("instant", "late"), SUMMER_TIME_ON_THE_TENTH)
def test_a_day_of_23_or_25_hours_ends_at_its_own_midnight(instant: str, late: bool):
    by_day = 29 if "-03-" in instant else 25
    assert sent(instant, replace(V1, proposals_by_day=by_day)).late is late


@pytest.mark.parametrize(
    ("guidelines", "tenth", "eleventh", "month_end"),
    [
        (V1, ("2026-07", False), ("2026-07", True), ("2026-07", True)),
        (NEXT_CYCLE, ("2026-07", False), ("2026-08", True), ("2026-08", True)),
        (SAME_MONTH, ("2026-06", False), ("2026-06", True), ("2026-07", True)),
        (SAME_MONTH_NEXT_CYCLE, ("2026-06", False), ("2026-07", True), ("2026-07", True)),
        (ELEVENTH_TO_TENTH, ("2026-06", False), ("2026-07", False), ("2026-07", False)),
        (ELEVENTH_NEXT_CYCLE, ("2026-06", False), ("2026-07", False), ("2026-07", False)),
    ],
)
def test_each_reading_has_its_cycle_and_its_lateness(
    guidelines: Guidelines,
    tenth: tuple[str, bool],
    eleventh: tuple[str, bool],
    month_end: tuple[str, bool],
):
    found = [sent(f"2026-06-{day}T12:00:00", guidelines) for day in (10, 11, 30)]
    assert [(each.cycle, each.late) for each in found] == [tenth, eleventh, month_end]


@pytest.mark.parametrize(
    ("day", "cycle"),
    [("2026-06-19", "2026-06"), ("2026-06-20", "2026-06"), ("2026-06-21", "2026-07")],
)
def test_in_the_same_month_a_late_one_is_marked_as_long_as_the_month_decides(day: str, cycle: str):
    where = sent(f"{day}T12:00:00", SAME_MONTH)
    assert (where.cycle, where.late) == (cycle, True)


@pytest.mark.parametrize(
    ("guidelines", "docket_on"),
    [
        (V1, date(2026, 7, 1)),
        (SAME_MONTH, date(2026, 6, 11)),
        (ELEVENTH_TO_TENTH, date(2026, 6, 11)),
    ],
)
def test_a_docket_is_set_on_the_first_day_on_which_it_is_complete(
    guidelines: Guidelines, docket_on: date
):
    assert sent("2026-06-10T12:00:00", guidelines).docket_on == docket_on


@pytest.mark.parametrize(
    ("heard_on", "cycle"),
    [
        (date(2026, 7, 19), "2026-07"),
        (date(2026, 7, 20), "2026-07"),
        (date(2026, 7, 21), "2026-08"),
        (date(2026, 9, 21), "2026-10"),
    ],
)
def test_a_proposal_that_reached_us_late_goes_to_the_first_open_cycle_and_is_not_late(
    heard_on: date, cycle: str
):
    where = place(date(2026, 6, 10), heard_on, V1)
    assert (where.cycle, where.late) == (cycle, False)


@pytest.mark.parametrize(
    ("cycle", "on", "carried_to"),
    [
        ("2026-07", date(2026, 7, 21), "2026-08"),
        ("2026-12", date(2026, 12, 21), "2027-01"),
        ("2026-07", date(2026, 8, 20), "2026-08"),
        ("2026-07", date(2026, 8, 21), "2026-09"),
    ],
)
def test_an_undecided_proposal_is_carried_into_the_next_open_cycle(
    cycle: str, on: date, carried_to: str
):
    where = carry(cycle, True, on, V1)
    assert (where.cycle, where.late) == (carried_to, True)


def test_a_month_that_left_it_undecided_does_not_get_it_again_when_its_last_day_is_put_off():
    later = replace(V1, decided_by_day=25)
    assert carry("2026-07", False, date(2026, 7, 21), later).cycle == "2026-08"


CLOSED = replace(V1, closed_months=frozenset({8}))
CHRISTMAS = replace(V1, closed_months=frozenset({12, 1}))


@pytest.mark.parametrize(
    ("sent_on", "guidelines", "cycle"),
    [
        ("2026-06-30", CLOSED, "2026-07"),
        ("2026-07-01", CLOSED, "2026-09"),
        ("2026-07-31", CLOSED, "2026-09"),
        ("2026-08-01", CLOSED, "2026-09"),
        ("2026-11-01", CHRISTMAS, "2027-02"),
        ("2026-12-31", CHRISTMAS, "2027-02"),
        ("2026-07-10", replace(CLOSED, late=Late.NEXT_CYCLE), "2026-09"),
        ("2026-07-11", replace(CLOSED, late=Late.NEXT_CYCLE), "2026-09"),
        ("2026-08-10", replace(CLOSED, evaluates=Evaluates.SAME_MONTH), "2026-09"),
        ("2026-07-10", replace(CLOSED, evaluates=Evaluates.ELEVENTH_TO_TENTH), "2026-07"),
        ("2026-07-11", replace(CLOSED, evaluates=Evaluates.ELEVENTH_TO_TENTH), "2026-09"),
    ],
)
def test_a_proposal_of_a_closed_month_goes_to_the_next_open_one(
    sent_on: str, guidelines: Guidelines, cycle: str
):
    where = sent(f"{sent_on}T12:00:00", guidelines)
    assert (where.cycle, str(where.decide_by)) == (cycle, f"{cycle}-20")
    assert str(where.docket_on).startswith(cycle)


@pytest.mark.parametrize(
    ("sent_on", "guidelines", "late"),
    [
        ("2026-06-11", CLOSED, True),
        ("2026-07-10", CLOSED, False),
        ("2026-07-11", CLOSED, False),
        ("2026-08-10", CLOSED, False),
        ("2026-08-11", CLOSED, True),
        ("2026-10-11", CHRISTMAS, True),
        ("2026-11-11", CHRISTMAS, False),
        ("2027-01-10", CHRISTMAS, False),
        ("2027-01-11", CHRISTMAS, True),
        ("2026-07-11", replace(CLOSED, evaluates=Evaluates.SAME_MONTH), True),
        ("2026-08-11", replace(CLOSED, evaluates=Evaluates.SAME_MONTH), False),
        ("2026-09-11", replace(CLOSED, evaluates=Evaluates.SAME_MONTH), True),
        ("2026-08-11", replace(CLOSED, late=Late.NEXT_CYCLE), True),
    ],
)
def test_what_is_decided_together_with_a_later_month_is_on_time_until_that_months_tenth(
    sent_on: str, guidelines: Guidelines, late: bool
):
    assert sent(f"{sent_on}T12:00:00", guidelines).late is late


@pytest.mark.parametrize(
    ("on", "carried_to"),
    [
        (date(2026, 7, 21), "2026-09"),
        (date(2026, 9, 20), "2026-09"),
        (date(2026, 9, 21), "2026-10"),
    ],
)
def test_an_undecided_proposal_is_carried_past_a_closed_month(on: date, carried_to: str):
    assert carry("2026-07", False, on, CLOSED).cycle == carried_to


@pytest.mark.parametrize(
    ("cycle", "closed"), [("2026-07", False), ("2026-08", True), ("2026-09", False)]
)
def test_a_cycle_is_closed_in_the_months_that_the_guidelines_close(cycle: str, closed: bool):
    assert is_closed(cycle, CLOSED) is closed
    assert not is_closed(cycle, V1)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 10, 30), 4, date(2027, 2, 28)),
        (date(2027, 10, 30), 4, date(2028, 2, 29)),
        (date(2026, 9, 10), 4, date(2027, 1, 10)),
        (date(2026, 8, 31), 1, date(2026, 9, 30)),
    ],
)
def test_months_later_is_the_same_day_or_the_last_of_a_shorter_month(
    day: date, months: int, later: date
):
    assert months_later(day, months) == later


@pytest.mark.parametrize("name", ["2026-01", "2026-12", "2028-02"])
def test_a_cycle_is_named_by_its_month(name: str):
    assert str(Month.named(name)) == name
    assert str(Month.named(name).plus(12).plus(-12)) == name
