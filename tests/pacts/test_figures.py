"""Who is only a reference figure sees neither the pact nor what is across pacts."""

from datetime import date

import pytest
from sqlalchemy import select

from services.kernel.refusal import Unknown
from services.pacts.pact import Pact
from services.pacts.refusals import NotOfTheMicroequipe, OnlyAReferenceFigure
from services.pacts.views.people import PEOPLE, pacts_with
from tests.pacts.desk import pact_id
from tests.pacts.moments import FAMILY, LEAD, MANAGER, MEMBER, NEIGHBOUR, STRANGER, TEACHER
from tests.pacts.test_service import refuses

BOUND = ("microequipe_member",)
OTHER = "LEAD-2R8TQX-G"


@pytest.fixture
def around(desk):
    """A draft around which there are a teacher, who signs in, and a neighbour, who does not."""
    desk.hear_guidelines()
    desk.hear_microequipe()
    desk.hear_figures()
    return desk


@pytest.fixture
def approved(around):
    """The committee has approved it, and the teacher helps in an action of it."""
    around.write_a_draft()
    around.edit("engage_figure", action=2, figure=str(TEACHER))
    around.on(date(2026, 4, 9)).edit("propose")
    around.on(date(2026, 5, 14)).hear_decision("approved")
    return around


DOORS = [
    ("pact", {}),
    ("reciprocity", {"on": "2026-05-04"}),
    ("expenses", {"on": "2026-05-04"}),
    ("complaints", {}),
    ("form", {}),
    ("add_goal", {"goal": "Un orto", "expected_result": "Verdure"}),
    ("record_complaint", {"about": "other", "words": "Non va"}),
]


@pytest.mark.parametrize(("question", "words"), DOORS)
def test_a_figure_is_refused_the_pact_by_any_door(approved, question, words):
    facts = refuses(approved, OnlyAReferenceFigure, question, TEACHER, roles=BOUND, **words)
    assert facts == {"pact": str(approved.pact_id)}


NOT_APPROVED = {
    "drafted": (),
    "proposed": ("proposed",),
    "returned": ("proposed", "returned"),
    "not approved": ("proposed", "not_approved"),
}


@pytest.mark.parametrize("way", NOT_APPROVED.values(), ids=NOT_APPROVED)
def test_a_pact_that_is_not_approved_is_to_a_figure_as_if_it_were_not_there(around, way):
    around.write_a_draft()
    around.edit("engage_figure", action=2, figure=str(TEACHER))
    for step in way:
        around.on(date(2026, 4, 9))
        around.edit("propose") if step == "proposed" else around.hear_decision(step)
    moved = ("add_goal", {"goal": "Un orto", "expected_result": "Verdure", "expected_version": 1})
    for question, words in (*DOORS, ("my_actions", {}), moved):
        for pact in map(str, (pact_id(1), pact_id(2))):
            ask = {"ask": around.ask, "roles": BOUND, "pact_id": pact, **words}
            facts = refuses(around, Unknown, question, TEACHER, **ask)
            assert facts == {"kind": Pact.TOPIC, "id": pact}


def test_a_figure_is_not_told_which_pacts_a_family_has(around):
    words = {"ask": around.ask, "family": FAMILY}
    for question, roles in (("pacts_of", BOUND), ("draft_again", ("microequipe_lead",))):
        facts = refuses(around, OnlyAReferenceFigure, question, TEACHER, roles=roles, **words)
        assert facts == {"family": FAMILY}


def test_who_leads_sees_the_pact_also_as_a_reference_figure(around):
    around.hear_figures(lead=str(TEACHER))
    assert around.edit("pact", TEACHER, roles=BOUND)["lead"] == str(TEACHER)


def test_who_has_a_role_for_every_family_has_it_also_as_a_reference_figure(around):
    assert around.edit("pact", TEACHER, roles=("auditor",))["family"] == FAMILY


ACROSS = ("microequipe_lead", "case_manager", "project_manager", "auditor")
LISTS = [("open_drafts", {}), ("verifications_due", {"by_day": "2030-01-01"})]


@pytest.mark.parametrize(("question", "words"), LISTS)
def test_what_is_across_families_is_not_for_who_is_never_more_than_a_figure(
    around, question, words
):
    ask = {"ask": around.ask, "roles": BOUND, **words}
    assert refuses(around, OnlyAReferenceFigure, question, TEACHER, **ask) == {}
    for person in (LEAD, MEMBER, MANAGER):
        around.ask(question, person, roles=BOUND, **words)
    for role in ACROSS:
        around.ask(question, TEACHER, roles=(*BOUND, role), **words)


