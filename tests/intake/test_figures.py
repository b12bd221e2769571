"""Reference figures: pacts know who they are, and they see nothing of the family here."""

from datetime import date, timedelta
from uuid import UUID, uuid5

import pytest

from services.intake.microequipe import (
    SEE_ANY,
    Microequipe,
    NotOfTheMicroequipe,
    OnlyAReferenceFigure,
    microequipe_id,
    must_see,
)
from services.intake.views.entrusted import entrusted_with_any
from services.kernel.actor import Actor
from services.kernel.aggregate import birth
from services.kernel.deciding import Occasion
from tests.intake.desk import NAMESPACE
from tests.intake.moments import CODE, DAY, NEIGHBOUR, SOCIAL_WORKER, TEACHER, formed
from tests.intake.test_service import admit, form
from tests.scenario import fact, given, of_version

OURSELVES = Actor.of_service("lead", "intake")
LATER = date(2026, 4, 1)
FORMER = {**dict(formed(SOCIAL_WORKER, TEACHER, NEIGHBOUR).fields), "figures_told": False}
"""What was stored of a microequipe before its figures were told."""
told = fact(Microequipe.FiguresTold, on=LATER)


# that pacts know who they are


def test_until_version_2_nobody_told_who_the_figures_are():
    told_then = {name: told for name, told in FORMER.items() if name != "figures_told"}
    assert of_version(1, Microequipe.Formed, **told_then) == fact(Microequipe.Formed, **FORMER)


def test_the_figures_of_a_microequipe_that_was_formed_before_are_told_once():
    former = fact(Microequipe.Formed, **FORMER)
    tell = {"on": LATER, "by": OURSELVES}
    given(former).when(Microequipe.tell_figures, **tell).then(told)
    given(former, told).when(Microequipe.tell_figures, **tell).then()


def test_of_one_whose_forming_tells_them_they_are_not_told_again():
    given(formed()).when(Microequipe.tell_figures, on=LATER, by=OURSELVES).then()


def form_as_before(desk):
    """Store a microequipe as it was stored before its figures were told."""
    made = birth(Microequipe, Microequipe.Formed, microequipe_id(CODE), by=OURSELVES, **FORMER)
    occasion = Occasion(UUID(int=1), "test", "test", OURSELVES)
    desk.store.decide(occasion, lambda deciding: deciding.add(made))


def changes(desk):
    return [body for contract, body in desk.told("lead") if "changed.v2" in contract]


def test_the_next_morning_pacts_learn_who_the_figures_are_and_no_morning_again(desk):
    desk.hear_guidelines()
    desk.on(DAY)
    form_as_before(desk)
    desk.days_pass(date(2026, 3, 5))
    [body] = changes(desk)
    assert (body["change"], body["on"]) == ("figures_told", "2026-03-05")
    assert [each["account"] for each in body["figures"]] == [True, False]
    desk.days_pass(date(2026, 3, 9))
    assert len(changes(desk)) == 1


# that they see nothing of the family here

LEADS = fact(Microequipe.LeadHandedOver, lead=TEACHER.person, on=LATER)
MEMBER = "microequipe_member"


def as_teacher(*roles):
    return Actor.of_person("lead", TEACHER.person, *roles)


@pytest.mark.parametrize(
    ("day", "sees"), [(LATER - timedelta(1), False), (LATER, True), (LATER + timedelta(1), True)]
)
def test_a_figure_sees_the_family_only_from_the_day_on_which_it_leads(day, sees):
    team = given(formed(), LEADS).aggregate()
    if sees:
        must_see(as_teacher(MEMBER), CODE, team, day)
        return
    with pytest.raises(OnlyAReferenceFigure) as refusal:
        must_see(as_teacher(MEMBER), CODE, team, day)
    assert refusal.value.facts == {"family": CODE}


@pytest.mark.parametrize("role", sorted(SEE_ANY))
def test_who_has_a_role_for_every_family_has_it_also_as_a_figure(role):
    must_see(as_teacher(MEMBER, role), CODE, given(formed()).aggregate(), DAY)


def someone(number):
    """The id under which the desk asks as that person."""
    return str(uuid5(NAMESPACE, f"person {number}"))


@pytest.fixture
def around(desk):
    """A family with a figure who signs in as person 9, and who leads as person 5."""
    desk.hear_guidelines()
    code = admit(desk)
    agreed = {"role": "teacher", "agreed_on": DAY.isoformat()}
    team = [
        {"person": someone(5), "kind": "social_worker"},
        {"person": someone(9), "kind": "reference_figure", **agreed},
    ]
    form(desk, code, members=team, lead=someone(5))
    return desk, code


@pytest.mark.parametrize("question", ["family", "household", "microequipe"])
def test_a_figure_is_refused_the_family_by_any_door(around, question):
    desk, code = around
    with pytest.raises(OnlyAReferenceFigure) as refusal:
        desk.ask(question, MEMBER, by=9, family=code)
    assert refusal.value.facts == {"family": code}
    assert desk.ask(question, MEMBER, by=5, family=code)["family"] == code


ACROSS = (*SEE_ANY, "microequipe_lead", "case_manager")
LISTS = [("families", {}), ("families_of", {"person": someone(9)})]


