"""Days that are due, and the working days before them."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from services.notify.calendar import INITIAL, Days, remind_from
from services.notify.working_days import is_working_day
from services.review.cycle import place
from services.review.guidelines import INITIAL as PARAMETERS
from services.review.guidelines import Evaluates, Guidelines


@pytest.mark.parametrize(
    ("due", "first"),
    [
        (date(2026, 7, 10), date(2026, 7, 7)),  # Friday: Thursday, Wednesday, Tuesday
        (date(2026, 5, 10), date(2026, 5, 6)),  # Sunday: Friday, Thursday, Wednesday
        (date(2026, 10, 10), date(2026, 10, 7)),  # Saturday: Friday, Thursday, Wednesday
        (date(2026, 6, 10), date(2026, 6, 5)),  # Wednesday: Tuesday, Monday, Friday
        (date(2026, 4, 10), date(2026, 4, 7)),  # Easter Monday is the 6th
        (date(2026, 1, 10), date(2026, 1, 7)),  # Epiphany is the 6th
        (date(2026, 12, 10), date(2026, 12, 4)),  # the 8th is a holiday, the 5th a Saturday
        (date(2026, 6, 3), date(2026, 5, 28)),  # the 2nd is a holiday
    ],
)
def test_a_reminder_goes_out_three_italian_working_days_before(due: date, first: date):
    assert remind_from(due, is_working_day) == first


def test_working_days_are_counted_by_whoever_says_which_they_are():
    assert remind_from(date(2026, 6, 10), lambda day: True) == date(2026, 6, 7)
    assert remind_from(date(2026, 6, 10), lambda day: day.day % 2 == 0) == date(2026, 6, 4)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 6, 1), True),
        (date(2026, 6, 2), False),
        (date(2026, 6, 6), False),
        (date(2026, 6, 7), False),
        (date(2026, 8, 14), True),
        (date(2026, 8, 15), False),
        (date(2027, 3, 29), False),
        (date(2026, 12, 7), True),  # Sant'Ambrogio, in Milan only
        (date(2027, 10, 4), False),  # San Francesco, national from 2026
    ],
)
def test_working_days_are_italys_without_patron_saints(day: date, works: bool):
    assert is_working_day(day) is works


@pytest.mark.parametrize(
    ("day", "due"),
    [
        (date(2026, 6, 9), date(2026, 6, 10)),
        (date(2026, 6, 10), date(2026, 6, 10)),
        (date(2026, 6, 11), date(2026, 7, 10)),
        (date(2026, 12, 31), date(2027, 1, 10)),
        (date(2026, 1, 31), date(2026, 2, 10)),
        (date(2026, 2, 28), date(2026, 3, 10)),
        (date(2028, 2, 29), date(2028, 3, 10)),
    ],
)
def test_a_draft_can_be_sent_until_the_next_tenth(day: date, due: date):
    assert INITIAL.next_for_proposals(day) == due


@pytest.mark.parametrize("by_day", [1, 15, 28])
def test_the_day_for_proposals_is_a_parameter(by_day: int):
    days = replace(INITIAL, proposals_by_day=by_day)
    assert days.next_for_proposals(date(2026, 1, 31)) == date(2026, 2, by_day)


AUGUST = frozenset({8})
CHRISTMAS = frozenset({12, 1})


@pytest.mark.parametrize(
    ("day", "closed", "months_on", "due"),
    [
        (date(2026, 6, 10), AUGUST, 1, date(2026, 6, 10)),
        (date(2026, 6, 11), AUGUST, 1, date(2026, 8, 10)),
        (date(2026, 7, 10), AUGUST, 1, date(2026, 8, 10)),
        (date(2026, 8, 10), AUGUST, 1, date(2026, 8, 10)),
        (date(2026, 8, 11), AUGUST, 1, date(2026, 9, 10)),
        (date(2026, 10, 11), CHRISTMAS, 1, date(2027, 1, 10)),
        (date(2026, 7, 10), AUGUST, 0, date(2026, 7, 10)),
        (date(2026, 7, 11), AUGUST, 0, date(2026, 9, 10)),
        (date(2026, 11, 11), CHRISTMAS, 0, date(2027, 2, 10)),
    ],
)
def test_what_is_due_by_the_tenth_follows_the_month_in_which_the_committee_meets(
    day: date, closed: frozenset[int], months_on: int, due: date
):
    days = replace(INITIAL, closed_months=closed, months_on=months_on)
    assert days.next_for_proposals(day) == due


@pytest.mark.parametrize("evaluates", list(Evaluates))
@pytest.mark.parametrize("closed", [[], [8], [1, 12], [7, 8, 9]])
def test_who_sends_by_that_day_is_on_time_at_the_committee(evaluates: Evaluates, closed: list[int]):
    """The day that notify reminds of and the calendar of review are one."""
    parameters = {**PARAMETERS, "evaluates": evaluates.value, "closed_months": closed}
    days, guidelines = Days.of(parameters), Guidelines.of(1, parameters)
    for number in range(365):
        sent = date(2026, 1, 1) + timedelta(days=number)
        due, where = days.next_for_proposals(sent), place(sent, sent, guidelines)
        last = place(due, due, guidelines)
        assert not last.late
        assert where.cycle <= last.cycle if where.late else where.cycle == last.cycle


@pytest.mark.parametrize(
    ("day", "due"),
    [
        (date(2026, 7, 19), date(2026, 7, 20)),
        (date(2026, 7, 20), date(2026, 9, 20)),
        (date(2026, 8, 1), date(2026, 9, 20)),
        (date(2026, 9, 20), date(2026, 10, 20)),
        (date(2026, 12, 31), date(2027, 1, 20)),
    ],
)
def test_the_committee_decides_next_in_a_month_in_which_it_meets(day: date, due: date):
    assert replace(INITIAL, closed_months=AUGUST).next_for_decisions(day) == due


def test_the_last_day_of_a_cycle_is_its_twentieth():
    assert INITIAL.last_of("2026-08") == date(2026, 8, 20)


def test_notify_reads_its_days_of_a_version():
    assert Days.of(PARAMETERS) == INITIAL
    assert Days.of({**PARAMETERS, "proposals_by_day": 12}) == Days(12, 20)
    changed = {**PARAMETERS, "closed_months": [8], "evaluates": "same_month"}
    assert Days.of(changed) == Days(10, 20, months_on=0, closed_months=AUGUST)
    older = {name: value for name, value in PARAMETERS.items() if name != "closed_months"}
    assert Days.of(older) == INITIAL
