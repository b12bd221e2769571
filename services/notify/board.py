"""The steering board, as far as its members are reminded of it: by when it meets next."""

from datetime import date
from uuid import UUID

from services.kernel.actor import Actor
from services.kernel.aggregate import Aggregate, Birth, birth
from services.kernel.ids import stream_id

BOARD: UUID = stream_id("steering board", "sessions")


class Board(Aggregate):
    """The sessions of the board."""

    TOPIC = "notify.Board"

    def __init__(self) -> None:
        self.next_due: date | None = None

    # stored: rename a class at will, never its topic

    class Opened(Birth):
        """A session was heard of."""

        TOPIC = "notify.BoardOpened"

    class Met(Aggregate.Event):
        """It met, and is to meet again by *next_due*."""

        TOPIC = "notify.BoardMet"
        next_due: date
        on: date

        def apply(self, board: "Board") -> None:
            board.next_due = self.next_due

    @classmethod
    def open(cls, by: Actor) -> "Board":
        """The board, before anything is known of it."""
        return birth(cls, cls.Opened, BOARD, by=by)

    def meet(self, next_due: date, by: Actor, on: date) -> None:
        """Remember by when it meets next; known already, nothing is added."""
        if next_due != self.next_due:
            self.trigger_event(self.Met, by=by, next_due=next_due, on=on)

    def has_met(self, due: date) -> bool:
        """Whether it no longer has to meet by *due*, since it met meanwhile."""
        return self.next_due is not None and self.next_due > due