def refused(desk, kind, question, number, /, **words):
    with pytest.raises((NotOfTheMicroequipe, OnlyAReferenceFigure)) as refusal:
        desk.ask(question, MEMBER, by=number, **words)
    assert (refusal.type, refusal.value.facts) == (kind, {})


def change(desk, command, code, on=DAY, **words):
    desk.ask(command, "verifier", family=code, on=on.isoformat(), **words)


@pytest.mark.parametrize(("question", "words"), LISTS)
def test_what_is_across_families_is_not_for_who_is_never_more_than_a_figure(
    around, question, words
):
    desk, _ = around
    refused(desk, OnlyAReferenceFigure, question, 9, **words)
    for role in ACROSS:
        desk.ask(question, MEMBER, role, by=9, **words)
    desk.ask(question, MEMBER, by=5, **words)


@pytest.mark.parametrize(("question", "words"), LISTS)
def test_nor_for_who_is_with_no_family_today_whatever_they_were(around, question, words):
    desk, code = around
    change(desk, "join_microequipe", code, member={"person": someone(6), "kind": "cda_head"})
    for person in (6, 9):
        change(desk, "leave_microequipe", code, person=someone(person))
    refused(desk, NotOfTheMicroequipe, question, 8, **words)
    desk.ask(question, MEMBER, by=6, **words)
    refused(desk, OnlyAReferenceFigure, question, 9, **words)
    desk.on(DAY + timedelta(1))
    for person in (6, 8, 9):
        refused(desk, NotOfTheMicroequipe, question, person, **words)
        for role in ACROSS:
            desk.ask(question, MEMBER, role, by=person, **words)


@pytest.mark.parametrize(("question", "words"), LISTS)
def test_who_was_more_than_a_figure_and_comes_back_as_one_sees_none_of_it(around, question, words):
    desk, code = around
    change(desk, "join_microequipe", code, member={"person": someone(6), "kind": "cda_head"})
    change(desk, "leave_microequipe", code, person=someone(6))
    desk.on(DAY + timedelta(1))
    back = {"person": someone(6), "kind": "reference_figure", "agreed_on": DAY.isoformat()}
    change(desk, "join_microequipe", code, on=DAY + timedelta(1), member=back)
    refused(desk, OnlyAReferenceFigure, question, 6, **words)


@pytest.mark.parametrize(("question", "words"), LISTS)
def test_a_figure_sees_them_from_the_day_on_which_it_leads(around, question, words):
    desk, code = around
    refused(desk, OnlyAReferenceFigure, question, 9, **words)
    desk.on(LATER)
    change(desk, "hand_over_lead", code, on=LATER, lead=someone(9))
    for day in (LATER, LATER + timedelta(1)):
        desk.on(day).ask(question, MEMBER, by=9, **words)


def test_who_sees_what_is_across_families_is_who_sees_one_of_them_whole(around):
    """The view knows on every day exactly whom the microequipe itself lets see the family."""
    desk, code = around
    worker, figure = {"kind": "cda_head"}, {"kind": "reference_figure", "agreed_on": "2026-03-01"}
    second, third, fourth = (DAY + timedelta(days) for days in (1, 2, 3))
    desk.on(fourth)
    for command, on, words in (
        ("name_case_manager", DAY, {"case_manager": someone(7)}),
        ("join_microequipe", second, {"member": {"person": someone(6), **worker}}),
        ("hand_over_lead", second, {"lead": someone(9)}),
        ("hand_over_lead", second, {"lead": someone(6)}),
        ("name_case_manager", second, {"case_manager": None}),
        ("name_case_manager", second, {"case_manager": someone(8)}),
        ("hand_over_lead", third, {"lead": someone(9)}),
        ("leave_microequipe", third, {"person": someone(6)}),
        ("name_case_manager", third, {"case_manager": None}),
        ("join_microequipe", fourth, {"member": {"person": someone(6), **figure}}),
        ("hand_over_lead", fourth, {"lead": someone(5)}),
        ("join_microequipe", fourth, {"member": {"person": someone(7), **worker}}),
    ):
        change(desk, command, code, on=on, **words)

    days = [DAY + timedelta(days) for days in range(-1, 5)]
    each = [(day, number) for day in days for number in (5, 6, 7, 8, 9)]

    def sees(team, day, number):
        try:
            must_see(Actor.of_person("lead", someone(number), MEMBER), code, team, day)
        except (NotOfTheMicroequipe, OnlyAReferenceFigure):
            return False
        return True

    def look(reading):
        team, known = reading.get(Microequipe, microequipe_id(code)), reading.connection
        return (
            [(day, number) for day, number in each if sees(team, day, number)],
            [
                (day, number)
                for day, number in each
                if entrusted_with_any(known, UUID(someone(number)), day)
            ],
        )

    seen, known = desk.store.ask(Occasion(UUID(int=2), "test", "test", OURSELVES), look)
    assert seen == known
    assert [number for day, number in seen if day == third] == [5, 6, 9]


@pytest.mark.parametrize(("question", "words"), LISTS)
def test_who_is_more_than_a_figure_with_another_family_sees_them(around, question, words):
    desk, _ = around
    other = admit(desk, place=1)
    worker = {"person": someone(9), "kind": "social_worker"}
    figure = {"person": someone(8), "kind": "reference_figure", "agreed_on": DAY.isoformat()}
    form(desk, other, members=[worker, figure], lead=someone(9))
    desk.ask(question, MEMBER, by=9, **words)
