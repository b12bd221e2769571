"""Civil days: what day it is in Europe/Rome, and when such a day begins and ends."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ROME = ZoneInfo("Europe/Rome")


def civil_day(instant: datetime) -> date:
    """The day of *instant* (aware) in Europe/Rome."""
    return instant.astimezone(ROME).date()


def begins(day: date) -> datetime:
    """The first instant of *day* in Europe/Rome, in UTC."""
    return datetime.combine(day, time(), ROME).astimezone(UTC)


def ends(day: date) -> datetime:
    """The first instant after *day* in Europe/Rome, in UTC."""
    return begins(day + timedelta(days=1))
