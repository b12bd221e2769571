"""Days on which something is due, and from which a reminder goes out. Working days are Italy's."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

REMIND_BEFORE = 3
"""Working days before a day that is due, from which one reminder goes out; our reading [2]."""

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Days:
    """What notify reads of one version of the guidelines.

    Attributes:
        proposals_by_day: last day of the month on which a proposal is on time.
        decided_by_day: last day of a cycle's month on which to decide.
    """

    proposals_by_day: int
    decided_by_day: int

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> "Days":
        """The days among a version's parameters."""
        return cls(values["proposals_by_day"], values["decided_by_day"])

    def next_for_proposals(self, day: date) -> date:
        """The first day, from *day* on, by which proposals are on time."""
        this = day.replace(day=self.proposals_by_day)
        if day <= this:
            return this
        return (this.replace(day=28) + timedelta(days=4)).replace(day=self.proposals_by_day)

    def next_for_decisions(self, day: date) -> date:
        """The first day after *day* by which the committee decides."""
        this = day.replace(day=self.decided_by_day)
        if day < this:
            return this
        return (this.replace(day=28) + timedelta(days=4)).replace(day=self.decided_by_day)

    def last_of(self, cycle: str) -> date:
        """The last day for the decisions of *cycle*."""
        return date.fromisoformat(f"{cycle}-{self.decided_by_day:02}")


INITIAL = Days(proposals_by_day=10, decided_by_day=20)
"""Before any guidelines were heard: the days of the programme itself [3]."""


def remind_from(due: date, is_working_day: Callable[[date], bool]) -> date:
    """The day that lies :data:`REMIND_BEFORE` working days before *due*."""
    day, left = due, REMIND_BEFORE
    while left:
        day -= ONE_DAY
        left -= is_working_day(day)
    return day
