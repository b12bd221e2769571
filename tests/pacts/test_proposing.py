from dataclasses import replace
from datetime import date

import pytest

from services.pacts.along import SetAsideBecause
from services.pacts.life import State
from services.pacts.pact import Pact
from services.pacts.refusals import (
    ActionsOutsideThePeriod,
    NotReadyToPropose,
    NotTheLead,
    PactHasGoneOn,
    PactNotProposed,
    ProposalNotCurrent,
)
from tests.pacts.moments import (
    APR_9,
    BY_MANAGER,
    BY_MEMBER,
    BY_STRANGER,
    DECIDED,
    DECISIONS,
    FAMILY,
    FORMATION,
    JUN_1,
    JUN_13,
    MAR_16,
    MAY_14,
    MOTHER,
    OTHER_GOAL,
    OURSELVES,
    SON,
    TEAM,
    TERMS,
    activated,
    all_signed,
    approved,
    approved_with_conditions,
    capacity_linked,
    course_added,
    decision,
    declined,
    food_added,
    goal_added,
    kitchen_added,
    lapsed,
    not_approved,
    on_the_table,
    proposed,
    resource_named,
    returned,
    son_signed,
    taken_back,
    text,
    written,
)
from tests.scenario import THE_ONE, fact, given

HEARD = {"terms": TERMS, "by": OURSELVES, "on": MAY_14}


def test_a_complete_draft_is_proposed():
    given(*written).when(Pact.propose, on=APR_9).then(proposed)


@pytest.mark.parametrize("by", [BY_MEMBER, BY_MANAGER, BY_STRANGER, OURSELVES])
def test_only_the_lead_proposes(by):
    given(*written).when(Pact.propose, on=APR_9, by=by).refuses(NotTheLead, pact=THE_ONE)


@pytest.mark.parametrize(
    ("lacking", "missing"),
    [
        (food_added, "assistance"),
        (course_added, "promotion"),
        (kitchen_added, "restitution"),
        (capacity_linked, "linked_capacity"),
        (resource_named, "community_resource"),
    ],
)
def test_each_thing_a_proposal_needs(lacking, missing):
    story = [each for each in written if each is not lacking]
    given(*story).when(Pact.propose, on=APR_9).refuses(NotReadyToPropose, missing=[missing])


def test_everything_that_is_missing_is_named_at_once():
    blank = fact(
        Pact.Drafted,
        family=FAMILY,
        number=1,
        formation=FORMATION,
        microequipe=TEAM,
        on=MAR_16,
        starts=None,
        ends=None,
        guidelines=None,
    )
    given(blank).when(Pact.propose, on=APR_9).refuses(
        NotReadyToPropose,
        missing=[
            "assistance",
            "promotion",
            "restitution",
            "linked_capacity",
            "community_resource",
            "period",
        ],
    )


def test_a_goal_is_not_needed_to_propose():
    story = [each for each in written if each is not goal_added]
    given(*story).when(Pact.propose, on=APR_9).then(proposed)


@pytest.mark.parametrize(
    ("starts", "ends", "astray"),
    [
        (date(2026, 6, 1), date(2027, 3, 1), []),
        (date(2026, 6, 2), date(2027, 3, 1), [1]),
        (date(2026, 6, 1), date(2027, 2, 28), [3]),
        (date(2026, 6, 16), date(2026, 11, 29), [1, 2, 3]),
    ],
)
def test_every_action_lies_within_the_period(starts, ends, astray):
    period = fact(Pact.PeriodSet, starts=starts, ends=ends, guidelines=1)
    answer = given(*written, period).when(Pact.propose, on=APR_9)
    if astray:
        answer.refuses(ActionsOutsideThePeriod, actions=astray, starts=starts, ends=ends)
    else:
        answer.then(proposed)


def test_after_a_return_the_next_proposal_has_the_next_number():
    given(*on_the_table, returned).when(Pact.propose, on=JUN_1).then(
        fact(Pact.Proposed, proposal=2, on=JUN_1)
    )


def test_an_approved_pact_is_to_be_signed_by_those_who_commit_and_within_thirty_days():
    given(*on_the_table).when(Pact.hear_decision, decision=decision(State.APPROVED), **HEARD).then(
        approved
    )


