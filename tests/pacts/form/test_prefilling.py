"""The draft as the form says it before anybody fills it: nothing is typed twice, nothing is cut."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from services.pacts.form.fields import member_of
from services.pacts.form.prefilling import as_typed, prefilled
from services.pacts.pact import Pact
from services.pacts.refusals import DraftDoesNotFitTheForm
from tests.pacts.moments import (
    COOKING,
    COURSE,
    FAMILY,
    FOOD,
    GOAL,
    KITCHEN,
    LEAD,
    MEMBER,
    STRANGER,
    VOLUNTEER,
    drafted,
)
from tests.scenario import fact, given

MOTHER, SON = member_of(FAMILY, 1), member_of(FAMILY, 12)
ACTIONS = (FOOD, replace(COURSE, committed=SON), replace(KITCHEN, committed=MOTHER))


def said(reference):
    """The text behind a reference, plainly invented; None where nothing is written."""
    return None if reference is None else f"testo {reference.ref.int}"


def draft(goals=(GOAL,), actions=ACTIONS, capacities=(COOKING,), resources=(VOLUNTEER,)):
    told = [
        *(fact(Pact.GoalAdded, number=n, goal=each) for n, each in enumerate(goals, 1)),
        *(fact(Pact.ActionAdded, number=n, action=each) for n, each in enumerate(actions, 1)),
        *(
            fact(Pact.CapacityLinked, number=n, capacity=replace(each, person=MOTHER))
            for n, each in enumerate(capacities, 1)
        ),
        *(fact(Pact.ResourceNamed, number=n, resource=each) for n, each in enumerate(resources, 1)),
    ]
    return given(drafted, *told).aggregate()


def test_a_draft_is_said_in_full_and_as_people_write_it():
    assert prefilled(draft(), said) == {
        "starts": "16/03/2026",
        "ends": "16/03/2027",
        "goal_1_goal": "testo 1",
        "goal_1_result": "testo 2",
        "assistance_1_description": "testo 11",
        "assistance_1_result": "testo 12",
        "assistance_1_area": "emergency_aid",
        "assistance_1_provider": "cda-san-rocco",
        "assistance_1_responsible": str(LEAD),
        "assistance_1_starts": "01/06/2026",
        "assistance_1_until": "30/11/2026",
        "assistance_1_eur": "450,00",
        "promotion_1_description": "testo 13",
        "promotion_1_result": "testo 14",
        "promotion_1_area": "work_and_training",
        "promotion_1_provider": "cfp-valle",
        "promotion_1_responsible": str(MEMBER),
        "promotion_1_committed": "12",
        "promotion_1_starts": "15/06/2026",
        "promotion_1_until": "15/12/2026",
        "promotion_1_hours": "120,00",
        "restitution_1_description": "testo 15",
        "restitution_1_result": "testo 16",
        "restitution_1_area": "complementary_services_and_education",
        "restitution_1_provider": "oratorio-centro",
        "restitution_1_responsible": str(MEMBER),
        "restitution_1_committed": "1",
        "restitution_1_starts": "01/07/2026",
        "restitution_1_until": "01/03/2027",
        "restitution_1_hours": "60,00",
        "capacity_1_description": "testo 21",
        "capacity_1_kind": "informal",
        "capacity_1_person": "1",
        "capacity_1_action": "restitution_1",
        "resource_1_description": "testo 31",
        "resource_1_kind": "volunteer",
        "resource_1_hours": "20,00",
    }


def test_who_is_nobody_of_the_household_or_left_the_microequipe_is_chosen_anew():
    gone = replace(COURSE, committed=STRANGER, responsible=STRANGER)
    values = prefilled(draft(actions=(FOOD, gone, KITCHEN)), said)
    assert "promotion_1_responsible" not in values
    assert "promotion_1_committed" not in values
    assert values["promotion_1_provider"] == "cfp-valle"


def test_what_was_erased_is_left_empty():
    values = prefilled(draft(), lambda _reference: None)
    assert "goal_1_goal" not in values
    assert values["assistance_1_provider"] == "cda-san-rocco"


@pytest.mark.parametrize(
    ("what", "most", "more"),
    [
        ("goals", 4, lambda n: {"goals": (GOAL,) * n}),
        ("assistance", 3, lambda n: {"actions": (*ACTIONS, *(FOOD,) * (n - 1))}),
        ("capacities", 4, lambda n: {"capacities": (COOKING,) * n}),
        ("community_resources", 4, lambda n: {"resources": (VOLUNTEER,) * n}),
    ],
)
def test_the_form_has_room_for_so_much_and_refuses_what_does_not_fit(what, most, more):
    for found in (most - 1, most):
        assert prefilled(draft(**more(found)), said)
    with pytest.raises(DraftDoesNotFitTheForm) as refusal:
        prefilled(draft(**more(most + 1)), said)
    assert refusal.value.facts == {"what": what, "found": most + 1, "most": most}


@pytest.mark.parametrize(("length", "fits"), [(399, True), (400, True), (401, False)])
def test_a_text_is_not_cut(length, fits):
    pact = draft(capacities=(), resources=())
    if fits:
        assert prefilled(pact, lambda _reference: "x" * length)["goal_1_goal"] == "x" * length
    else:
        with pytest.raises(DraftDoesNotFitTheForm) as refusal:
            prefilled(pact, lambda _reference: "x" * length)
        assert refusal.value.facts == {"what": "goal_1_goal", "found": 401, "most": 400}


@pytest.mark.parametrize(
    ("value", "typed"),
    [
        (None, ""),
        (date(2026, 6, 1), "01/06/2026"),
        (Decimal("1250.5"), "1.250,50"),
        (Decimal("0"), "0,00"),
    ],
)
def test_days_and_amounts_are_written_as_people_write_them(value, typed):
    assert as_typed(value) == typed
