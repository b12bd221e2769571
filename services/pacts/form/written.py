"""What a form, or a pact in clear, says: the contents of a proposal as plain words."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from services.pacts.content import ActionArea, CapacityKind, Dimension, ResourceKind


@dataclass(frozen=True)
class WrittenGoal:
    """What the family wants to reach, and by what one will see it."""

    goal: str
    expected_result: str


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


@dataclass(frozen=True)
class WrittenResource:
    """What the community brings."""

    kind: ResourceKind
    description: str
    hours: Decimal | None


@dataclass(frozen=True)
class Written:
    """A whole proposal; both days belong to its period."""

    starts: date
    ends: date
    goals: tuple[WrittenGoal, ...]
    actions: tuple[WrittenAction, ...]
    capacities: tuple[WrittenCapacity, ...]
    resources: tuple[WrittenResource, ...]
