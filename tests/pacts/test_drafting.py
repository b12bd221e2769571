from dataclasses import replace
from datetime import date

import pytest

from services.kernel.ids import stream_id
from services.pacts.content import Dimension, Microequipe
from services.pacts.pact import Pact
from services.pacts.refusals import (
    DatesReversed,
    NobodyCommits,
    NoSuchItem,
    NotOfTheMicroequipe,
    NotTheLead,
    PeriodTooLong,
    QuantityNotPositive,
)
from tests.pacts.moments import (
    BY_LEAD,
    BY_MANAGER,
    BY_MEMBER,
    BY_STRANGER,
    COOKING,
    COURSE,
    FAMILY,
    FOOD,
    FORMATION,
    GOAL,
    JUN_1,
    KITCHEN,
    LEAD,
    MAR_16,
    MAR_16_2027,
    MEMBER,
    MOTHER,
    OTHER_GOAL,
    OURSELVES,
    SON,
    STRANGER,
    TEAM,
    TERMS,
    VOLUNTEER,
    active,
    capacity_linked,
    concluded,
    course_added,
    drafted,
    eur,
    finally_verified,
    food_added,
    goal_added,
    hours,
    kitchen_added,
    resource_named,
    written,
)
from tests.scenario import THE_ONE, fact, given

DRAFT = {
    "family": FAMILY,
    "number": 1,
    "formation": FORMATION,
    "microequipe": TEAM,
    "on": MAR_16,
}


def test_a_pact_is_drafted_blank_for_the_full_length():
    given().when(Pact.draft, **DRAFT, terms=TERMS, by=OURSELVES).then(drafted)


def test_a_draft_does_not_wait_for_guidelines_and_then_has_no_length_yet():
    given().when(Pact.draft, **DRAFT, terms=None).then(
        fact(Pact.Drafted, **DRAFT, starts=None, ends=None, guidelines=None)
    )


def test_the_id_of_a_pact_is_derived_from_its_family_and_number():
    pact = Pact.draft(**DRAFT, terms=TERMS, by=OURSELVES)
    assert pact.id == stream_id("pact", FAMILY, 1)
    assert Pact.draft(**{**DRAFT, "number": 2}, terms=TERMS, by=OURSELVES).id != pact.id


def test_after_the_end_the_lead_drafts_the_next_pact_with_the_same_microequipe():
    former = given(*active, finally_verified, concluded).aggregate()
    pact = former.draft_again(TERMS, by=BY_LEAD, on=JUN_1)
    assert (pact.family, pact.number, pact.microequipe) == (FAMILY, 2, TEAM)
    assert pact.id == stream_id("pact", FAMILY, 2)
    assert pact.formation == FORMATION
    assert former.pending_events == []


def test_a_running_pact_follows_its_microequipe():
    team = Microequipe(MEMBER, (LEAD,), None)
    formation = STRANGER
    given(drafted).when(Pact.follow, formation=formation, microequipe=team).then(
        fact(Pact.MicroequipeChanged, formation=formation, microequipe=team)
    )


def test_a_microequipe_that_is_known_changes_nothing():
    given(drafted).when(Pact.follow, formation=STRANGER, microequipe=TEAM).then()


def test_a_pact_that_is_over_follows_it_too_so_that_the_next_begins_with_it():
    team = Microequipe(MEMBER, (LEAD,), None)
    over = given(*active, finally_verified, concluded)
    changed = fact(Pact.MicroequipeChanged, formation=FORMATION, microequipe=team)
    over.when(Pact.follow, formation=FORMATION, microequipe=team).then(changed)
    former = given(*active, finally_verified, concluded, changed).aggregate()
    assert isinstance(former, Pact)
    following = former.draft_again(TERMS, by=BY_MEMBER, on=JUN_1)
    assert (following.microequipe, following.formation) == (team, FORMATION)


def test_the_new_lead_proposes_and_the_former_does_not():
    handed_over = fact(
        Pact.MicroequipeChanged, formation=STRANGER, microequipe=Microequipe(MEMBER, (), None)
    )
    given(*written, handed_over).when(Pact.propose, on=JUN_1, by=BY_MEMBER).then(
        fact(Pact.Proposed, proposal=1, on=JUN_1)
    )
    given(*written, handed_over).when(Pact.propose, on=JUN_1).refuses(NotTheLead, pact=THE_ONE)


