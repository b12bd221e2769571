"""The facts of an organisation as paths of its families, up to a day: what a report counts."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import singledispatch
from typing import Any
from uuid import UUID

from services.console.report.period import Period
from services.intake.codes import AccessPoint, Outcome
from services.intake.family import Family
from services.intake.family_code import family_id
from services.intake.microequipe import Microequipe
from services.kernel.civil import civil_day
from services.kernel.sealed import Sealed
from services.notify.receipt import Receipt
from services.pacts.along import LookBackOutcome
from services.pacts.budget import Movement
from services.pacts.content import CommunityResource, Dimension, Given, GoalRating, Received
from services.pacts.difference import after
from services.pacts.life import AWAITING_SIGNATURE, State
from services.pacts.money import AidGiven, OtherSupport, Stage
from services.pacts.pact import Pact
from services.people.organisation import Organisation


@dataclass
class PactPath:
    """One pact.

    Attributes:
        proposals: the day of each, by its number.
        decisions: those on each proposal, by its number, each with its day, the newest last.
        movements: of money on budget lines.
        ratings: of goals, each with the day of the verification.
        look_back_due: from which day on somebody is to look back; None: nobody is to, or can.
    """

    family: UUID
    first: bool
    drafted_on: date
    state: State = State.DRAFTED
    proposals: dict[int, date] = field(default_factory=dict)
    decisions: dict[int, list[tuple[date, State]]] = field(default_factory=dict)
    signed_on: date | None = None
    active_from: date | None = None
    ended_on: date | None = None
    ended_because: StrEnum | None = None
    received: list[Received] = field(default_factory=list)
    urgent_aid: list[AidGiven] = field(default_factory=list)
    other_support: list[OtherSupport] = field(default_factory=list)
    movements: list[Movement] = field(default_factory=list)
    given: list[Given] = field(default_factory=list)
    resources: dict[int, CommunityResource] = field(default_factory=dict)
    ratings: list[tuple[date, GoalRating]] = field(default_factory=list)
    look_back_due: date | None = None
    looked_back: tuple[date, LookBackOutcome] | None = None

    def under_way(self, period: Period) -> bool:
        """Whether it was active, or rested, on a day of the period."""
        return (
            self.active_from is not None
            and self.active_from <= period.last
            and (self.ended_on is None or self.ended_on >= period.first)
        )

    @property
    def approved_on(self) -> date | None:
        """The day of the decision on which the signatures rest."""
        found = [each[-1] for each in self.decisions.values() if each]
        days = [day for day, outcome in found if outcome in AWAITING_SIGNATURE]
        before = [day for day in days if self.signed_on is None or day <= self.signed_on]
        return max(before, default=None)


@dataclass
class FamilyPath:
    """One family; a pact without its referral (another log's) has a family all the same.

    Attributes:
        directed_elsewhere: it was sent elsewhere before anybody verified it.
        members: numbers of who is of the household.
        sealed: who they are: the newest record, and who came since.
        steps: the days on which something of its path took place.
    """

    id: UUID
    access_point: AccessPoint | None = None
    referred_on: date | None = None
    directed_elsewhere: bool = False
    verifications: list[tuple[date, Outcome]] = field(default_factory=list)
    microequipe_on: date | None = None
    members: tuple[int, ...] = ()
    sealed: tuple[Sealed, ...] = ()
    pacts: list[PactPath] = field(default_factory=list)
    steps: set[date] = field(default_factory=set)

    def reached(self, period: Period) -> bool:
        """Whether it is one of the period's families: a step on one of its days, or a pact then."""
        return any(map(period.holds, self.steps)) or any(
            pact.under_way(period) for pact in self.pacts
        )

    def leave(self, *numbers: int) -> None:
        """Those members are of the household no more."""
        self.members = tuple(each for each in self.members if each not in numbers)

    def take_in(self, other: "FamilyPath") -> None:
        """What was told of the same family under another code is told of it, too.

        The earlier referral is the family's; its household is as told here, if it was.
        """
        if other.referred_on is not None:
            mine = self.referred_on
            if mine is None or other.referred_on < mine:
                self.referred_on, self.access_point = other.referred_on, other.access_point
        self.verifications = sorted(
            [*self.verifications, *other.verifications], key=lambda each: each[0]
        )
        if not self.sealed:
            self.members, self.sealed = other.members, other.sealed
        self.directed_elsewhere |= other.directed_elsewhere
        self.steps |= other.steps

    def verified_on(self, *outcomes: Outcome) -> date | None:
        """The day of its first verification with one of *outcomes*."""
        return next((day for day, outcome in self.verifications if outcome in outcomes), None)


@dataclass
class Told:
    """Everything that was told up to the last day.

    Attributes:
        actions: the dimension of each, by pact and number.
        budget_lines: that of each expense, by pact and number.
        late: whether the committee marked a proposal as late, by pact and number.
        names: of organisations, by their codes.
        joined: under which other code a family is followed.
    """

    families: dict[UUID, FamilyPath] = field(default_factory=dict)
    pacts: dict[UUID, PactPath] = field(default_factory=dict)
    actions: dict[tuple[UUID, int], Dimension] = field(default_factory=dict)
    budget_lines: dict[tuple[UUID, int], str] = field(default_factory=dict)
    receipts: dict[UUID, tuple[UUID, int]] = field(default_factory=dict)
    late: dict[tuple[UUID, int], bool] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    joined: dict[UUID, UUID] = field(default_factory=dict)

    def family(self, id: UUID, step: date | None = None) -> FamilyPath:
        """The path of the family *id*; *step* is a day on which something took place."""
        found = self.families.setdefault(id, FamilyPath(id))
        if step is not None:
            found.steps.add(step)
        return found

    def join(self) -> None:
        """Let each family that is followed under another code be one with that one."""
        for id in self.joined:
            into = self._followed_as(id)
            if into != id and (found := self.families.pop(id, None)) is not None:
                self.family(into).take_in(found)

    def _followed_as(self, id: UUID) -> UUID:
        """The last of the codes under which it is followed; of a circle, always the same one."""
        way = [id]
        while (then := self.joined.get(way[-1])) is not None and then not in way:
            way.append(then)
        return way[-1] if then is None else min(way[way.index(then) :])

    def pact(self, event: Any, step: date | None = None) -> PactPath:
        """The pact that *event* is about."""
        found = self.pacts[event.originator_id]
        self.family(found.family, step)
        return found


def told_until(events: Iterable[Any], last: date) -> Told:
    """What *events*, in the order of their logs, tell about the days up to *last*."""
    told = Told()
    for event in events:
        learn(event, told)
        if day_of(event) <= last:
            tell(event, told)
    told.join()
    return told


@singledispatch
def day_of(event: Any) -> date:
    """The civil day on which *event* took effect; one that states none, when it was recorded."""
    on: date | None = getattr(event, "on", None)
    return on if on is not None else civil_day(event.timestamp)


@day_of.register(Pact.CommitmentLogged)
@day_of.register(Pact.RestitutionLogged)
@day_of.register(Pact.UrgentAidGiven)
def _(event: Any) -> date:
    given: date = event.given.on
    return given


@day_of.register(Pact.ExpensePaid)
@day_of.register(Pact.PaymentCorrected)
def _(event: Any) -> date:
    paid: date = event.paid.on
    return paid


@day_of.register
def _(event: Pact.OtherSupportLogged) -> date:
    return event.support.on


@day_of.register
def _(event: Pact.HelpLogged) -> date:
    return event.received.on


@day_of.register
def _(event: Pact.Verified) -> date:
    return event.verification.on


@singledispatch
def learn(event: Any, told: Told) -> None:
    """What is known of something by its number, whatever the day on which it was recorded."""


@learn.register
def _(event: Organisation.Registered, told: Told) -> None:
    told.names[event.code] = event.name


@learn.register
def _(event: Pact.ActionAdded, told: Told) -> None:
    told.actions[event.originator_id, event.number] = event.action.dimension


@learn.register
def _(event: Pact.Amended, told: Told) -> None:
    for change in event.difference.actions:
        if change.item is not None:
            told.actions[event.originator_id, change.number] = change.item.dimension


@learn.register
def _(event: Pact.ExpensePlanned, told: Told) -> None:
    told.budget_lines[event.originator_id, event.number] = event.expense.budget_line


@learn.register
def _(event: Receipt.Opened, told: Told) -> None:
    told.receipts[event.originator_id] = (event.pact, event.number)


@learn.register
def _(event: Receipt.Placed, told: Told) -> None:
    told.late[told.receipts[event.originator_id]] = event.late


@singledispatch
def tell(event: Any, told: Told) -> None:
    """What took effect on its day; what is neither learnt nor told, no report counts."""


@tell.register
def _(event: Family.Referred, told: Told) -> None:
    family = told.family(event.originator_id, event.on)
    family.referred_on, family.access_point = event.on, event.access_point


@tell.register
def _(event: Family.HouseholdRecorded, told: Told) -> None:
    family = told.family(event.originator_id)
    family.members, family.sealed = event.members, (event.household,)


@tell.register
def _(event: Family.MemberCame, told: Told) -> None:
    family = told.family(event.originator_id)
    family.members += (event.number,)
    family.sealed += (event.member,)


@tell.register
def _(event: Family.MemberGone, told: Told) -> None:
    told.family(event.originator_id).leave(event.number)


@tell.register
def _(event: Family.HouseholdSplit, told: Told) -> None:
    told.family(event.originator_id).leave(*event.members)


@tell.register
def _(event: Family.Joined, told: Told) -> None:
    told.joined[event.originator_id] = family_id(event.into)


@tell.register
def _(event: Family.JoiningUndone, told: Told) -> None:
    told.joined.pop(event.originator_id, None)


@tell.register
def _(event: Family.EligibilityVerified, told: Told) -> None:
    family = told.family(event.originator_id, event.on)
    family.verifications.append((event.on, event.outcome))


@tell.register
def _(event: Family.DirectedElsewhere, told: Told) -> None:
    told.family(event.originator_id, event.on).directed_elsewhere = True


@tell.register
def _(event: Microequipe.Formed, told: Told) -> None:
    told.family(family_id(event.family), event.on).microequipe_on = event.on


@tell.register
def _(event: Pact.Drafted, told: Told) -> None:
    family = told.family(family_id(event.family), event.on)
    pact = PactPath(family.id, event.number == 1, event.on)
    family.pacts.append(pact)
    told.pacts[event.originator_id] = pact


@tell.register
def _(event: Pact.ResourceNamed, told: Told) -> None:
    told.pact(event).resources[event.number] = event.resource


@tell.register
def _(event: Pact.ResourceRemoved, told: Told) -> None:
    told.pact(event).resources.pop(event.number, None)


@tell.register
def _(event: Pact.Proposed, told: Told) -> None:
    pact = told.pact(event, event.on)
    pact.state = State.PROPOSED
    pact.proposals[event.proposal] = event.on


@tell.register
def _(event: Pact.AmendmentProposed, told: Told) -> None:
    told.pact(event, event.on).proposals[event.proposal] = event.on


DECIDED = {
    Pact.Approved: State.APPROVED,
    Pact.ApprovedWithConditions: State.APPROVED_WITH_CONDITIONS,
    Pact.Returned: State.RETURNED,
    Pact.NotApproved: State.NOT_APPROVED,
}
ON_AMENDMENTS = {
    Pact.AmendmentReturned: State.RETURNED,
    Pact.AmendmentNotApproved: State.NOT_APPROVED,
}
ENDED = {
    Pact.Concluded: State.CONCLUDED,
    Pact.Interrupted: State.INTERRUPTED,
    Pact.Declined: State.DECLINED,
    Pact.Lapsed: State.LAPSED,
}


def _decided(event: Any, told: Told) -> None:
    pact = told.pact(event, event.on)
    pact.state = DECIDED[type(event)]
    _add_decision(pact, event, pact.state)


def _add_decision(pact: PactPath, event: Any, outcome: State) -> None:
    pact.decisions.setdefault(event.proposal, []).append((event.on, outcome))


def _decided_on_an_amendment(event: Any, told: Told) -> None:
    """The pact in force goes on."""
    _add_decision(told.pact(event, event.on), event, ON_AMENDMENTS[type(event)])


def _ended(event: Any, told: Told) -> None:
    pact = told.pact(event, event.on)
    pact.state = ENDED[type(event)]
    pact.ended_on, pact.ended_because = event.on, getattr(event, "reason", None)


for _kind in DECIDED:
    tell.register(_kind, _decided)
for _kind in ON_AMENDMENTS:
    tell.register(_kind, _decided_on_an_amendment)
for _kind in ENDED:
    tell.register(_kind, _ended)


@tell.register
def _(event: Pact.Amended, told: Told) -> None:
    pact = told.pact(event, event.on)
    _add_decision(pact, event, event.outcome)
    pact.resources = after(pact.resources, event.difference.resources)


@tell.register
def _(event: Pact.DecisionTakenBack, told: Told) -> None:
    told.pact(event).state = State.PROPOSED


@tell.register
def _(event: Pact.SignedByAll, told: Told) -> None:
    pact = told.pact(event, event.on)
    pact.state, pact.signed_on = State.SIGNED, event.on


@tell.register
def _(event: Pact.Activated, told: Told) -> None:
    pact = told.pact(event, event.on)
    pact.state, pact.active_from = State.ACTIVE, event.on


@tell.register
def _(event: Pact.Suspended, told: Told) -> None:
    told.pact(event, event.on).state = State.SUSPENDED


@tell.register
def _(event: Pact.Resumed, told: Told) -> None:
    told.pact(event, event.on).state = State.ACTIVE


@tell.register
def _(event: Pact.HelpLogged, told: Told) -> None:
    told.pact(event, event.received.on).received.append(event.received)


@tell.register(Pact.CommitmentLogged)
@tell.register(Pact.RestitutionLogged)
def _(event: Any, told: Told) -> None:
    told.pact(event, event.given.on).given.append(event.given)


@tell.register
def _(event: Pact.UrgentAidGiven, told: Told) -> None:
    told.pact(event, event.given.on).urgent_aid.append(event.given)


@tell.register
def _(event: Pact.OtherSupportLogged, told: Told) -> None:
    told.pact(event, event.support.on).other_support.append(event.support)


@tell.register
def _(event: Pact.ExpensePlanned, told: Told) -> None:
    _move(event, told, Stage.PLANNED, event.expense.eur, event.on)


@tell.register
def _(event: Pact.ExpenseCommitted, told: Told) -> None:
    _move(event, told, Stage.COMMITTED, event.eur, event.on)


@tell.register
def _(event: Pact.CommitmentReduced, told: Told) -> None:
    _move(event, told, Stage.COMMITTED, event.eur - event.before, event.on)


@tell.register
def _(event: Pact.ExpensePaid, told: Told) -> None:
    _move(event, told, Stage.PAID, event.paid.eur, event.paid.on)


@tell.register
def _(event: Pact.PaymentCorrected, told: Told) -> None:
    _move(event, told, Stage.PAID, event.paid.eur - event.before, event.paid.on)


def _move(event: Any, told: Told, stage: Stage, eur: Decimal, on: date) -> None:
    line = told.budget_lines[event.originator_id, event.number]
    told.pact(event, on).movements.append(Movement(line, stage, eur, on))


@tell.register
def _(event: Pact.Verified, told: Told) -> None:
    on = event.verification.on
    told.pact(event, on).ratings.extend((on, each) for each in event.verification.ratings)


@tell.register
def _(event: Pact.LookBackSet, told: Told) -> None:
    told.pact(event).look_back_due = event.due


@tell.register
def _(event: Pact.LookedBack, told: Told) -> None:
    told.pact(event, event.on).looked_back = (event.on, event.outcome)


@tell.register
def _(event: Pact.TextsErased, told: Told) -> None:
    told.pact(event).look_back_due = None


TOPICS = frozenset(each.TOPIC for each in (*learn.registry, *tell.registry) if each is not object)
"""The topics of all that a report counts; others need not be read."""
