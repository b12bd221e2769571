"""What a pact is made of: its goals, actions, capacities and resources, and what is logged on them.

The values of the enumerations and the fields of the records are stored: they never change.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from services.kernel.sealed import Sealed
from services.pacts.life import State


class Dimension(StrEnum):
    """What an action is for the family: what it receives, what grows, what it gives back [1]."""

    ASSISTANCE = "assistance"
    PROMOTION = "promotion"
    RESTITUTION = "restitution"


ACTIVE_COMMITMENT = frozenset({Dimension.PROMOTION, Dimension.RESTITUTION})
"""The dimensions in which somebody of the family commits [2]."""


class ActionArea(StrEnum):
    """The three kinds of action of the programme [1]."""

    EMERGENCY_AID = "emergency_aid"
    WORK_AND_TRAINING = "work_and_training"
    COMPLEMENTARY_SERVICES_AND_EDUCATION = "complementary_services_and_education"


class CapacityKind(StrEnum):
    """What sort of capacity the family brings [1]."""

    PERSONAL = "personal"
    PROFESSIONAL = "professional"
    INFORMAL = "informal"


class ResourceKind(StrEnum):
    """Who of the community takes part: *attivazione di risorse collettive* [1]."""

    VOLUNTEER = "volunteer"
    ASSOCIATION = "association"
    PARISH = "parish"
    FIRM = "firm"


class Progress(StrEnum):
    """How far an action has come."""

    PLANNED = "planned"
    STARTED = "started"
    COMPLETED = "completed"
    DROPPED = "dropped"


class Party(StrEnum):
    """For whom somebody signs."""

    FAMILY = "family"
    LEAD = "lead"


class DropReason(StrEnum):
    """Why an action was dropped."""

    NO_LONGER_NEEDED = "no_longer_needed"
    REPLACED = "replaced"
    PROVIDER_UNAVAILABLE = "provider_unavailable"
    FAMILY_GAVE_UP = "family_gave_up"
    HEALTH = "health"


class DeclineReason(StrEnum):
    """Why the family does not want the pact; it never has to say."""

    NOT_SAID = "not_said"
    DISAGREES = "disagrees"
    COMMITMENT_TOO_GREAT = "commitment_too_great"
    HELP_FOUND_ELSEWHERE = "help_found_elsewhere"
    MOVED_AWAY = "moved_away"


class SuspensionReason(StrEnum):
    """Why a pact rests for a time."""

    HEALTH = "health"
    CARE_OF_A_RELATIVE = "care_of_a_relative"
    AWAY = "away"
    WORK = "work"
    SERVICE_UNAVAILABLE = "service_unavailable"
    ASKED_BY_THE_FAMILY = "asked_by_the_family"


class ConclusionReason(StrEnum):
    """How a pact came to its end."""

    GOALS_REACHED = "goals_reached"
    GOALS_PARTLY_REACHED = "goals_partly_reached"
    PERIOD_ENDED = "period_ended"


class InterruptionReason(StrEnum):
    """Why a pact ended before its time."""

    FAMILY_WITHDREW = "family_withdrew"
    MOVED_AWAY = "moved_away"
    COMMITMENTS_NOT_KEPT = "commitments_not_kept"
    TAKEN_IN_CHARGE_ELSEWHERE = "taken_in_charge_elsewhere"
    UNREACHABLE = "unreachable"
    DEATH = "death"


class FigureRole(StrEnum):
    """What a reference figure is to the family, as intake says it [3]."""

    TEACHER = "teacher"
    NEIGHBOUR = "neighbour"
    PARISH = "parish"
    EMPLOYER = "employer"
    VOLUNTEER = "volunteer"
    RELATIVE = "relative"
    OTHER = "other"


@dataclass(frozen=True)
class Figure:
    """A reference figure: somebody who matters to the family, and whom it agreed to [3].

    Attributes:
        person: id; whose name it is, only intake or people knows.
        role: what the figure is to the family, if that was told.
        has_account: whether it signs in.
    """

    person: UUID
    role: FigureRole | None
    has_account: bool


@dataclass(frozen=True)
class Microequipe:
    """The people around the family, as intake said they are.

    Attributes:
        lead: the person who leads it, one exactly.
        members: those of its members who have an account, figures too.
        case_manager: who assists it without being a member, if anybody.
        figures: its reference figures, with and without an account; none, as long as nobody told.
    """

    lead: UUID
    members: tuple[UUID, ...]
    case_manager: UUID | None
    figures: tuple[Figure, ...] = ()

    @property
    def professionals(self) -> tuple[UUID, ...]:
        """Its lead, and those of its members who are not only reference figures."""
        figures = {figure.person for figure in self.figures}
        others = (each for each in self.members if each not in figures)
        return tuple(dict.fromkeys((self.lead, *others)))

    @property
    def only_figures(self) -> tuple[Figure, ...]:
        """Its reference figures, without one who leads it."""
        return tuple(figure for figure in self.figures if figure.person != self.lead)


@dataclass(frozen=True)
class Goal:
    """What the family wants to reach, and by what one will see it [6]."""

    goal: Sealed
    expected_result: Sealed


@dataclass(frozen=True)
class Action:
    """One commitment of somebody to something [2].

    Attributes:
        provider: code of the organisation or body that provides it; no person's name.
        responsible: the person who answers for it.
        committed: who of the family commits; may be None only for assistance.
        starts: first day, Europe/Rome.
        until: last day, Europe/Rome.
        quantity_eur: planned amount in EUR, where it fits.
        quantity_hours: planned hours, where it fits.
    """

    dimension: Dimension
    area: ActionArea
    description: Sealed
    provider: str
    responsible: UUID
    committed: UUID | None
    starts: date
    until: date
    expected_result: Sealed
    quantity_eur: Decimal | None
    quantity_hours: Decimal | None


@dataclass(frozen=True)
class Capacity:
    """What somebody of the family can do, and the action to which it is brought.

    Attributes:
        person: whose capacity it is; None when it is the household's.
    """

    kind: CapacityKind
    description: Sealed
    person: UUID | None
    action: int


@dataclass(frozen=True)
class CommunityResource:
    """What the community brings.

    Attributes:
        hours: offered in all; None when hours do not fit.
    """

    kind: ResourceKind
    description: Sealed
    hours: Decimal | None


@dataclass(frozen=True)
class Received:
    """Help that the family received on a day: EUR, hours, or both."""

    action: int
    on: date
    eur: Decimal | None
    hours: Decimal | None


@dataclass(frozen=True)
class Given:
    """Active commitment of the family on a day: hours, EUR or works, at least one of them."""

    action: int
    on: date
    eur: Decimal | None
    hours: Decimal | None
    works: Sealed | None


@dataclass(frozen=True)
class GoalRating:
    """How far a goal was reached: from −2, much less than expected, by 0, as expected, to +2."""

    goal: int
    rating: int


@dataclass(frozen=True)
class Verification:
    """One periodic check of the personalised project.

    Attributes:
        final: it was held to end the pact.
    """

    on: date
    family_present: bool
    final: bool
    ratings: tuple[GoalRating, ...]
    changes: Sealed | None


@dataclass(frozen=True)
class Decision:
    """What the committee decided on one proposal.

    Attributes:
        outcome: one of the states that a decision leads to.
        cycle: the committee's month, as ``2026-07``.
        guidelines: the version that the committee applied.
        on: the day of the decision, Europe/Rome.
        corrects: number of the committee's decision on this proposal, from 1, that it corrects.
    """

    proposal: int
    outcome: State
    cycle: str
    guidelines: int
    on: date
    reasons: tuple[Sealed, ...] = ()
    conditions: tuple[Sealed, ...] = ()
    corrects: int | None = None