@pytest.mark.parametrize("by", [BY_LEAD, BY_MEMBER, BY_MANAGER])
def test_the_microequipe_and_its_case_manager_write_the_draft(by):
    given(drafted).when(Pact.add_goal, goal=GOAL, by=by).then(goal_added)


@pytest.mark.parametrize("by", [BY_STRANGER, OURSELVES])
def test_nobody_else_writes_the_draft(by):
    given(drafted).when(Pact.add_goal, goal=GOAL, by=by).refuses(NotOfTheMicroequipe, pact=THE_ONE)


def test_without_a_last_day_the_period_is_the_longest_allowed():
    given(drafted).when(Pact.set_period, starts=JUN_1, ends=None, terms=TERMS).then(
        fact(Pact.PeriodSet, starts=JUN_1, ends=date(2027, 6, 1), guidelines=1)
    )


@pytest.mark.parametrize("last", [date(2027, 5, 31), date(2027, 6, 1)])
def test_a_period_may_be_shorter_or_just_as_long(last):
    given(drafted).when(Pact.set_period, starts=JUN_1, ends=last, terms=TERMS).then(
        fact(Pact.PeriodSet, starts=JUN_1, ends=last, guidelines=1)
    )


def test_a_longer_period_is_an_amendment():
    given(drafted).when(Pact.set_period, starts=JUN_1, ends=date(2027, 6, 2), terms=TERMS).refuses(
        PeriodTooLong, last="2027-06-02", longest="2027-06-01", guidelines=1
    )


def test_a_period_of_one_day_is_a_period():
    given(drafted).when(Pact.set_period, starts=JUN_1, ends=JUN_1, terms=TERMS).then(
        fact(Pact.PeriodSet, starts=JUN_1, ends=JUN_1, guidelines=1)
    )


def test_a_period_does_not_end_before_it_starts():
    given(drafted).when(Pact.set_period, starts=JUN_1, ends=date(2026, 5, 31), terms=TERMS).refuses(
        DatesReversed, first="2026-06-01", last="2026-05-31"
    )


def test_goals_are_numbered_and_no_number_is_given_twice():
    removed = fact(Pact.GoalRemoved, number=1)
    given(drafted, goal_added, removed).when(Pact.add_goal, goal=OTHER_GOAL).then(
        fact(Pact.GoalAdded, number=2, goal=OTHER_GOAL)
    )


@pytest.mark.parametrize(
    ("removed", "ask", "words", "added"),
    [
        (
            (fact(Pact.CapacityUnlinked, number=1), fact(Pact.ActionRemoved, number=3)),
            Pact.add_action,
            {"action": KITCHEN},
            fact(Pact.ActionAdded, number=4, action=KITCHEN),
        ),
        (
            (fact(Pact.CapacityUnlinked, number=1),),
            Pact.link_capacity,
            {"capacity": COOKING},
            fact(Pact.CapacityLinked, number=2, capacity=COOKING),
        ),
        (
            (fact(Pact.ResourceRemoved, number=1),),
            Pact.name_resource,
            {"resource": VOLUNTEER},
            fact(Pact.ResourceNamed, number=2, resource=VOLUNTEER),
        ),
    ],
)
def test_nor_is_a_number_of_anything_else(removed, ask, words, added):
    given(*written, *removed).when(ask, **words).then(added)


@pytest.mark.parametrize(
    ("removed", "lacking"),
    [
        (fact(Pact.ActionRemoved, number=1), "assistance"),
        (fact(Pact.CapacityUnlinked, number=1), "linked_capacity"),
        (fact(Pact.ResourceRemoved, number=1), "community_resource"),
    ],
)
def test_what_was_removed_is_missing(removed, lacking):
    assert given(*written).aggregate().missing() == []
    assert given(*written, removed).aggregate().missing() == [lacking]


def test_a_goal_is_removed_once():
    given(drafted, goal_added).when(Pact.remove_goal, number=1).then(
        fact(Pact.GoalRemoved, number=1)
    )
    given(drafted, goal_added, fact(Pact.GoalRemoved, number=1)).when(
        Pact.remove_goal, number=1
    ).refuses(NoSuchItem, goal=1)


