"""What each fact tells of the paths of families: how events become what a report counts."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import singledispatch
from typing import Any

from services.console.report.paths import PactPath, Told
from services.intake.family import Family
from services.intake.family_code import family_id
from services.intake.microequipe import Microequipe
from services.kernel.civil import civil_day
from services.notify.receipt import Receipt
from services.pacts.budget import Movement
from services.pacts.difference import after
from services.pacts.life import State
from services.pacts.money import Stage
from services.pacts.pact import Pact
from services.people.organisation import Organisation


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