@pytest.mark.parametrize(("question", "words"), LISTS)
def test_nor_for_who_is_with_no_family_today_whatever_they_were(around, question, words):
    around.hear_figures(change="left", members=[str(LEAD)], figures=[])
    for person in (MEMBER, TEACHER, STRANGER):
        ask = {"ask": around.ask, **words}
        assert refuses(around, NotOfTheMicroequipe, question, person, roles=BOUND, **ask) == {}
        for role in ACROSS:
            around.ask(question, person, roles=(*BOUND, role), **words)


@pytest.mark.parametrize(("question", "words"), LISTS)
def test_a_figure_that_left_before_anybody_said_it_was_one_sees_none_of_it(desk, question, words):
    desk.hear_guidelines()
    desk.hear_microequipe(members=[str(MEMBER), str(TEACHER)])
    desk.ask(question, TEACHER, roles=BOUND, **words)
    desk.hear_figures(change="left", members=[str(LEAD), str(MEMBER)], figures=[])
    ask = {"ask": desk.ask, "roles": BOUND, **words}
    assert refuses(desk, NotOfTheMicroequipe, question, TEACHER, **ask) == {}
    told = [{"person": str(NEIGHBOUR), "role": "neighbour", "account": False}]
    desk.hear_figures(change="figures_told", members=[str(LEAD), str(MEMBER)], figures=told)
    assert refuses(desk, NotOfTheMicroequipe, question, TEACHER, **ask) == {}


@pytest.mark.parametrize(("question", "words"), LISTS)
def test_who_was_more_than_a_figure_and_comes_back_as_one_sees_none_of_it(around, question, words):
    ask = {"ask": around.ask, "roles": BOUND, **words}
    around.hear_figures(change="left", members=[str(LEAD)], figures=[])
    back = [{"person": str(MEMBER), "role": "volunteer", "account": True}]
    around.hear_figures(members=[str(LEAD), str(MEMBER)], figures=back)
    assert refuses(around, OnlyAReferenceFigure, question, MEMBER, **ask) == {}


@pytest.mark.parametrize(("question", "words"), LISTS)
def test_who_leads_sees_them_also_as_a_figure(around, question, words):
    around.hear_figures(lead=str(TEACHER))
    around.ask(question, TEACHER, roles=BOUND, **words)


@pytest.mark.parametrize(("question", "words"), LISTS)
def test_who_is_more_than_a_figure_with_another_family_sees_them(around, question, words):
    around.hear_microequipe(family=OTHER, lead=str(TEACHER), members=[str(TEACHER)])
    around.ask(question, TEACHER, roles=BOUND, **words)
    refuses(around, Unknown, "pact", TEACHER, roles=BOUND)


def people(desk):
    """Everybody in the view, and whether only a figure."""
    with desk.store.database.reading() as connection:
        return {row.person: row.figure for row in connection.execute(select(PEOPLE.table))}


def test_who_is_around_a_pact_and_as_what_is_known_until_they_leave(around):
    there = {LEAD: False, MEMBER: False}
    assert people(around) == there | {MANAGER: False, TEACHER: True}
    around.hear_figures(lead=str(TEACHER), case_manager=None)
    assert people(around) == there | {TEACHER: False}
    left = {"change": "left", "case_manager": None}
    around.hear_figures(members=[str(LEAD), str(TEACHER)], **left)
    assert people(around) == {LEAD: False, TEACHER: True}
    with around.store.database.reading() as connection:
        assert list(pacts_with(connection, TEACHER)) == [around.pact_id]
        assert list(pacts_with(connection, MEMBER)) == []


def test_an_ended_pact_is_no_more_open_to_a_figure_than_the_one_that_runs(around):
    around.edit("decline")
    around.on(date(2026, 4, 1)).ask("draft_again", family=FAMILY)
    for number in (1, 2):
        words = {"ask": around.ask, "roles": BOUND, "pact_id": str(pact_id(number))}
        facts = refuses(around, Unknown, "pact", TEACHER, **words)
        assert facts == {"kind": Pact.TOPIC, "id": str(pact_id(number))}
