"""Months, ages, days to come."""

from datetime import date

import pytest

from services.intake.days import DayToCome, age, months_after, must_have_come


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 3, 15), 6, date(2026, 9, 15)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
    ],
)
def test_a_month_ends_on_the_same_day_or_on_its_last_one(day, months, then):
    assert months_after(day, months) == then


@pytest.mark.parametrize(
    ("on", "years"),
    [(date(2026, 3, 1), 64), (date(2026, 3, 2), 65), (date(2026, 3, 3), 65)],
)
def test_a_year_of_age_is_complete_on_the_birthday(on, years):
    assert age(date(1961, 3, 2), on) == years


@pytest.mark.parametrize(
    ("on", "years"),
    [(date(2026, 2, 28), 1), (date(2026, 3, 1), 2), (date(2028, 2, 28), 3), (date(2028, 2, 29), 4)],
)
def test_who_was_born_on_29_february_completes_a_year_on_1_march(on, years):
    assert age(date(2024, 2, 29), on) == years


@pytest.mark.parametrize("on", [date(2026, 3, 1), date(2026, 3, 2)])
def test_what_happened_yesterday_or_today_has_come(on):
    must_have_come(on, date(2026, 3, 2))


def test_tomorrow_has_not_come():
    with pytest.raises(DayToCome) as refusal:
        must_have_come(date(2026, 3, 3), date(2026, 3, 2))
    assert refusal.value.facts == {"on": "2026-03-03", "today": "2026-03-02"}
