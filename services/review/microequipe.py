"""Who leads the microequipe of a family and who assists it, as its organisation told it last."""

from datetime import date
from uuid import UUID

from services.kernel.actor import Actor
from services.kernel.aggregate import Aggregate, Birth, birth
from services.kernel.ids import stream_id


def microequipe_id(family: str) -> UUID:
    """The stream of what is known of the microequipe of *family*."""
    return stream_id("microequipe as told", family)


class Microequipe(Aggregate):
    """The microequipe of one family, as far as the committee has to do with it [6].

    Remembered beside the proposals, since it may change before one of them is heard, and while
    none is open.
    """

    TOPIC = "review.Microequipe"

    def __init__(self) -> None:
        self.lead: UUID | None = None
        self.case_manager: UUID | None = None

    class Opened(Birth):
        """The microequipe was heard of."""

        TOPIC = "review.MicroequipeOpened"
        family: str

    class Told(Aggregate.Event):
        """Who leads it, and who assists it or None, from now on."""

        TOPIC = "review.MicroequipeTold"
        lead: UUID
        case_manager: UUID | None
        on: date

        def apply(self, microequipe: "Microequipe") -> None:
            microequipe.lead = self.lead
            microequipe.case_manager = self.case_manager

    @classmethod
    def open(cls, family: str, by: Actor) -> "Microequipe":
        """The microequipe of *family*, before it is known who leads it."""
        return birth(cls, cls.Opened, microequipe_id(family), by=by, family=family)

    def tell(self, lead: UUID, case_manager: UUID | None, by: Actor, on: date) -> None:
        """Remember who leads and who assists it; known already, nothing is added.

        Args:
            lead: a person.
            case_manager: a person, or None.
            by: the service.
            on: civil day on which it reached us.
        """
        if (self.lead, self.case_manager) != (lead, case_manager):
            self.trigger_event(self.Told, by=by, lead=lead, case_manager=case_manager, on=on)
