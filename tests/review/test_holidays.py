"""The 10th and the 20th stay where they are, whatever day that is [6]."""

from datetime import date

import pytest

from services.review.cycle import place
from tests.review.moments import V1


@pytest.mark.parametrize(
    ("month", "what"),
    [
        ("2026-05", "a Sunday"),
        ("2026-10", "a Saturday"),
        ("2023-04", "Easter Monday"),
        ("2026-07", "a working day"),
    ],
)
def test_the_tenth_stays_the_tenth_on_a_sunday_and_on_a_holiday(month: str, what: str):
    days = [date.fromisoformat(f"{month}-{day}") for day in ("09", "10", "11")]
    assert [place(day, day, V1).late for day in days] == [False, False, True], what


@pytest.mark.parametrize(
    ("sent_on", "twentieth"),
    [
        (date(2026, 8, 3), date(2026, 9, 20)),  # a Sunday
        (date(2026, 5, 4), date(2026, 6, 20)),  # a Saturday
        (date(2025, 3, 3), date(2025, 4, 20)),  # Easter
        (date(2026, 6, 3), date(2026, 7, 20)),  # a working day
    ],
)
def test_the_twentieth_stays_the_twentieth_on_a_sunday_and_on_a_holiday(
    sent_on: date, twentieth: date
):
    days = [twentieth.replace(day=day) for day in (19, 20, 21)]
    cycle, next_cycle = str(twentieth)[:7], str(twentieth.replace(month=twentieth.month + 1))[:7]
    found = [place(sent_on, heard_on, V1) for heard_on in days]
    assert [each.cycle for each in found] == [cycle, cycle, next_cycle]
    assert found[0].decide_by == twentieth
