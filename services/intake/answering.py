"""Answering: what another organisation asked about persons on a day, and what it was told."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.intake.codes import Elsewhere
from services.kernel.actor import Actor
from services.kernel.aggregate import Aggregate, Birth, birth
from services.kernel.ids import stream_id


@dataclass(frozen=True)
class Answer:
    """One answer that was given; who asked is an actor of the other organisation."""

    asking: UUID
    asked_by: str
    answer: Elsewhere
    on: date


def askings_id(organisation: str, day: date) -> UUID:
    """The stream of what *organisation* asked on *day*."""
    return stream_id("askings", organisation, day)


class Askings(Aggregate):
    """What one organisation asked on one day; never whom of ours it was about."""

    TOPIC = "intake.Askings"

    def __init__(self) -> None:
        self.organisation = ""
        self.answers: list[Answer] = []
        self.too_many = False

    # stored: rename a class at will, never its topic; values of the codes are for ever

    class Opened(Birth):
        """*organisation* asked for the first time on that day."""

        TOPIC = "intake.AskingsOpened"
        organisation: str
        on: date

        def apply(self, askings: "Askings") -> None:
            """Whose askings they are."""
            askings.organisation = self.organisation

    class Answered(Aggregate.Event):
        """An asking about *family*, a code of the other organisation, was answered."""

        TOPIC = "intake.AskingAnswered"
        asking: UUID
        family: str
        asked_by: str
        answer: Elsewhere
        on: date

        def apply(self, askings: "Askings") -> None:
            """One more."""
            askings.answers.append(Answer(self.asking, self.asked_by, self.answer, self.on))

    class TooManyAsked(Aggregate.Event):
        """More was asked on that day than is looked up; told once, however much comes after it."""

        TOPIC = "intake.TooManyAsked"
        on: date

        def apply(self, askings: "Askings") -> None:
            """It is known."""
            askings.too_many = True

    @classmethod
    def opened(cls, organisation: str, *, on: date, by: Actor) -> "Askings":
        """The stream of *organisation* on that day, empty."""
        id = askings_id(organisation, on)
        return birth(cls, cls.Opened, id, by=by, organisation=organisation, on=on)

    def answer(
        self,
        asking: UUID,
        family: str,
        asked_by: str,
        look_up: Callable[[], Elsewhere],
        *,
        agreed: bool,
        most: int,
        on: date,
        by: Actor,
    ) -> None:
        """Answer *asking*; what was asked on that day already adds nothing [2] [8].

        The first of a day that is not looked up, since it is too many or about too many persons,
        is a fact for our administrators.

        Args:
            family: code of the other organisation's family.
            asked_by: an actor of the other organisation.
            look_up: whether we follow somebody; asked only if an answer may be given.
            agreed: whether an agreement that covers recognition is in force on *on*.
            most: askings of one organisation that are looked up on one day.
            on: civil day.
            by: who answers.
        """
        if any(each.asking == asking for each in self.answers):
            return
        if not agreed:
            answer = Elsewhere.NO_AGREEMENT
        elif self._looked_up() >= most:
            answer = Elsewhere.TOO_MANY
        else:
            answer = look_up()
        self.trigger_event(
            self.Answered,
            by=by,
            asking=asking,
            family=family,
            asked_by=asked_by,
            answer=answer,
            on=on,
        )
        if answer is Elsewhere.TOO_MANY and not self.too_many:
            self.trigger_event(self.TooManyAsked, by=by, on=on)

    def _looked_up(self) -> int:
        """How many were, so far."""
        not_looked_up = (Elsewhere.NO_AGREEMENT, Elsewhere.TOO_MANY)
        return sum(each.answer not in not_looked_up for each in self.answers)
