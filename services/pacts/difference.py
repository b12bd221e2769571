"""What an amendment changes in a pact: what it adds, changes and removes, and the pact's last day.

The values of the enumerations and the fields of the records are stored: they never change.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol, TypeVar

from services.pacts.content import Action, Capacity, CommunityResource, Decision, Goal

T = TypeVar("T", covariant=True)
I = TypeVar("I")  # noqa: E741


class What(StrEnum):
    """What becomes of an item."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


class AmendmentState(StrEnum):
    """Where an amendment stands, beside the pact that goes on."""

    PROPOSED = "proposed"
    RETURNED = "returned"
    NOT_APPROVED = "not_approved"
    WITHDRAWN = "withdrawn"
    IN_FORCE = "in_force"


class Change(Protocol[T]):
    """One item that is added, changed or removed; *item* is None when it is removed."""

    @property
    def what(self) -> What: ...
    @property
    def number(self) -> int: ...
    @property
    def item(self) -> T | None: ...


@dataclass(frozen=True)
class GoalChange:
    """A goal that is added, or says something else, or is no longer wanted."""

    what: What
    number: int
    item: Goal | None


@dataclass(frozen=True)
class ActionChange:
    """An action that is added, or is to be done otherwise, or is taken out."""

    what: What
    number: int
    item: Action | None


@dataclass(frozen=True)
class CapacityChange:
    """A capacity that is brought to an action, or to another, or to none any more."""

    what: What
    number: int
    item: Capacity | None


@dataclass(frozen=True)
class ResourceChange:
    """A resource of the community that is named, or offers something else, or is gone."""

    what: What
    number: int
    item: CommunityResource | None


@dataclass(frozen=True)
class Difference:
    """All that an amendment changes; what is not in it stays as it is.

    Attributes:
        ends_before: last day of the pact in force.
        ends: last day of the pact with the amendment.
    """

    ends_before: date
    ends: date
    goals: tuple[GoalChange, ...] = ()
    actions: tuple[ActionChange, ...] = ()
    capacities: tuple[CapacityChange, ...] = ()
    resources: tuple[ResourceChange, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing changes."""
        items = (*self.goals, *self.actions, *self.capacities, *self.resources)
        return not items and self.ends == self.ends_before


@dataclass(frozen=True)
class Amendment:
    """One amendment of a pact, as it stands.

    Attributes:
        on: day on which it was proposed.
        decision: what the committee decided on it, if it did.
    """

    difference: Difference
    on: date
    state: AmendmentState = AmendmentState.PROPOSED
    decision: Decision | None = None


def after(items: Mapping[int, I], changes: Iterable[Change[I]]) -> dict[int, I]:
    """*items* with what was changed."""
    left = dict(items)
    for change in changes:
        if change.item is None:
            left.pop(change.number, None)
        else:
            left[change.number] = change.item
    return left


def count(changes: Iterable[Change[object]]) -> dict[str, int]:
    """How many items are added, changed and removed."""
    told = [change.what for change in changes]
    return {str(what): told.count(what) for what in What}
