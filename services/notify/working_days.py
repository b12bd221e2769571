"""Which days are working days in Italy: Monday to Friday without the national holidays."""

from datetime import date
from functools import lru_cache

import holidays


@lru_cache(maxsize=1)
def _italian() -> holidays.HolidayBase:
    return holidays.country_holidays("IT", language="it_IT")


def is_working_day(day: date) -> bool:
    """Whether *day* is one; the days of patron saints differ from town to town and do not count."""
    return day.weekday() < 5 and day not in _italian()
