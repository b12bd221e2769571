"""Duties: what the calendar asks for, once a civil day, whatever happened in between.

There is no scheduler state to lose: the last closed day is itself a fact, and each day after it is
handled in order. A duty is one transaction per aggregate, under a key of duty, day and aggregate.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from services.kernel.actor import Actor
from services.kernel.aggregate import Aggregate, Birth, birth
from services.kernel.ids import stream_id
from services.kernel.log import Recorder
from services.kernel.mapper import Mapper

CALENDAR = stream_id("calendar")
"""The one stream of closed days in a log."""


@dataclass(frozen=True)
class Duty:
    """One sentence of the calendar.

    Attributes:
        name: stored in causes; never changes.
        due: which aggregates are due on a day (a view question).
        decide: what is decided about one of them; must add nothing when there is nothing to do.
    """

    name: str
    due: Callable[[Connection, date], Iterable[UUID]]
    decide: Callable[[Any, UUID, date], None]


class Calendar(Aggregate):
    """The civil days (Europe/Rome) whose duties this log has done."""

    TOPIC = "kernel.Calendar"
    LAST_TELLS_ALL = True  # a day more each day: a year of them would be read 365 times

    def __init__(self) -> None:
        self.next_day = date.min

    class Opened(Birth):
        """The log began to keep days; the first one is *first*."""

        TOPIC = "kernel.CalendarOpened"
        first: date

        def apply(self, calendar: "Calendar") -> None:
            calendar.next_day = self.first

    class DayClosed(Aggregate.Event):
        """Every duty of *day* is done; the next one is *following*."""

        TOPIC = "kernel.DayClosed"
        day: date
        following: date

        def apply(self, calendar: "Calendar") -> None:
            calendar.next_day = self.following

    @classmethod
    def open(cls, first: date, by: Actor) -> "Calendar":
        """Begin with *first*."""
        return birth(cls, cls.Opened, CALENDAR, by=by, first=first)

    def close(self, day: date, by: Actor) -> None:
        """Record that *day* is done; a day that is done already adds nothing."""
        if day == self.next_day:
            following = date.fromordinal(day.toordinal() + 1)
            self.trigger_event(self.DayClosed, by=by, day=day, following=following)


def next_day(connection: Connection) -> date | None:
    """The first civil day whose duties are not done; None before the calendar was opened."""
    last = Recorder(connection).select_events(CALENDAR, desc=True, limit=1)
    if not last:
        return None
    event = Mapper().to_domain_event(last[0])
    following: date = event.first if isinstance(event, Calendar.Opened) else event.following
    return following
