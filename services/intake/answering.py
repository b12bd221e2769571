"""Answering: what another organisation asked about persons, how often, and what it was told."""

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
    family: str
    asked_by: str
    answer: Elsewhere
    on: date


def askings_id(organisation: str) -> UUID:
    """The stream of what *organisation* asked."""
    return stream_id("askings", organisation)


class Askings(Aggregate):
    """Everything that one organisation asked; never whom of ours it was about."""

    TOPIC = "intake.Askings"

    def __init__(self) -> None:
        self.organisation = ""
        self.answers: list[Answer] = []

    # stored: rename a class at will, never its topic; values of the codes are for ever

    class Opened(Birth):
        """*organisation* asked for the first time."""

        TOPIC = "intake.AskingsOpened"
        organisation: str

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
            askings.answers.append(
                Answer(self.asking, self.family, self.asked_by, self.answer, self.on)
            )

    @classmethod
    def opened(cls, organisation: str, by: Actor) -> "Askings":
        """The stream of *organisation*, empty."""
        return birth(cls, cls.Opened, askings_id(organisation), by=by, organisation=organisation)

    def answered(self, asking: UUID) -> bool:
        """Whether that was asked, and answered, before."""
        return any(each.asking == asking for each in self.answers)

    def why_not(self, agreed: bool, most: int, on: date) -> Elsewhere | None:
        """Why nothing is looked up for an asking of *on*; None if it is [2] [8].

        Args:
            agreed: whether an agreement that covers recognition is in force on *on*.
            most: askings of one organisation that are looked up on one day.
            on: civil day.
        """
        if not agreed:
            return Elsewhere.NO_AGREEMENT
        looked_up = (Elsewhere.FOLLOWED, Elsewhere.NOT_FOLLOWED, Elsewhere.ERASED_MEANWHILE)
        today = [each for each in self.answers if each.on == on and each.answer in looked_up]
        return Elsewhere.TOO_MANY if len(today) >= most else None

    def answer(
        self,
        asking: UUID,
        family: str,
        asked_by: str,
        answer: Elsewhere,
        *,
        on: date,
        by: Actor,
    ) -> None:
        """Record *answer*; a second one to the same asking adds nothing."""
        if not self.answered(asking):
            self.trigger_event(
                self.Answered,
                by=by,
                asking=asking,
                family=family,
                asked_by=asked_by,
                answer=answer,
                on=on,
            )
