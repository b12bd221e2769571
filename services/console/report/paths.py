"""The facts of an organisation as paths of its families, up to a day: what a report counts."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
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
from services.pacts.content import CommunityResource, Dimension, Given, GoalRating, Received
from services.pacts.life import AWAITING_SIGNATURE, State
from services.pacts.money import AidGiven
from services.pacts.pact import Pact
from services.people.organisation import Organisation


@dataclass
class PactPath:
    """One pact.

    Attributes:
        proposals: the day of each, by its number.
        decisions: those on each proposal, by its number, each with its day, the newest last.
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
    received: list[Received | AidGiven] = field(default_factory=list)
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
        return max(days, default=None)


@dataclass
class FamilyPath:
    """One family; a pact without its referral (another log's) has a family all the same.

    Attributes:
        household: the newest record: the members' numbers, and who they are, sealed.
        steps: the days on which something of its path took place.
    """

    id: UUID
    access_point: AccessPoint | None = None
    referred_on: date | None = None
    verifications: list[tuple[date, Outcome]] = field(default_factory=list)
    microequipe_on: date | None = None
    household: tuple[tuple[int, ...], Sealed] | None = None
    pacts: list[PactPath] = field(default_factory=list)
    steps: set[date] = field(default_factory=set)

    def reached(self, period: Period) -> bool:
        """Whether it is one of the period's families: a step on one of its days, or a pact then."""
        return any(map(period.holds, self.steps)) or any(
            pact.under_way(period) for pact in self.pacts
        )

    def verified_on(self, *outcomes: Outcome) -> date | None:
        """The day of its first verification with one of *outcomes*."""
        return next((day for day, outcome in self.verifications if outcome in outcomes), None)


@dataclass
class Told:
    """Everything that was told up to the last day.

    Attributes:
        actions: the dimension of each, by pact and number.
        late: whether the committee marked a proposal as late, by pact and number.
        names: of organisations, by their codes.
    """

    families: dict[UUID, FamilyPath] = field(default_factory=dict)
    pacts: dict[UUID, PactPath] = field(default_factory=dict)
    actions: dict[tuple[UUID, int], Dimension] = field(default_factory=dict)
    receipts: dict[UUID, tuple[UUID, int]] = field(default_factory=dict)
    late: dict[tuple[UUID, int], bool] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    def family(self, id: UUID, step: date | None = None) -> FamilyPath:
        """The path of the family *id*; *step* is a day on which something took place."""
        found = self.families.setdefault(id, FamilyPath(id))
        if step is not None:
            found.steps.add(step)
        return found

    def pact(self, event: Any, step: date | None = None) -> PactPath:
        """The pact that *event* is about."""
        found = self.pacts[event.originator_id]
        self.family(found.family, step)
        return found


def told_until(events: Iterable[Any], last: date) -> Told:
    """What *events*, in the order of their logs, tell about the days up to *last*."""
    told = Told()
    for event in events:
        day = day_of(event)
        if day is None or day <= last:
            tell(event, told)
    return told


@singledispatch
def day_of(event: Any) -> date | None:
    """The civil day on which *event* took effect; None: it is a property of something else.

    One that states no day took effect when it was recorded.
    """
    on: date | None = getattr(event, "on", None)
    return on if on is not None else civil_day(event.timestamp)


@day_of.register(Pact.CommitmentLogged)
@day_of.register(Pact.RestitutionLogged)
@day_of.register(Pact.UrgentAidGiven)
def _(event: Any) -> date:
    on: date = event.given.on
    return on


@day_of.register
def _(event: Pact.HelpLogged) -> date:
    return event.received.on


@day_of.register
def _(event: Pact.Verified) -> date:
    return event.verification.on


@day_of.register(Organisation.Registered)
@day_of.register(Pact.Amended)  # so may what is logged on an action that it adds
@day_of.register(Pact.ActionAdded)  # what is logged on an action may have an earlier day
@day_of.register(Receipt.Opened)
@day_of.register(Receipt.Placed)
def _(event: Any) -> None:
    return None


@singledispatch
def tell(event: Any, told: Told) -> None:
    """What is not told here, no report counts."""


@tell.register
def _(event: Organisation.Registered, told: Told) -> None:
    told.names[event.code] = event.name


@tell.register
def _(event: Family.Referred, told: Told) -> None:
    family = told.family(event.originator_id, event.on)
    family.referred_on, family.access_point = event.on, event.access_point


@tell.register
def _(event: Family.HouseholdRecorded, told: Told) -> None:
    told.family(event.originator_id).household = (event.members, event.household)


@tell.register
def _(event: Family.EligibilityVerified, told: Told) -> None:
    family = told.family(event.originator_id, event.on)
    family.verifications.append((event.on, event.outcome))


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
def _(event: Pact.ActionAdded, told: Told) -> None:
    told.actions[event.originator_id, event.number] = event.action.dimension


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


DECIDED = {
    Pact.Approved: State.APPROVED,
    Pact.ApprovedWithConditions: State.APPROVED_WITH_CONDITIONS,
    Pact.Returned: State.RETURNED,
    Pact.NotApproved: State.NOT_APPROVED,
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
    pact.decisions.setdefault(event.proposal, []).append((event.on, pact.state))


def _ended(event: Any, told: Told) -> None:
    pact = told.pact(event, event.on)
    pact.state = ENDED[type(event)]
    pact.ended_on, pact.ended_because = event.on, getattr(event, "reason", None)


for _kind in DECIDED:
    tell.register(_kind, _decided)
for _kind in ENDED:
    tell.register(_kind, _ended)


@tell.register
def _(event: Pact.DecisionTakenBack, told: Told) -> None:
    told.pact(event).state = State.PROPOSED


@tell.register
def _(event: Pact.ProposalSetAside, told: Told) -> None:
    told.pact(event).state = State.DRAFTED


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


@tell.register
def _(event: Pact.UrgentAidGiven, told: Told) -> None:
    told.pact(event, event.given.on).received.append(event.given)


@tell.register
def _(event: Pact.Amended, told: Told) -> None:
    for change in event.difference.actions:
        if change.item is not None:
            told.actions[event.originator_id, change.number] = change.item.dimension


@tell.register(Pact.CommitmentLogged)
@tell.register(Pact.RestitutionLogged)
def _(event: Any, told: Told) -> None:
    told.pact(event, event.given.on).given.append(event.given)


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


@tell.register
def _(event: Receipt.Opened, told: Told) -> None:
    told.receipts[event.originator_id] = (event.pact, event.number)


@tell.register
def _(event: Receipt.Placed, told: Told) -> None:
    told.late[told.receipts[event.originator_id]] = event.late


TOPICS = frozenset(each.TOPIC for each in tell.registry if each is not object)
"""The topics of all that a report counts; others need not be read."""
