"""The minutes (verbale) of the committee's meetings in one cycle, as data drawn from the facts."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from services.kernel.actor import Actor
from services.kernel.aggregate import Aggregate, Birth, birth
from services.kernel.ids import stream_id
from services.kernel.refusal import Refused
from services.kernel.sealed import Sealed
from services.review.tally import Choice, Outcome


class MeetingToCome(Refused):
    """A meeting is minuted when it was held, not before [6]."""


class NobodyMet(Refused):
    """A meeting without anybody present is none [6]."""


class DrawnUpAlready(Refused):
    """The minutes of a meeting are drawn up once; a mistake is corrected by new ones [6]."""


class NoSuchMinutes(Refused):
    """Only minutes that were drawn up are approved or corrected [6]."""


class ApprovedAlready(Refused):
    """Minutes are approved once [6]."""


class CorrectedAlready(Refused):
    """Minutes whose place others took stay as they are; only those that stand go on [6]."""


@dataclass(frozen=True)
class Present:
    """Somebody who was there.

    Attributes:
        role: what the person, or the holder they stood in for, sat as.
        deputy_of: the holder of the seat, for a deputy; or None.
    """

    person: UUID
    role: str
    deputy_of: UUID | None


@dataclass(frozen=True)
class MinutedVote:
    """One vote that counted.

    Attributes:
        seat: the person who holds the seat.
        deputy: who voted in the holder's stead, or None.
        spoken: recorded by a secretary.
        confirmed: cast by the voter's own act, or spoken by a voter who was there; these minutes,
            when approved, confirm it.
    """

    seat: UUID
    role: str
    proposer: bool
    choice: Choice
    deputy: UUID | None
    spoken: bool
    confirmed: bool


@dataclass(frozen=True)
class MinutedDecision:
    """What was decided on one proposal.

    Attributes:
        decision: number of the decision on this proposal.
        corrects: number of the decision that it corrects, or None.
        guidelines: version that was applied.
        conditions: references to the conditions on which an approval stands.
    """

    pact: UUID
    proposal: int
    family: str
    decision: int
    corrects: int | None
    outcome: Outcome
    votes: tuple[MinutedVote, ...]
    recused: tuple[UUID, ...]
    tie: bool
    guidelines: int
    conditions: tuple[Sealed, ...]


@dataclass(frozen=True)
class MinutedProposal:
    """A proposal on the docket that was not decided, or was set aside."""

    pact: UUID
    proposal: int
    family: str


@dataclass(frozen=True)
class MinutedAid:
    """Urgent aid of which the committee heard; EUR."""

    pact: UUID
    family: str
    aid: int
    eur: Decimal
    authorised_as: str
    authorised_on: date


@dataclass(frozen=True)
class Record:
    """What one meeting did.

    Attributes:
        held_on: civil day of the meeting.
        absent: holders of seats for whom nobody was there.
        set_aside: proposals on the docket on which nobody could decide any more.
        guidelines: version in force on the day.
    """

    held_on: date
    present: tuple[Present, ...]
    absent: tuple[UUID, ...]
    decisions: tuple[MinutedDecision, ...]
    undecided: tuple[MinutedProposal, ...]
    set_aside: tuple[MinutedProposal, ...]
    urgent_aid: tuple[MinutedAid, ...]
    guidelines: int


def minutes_id(cycle: str) -> UUID:
    """The stream of the minutes of *cycle*."""
    return stream_id("minutes", cycle)


class Minutes(Aggregate):
    """The minutes of one cycle, number after number; what was drawn up never changes [6]."""

    TOPIC = "review.Minutes"

    def __init__(self) -> None:
        self.cycle = ""
        self.records: dict[int, Record] = {}
        self.corrects: dict[int, int] = {}
        self.approved: dict[int, date] = {}

    class Opened(Birth):
        """The minutes of a cycle begin."""

        TOPIC = "review.MinutesOpened"
        cycle: str

        def apply(self, minutes: "Minutes") -> None:
            minutes.cycle = self.cycle

    class DrawnUp(Aggregate.Event):
        """The minutes of one meeting were drawn up from the facts.

        Attributes:
            number: of the minutes in this cycle, from 1.
            corrects: number of the minutes that these correct, or None.
        """

        TOPIC = "review.MinutesDrawnUp"
        number: int
        corrects: int | None
        record: Record
        on: date
        class_version = 2

        @staticmethod
        def upcast_v1_v2(state: dict[str, Any]) -> None:
            """Before proposals were set aside, no minutes said so of any."""
            state["record"]["set_aside"] = []

        def apply(self, minutes: "Minutes") -> None:
            minutes.records[self.number] = self.record
            if self.corrects is not None:
                minutes.corrects[self.number] = self.corrects

    class Approved(Aggregate.Event):
        """The project manager approved the minutes *number*; with them the spoken votes."""

        TOPIC = "review.MinutesApproved"
        number: int
        on: date

        def apply(self, minutes: "Minutes") -> None:
            minutes.approved[self.number] = self.on

    @classmethod
    def open(cls, cycle: str, by: Actor) -> "Minutes":
        """The minutes of *cycle* before its first meeting."""
        return birth(cls, cls.Opened, minutes_id(cycle), by=by, cycle=cycle)

    def draw_up(self, record: Record, corrects: int | None, by: Actor, on: date) -> int:
        """Keep what a meeting did; return the number of its minutes.

        Args:
            record: what it did, as the facts say.
            corrects: number of the minutes with a mistake, or None for a meeting's first.
            by: who draws up.
            on: the present civil day.

        Raises:
            MeetingToCome, NobodyMet, NoSuchMinutes, CorrectedAlready.
            DrawnUpAlready: other minutes stand for that day.
        """
        if record.held_on > on:
            raise MeetingToCome(held_on=record.held_on, on=on)
        if not record.present:
            raise NobodyMet(on=record.held_on)
        if corrects is not None:
            self._must_stand(corrects)
        for number in self.standing():
            if self.records[number].held_on == record.held_on and number != corrects:
                raise DrawnUpAlready(number=number, held_on=record.held_on)
        number = len(self.records) + 1
        self.trigger_event(
            self.DrawnUp, by=by, number=number, corrects=corrects, record=record, on=on
        )
        return number

    def approve(self, number: int, by: Actor, on: date) -> None:
        """Approve minutes *number*.

        Raises:
            NoSuchMinutes, CorrectedAlready, ApprovedAlready.
        """
        self._must_stand(number)
        if number in self.approved:
            raise ApprovedAlready(number=number, on=self.approved[number])
        self.trigger_event(self.Approved, by=by, number=number, on=on)

    def standing(self) -> tuple[int, ...]:
        """Numbers of the minutes that no others correct."""
        corrected = set(self.corrects.values())
        return tuple(number for number in self.records if number not in corrected)

    def _must_stand(self, number: int) -> None:
        if number not in self.records:
            raise NoSuchMinutes(number=number, drawn_up=len(self.records))
        for later, corrected in self.corrects.items():
            if corrected == number:
                raise CorrectedAlready(number=number, corrected_by=later)
