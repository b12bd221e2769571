"""What is recorded along the way beside the pact itself: visits, ties, and what became of it.

The values of the enumerations and the fields of the records are stored: they never change.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from services.kernel.sealed import Sealed


class VisitPlace(StrEnum):
    """Where somebody meets the family; never an address."""

    HOME = "home"
    ACCESS_POINT = "access_point"
    WHERE_AN_ACTION_IS = "where_an_action_is"
    SCHOOL = "school"
    AT_A_DISTANCE = "at_a_distance"
    ELSEWHERE = "elsewhere"


class CalledOff(StrEnum):
    """Why a planned visit was not held."""

    ASKED_BY_THE_FAMILY = "asked_by_the_family"
    VISITOR_UNAVAILABLE = "visitor_unavailable"
    NOBODY_THERE = "nobody_there"


class VisitProgress(StrEnum):
    """How far a visit has come."""

    PLANNED = "planned"
    HELD = "held"
    CALLED_OFF = "called_off"


class TieKind(StrEnum):
    """To whom the family is tied where it lives: *prossimità* [1]."""

    RELATIVES = "relatives"
    FRIENDS = "friends"
    NEIGHBOURS = "neighbours"
    SCHOOL = "school"
    PARISH = "parish"
    ASSOCIATION = "association"
    WORK = "work"


class NotVerifiedBecause(StrEnum):
    """Why no final verification could be held before an interruption."""

    FAMILY_UNREACHABLE = "family_unreachable"
    FAMILY_DOES_NOT_WANT_IT = "family_does_not_want_it"
    MOVED_AWAY = "moved_away"
    DEATH = "death"


class LookBackOutcome(StrEnum):
    """How the family is, some months after the end of the pact, beside how it was then."""

    BETTER = "better"
    AS_AT_THE_END = "as_at_the_end"
    WORSE = "worse"
    NOT_REACHED = "not_reached"


class ComplaintAbout(StrEnum):
    """Whom or what a complaint is about."""

    MICROEQUIPE = "microequipe"
    CASE_MANAGER = "case_manager"
    COMMITTEE = "committee"
    PROVIDER = "provider"
    ORGANISATION = "organisation"
    OTHER = "other"


class DormantKind(StrEnum):
    """What has not happened for a long time."""

    WITHOUT_PROPOSAL = "without_proposal"
    WITHOUT_FACT = "without_fact"


class Position(StrEnum):
    """In which position somebody of the family is before the law, as the microequipe says."""

    ADULT = "adult"
    MINOR_FROM_14 = "minor_from_14"
    MINOR_UNDER_14 = "minor_under_14"


class Representation(StrEnum):
    """In what right somebody signs for another."""

    TUTOR = "tutor"
    AMMINISTRATORE_DI_SOSTEGNO = "amministratore_di_sostegno"
    PARENT = "parent"


@dataclass(frozen=True)
class Placed:
    """The position of one person, and who signs for them, if somebody does."""

    position: Position
    signer: UUID | None
    representation: Representation | None


class SetAsideBecause(StrEnum):
    """Why the committee set a proposal aside."""

    FAMILY_ERASED = "family_erased"


class SecondLookOutcome(StrEnum):
    """What became of a second look."""

    CONFIRMED = "confirmed"
    REOPENED = "reopened"


@dataclass(frozen=True)
class SecondLook:
    """The family asked that somebody who did not decide looks again; what became of it."""

    asked_on: date
    words: Sealed | None
    outcome: SecondLookOutcome | None = None
    reason: Sealed | None = None
    answered_on: date | None = None


@dataclass(frozen=True)
class Complaint:
    """What the family is not content with, and what it was told.

    Attributes:
        person: whom it is about, where it is about one person.
        answer_by: last day to answer.
        overdue_noted: whether it was noted that nobody answered in time.
    """

    about: ComplaintAbout
    person: UUID | None
    words: Sealed
    on: date
    answer_by: date
    answer: Sealed | None = None
    answered_on: date | None = None
    overdue_noted: bool = False


@dataclass(frozen=True)
class Visit:
    """One visit, planned or held.

    Attributes:
        day: on which it is to be held, or was.
        visitor: who goes, of the microequipe or its case manager.
        present: members of the family who were there.
        called_off: why it was not held.
    """

    day: date
    visitor: UUID
    place: VisitPlace
    progress: VisitProgress
    present: tuple[UUID, ...] = ()
    note: Sealed | None = None
    called_off: CalledOff | None = None


@dataclass(frozen=True)
class TieCount:
    """How many ties of one kind the family has; no names."""

    kind: TieKind
    ties: int
