"""What a form says takes the place of the draft, and goes to the committee; who may have papers."""

from dataclasses import replace
from datetime import date

import pytest

from services.pacts.amending import Items, Wanted
from services.pacts.by_form import Contents
from services.pacts.difference import Difference
from services.pacts.pact import Pact
from services.pacts.refusals import (
    ActionsOutsideThePeriod,
    AmendmentBeforeTheCommittee,
    CapacityWithoutAction,
    DatesReversed,
    NoSuchItem,
    NothingAmended,
    NotReadyToPropose,
    PeriodTooLong,
)
from tests.pacts.moments import (
    APR_9,
    AUG_1,
    BY_MEMBER,
    COOKING,
    COURSE,
    FOOD,
    FORMATION,
    KITCHEN,
    MAR_16,
    MAR_16_2027,
    MAY_14,
    NEIGHBOUR,
    OTHER_GOAL,
    OURSELVES,
    TEACHER,
    TEAM,
    TERMS,
    VOLUNTEER,
    active,
    amended,
    amending,
    amendment_returned,
    figures_known,
    neighbour_engaged,
    on_the_table,
    returned,
    signed,
    written,
)
from tests.scenario import fact, given

STARTS = date(2026, 6, 1)
ENDS = date(2027, 5, 31)
LATER = date(2027, 9, 16)
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


def test_who_helps_in_an_action_that_stays_the_same_goes_on_helping_in_it():
    story = (*written, figures_known, neighbour_engaged)  # in the action 2, the course
    teacher_too = fact(Pact.FigureEngaged, action=2, person=TEACHER, on=MAR_16)
    same = replace(CONTENTS, same=((1, 2),))
    for facts, helping in (
        (story, (NEIGHBOUR,)),
        ((*story, teacher_too), (NEIGHBOUR, TEACHER)),
        ((*written, figures_known), ()),
    ):
        answer = given(*facts).when(Pact.propose_by_form, **BY_FORM | {"contents": same})
        told = [each for each in answer.facts if each.event is Pact.FigureEngaged]
        assert told == [
            fact(Pact.FigureEngaged, action=4, person=each, on=APR_9) for each in helping
        ]


def test_who_answers_for_it_now_does_not_help_in_it_besides():
    answering = replace(COURSE, responsible=NEIGHBOUR)
    same = replace(CONTENTS, actions=(answering, KITCHEN, FOOD), same=((1, 2),))
    story = given(*written, figures_known, neighbour_engaged)
    answer = story.when(Pact.propose_by_form, **BY_FORM | {"contents": same})
    assert answer.refusal is None
    assert Pact.FigureEngaged not in {each.event for each in answer.facts}


def test_who_has_left_helps_no_more():
    left = fact(Pact.MicroequipeChanged, formation=FORMATION, microequipe=TEAM)
    same = replace(CONTENTS, same=((1, 2),))
    story = given(*written, figures_known, neighbour_engaged, left)
    answer = story.when(Pact.propose_by_form, **BY_FORM | {"contents": same})
    assert Pact.FigureEngaged not in {each.event for each in answer.facts}


def test_a_form_that_says_what_the_draft_says_is_proposed_as_it_is():
    given(*written).when(Pact.propose_by_form, **BY_FORM | {"contents": None}).then(
        fact(Pact.Proposed, proposal=1, on=APR_9)
    )


def test_a_form_may_not_ask_for_more_than_the_same_words_one_by_one():
    for ends, refusal in ((date(2026, 5, 31), DatesReversed), (date(2027, 6, 2), PeriodTooLong)):
        contents = replace(CONTENTS, ends=ends)
        answer = given(*written).when(Pact.propose_by_form, **BY_FORM | {"contents": contents})
        assert type(answer.refusal) is refusal


@pytest.mark.parametrize(
    ("facts", "number"),
    [
        (written, 1),
        ((*on_the_table, returned), 2),
        (active, 2),
        ((*amending, amendment_returned), 3),
        ((*amending, amended), 3),
    ],
)
def test_a_form_is_good_for_the_next_proposal(facts, number):
    assert given(*facts).aggregate().form(BY_MEMBER) == number


def test_while_the_committee_has_an_amendment_there_is_no_form_of_another():
    given(*amending).when(Pact.form, by=BY_MEMBER).refuses(AmendmentBeforeTheCommittee, proposal=2)


def test_an_amendment_by_form_is_one_by_command():
    wanted = {"wanted": Wanted(ends=LATER), "on": AUG_1}
    by_form = given(*active).when(Pact.propose_amendment_by_form, **wanted, by=OURSELVES)
    by_form.then(
        fact(
            Pact.AmendmentProposed,
            proposal=2,
            amends=1,
            difference=Difference(ends_before=MAR_16_2027, ends=LATER),
            on=AUG_1,
        )
    )
    assert by_form.facts == given(*active).when(Pact.propose_amendment, **wanted).facts


@pytest.mark.parametrize(
    ("wanted", "refusal"),
    [
        (Wanted(), NothingAmended),
        (Wanted(ends=date(2026, 7, 31)), DatesReversed),
        (Wanted(actions=Items(removed=(1,))), NotReadyToPropose),
        (Wanted(actions=Items(removed=(3,), added=(KITCHEN,))), CapacityWithoutAction),
        (Wanted(goals=Items(removed=(7,))), NoSuchItem),
        (Wanted(ends=date(2026, 12, 1)), ActionsOutsideThePeriod),
    ],
)
def test_an_amendment_by_form_asks_for_no_more_than_the_command(wanted, refusal):
    answer = given(*active).when(
        Pact.propose_amendment_by_form, wanted=wanted, by=OURSELVES, on=AUG_1
    )
    assert type(answer.refusal) is refusal
    assert answer.facts == []


@pytest.mark.parametrize("facts", [(*on_the_table, returned), signed, active])
def test_the_letter_tells_the_day_on_which_the_decision_was_heard(facts):
    assert given(*facts).aggregate().family_letter(BY_MEMBER) == MAY_14
