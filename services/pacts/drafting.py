"""Drafting: what the microequipe and the family write into the pact."""

from datetime import date
from uuid import UUID

from services.kernel.actor import Actor
from services.kernel.aggregate import Aggregate
from services.pacts.content import (
    ACTIVE_COMMITMENT,
    Action,
    Capacity,
    CommunityResource,
    Goal,
)
from services.pacts.guidelines import Terms
from services.pacts.refusals import (
    DatesReversed,
    NobodyCommits,
    NoSuchItem,
    PeriodTooLong,
)
from services.pacts.standing import Standing, above_zero


class Drafting(Standing):
    """The chapter before the proposal, and between a return and the next proposal."""

    # Stored, for ever: topics, field names and the values of enumerations.

    class PeriodSet(Aggregate.Event):
        """The pact is meant to last from *starts* to *ends*, both included."""

        TOPIC = "pacts.PeriodSet"
        starts: date
        ends: date
        guidelines: int

        def apply(self, pact: Standing) -> None:
            pact.starts, pact.ends = self.starts, self.ends

    class GoalAdded(Aggregate.Event):
        """The family wants to reach this."""

        TOPIC = "pacts.GoalAdded"
        number: int
        goal: Goal

        def apply(self, pact: Standing) -> None:
            pact.goals[self.number] = self.goal
            pact.named["goal"] = self.number

    class GoalRemoved(Aggregate.Event):
        """This goal is no longer in the draft."""

        TOPIC = "pacts.GoalRemoved"
        number: int

        def apply(self, pact: Standing) -> None:
            del pact.goals[self.number]

    class ActionAdded(Aggregate.Event):
        """Somebody is to do this."""

        TOPIC = "pacts.ActionAdded"
        number: int
        action: Action

        def apply(self, pact: Standing) -> None:
            pact.actions[self.number] = self.action
            pact.named["action"] = self.number

    class ActionRemoved(Aggregate.Event):
        """This action is no longer in the draft."""

        TOPIC = "pacts.ActionRemoved"
        number: int

        def apply(self, pact: Standing) -> None:
            del pact.actions[self.number]

    class CapacityLinked(Aggregate.Event):
        """The family brings this capacity to an action."""

        TOPIC = "pacts.CapacityLinked"
        number: int
        capacity: Capacity

        def apply(self, pact: Standing) -> None:
            pact.capacities[self.number] = self.capacity
            pact.named["capacity"] = self.number

    class CapacityUnlinked(Aggregate.Event):
        """This capacity is no longer brought to an action."""

        TOPIC = "pacts.CapacityUnlinked"
        number: int

        def apply(self, pact: Standing) -> None:
            del pact.capacities[self.number]

    class ResourceNamed(Aggregate.Event):
        """The community brings this."""

        TOPIC = "pacts.ResourceNamed"
        number: int
        resource: CommunityResource

        def apply(self, pact: Standing) -> None:
            pact.resources[self.number] = self.resource
            pact.named["resource"] = self.number

    class ResourceRemoved(Aggregate.Event):
        """This resource is no longer in the draft."""

        TOPIC = "pacts.ResourceRemoved"
        number: int

        def apply(self, pact: Standing) -> None:
            del pact.resources[self.number]

    class SignatoriesNamed(Aggregate.Event):
        """These sign for the family, instead of everyone who commits."""

        TOPIC = "pacts.SignatoriesNamed"
        persons: tuple[UUID, ...]

        def apply(self, pact: Standing) -> None:
            pact.chosen_signatories = self.persons

    def set_period(self, starts: date, ends: date | None, terms: Terms, by: Actor) -> None:
        """Say how long the pact is meant to last, both days included.

        Args:
            starts: first day.
            ends: last day; None is the longest that *terms* allow.
            terms: in force today.
            by: of the microequipe.

        Raises:
            DatesReversed: it ends before it starts.
            PeriodTooLong: it is longer than *terms* allow.
        """
        self._may("set_period", by)
        self._period(starts, ends, terms, by)

    def _period(self, starts: date, ends: date | None, terms: Terms, by: Actor) -> None:
        longest = terms.pact_ends(starts)
        last = longest if ends is None else ends
        if last < starts:
            raise DatesReversed(first=starts, last=last)
        if last > longest:
            raise PeriodTooLong(last=last, longest=longest, guidelines=terms.number)
        self.trigger_event(self.PeriodSet, by=by, starts=starts, ends=last, guidelines=terms.number)

    def add_goal(self, goal: Goal, by: Actor) -> int:
        """Add *goal* and give its number."""
        self._may("add_goal", by)
        number = self._next("goal")
        self.trigger_event(self.GoalAdded, by=by, number=number, goal=goal)
        return number

    def remove_goal(self, number: int, by: Actor) -> None:
        """Take a goal out of the draft."""
        self._may("remove_goal", by)
        self._goal(number)
        self.trigger_event(self.GoalRemoved, by=by, number=number)

    def add_action(self, action: Action, by: Actor) -> int:
        """Add *action* and give its number.

        Raises:
            DatesReversed: its last day is before its first.
            NobodyCommits: it is promotion or restitution, and nobody of the family commits.
            QuantityNotPositive: a stated quantity is not above zero.
        """
        self._may("add_action", by)
        return self._put_action(action, by)

    def _put_action(self, action: Action, by: Actor) -> int:
        must_be_sound(action)
        number = self._next("action")
        self.trigger_event(self.ActionAdded, by=by, number=number, action=action)
        return number

    def remove_action(self, number: int, by: Actor) -> None:
        """Take an action out of the draft, and unlink the capacities that were brought to it."""
        self._may("remove_action", by)
        self._action(number)
        for linked in [key for key, each in self.capacities.items() if each.action == number]:
            self.trigger_event(self.CapacityUnlinked, by=by, number=linked)
        self.trigger_event(self.ActionRemoved, by=by, number=number)

    def link_capacity(self, capacity: Capacity, by: Actor) -> int:
        """Link *capacity* to an action of the pact and give its number."""
        self._may("link_capacity", by)
        self._action(capacity.action)
        number = self._next("capacity")
        self.trigger_event(self.CapacityLinked, by=by, number=number, capacity=capacity)
        return number

    def unlink_capacity(self, number: int, by: Actor) -> None:
        """Unlink a capacity from its action."""
        self._may("unlink_capacity", by)
        if number not in self.capacities:
            raise NoSuchItem(capacity=number)
        self.trigger_event(self.CapacityUnlinked, by=by, number=number)

    def name_resource(self, resource: CommunityResource, by: Actor) -> int:
        """Name a resource of the community and give its number.

        Raises:
            QuantityNotPositive: hours are stated and not above zero.
        """
        self._may("name_resource", by)
        return self._put_resource(resource, by)

    def _put_resource(self, resource: CommunityResource, by: Actor) -> int:
        above_zero(hours=resource.hours)
        number = self._next("resource")
        self.trigger_event(self.ResourceNamed, by=by, number=number, resource=resource)
        return number

    def remove_resource(self, number: int, by: Actor) -> None:
        """Take a community resource out of the draft."""
        self._may("remove_resource", by)
        if number not in self.resources:
            raise NoSuchItem(resource=number)
        self.trigger_event(self.ResourceRemoved, by=by, number=number)

    def name_signatories(self, persons: tuple[UUID, ...], by: Actor) -> None:
        """Say who signs for the family: its adults, a tutor or *amministratore di sostegno* [2].

        Args:
            persons: none means everyone who commits to an action.
            by: of the microequipe.
        """
        self._may("name_signatories", by)
        self.trigger_event(self.SignatoriesNamed, by=by, persons=tuple(dict.fromkeys(persons)))


def must_be_sound(action: Action) -> None:
    """Go on only if *action* ends after it starts, says who commits, and states real quantities."""
    if action.until < action.starts:
        raise DatesReversed(first=action.starts, last=action.until)
    if action.committed is None and action.dimension in ACTIVE_COMMITMENT:
        raise NobodyCommits(dimension=action.dimension)
    above_zero(quantity_eur=action.quantity_eur, quantity_hours=action.quantity_hours)
