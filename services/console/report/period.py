"""The period of a report: civil days in Europe/Rome, the first and the last included."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from services.kernel.refusal import Refused


class PeriodReversed(Refused):
    """A period ends on its first day or later."""


class NotOverYet(Refused):
    """A day is told when it is over; ``until`` is the last one that is, or that is looked at."""


@dataclass(frozen=True)
class Period:
    """The days of a report.

    A fact belongs to the period of the day on which it took effect, not of the day on which it was
    recorded: what is recorded later about a day of the period is a correction of it, and what has a
    later day changes nothing.

    Attributes:
        first: its first day.
        last: its last day.
        known: the last day whose records are looked at; the same one, the same report.
    """

    first: date
    last: date
    known: date

    @classmethod
    def told(cls, first: date, last: date, known: date | None, today: date) -> Self:
        """The period from *first* to *last*, as was known at the end of *known*, by default now.

        Raises:
            PeriodReversed: it ends before it begins.
            NotOverYet: *known* is no day before *today*, or *last* lies after it.
        """
        yesterday = today - timedelta(days=1)
        known = yesterday if known is None else known
        if last < first:
            raise PeriodReversed(first=first, last=last)
        if known > yesterday:
            raise NotOverYet(day=known, until=yesterday)
        if last > known:
            raise NotOverYet(day=last, until=known)
        return cls(first, last, known)

    def holds(self, day: date | None) -> bool:
        """Whether *day* is one of its days; no day is in no period."""
        return day is not None and self.first <= day <= self.last
