"""What a form, or a pact in clear, says: the contents of a proposal as plain words.

Each item has the ``place`` on the form in which it is written (``goal_2``, ``promotion_1``), which
says nothing of what it is.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from services.pacts.content import ActionArea, CapacityKind, Dimension, ResourceKind


@dataclass(frozen=True)
class WrittenGoal:
    """What the family wants to reach, and by what one will see it."""

    goal: str
    expected_result: str
    place: str = field(default="", compare=False)


@dataclass(frozen=True)
class WrittenAction:
    """One commitment of somebody to something."""

    dimension: Dimension
    area: ActionArea
    description: str
    provider: str
    responsible: UUID
    committed: UUID | None
    starts: date
    until: date
    expected_result: str
    quantity_eur: Decimal | None
    quantity_hours: Decimal | None
    place: str = field(default="", compare=False)


@dataclass(frozen=True)
class WrittenCapacity:
    """What somebody of the family can do.

    Attributes:
        action: place of the action in :attr:`Written.actions`, from 1.
    """

    kind: CapacityKind
    description: str
    person: UUID | None
    action: int
    place: str = field(default="", compare=False)


@dataclass(frozen=True)
class WrittenResource:
    """What the community brings."""

    kind: ResourceKind
    description: str
    hours: Decimal | None
    place: str = field(default="", compare=False)


@dataclass(frozen=True)
class Written:
    """A whole proposal; both days belong to its period."""

    starts: date
    ends: date
    goals: tuple[WrittenGoal, ...]
    actions: tuple[WrittenAction, ...]
    capacities: tuple[WrittenCapacity, ...]
    resources: tuple[WrittenResource, ...]
