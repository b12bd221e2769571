"""Amending: a new version goes to the committee while the pact in force goes on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Generic, TypeVar

from services.kernel.actor import Actor
from services.kernel.aggregate import Aggregate
from services.kernel.sealed import Sealed
from services.pacts.along import SetAsideBecause
from services.pacts.content import Action, Capacity, CommunityResource, Decision, Goal, Progress
from services.pacts.difference import (
    ActionChange,
    Amendment,
    AmendmentState,
    CapacityChange,
    Difference,
    GoalChange,
    ResourceChange,
    What,
    after,
)
from services.pacts.drafting import must_be_sound
from services.pacts.life import State
from services.pacts.proposing import Proposing, must_lie_within
from services.pacts.refusals import (
    AmendmentBeforeTheCommittee,
    AmendmentDecided,
    CapacityWithoutAction,
    DatesReversed,
    DimensionFixed,
    NoAmendmentPending,
    NoSuchItem,
    NothingAmended,
    NotReadyToPropose,
    ProposalNotCurrent,
)
from services.pacts.standing import Standing, above_zero, lacking

T = TypeVar("T")


@dataclass(frozen=True)
class Items(Generic[T]):
    """What is to be otherwise among the goals, actions, capacities or resources."""

    added: tuple[T, ...] = ()
    changed: tuple[tuple[int, T], ...] = ()
    removed: tuple[int, ...] = ()

    def items(self) -> Iterable[T]:
        """What is written anew."""
        return (*self.added, *(item for _, item in self.changed))

    def numbers(self) -> list[int]:
        """The items that are changed or removed."""
        return [*(number for number, _ in self.changed), *self.removed]


@dataclass(frozen=True)
class Wanted:
    """All that is wanted to be otherwise.

    Attributes:
        ends: the pact's last day; None leaves it.
        capacities: their action is its number, or, for an added one, minus its place from 1.
    """

    ends: date | None = None
    goals: Items[Goal] = Items()
    actions: Items[Action] = Items()
    capacities: Items[Capacity] = Items()
    resources: Items[CommunityResource] = Items()


class Amending(Proposing):
    """The chapter of the versions that come after the first; the committee hears of each."""

    # Stored, for ever: topics, field names and the values of enumerations.

    class AmendmentProposed(Aggregate.Event):
        """A new version goes to the committee; until it is approved, the pact in force goes on.

        Attributes:
            amends: number of the proposal that the pact in force goes by.
        """

        TOPIC = "pacts.AmendmentProposed"
        proposal: int
        amends: int
        difference: Difference
        on: date

        def apply(self, pact: Standing) -> None:
            pact.proposal = self.proposal
            pact.amendments[self.proposal] = Amendment(self.difference, self.on)
            for kind, changes in named(self.difference).items():
                numbers = (each.number for each in changes if each.what is What.ADDED)
                pact.named[kind] = max(numbers, default=pact.named.get(kind, 0))

    class AmendmentWithdrawn(Aggregate.Event):
        """Nobody wants it any more, or the pact ends; the pact in force is left as it is."""

        TOPIC = "pacts.AmendmentWithdrawn"
        proposal: int
        on: date

        def apply(self, pact: Standing) -> None:
            was = pact.amendments[self.proposal]
            pact.amendments[self.proposal] = replace(was, state=AmendmentState.WITHDRAWN)

    class AmendmentSetAside(Aggregate.Event):
        """The committee decides nothing on it any more; the pact in force goes on unchanged."""

        TOPIC = "pacts.AmendmentSetAside"
        proposal: int
        because: SetAsideBecause
        on: date

        def apply(self, pact: Standing) -> None:
            was = pact.amendments[self.proposal]
            pact.amendments[self.proposal] = replace(was, state=AmendmentState.WITHDRAWN)
            pact.set_aside.add(self.proposal)

    class AmendmentReturned(Aggregate.Event):
        """The committee wants changes; the pact in force goes on, and another may be proposed."""

        TOPIC = "pacts.AmendmentReturned"
        proposal: int
        cycle: str
        guidelines: int
        on: date
        reasons: tuple[Sealed, ...]
        corrects: int | None

        def apply(self, pact: Standing) -> None:
            settled(pact, self, AmendmentState.RETURNED, State.RETURNED)

    class AmendmentNotApproved(Aggregate.Event):
        """The committee did not approve it; the pact in force goes on unchanged."""

        TOPIC = "pacts.AmendmentNotApproved"
        proposal: int
        cycle: str
        guidelines: int
        on: date
        reasons: tuple[Sealed, ...]
        corrects: int | None

        def apply(self, pact: Standing) -> None:
            settled(pact, self, AmendmentState.NOT_APPROVED, State.NOT_APPROVED)

    class Amended(Aggregate.Event):
        """The committee approved it: the pact says what the difference says.

        Balances, progress of actions and verifications go on.

        Attributes:
            on: day of the decision.
            corrects: number of the committee's decision on this proposal that this one corrects.
            heard_on: day on which it took effect here.
        """

        TOPIC = "pacts.Amended"
        proposal: int
        outcome: State
        cycle: str
        guidelines: int
        on: date
        reasons: tuple[Sealed, ...]
        conditions: tuple[Sealed, ...]
        corrects: int | None
        difference: Difference
        heard_on: date

        def apply(self, pact: Standing) -> None:
            settled(pact, self, AmendmentState.IN_FORCE, self.outcome, self.conditions)
            difference = self.difference
            pact.ends = difference.ends
            pact.goals = after(pact.goals, difference.goals)
            pact.actions = after(pact.actions, difference.actions)
            pact.capacities = after(pact.capacities, difference.capacities)
            pact.resources = after(pact.resources, difference.resources)
            for number in pact.actions:
                pact.progress.setdefault(number, Progress.PLANNED)

    def propose_amendment(self, wanted: Wanted, by: Actor, on: date) -> int:
        """Send a new version to the committee; give its number, which goes on counting.

        A pact may last longer than the guidelines allow at first only so [2]. What was returned is
        mended by proposing again.

        Args:
            wanted: what is to be otherwise than in the pact in force.
            by: the lead of the microequipe.
            on: today, Europe/Rome.

        Raises:
            AmendmentBeforeTheCommittee: another one awaits its decision.
            NothingAmended: nothing would change.
            NoSuchItem: an item that is to be changed or removed is not in the pact.
            DatesReversed: the pact would have ended before today.
            DimensionFixed: an action would change its dimension.
            CapacityWithoutAction: a capacity would be left without its action.
            NotReadyToPropose: the pact would lack something.
            ActionsOutsideThePeriod: actions would begin before the pact or end after it.
        """
        self._may("propose_amendment", by)
        return self._amend(wanted, by, on)

    def _amend(self, wanted: Wanted, by: Actor, on: date) -> int:
        self._must_have_no_other()
        difference = self._difference(wanted, on)
        proposal = self.proposal + 1
        self.trigger_event(
            self.AmendmentProposed,
            by=by,
            proposal=proposal,
            amends=self.in_force,
            difference=difference,
            on=on,
        )
        return proposal

    def withdraw_amendment(self, by: Actor, on: date) -> None:
        """Take the amendment back before the committee has decided.

        Raises:
            NoAmendmentPending: none awaits its decision.
        """
        self._may("withdraw_amendment", by)
        if self.amending is None:
            raise NoAmendmentPending(proposal=self.proposal)
        self._withdraw_what_waits(by, on)

    def hear_amendment_decision(self, decision: Decision, by: Actor, on: date) -> None:
        """Let the committee's *decision* on an amendment take effect; heard again, it adds nothing.

        Raises:
            PactNotUnderWay: the pact has ended.
            ProposalNotCurrent: it is about another proposal than the last.
            NoAmendmentPending: the amendment was withdrawn, or decided before.
            AmendmentDecided: it corrects a decision by which the pact was amended.
        """
        known = self.amendments[decision.proposal]
        if known.decision == decision:
            return
        self._may("hear_amendment_decision", by)
        if decision.proposal != self.proposal:
            raise ProposalNotCurrent(proposal=decision.proposal, current=self.proposal)
        self._must_await(known, decision)
        said: dict[str, Any] = {
            "by": by,
            "proposal": decision.proposal,
            "cycle": decision.cycle,
            "guidelines": decision.guidelines,
            "on": decision.on,
            "reasons": decision.reasons,
            "corrects": decision.corrects,
        }
        match decision.outcome:
            case State.RETURNED:
                self._changes_nothing(self.AmendmentReturned, said, on)
            case State.NOT_APPROVED:
                self._changes_nothing(self.AmendmentNotApproved, said, on)
            case _:
                self.trigger_event(
                    self.Amended,
                    **said,
                    outcome=decision.outcome,
                    conditions=decision.conditions,
                    difference=known.difference,
                    heard_on=on,
                )

    def hear_amendment_set_aside(
        self, proposal: int, because: SetAsideBecause, by: Actor, on: date
    ) -> None:
        """Let the pact in force go on: the committee set the amendment aside; once is enough.

        One that was withdrawn stays so.

        Raises:
            PactNotUnderWay: the pact has ended.
            NoAmendmentPending: the amendment was decided before.
        """
        known = self.amendments[proposal]
        if known.state is AmendmentState.WITHDRAWN:
            return
        self._may("hear_amendment_set_aside", by)
        if known.state is not AmendmentState.PROPOSED:
            raise NoAmendmentPending(proposal=proposal)
        self.trigger_event(self.AmendmentSetAside, by=by, proposal=proposal, because=because, on=on)

    def _must_have_no_other(self) -> None:
        """Go on only if no amendment awaits the committee's decision."""
        if self.amending is not None:
            raise AmendmentBeforeTheCommittee(proposal=self.amending)

    def _withdraw_what_waits(self, by: Actor, on: date) -> None:
        """Take back the amendment that awaits its decision, if one does."""
        if self.amending is not None:
            self.trigger_event(self.AmendmentWithdrawn, by=by, proposal=self.amending, on=on)

    def _changes_nothing(self, decided: type[Any], said: dict[str, Any], on: date) -> None:
        """Note a decision that leaves the pact as it is, and the day on which it was heard."""
        self.trigger_event(decided, **said)
        if on != said["on"]:
            heard = {"by": said["by"], "proposal": said["proposal"], "on": on}
            self.trigger_event(self.DecisionHeardLater, **heard)

    def _must_await(self, known: Amendment, decision: Decision) -> None:
        if known.state is AmendmentState.PROPOSED:
            return
        if decision.corrects is None or known.decision is None:
            raise NoAmendmentPending(proposal=decision.proposal)
        if known.state is AmendmentState.IN_FORCE:
            raise AmendmentDecided(proposal=decision.proposal, corrects=decision.corrects)

    def _difference(self, wanted: Wanted, on: date) -> Difference:
        assert self.starts is not None
        assert self.ends is not None
        self._must_know(wanted)
        for resource in wanted.resources.items():
            above_zero(hours=resource.hours)
        for action in wanted.actions.items():
            must_be_sound(action)
        for number, action in wanted.actions.changed:
            if action.dimension is not self.actions[number].dimension:
                raise DimensionFixed(action=number, dimension=self.actions[number].dimension)
        ends = self.ends if wanted.ends is None else wanted.ends
        if ends < on and ends != self.ends:
            raise DatesReversed(first=on, last=ends)
        first = self._next("action")
        made = Difference(
            self.ends,
            ends,
            tuple(GoalChange(*each) for each in self._numbered("goal", wanted.goals)),
            tuple(ActionChange(*each) for each in self._numbered("action", wanted.actions)),
            tuple(
                CapacityChange(what, number, item and _brought(item, first))
                for what, number, item in self._numbered("capacity", wanted.capacities)
            ),
            tuple(ResourceChange(*each) for each in self._numbered("resource", wanted.resources)),
        )
        if made.empty:
            raise NothingAmended(proposal=self.in_force)
        self._must_hold_together(made)
        return made

    def _must_know(self, wanted: Wanted) -> None:
        """Go on only if what is changed or removed is there, and named once."""
        for kind, here, change in (
            ("goal", self.goals, wanted.goals),
            ("action", self.actions, wanted.actions),
            ("capacity", self.capacities, wanted.capacities),
            ("resource", self.resources, wanted.resources),
        ):
            numbers = change.numbers()
            for number in numbers:
                if number not in here or numbers.count(number) > 1:
                    raise NoSuchItem(**{kind: number})

    def _numbered(self, kind: str, wanted: Items[T]) -> Iterable[tuple[What, int, T | None]]:
        for place, item in enumerate(wanted.added):
            yield What.ADDED, self._next(kind) + place, item
        for number, item in wanted.changed:
            yield What.CHANGED, number, item
        for number in wanted.removed:
            yield What.REMOVED, number, None

    def _must_hold_together(self, made: Difference) -> None:
        """Go on only if the pact, so amended, could be proposed."""
        actions = after(self.actions, made.actions)
        capacities = after(self.capacities, made.capacities)
        for number, capacity in capacities.items():
            if capacity.action not in actions:
                raise CapacityWithoutAction(capacity=number, action=capacity.action)
        resources = after(self.resources, made.resources)
        if missing := lacking(actions, capacities, resources, made.ends):
            raise NotReadyToPropose(missing=missing)
        assert self.starts is not None
        must_lie_within(actions, self.starts, made.ends)


def named(difference: Difference) -> Mapping[str, tuple[Any, ...]]:
    """The changes of *difference*, by the kind of item."""
    return {
        "goal": difference.goals,
        "action": difference.actions,
        "capacity": difference.capacities,
        "resource": difference.resources,
    }


def settled(
    pact: Standing,
    event: Any,
    state: AmendmentState,
    outcome: State,
    conditions: tuple[Sealed, ...] = (),
) -> None:
    """The effect that the decisions on an amendment have in common."""
    was = pact.amendments[event.proposal]
    decision = Decision(
        event.proposal,
        outcome,
        event.cycle,
        event.guidelines,
        event.on,
        event.reasons,
        conditions,
        event.corrects,
    )
    pact.amendments[event.proposal] = replace(was, state=state, decision=decision)
    pact.heard[event.proposal] = getattr(event, "heard_on", event.on)


def _brought(capacity: Capacity, first: int) -> Capacity:
    """*capacity*, with the number of the added action whose place it names."""
    if capacity.action >= 0:
        return capacity
    return replace(capacity, action=first - capacity.action - 1)