def test_the_days_to_sign_begin_with_the_day_on_which_the_decision_was_heard():
    heard_late = {**HEARD, "on": date(2026, 5, 20)}
    given(*on_the_table).when(
        Pact.hear_decision, decision=decision(State.APPROVED), **heard_late
    ).then(
        fact(Pact.Approved, **DECIDED, signatories=(SON, MOTHER), sign_by=date(2026, 6, 19)),
        fact(Pact.DecisionHeardLater, proposal=1, on=date(2026, 5, 20)),
    )


def test_named_signatories_sign_instead_of_those_who_commit():
    named = fact(Pact.SignatoriesNamed, persons=(MOTHER,))
    given(*written, named, proposed).when(
        Pact.hear_decision, decision=decision(State.APPROVED), **HEARD
    ).then(fact(Pact.Approved, **DECIDED, signatories=(MOTHER,), sign_by=JUN_13))


def test_conditions_are_kept_with_an_approval_on_conditions():
    given(*on_the_table).when(
        Pact.hear_decision, decision=decision(State.APPROVED_WITH_CONDITIONS), **HEARD
    ).then(approved_with_conditions)


@pytest.mark.parametrize(
    ("outcome", "expected"), [(State.RETURNED, returned), (State.NOT_APPROVED, not_approved)]
)
def test_a_pact_is_returned_or_not_approved_with_reasons(outcome, expected):
    given(*on_the_table).when(Pact.hear_decision, decision=decision(outcome), **HEARD).then(
        expected
    )


@pytest.mark.parametrize(
    ("outcome", "already"),
    [
        (State.APPROVED, approved),
        (State.APPROVED_WITH_CONDITIONS, approved_with_conditions),
        (State.RETURNED, returned),
        (State.NOT_APPROVED, not_approved),
    ],
)
def test_a_decision_heard_twice_adds_nothing(outcome, already):
    given(*on_the_table, already).when(
        Pact.hear_decision, decision=decision(outcome), **HEARD
    ).then()


def test_another_decision_on_the_same_proposal_changes_nothing_by_itself():
    other = decision(State.APPROVED, reasons=(text(49),))
    given(*on_the_table, approved).when(Pact.hear_decision, decision=other, **HEARD).refuses(
        PactNotProposed, state="approved"
    )


@pytest.mark.parametrize("number", [1, 3])
def test_a_decision_on_another_proposal_does_not_touch_the_current_one(number):
    again = (*on_the_table, returned, fact(Pact.Proposed, proposal=2, on=JUN_1))
    asked = decision(State.APPROVED, proposal=number)
    given(*again).when(Pact.hear_decision, decision=asked, **HEARD).refuses(
        ProposalNotCurrent, proposal=number, current=2
    )


def test_the_decision_on_the_second_proposal_takes_effect():
    again = (*on_the_table, returned, fact(Pact.Proposed, proposal=2, on=JUN_1))
    given(*again).when(
        Pact.hear_decision, decision=decision(State.NOT_APPROVED, proposal=2), **HEARD
    ).then(fact(Pact.NotApproved, **{**DECIDED, "proposal": 2}))


def test_nothing_is_decided_before_it_was_proposed():
    asked = decision(State.APPROVED)
    given(*written).when(Pact.hear_decision, decision=asked, **HEARD).refuses(
        PactNotProposed, state="drafted"
    )


# corrected decisions


EVERY_TWO = [(first, second) for first in DECISIONS for second in DECISIONS]


@pytest.mark.parametrize(("first", "second"), EVERY_TWO)
def test_a_corrected_decision_takes_the_place_of_the_former(first, second):
    corrected = decision(second, corrects=1)
    given(*on_the_table, DECISIONS[first]).when(
        Pact.hear_decision, decision=corrected, **HEARD
    ).then(taken_back, DECISIONS[second])
    pact = given(*on_the_table, DECISIONS[first], taken_back, DECISIONS[second]).aggregate()
    once = given(*on_the_table, DECISIONS[second]).aggregate()
    assert pact.decision == corrected
    for known in ("state", "signatories", "sign_by", "ended_on", "awaited", "over"):
        assert getattr(pact, known) == getattr(once, known)


