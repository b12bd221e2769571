"""Reference figures: pacts know who they are, and they see nothing of the family here."""

from datetime import date, timedelta
from uuid import UUID, uuid5

import pytest

from services.intake.microequipe import (
    SEE_ANY,
    Microequipe,
    OnlyAReferenceFigure,
    microequipe_id,
    must_see,
)
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


LISTS = [("families", {}), ("families_of", {"person": someone(9)})]


@pytest.mark.parametrize(("question", "words"), LISTS)
def test_what_is_across_families_is_not_for_who_is_never_more_than_a_figure(
    around, question, words
):
    desk, code = around
    desk.on(DAY + timedelta(1))
    leave = {"family": code, "person": someone(9), "on": DAY.isoformat()}
    for _ in range(2):
        with pytest.raises(OnlyAReferenceFigure) as refusal:
            desk.ask(question, MEMBER, by=9, **words)
        assert refusal.value.facts == {}
        for role in (*SEE_ANY, "microequipe_lead", "case_manager"):
            desk.ask(question, MEMBER, role, by=9, **words)
        for other in (5, 8):
            desk.ask(question, MEMBER, by=other, **words)
        if leave:
            desk.ask("leave_microequipe", "verifier", **leave)
            leave = {}


@pytest.mark.parametrize(("question", "words"), LISTS)
def test_who_is_more_than_a_figure_with_another_family_sees_them(around, question, words):
    desk, _ = around
    other = admit(desk, place=1)
    worker = {"person": someone(9), "kind": "social_worker"}
    figure = {"person": someone(8), "kind": "reference_figure", "agreed_on": DAY.isoformat()}
    form(desk, other, members=[worker, figure], lead=someone(9))
    desk.ask(question, MEMBER, by=9, **words)
