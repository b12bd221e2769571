"""The sheet of a reference figure: its actions in plain words, and nothing else of the pact."""

import re
import subprocess
from base64 import b64decode
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pikepdf
import pytest
from sqlalchemy import select

from services.kernel.tables import vault_reads
from services.pacts.form.fields import figures
from services.pacts.form.names import NOBODY, Names
from services.pacts.form.own_part import own_actions
from services.pacts.form.printing import printed_page
from services.pacts.form.sheet import _hours, sheet_page
from services.pacts.life import ON_PAPER, State
from services.pacts.pact import Pact
from services.pacts.refusals import (
    ContactRestricted,
    NotOfTheMicroequipe,
    OnlyAReferenceFigure,
    TakesPartInNothing,
)
from tests.pacts.desk import ACTIONS
from tests.pacts.form.archived import must_be_archivable
from tests.pacts.form.test_hearing import names_told
from tests.pacts.moments import (
    FAMILY,
    FOOD,
    LEAD,
    MANAGER,
    MEMBER,
    NEIGHBOUR,
    REACHED,
    STRANGER,
    TEACHER,
    figures_known,
    neighbour_engaged,
)
from tests.pacts.test_service import refuses
from tests.scenario import fact, given

JUN_13 = date(2026, 6, 13)
HEADINGS = ["Il suo foglio: le azioni a cui partecipa", "Che cosa si fa", "A chi può chiedere"]
LONGEST = 22
"""Words in a sentence: who is tired gets to its end."""
SAID = {13: "Compiti e merenda", 14: "Due pomeriggi in compagnia"}
"""The texts of the action in which the neighbour helps; others are told by their number."""


def text(sealed):
    return None if sealed is None else SAID.get(sealed.ref.int, f"testo {sealed.ref.int}")


def page(state=State.ACTIVE, names=NOBODY, text=text, person=NEIGHBOUR, more=()):
    """The page of the neighbour's sheet as people read it, without its style."""
    pact = given(*REACHED[state], figures_known, neighbour_engaged, *more).aggregate()
    [called] = [words for _, each, words in figures(pact.microequipe) if each.person == person]
    actions = list(own_actions(pact, pact.parts_of(person), str(person), text, names))
    html = sheet_page(pact, called, actions, JUN_13).split("</style>")[1]
    return " ".join(re.sub("<[^>]+>", " ", html).split())


def test_it_says_what_is_done_when_and_which_part_the_figure_has():
    seen = page()
    for words in (
        *("figura di riferimento 2: vicinato", "Lavoro e formazione (nel patto: Promozione 1)"),
        *("Compiti e merenda", "Due pomeriggi in compagnia", "Lei dà una mano", "cfp-valle"),
        *("dal 15 giugno 2026 al 15 dicembre 2026", "120 ore in tutto", "non è ancora cominciata"),
        *("Alla persona responsabile della microequipe", "nome (scritto a mano)"),
        *("il 13 giugno 2026", "riservato"),
    ):
        assert words in seen


def test_nothing_else_of_the_pact_is_on_it():
    seen = page()
    for words in ("testo", "450", "cda-san-rocco", "oratorio-centro", "famiglia: componente"):
        assert words not in seen
    for person in (LEAD, MEMBER, MANAGER, NEIGHBOUR, TEACHER):
        assert str(person) not in seen


def test_a_figure_that_answers_for_an_action_is_told_so():
    answers = fact(Pact.ActionAdded, number=4, action=replace(FOOD, responsible=NEIGHBOUR))
    seen = page(State.DRAFTED, more=(answers,))
    assert "Lei ne risponde: la microequipe chiede a Lei come va" in seen
    assert "450,00 €" in seen
    assert "(nel patto: Assistenza 2)" in seen


def test_the_pact_on_paper_calls_a_figure_that_answers_by_what_it_is_to_the_family():
    answers = fact(Pact.ActionAdded, number=4, action=replace(FOOD, responsible=NEIGHBOUR))
    pact = given(*REACHED[State.APPROVED], figures_known, answers).aggregate()
    assert "<dd>figura di riferimento 2: vicinato</dd>" in printed_page(pact, text)


NOT_BEGUN = "Il patto non è ancora cominciato."
RESTS = "In questo momento il patto è sospeso."
OVER = "Il patto è finito il 1 agosto 2026."
SAYS = {
    State.APPROVED: NOT_BEGUN,
    State.APPROVED_WITH_CONDITIONS: NOT_BEGUN,
    State.SIGNED: NOT_BEGUN,
    State.SUSPENDED: RESTS,
    State.CONCLUDED: OVER,
    State.INTERRUPTED: OVER,
}