def test_a_corrected_decision_heard_twice_adds_nothing():
    corrected = decision(State.RETURNED, corrects=1)
    given(*on_the_table, approved, taken_back, returned).when(
        Pact.hear_decision, decision=corrected, **HEARD
    ).then()


def test_a_correction_can_be_corrected():
    given(*on_the_table, approved, taken_back, returned).when(
        Pact.hear_decision, decision=decision(State.APPROVED, corrects=2), **HEARD
    ).then(fact(Pact.DecisionTakenBack, proposal=1, corrects=2, on=MAY_14), approved)


def test_a_correction_of_what_we_could_not_follow_is_a_decision_like_any():
    given(*on_the_table).when(
        Pact.hear_decision, decision=decision(State.APPROVED, corrects=1), **HEARD
    ).then(approved)


CHANGED = fact(Pact.GoalAdded, number=2, goal=OTHER_GOAL)
UNDONE = fact(Pact.GoalRemoved, number=2)


@pytest.mark.parametrize(
    ("since", "succeeded", "state", "because"),
    [
        ((approved, son_signed), False, "approved", ["signature"]),
        ((returned, CHANGED), False, "returned", ["changes"]),
        ((not_approved,), True, "not_approved", ["next_pact"]),
        ((approved, declined), False, "declined", ["state"]),
        ((approved, lapsed), False, "lapsed", ["state"]),
        ((approved, *all_signed), False, "signed", ["state"]),
        ((approved, *all_signed, activated), False, "active", ["state"]),
    ],
)
def test_a_corrected_decision_does_not_undo_what_rests_on_the_former(
    since, succeeded, state, because
):
    given(*on_the_table, *since).when(
        Pact.hear_decision,
        decision=decision(State.RETURNED, corrects=1, cycle="2026-06"),
        succeeded=succeeded,
        **HEARD,
    ).refuses(PactHasGoneOn, state=state, proposal=1, corrects=1, because=because)


@pytest.mark.parametrize("since", [(), (CHANGED, UNDONE)])
def test_what_was_returned_and_says_the_same_has_not_gone_on(since):
    given(*on_the_table, returned, *since).when(
        Pact.hear_decision, decision=decision(State.APPROVED, corrects=1), **HEARD
    ).then(taken_back, approved)


def test_other_people_around_the_family_are_not_in_the_way():
    changed = fact(
        Pact.MicroequipeChanged, formation=FORMATION, microequipe=replace(TEAM, case_manager=None)
    )
    given(*on_the_table, approved, changed).when(
        Pact.hear_decision, decision=decision(State.NOT_APPROVED, corrects=1), **HEARD
    ).then(taken_back, not_approved)


def test_the_correction_of_a_decision_on_a_former_proposal_does_not_touch_the_current_one():
    again = (*on_the_table, returned, fact(Pact.Proposed, proposal=2, on=JUN_1))
    for facts in (again, (*again, fact(Pact.Returned, **{**DECIDED, "proposal": 2}))):
        given(*facts).when(
            Pact.hear_decision, decision=decision(State.APPROVED, corrects=1), **HEARD
        ).refuses(ProposalNotCurrent, proposal=1, current=2)


# what the committee set aside

SET_ASIDE = {"proposal": 1, "because": SetAsideBecause.FAMILY_ERASED, "on": MAY_14}


def test_a_proposal_that_was_set_aside_is_a_draft_again_and_heard_of_once():
    told = fact(Pact.ProposalSetAside, **SET_ASIDE)
    given(*on_the_table).when(Pact.hear_set_aside, **SET_ASIDE, by=OURSELVES).then(told)
    given(*on_the_table, told).when(Pact.hear_set_aside, **SET_ASIDE, by=OURSELVES).then()
    assert given(*on_the_table, told).aggregate().state is State.DRAFTED


def test_only_the_current_proposal_is_set_aside():
    given(*on_the_table).when(
        Pact.hear_set_aside, **SET_ASIDE | {"proposal": 2}, by=OURSELVES
    ).refuses(ProposalNotCurrent, proposal=2, current=1)
    given(*on_the_table, approved).when(Pact.hear_set_aside, **SET_ASIDE, by=OURSELVES).refuses(
        PactNotProposed, state="approved"
    )
