"""What happened on a line that is no decision of ours: refused words, and words stepped over."""

from typing import Any
from uuid import UUID

from services.kernel.actor import Actor
from services.kernel.aggregate import Aggregate, Birth, birth
from services.kernel.ids import stream_id
from services.kernel.sealed import Sealed


def line_id(log_id: str) -> UUID:
    """The stream that keeps refusals and skips of what *log_id* said to us."""
    return stream_id("line", log_id)


class Line(Aggregate):
    """The words of one producer's log, as far as our rules could not follow them."""

    TOPIC = "kernel.Line"

    def __init__(self) -> None:
        self.log_id = ""
        self.not_followed: tuple[int, ...] = ()

    class Opened(Birth):
        """The first words that were not followed came."""

        TOPIC = "kernel.LineOpened"
        log_id: str

        def apply(self, line: "Line") -> None:
            line.log_id = self.log_id

    class WordsRefused(Aggregate.Event):
        """A rule said no to what number *seq* asked of us."""

        TOPIC = "kernel.WordsRefused"
        seq: int
        contract: str
        refusal: str
        facts: dict[str, Any]

        def apply(self, line: "Line") -> None:
            line.not_followed = (*line.not_followed, self.seq)

    class WordsSkipped(Aggregate.Event):
        """An operator stepped over number *seq*, which crashed its policy."""

        TOPIC = "kernel.WordsSkipped"
        seq: int
        because: Sealed

        def apply(self, line: "Line") -> None:
            line.not_followed = (*line.not_followed, self.seq)

    @classmethod
    def open(cls, log_id: str, by: Actor) -> "Line":
        """Begin the stream for *log_id*."""
        return birth(cls, cls.Opened, line_id(log_id), by=by, log_id=log_id)

    def refuse(
        self, seq: int, contract: str, refusal: str, facts: dict[str, Any], by: Actor
    ) -> None:
        """Keep that a rule refused number *seq*."""
        self.trigger_event(
            self.WordsRefused, by=by, seq=seq, contract=contract, refusal=refusal, facts=facts
        )

    def skip(self, seq: int, because: Sealed, by: Actor) -> None:
        """Keep that an operator stepped over number *seq*, and why."""
        self.trigger_event(self.WordsSkipped, by=by, seq=seq, because=because)