@pytest.mark.parametrize("state", ON_PAPER)
def test_it_says_whether_the_pact_has_begun_rests_or_is_over(state):
    seen = page(state)
    told = {words for words in (NOT_BEGUN, RESTS, OVER) if words in seen}
    assert told == ({SAYS[state]} if state in SAYS else set())


@pytest.mark.parametrize("state", ON_PAPER)
def test_its_sentences_are_short(state):
    told = page(state).split("Grazie", 1)[1]
    told = re.sub("Che cosa si fa.*A chi può chiedere", ".", told)
    sentences = re.split(r"[.:!?] ", told)
    assert max(len(each.split()) for each in sentences) <= LONGEST


def test_what_names_somebody_of_the_family_is_to_be_asked_for():
    seen = page(names=Names.of(["Merenda Inventata"]), text=lambda _sealed: "La Merenda")
    assert seen.count("(lo chieda a voce alla persona responsabile)") == 2
    assert "La Merenda" not in seen


def test_what_was_erased_says_so():
    assert page(text=lambda _sealed: None).count("(testo cancellato)") == 2


@pytest.mark.parametrize(
    ("hours", "told"), [("1.00", "1 ora"), ("60.00", "60 ore"), ("2.50", "2,50 ore")]
)
def test_hours_are_said_as_people_say_them(hours, told):
    assert _hours(Decimal(hours)) == told


# at the door

BOUND = ("microequipe_member",)


@pytest.fixture
def way(desk):
    """An active pact; the neighbour, who does not sign in, helps in the kitchen."""
    desk.reach_the_active_pact()
    desk.hear_figures()
    desk.edit("engage_figure", action=3, figure=str(NEIGHBOUR))
    return desk


def test_it_is_for_who_sees_the_pact_and_about_a_figure_that_has_a_part(way):
    words = {"figure": str(NEIGHBOUR)}
    refuses(way, NotOfTheMicroequipe, "figure_sheet", STRANGER, **words)
    refuses(way, OnlyAReferenceFigure, "figure_sheet", TEACHER, roles=BOUND, **words)
    refuses(way, TakesPartInNothing, "figure_sheet", figure=str(TEACHER))


def test_under_the_mark_it_is_made_only_if_it_goes_by_the_safe_way(way):
    mark = {"family": FAMILY, "safe_contact": True, "on": "2026-06-01"}
    way.hear("intake/contact_marked.v1", mark)
    refuses(way, ContactRestricted, "figure_sheet", figure=str(NEIGHBOUR))


@pytest.mark.slow
@pytest.mark.parametrize("by", [LEAD, MEMBER, MANAGER])
def test_it_is_one_page_with_one_action_to_be_handed_over(way, tmp_path, by):
    names_told(way, '["Un Pasto"]')
    answer = way.edit("figure_sheet", by, figure=str(NEIGHBOUR))
    assert answer["name"] == f"foglio-{FAMILY}-1-2.pdf"
    path = tmp_path / answer["name"]
    path.write_bytes(b64decode(answer["pdf"]))
    told = ["pdftotext", "-layout", str(path), "-"]
    seen = subprocess.run(told, capture_output=True, text=True, check=True).stdout
    seen = " ".join(seen.split())
    for words in (*HEADINGS, ACTIONS[2]["description"], "lo chieda a voce"):
        assert words in seen
    assert ACTIONS[2]["expected_result"] not in seen
    for other in ACTIONS[:2]:
        assert other["description"] not in seen
    with pikepdf.open(path) as pdf:
        assert len(pdf.pages) == 1
    by_query = select(vault_reads.c.cause, vault_reads.c.kind, vault_reads.c.actor)
    with way.store.database.reading() as connection:
        reads = [tuple(row) for row in connection.execute(by_query)]
    assert {(cause.partition(":")[0], *more) for cause, *more in reads} == {
        ("query figure_sheet", "action", f"lead/person/{by}")
    }
    assert len(reads) == 2


@pytest.mark.slow
def test_it_is_for_the_archive_and_for_screen_readers(way, tmp_path):
    answer = way.edit("figure_sheet", figure=str(NEIGHBOUR))
    path = tmp_path / answer["name"]
    path.write_bytes(b64decode(answer["pdf"]))
    must_be_archivable(path, attached=0)
