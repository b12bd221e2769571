"""What somebody has to do by a day: reminded once for each due day, unless it was done."""

from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from services.kernel.actor import Actor
from services.kernel.aggregate import Aggregate, Birth, birth
from services.kernel.ids import stream_id
from services.notify.notice import Subject


class Awaited(StrEnum):
    """What is to be done; values are stored."""

    PROPOSAL = "proposal"
    DECISION = "decision"
    VERIFICATION = "verification"


def deadline_id(awaited: Awaited, of: UUID) -> UUID:
    """The stream of what is *awaited* of a pact, or of a proposal's review."""
    return stream_id("deadline", awaited.value, of)


def due_id(deadline: UUID, due: date) -> UUID:
    """The cause of the reminders that *deadline* falls due on *due*."""
    return stream_id("due", deadline, due)


class Deadline(Aggregate):
    """Something to be done by a day [1]."""

    TOPIC = "notify.Deadline"

    def __init__(self) -> None:
        self.awaited = Awaited.PROPOSAL
        self.subject = Subject()
        self.number = 0
        self.due = date.min
        self.remind_from = date.min
        self.open = False
        self.reminded: date | None = None
        self.ended = False

    class Set(Birth):
        """It is to be done by *due*.

        Attributes:
            number: of the proposal that is awaited or to be decided, from 1; 0 where none is.
            remind_from: first day of the reminder.
        """

        TOPIC = "notify.DeadlineSet"
        class_version = 2
        awaited: Awaited
        subject: Subject
        number: int
        due: date
        remind_from: date
        on: date

        def apply(self, deadline: "Deadline") -> None:
            deadline.awaited = self.awaited
            deadline.subject = self.subject
            deadline.number = self.number
            deadline.due = self.due
            deadline.remind_from = self.remind_from
            deadline.open = True

        @staticmethod
        def upcast_v1_v2(state: dict[str, Any]) -> None:
            """Until version 2 nothing was awaited of another organisation."""
            state["subject"] = {**state["subject"], "organisation": None}

    class Moved(Aggregate.Event):
        """It is to be done, or done again, by another day."""

        TOPIC = "notify.DeadlineMoved"
        number: int
        due: date
        remind_from: date
        on: date

        def apply(self, deadline: "Deadline") -> None:
            deadline.number = self.number
            deadline.due = self.due
            deadline.remind_from = self.remind_from
            deadline.open = True

    class Met(Aggregate.Event):
        """It was done, or is not to be done any more."""

        TOPIC = "notify.DeadlineMet"
        number: int
        on: date

        def apply(self, deadline: "Deadline") -> None:
            deadline.open = False

    class Ended(Aggregate.Event):
        """Nothing of the kind is to be done any more, whatever is heard later."""

        TOPIC = "notify.DeadlineEnded"
        on: date

        def apply(self, deadline: "Deadline") -> None:
            deadline.open = False
            deadline.ended = True

    class Reminded(Aggregate.Event):
        """Who has to do it was reminded of *due*."""

        TOPIC = "notify.DeadlineReminded"
        due: date
        on: date

        def apply(self, deadline: "Deadline") -> None:
            deadline.reminded = self.due

    @classmethod
    def set(
        cls,
        id: UUID,
        awaited: Awaited,
        subject: Subject,
        number: int,
        due: date,
        remind_from: date,
        by: Actor,
        on: date,
    ) -> "Deadline":
        """Something is to be done by *due*."""
        return birth(
            cls,
            cls.Set,
            id,
            by=by,
            awaited=awaited,
            subject=subject,
            number=number,
            due=due,
            remind_from=remind_from,
            on=on,
        )

    def move(self, number: int, due: date, remind_from: date, by: Actor, on: date) -> None:
        """Let it be due on *due*; if it is, for an older number, or ended, nothing is added."""
        stands = self.open and (self.number, self.due) == (number, due)
        if number >= self.number and not stands and not self.ended:
            self.trigger_event(
                self.Moved, by=by, number=number, due=due, remind_from=remind_from, on=on
            )

    def meet(self, number: int, by: Actor, on: date) -> None:
        """Record that number *number* was done; done already, or an older one, adds nothing."""
        if self.open and number >= self.number:
            self.trigger_event(self.Met, by=by, number=number, on=on)

    def end(self, by: Actor, on: date) -> None:
        """Record that it never is to be done again; recorded already, nothing is added."""
        if not self.ended:
            self.trigger_event(self.Ended, by=by, on=on)

    def remind(self, by: Actor, on: date) -> bool:
        """Whether a reminder goes out on *on*: it is open, its time has come, and none went yet."""
        comes = self.open and self.reminded != self.due and self.remind_from <= on <= self.due
        if comes:
            self.trigger_event(self.Reminded, by=by, due=self.due, on=on)
        return comes
