"""Who is only a reference figure sees neither the pact nor what is across pacts."""

from datetime import date

import pytest
from sqlalchemy import select

from services.pacts.refusals import OnlyAReferenceFigure
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


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("pact", {}),
        ("reciprocity", {"on": "2026-05-04"}),
        ("expenses", {"on": "2026-05-04"}),
        ("complaints", {}),
        ("form", {}),
        ("add_goal", {"goal": "Un orto", "expected_result": "Verdure"}),
        ("record_complaint", {"about": "other", "words": "Non va"}),
    ],
)
def test_a_figure_is_refused_the_pact_by_any_door(around, question, words):
    facts = refuses(around, OnlyAReferenceFigure, question, TEACHER, roles=BOUND, **words)
    assert facts == {"pact": str(around.pact_id)}


def test_a_figure_is_not_told_which_pacts_a_family_has(around):
    words = {"ask": around.ask, "roles": BOUND, "family": FAMILY}
    facts = refuses(around, OnlyAReferenceFigure, "pacts_of", TEACHER, **words)
    assert facts == {"pact": str(around.pact_id)}


def test_who_leads_sees_the_pact_also_as_a_reference_figure(around):
    around.hear_figures(lead=str(TEACHER))
    assert around.edit("pact", TEACHER, roles=BOUND)["lead"] == str(TEACHER)


def test_who_has_a_role_for_every_family_has_it_also_as_a_reference_figure(around):
    assert around.edit("pact", TEACHER, roles=("auditor",))["family"] == FAMILY


LISTS = [("open_drafts", {}), ("verifications_due", {"by_day": "2030-01-01"})]


@pytest.mark.parametrize(("question", "words"), LISTS)
def test_what_is_across_families_is_not_for_who_is_never_more_than_a_figure(
    around, question, words
):
    ask = {"ask": around.ask, "roles": BOUND, **words}
    assert refuses(around, OnlyAReferenceFigure, question, TEACHER, **ask) == {}
    around.hear_figures(change="left", members=[str(LEAD)], figures=[])
    assert refuses(around, OnlyAReferenceFigure, question, TEACHER, **ask) == {}
    for person in (LEAD, MEMBER, STRANGER):
        around.ask(question, person, roles=BOUND, **words)
    for role in ("microequipe_lead", "case_manager", "project_manager", "auditor"):
        around.ask(question, TEACHER, roles=(*BOUND, role), **words)


@pytest.mark.parametrize(("question", "words"), LISTS)
def test_who_is_more_than_a_figure_with_another_family_sees_them(around, question, words):
    around.hear_microequipe(family=OTHER, lead=str(TEACHER), members=[str(TEACHER)])
    around.ask(question, TEACHER, roles=BOUND, **words)
    refuses(around, OnlyAReferenceFigure, "pact", TEACHER, roles=BOUND)


def people(desk):
    """Everybody in the view: whether only a figure, and whether still there."""
    with desk.store.database.reading() as connection:
        rows = list(connection.execute(select(PEOPLE.table)))
    return {row.person: (row.figure, row.here) for row in rows}


def test_who_is_around_a_pact_and_as_what_is_known_also_of_who_has_left(around):
    there = {LEAD: (False, True), MEMBER: (False, True), MANAGER: (False, True)}
    assert people(around) == there | {TEACHER: (True, True)}
    assert NEIGHBOUR not in people(around)
    around.hear_figures(lead=str(TEACHER), case_manager=None)
    assert people(around) == there | {MANAGER: (False, False), TEACHER: (False, True)}
    left = {"change": "left", "case_manager": None}
    around.hear_figures(members=[str(LEAD), str(TEACHER)], **left)
    gone = {MEMBER: (False, False), MANAGER: (False, False)}
    assert people(around) == {LEAD: (False, True), TEACHER: (True, True), **gone}
    with around.store.database.reading() as connection:
        assert list(pacts_with(connection, TEACHER)) == [around.pact_id]
        assert list(pacts_with(connection, MEMBER)) == []


def test_an_ended_pact_is_no_more_open_to_a_figure_than_the_one_that_runs(around):
    around.edit("decline")
    around.on(date(2026, 4, 1)).ask("draft_again", family=FAMILY)
    for number in (1, 2):
        words = {"ask": around.ask, "roles": BOUND, "pact_id": str(pact_id(number))}
        facts = refuses(around, OnlyAReferenceFigure, "pact", TEACHER, **words)
        assert facts == {"pact": str(pact_id(number))}
