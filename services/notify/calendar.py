"""Days on which something is due, and from which a reminder goes out. Working days are Italy's."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

REMIND_BEFORE = 3
"""Working days before a day that is due, from which one reminder goes out; our reading [2]."""

AGREEMENT_REMINDER_DAYS = 30
"""Days before the end of an agreement, where the guidelines do not say [5, our reading]."""

ONE_DAY = timedelta(days=1)

IN_THE_NEXT_MONTH = "previous_month"
"""The reading of ``evaluates`` by which a month decides what was received in the month before."""


@dataclass(frozen=True)
class Days:
    """What notify reads of one version of the guidelines.

    Attributes:
        proposals_by_day: last day of the month on which a proposal is on time.
        decided_by_day: last day of a cycle's month on which to decide.
        months_on: months from the one in which a proposal is on time to the one that decides on it.
        closed_months: numbers of the months in which the committee does not meet.
        agreement_reminder_days: days before the last one of an agreement on which that is told.
    """

    proposals_by_day: int
    decided_by_day: int
    months_on: int = 1
    closed_months: frozenset[int] = frozenset()
    agreement_reminder_days: int = AGREEMENT_REMINDER_DAYS

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> "Days":
        """The days among a version's parameters; older versions lack some of them."""
        return cls(
            values["proposals_by_day"],
            values["decided_by_day"],
            int(values["evaluates"] == IN_THE_NEXT_MONTH),
            frozenset(values.get("closed_months", ())),
            values.get("agreement_reminder_days", AGREEMENT_REMINDER_DAYS),
        )

    def next_for_proposals(self, day: date) -> date:
        """The last day, of the first month from *day* on, by which proposals are on time.

        Where the committee does not meet, what is sent a month later is decided together with it,
        and is on time, too.
        """
        due = _from(day, self.proposals_by_day)
        while (due.month - 1 + self.months_on) % 12 + 1 in self.closed_months:
            due = _from(due + ONE_DAY, self.proposals_by_day)
        return due

    def next_for_decisions(self, day: date) -> date:
        """The first day after *day* by which the committee, in a month when it meets, decides."""
        due = _from(day + ONE_DAY, self.decided_by_day)
        while due.month in self.closed_months:
            due = _from(due + ONE_DAY, self.decided_by_day)
        return due

    def last_of(self, cycle: str) -> date:
        """The last day for the decisions of *cycle*."""
        return date.fromisoformat(f"{cycle}-{self.decided_by_day:02}")


INITIAL = Days(proposals_by_day=10, decided_by_day=20)
"""Before any guidelines were heard: the days of the programme itself [3]."""


def _from(day: date, number: int) -> date:
    """The first day, from *day* on, that is the *number*-th of a month."""
    this = day.replace(day=number)
    return this if day <= this else (day.replace(day=28) + timedelta(days=4)).replace(day=number)


def remind_from(due: date, is_working_day: Callable[[date], bool]) -> date:
    """The day that lies :data:`REMIND_BEFORE` working days before *due*."""
    day, left = due, REMIND_BEFORE
    while left:
        day -= ONE_DAY
        left -= is_working_day(day)
    return day
