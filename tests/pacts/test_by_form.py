"""What a form says takes the place of the draft, and goes to the committee; who may have papers."""

from dataclasses import replace
from datetime import date

import pytest

from services.pacts.by_form import Contents
from services.pacts.pact import Pact
from services.pacts.refusals import DatesReversed, PeriodTooLong
from tests.pacts.moments import (
    APR_9,
    BY_MEMBER,
    COOKING,
    COURSE,
    FOOD,
    KITCHEN,
    MAY_14,
    OTHER_GOAL,
    OURSELVES,
    TERMS,
    VOLUNTEER,
    active,
    on_the_table,
    returned,
    signed,
    written,
)
from tests.scenario import fact, given

STARTS = date(2026, 6, 1)
ENDS = date(2027, 5, 31)
CONTENTS = Contents(
    starts=STARTS,
    ends=ENDS,
    goals=(OTHER_GOAL,),
    actions=(COURSE, KITCHEN, FOOD),
    capacities=((COOKING, 2), (replace(COOKING, action=0), 1)),
    resources=(VOLUNTEER,),
)
BY_FORM = {"contents": CONTENTS, "terms": TERMS, "by": OURSELVES, "on": APR_9}

emptied = (
    fact(Pact.CapacityUnlinked, number=1),
    fact(Pact.ActionRemoved, number=1),
    fact(Pact.ActionRemoved, number=2),
    fact(Pact.ActionRemoved, number=3),
    fact(Pact.GoalRemoved, number=1),
    fact(Pact.ResourceRemoved, number=1),
)


def test_the_draft_is_emptied_and_written_anew_with_new_numbers_and_then_proposed():
    given(*written).when(Pact.propose_by_form, **BY_FORM).then(
        *emptied,
        fact(Pact.PeriodSet, starts=STARTS, ends=ENDS, guidelines=1),
        fact(Pact.GoalAdded, number=2, goal=OTHER_GOAL),
        fact(Pact.ActionAdded, number=4, action=COURSE),
        fact(Pact.ActionAdded, number=5, action=KITCHEN),
        fact(Pact.ActionAdded, number=6, action=FOOD),
        fact(Pact.CapacityLinked, number=2, capacity=replace(COOKING, action=5)),
        fact(Pact.CapacityLinked, number=3, capacity=replace(COOKING, action=4)),
        fact(Pact.ResourceNamed, number=2, resource=VOLUNTEER),
        fact(Pact.Proposed, proposal=1, on=APR_9),
    )


def test_a_form_that_says_what_the_draft_says_is_proposed_as_it_is():
    given(*written).when(Pact.propose_by_form, **BY_FORM | {"contents": None}).then(
        fact(Pact.Proposed, proposal=1, on=APR_9)
    )


def test_a_form_may_not_ask_for_more_than_the_same_words_one_by_one():
    for ends, refusal in ((date(2026, 5, 31), DatesReversed), (date(2027, 6, 2), PeriodTooLong)):
        contents = replace(CONTENTS, ends=ends)
        answer = given(*written).when(Pact.propose_by_form, **BY_FORM | {"contents": contents})
        assert type(answer.refusal) is refusal


@pytest.mark.parametrize(("facts", "number"), [(written, 1), ((*on_the_table, returned), 2)])
def test_a_form_is_good_for_the_next_proposal(facts, number):
    assert given(*facts).aggregate().form(BY_MEMBER) == number


@pytest.mark.parametrize("facts", [(*on_the_table, returned), signed, active])
def test_the_letter_tells_the_day_on_which_the_decision_was_heard(facts):
    assert given(*facts).aggregate().family_letter(BY_MEMBER) == MAY_14
