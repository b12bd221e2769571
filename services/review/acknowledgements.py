"""Acknowledgements: each member of the committee says once that they know new guidelines."""

from datetime import date
from uuid import UUID

from services.kernel.actor import Actor
from services.kernel.aggregate import Aggregate, Birth, birth
from services.kernel.ids import stream_id
from services.kernel.refusal import Refused
from services.review.committee import NotOfTheCommittee, Seat


class AcknowledgedAlready(Refused):
    """A version is acknowledged once by each member of the committee [7]."""


def acknowledgements_id(number: int) -> UUID:
    """The stream of the acknowledgements of version *number*."""
    return stream_id("acknowledgements", number)


class Acknowledgements(Aggregate):
    """Who in the committee acknowledged one version of the guidelines [7]."""

    TOPIC = "review.Acknowledgements"

    def __init__(self) -> None:
        self.number = 0
        self.given: dict[UUID, tuple[str, date]] = {}

    class Opened(Birth):
        """The acknowledgements of a version begin."""

        TOPIC = "review.AcknowledgementsOpened"
        number: int

        def apply(self, acknowledgements: "Acknowledgements") -> None:
            acknowledgements.number = self.number

    class Acknowledged(Aggregate.Event):
        """A member of the committee acknowledged the version.

        Attributes:
            role: what the seat is held as.
        """

        TOPIC = "review.GuidelinesAcknowledged"
        person: UUID
        role: str
        on: date

        def apply(self, acknowledgements: "Acknowledgements") -> None:
            acknowledgements.given[self.person] = (self.role, self.on)

    @classmethod
    def open(cls, number: int, by: Actor) -> "Acknowledgements":
        """Version *number* before anybody acknowledged it."""
        return birth(cls, cls.Opened, acknowledgements_id(number), by=by, number=number)

    def acknowledge(self, person: UUID, committee: tuple[Seat, ...], by: Actor, on: date) -> None:
        """Note that *person* knows the version.

        Args:
            person: who holds a seat.
            committee: the seats held on *on*.
            by: that person.
            on: civil day.

        Raises:
            NotOfTheCommittee, AcknowledgedAlready.
        """
        seat = next((each for each in committee if each.person == person), None)
        if seat is None:
            raise NotOfTheCommittee(person=person, on=on)
        if person in self.given:
            raise AcknowledgedAlready(number=self.number, on=self.given[person][1])
        self.trigger_event(self.Acknowledged, by=by, person=person, role=seat.role, on=on)

    def missing(self, committee: tuple[Seat, ...]) -> tuple[Seat, ...]:
        """The seats whose holders have not acknowledged it."""
        return tuple(seat for seat in committee if seat.person not in self.given)