def test_actions_of_the_three_dimensions_are_added():
    given(drafted).when(Pact.add_action, action=FOOD).then(food_added)
    given(drafted, food_added).when(Pact.add_action, action=COURSE).then(course_added)
    given(drafted, food_added, course_added).when(Pact.add_action, action=KITCHEN).then(
        kitchen_added
    )


@pytest.mark.parametrize("dimension", [Dimension.PROMOTION, Dimension.RESTITUTION])
def test_promotion_and_restitution_name_who_commits(dimension):
    action = replace(KITCHEN, dimension=dimension, committed=None)
    given(drafted).when(Pact.add_action, action=action).refuses(NobodyCommits, dimension=dimension)


def test_an_action_of_one_day_is_an_action_and_one_that_ends_before_it_starts_is_none():
    one_day = replace(FOOD, until=FOOD.starts)
    given(drafted).when(Pact.add_action, action=one_day).then(
        fact(Pact.ActionAdded, number=1, action=one_day)
    )
    reversed_days = replace(FOOD, until=date(2026, 5, 31))
    given(drafted).when(Pact.add_action, action=reversed_days).refuses(
        DatesReversed, first="2026-06-01", last="2026-05-31"
    )


@pytest.mark.parametrize(("amount", "allowed"), [("-0.01", False), ("0.00", False), ("0.01", True)])
@pytest.mark.parametrize("quantity", ["quantity_eur", "quantity_hours"])
def test_a_stated_quantity_is_above_zero(quantity, amount, allowed):
    action = replace(FOOD, **{quantity: eur(amount)})
    answer = given(drafted).when(Pact.add_action, action=action)
    if allowed:
        answer.then(fact(Pact.ActionAdded, number=1, action=action))
    else:
        answer.refuses(QuantityNotPositive, quantity=quantity, value=amount)


def test_with_an_action_its_capacities_leave_the_draft():
    given(*written).when(Pact.remove_action, number=3).then(
        fact(Pact.CapacityUnlinked, number=1), fact(Pact.ActionRemoved, number=3)
    )


def test_another_action_leaves_with_nothing():
    given(*written).when(Pact.remove_action, number=1).then(fact(Pact.ActionRemoved, number=1))


@pytest.mark.parametrize(
    ("ask", "item"),
    [
        (Pact.remove_action, "action"),
        (Pact.unlink_capacity, "capacity"),
        (Pact.remove_resource, "resource"),
    ],
)
def test_what_is_not_there_is_not_removed(ask, item):
    given(*written).when(ask, number=9).refuses(NoSuchItem, **{item: 9})


def test_a_capacity_is_linked_to_an_action_of_the_pact():
    given(drafted, kitchen_added).when(Pact.link_capacity, capacity=COOKING).then(capacity_linked)
    given(drafted).when(Pact.link_capacity, capacity=COOKING).refuses(NoSuchItem, action=3)


def test_a_capacity_is_unlinked():
    given(*written).when(Pact.unlink_capacity, number=1).then(fact(Pact.CapacityUnlinked, number=1))


def test_a_resource_of_the_community_is_named_and_removed():
    given(drafted).when(Pact.name_resource, resource=VOLUNTEER).then(resource_named)
    given(drafted, resource_named).when(Pact.remove_resource, number=1).then(
        fact(Pact.ResourceRemoved, number=1)
    )


def test_hours_of_a_resource_may_be_left_out_but_are_not_zero():
    given(drafted).when(Pact.name_resource, resource=replace(VOLUNTEER, hours=None)).then(
        fact(Pact.ResourceNamed, number=1, resource=replace(VOLUNTEER, hours=None))
    )
    given(drafted).when(
        Pact.name_resource, resource=replace(VOLUNTEER, hours=hours("0.00"))
    ).refuses(QuantityNotPositive, quantity="hours", value="0.00")


def test_signatories_are_named_once_each():
    given(drafted).when(Pact.name_signatories, persons=(MOTHER, SON, MOTHER)).then(
        fact(Pact.SignatoriesNamed, persons=(MOTHER, SON))
    )


def test_the_period_of_the_draft_is_the_guidelines_months():
    pact = given(drafted).aggregate()
    assert (pact.drafted_on, pact.starts, pact.ends) == (MAR_16, MAR_16, MAR_16_2027)
