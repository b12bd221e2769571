"""Civil days: spans of months, ages, and days that have not come yet."""

from calendar import monthrange
from datetime import date

from services.kernel.refusal import Refused


class DayToCome(Refused):
    """What is recorded has happened: its day is today or earlier."""


def must_have_come(on: date, today: date) -> None:
    """Refuse a day after *today*.

    Raises:
        DayToCome: *on* lies after *today*.
    """
    if on > today:
        raise DayToCome(on=on, today=today)


def months_after(day: date, months: int) -> date:
    """The same day *months* later, or the last day of that month if it has none such [9]."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def age(born: date, on: date) -> int:
    """Completed years of age on *on*; who was born on 29 February completes one on 1 March."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
