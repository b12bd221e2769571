"""Days that are due, and the working days before them."""

from dataclasses import replace
from datetime import date

import pytest

from services.notify.calendar import INITIAL, Days, remind_from
from services.notify.working_days import is_working_day
from services.review.guidelines import INITIAL as PARAMETERS


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


def test_the_last_day_of_a_cycle_is_its_twentieth():
    assert INITIAL.last_of("2026-08") == date(2026, 8, 20)


def test_notify_reads_its_days_of_a_version():
    assert Days.of(PARAMETERS) == INITIAL
    assert Days.of({**PARAMETERS, "proposals_by_day": 12}) == Days(12, 20)
