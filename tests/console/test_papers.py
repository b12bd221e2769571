"""``comunita form``: the same papers at the console, by the same rules, for whom it says."""

from datetime import date
from functools import partial

import pytest
from sqlalchemy import select

from services.console.papers import make_paper
from services.console.refusals import refusal_words
from services.kernel.refusal import Unknown
from services.kernel.tables import vault_reads
from services.pacts.form import issuing
from services.pacts.refusals import (
    ContactRestricted,
    NotAReferenceFigure,
    NotOfTheMicroequipe,
    OnlyAReferenceFigure,
    PactNotApproved,
    PactNotDecided,
    TakesPartInNothing,
)
from tests.pacts.conftest import empty, new_desk  # noqa: F401  # fixtures
from tests.pacts.moments import FAMILY, LEAD, NEIGHBOUR, STRANGER, TEACHER

pytestmark = pytest.mark.slow


@pytest.fixture
def desk(new_desk):  # noqa: F811
    desk = new_desk()
    desk.hear_guidelines()
    desk.hear_microequipe()
    desk.write_a_draft()
    return desk


@pytest.fixture
def stores(desk):
    return {("lead", "pacts"): desk.store}


def test_a_form_by_the_familys_code_or_the_pacts_id(desk, stores):
    for pact in (FAMILY, str(desk.pact_id)):
        paper = make_paper(stores, pact, issue=issuing.form, person=None)
        assert paper.name == f"proposta-{FAMILY}-1-1.pdf"
        assert paper.pdf.startswith(b"%PDF-")
    with desk.store.database.reading() as connection:
        causes = list(connection.scalars(select(vault_reads.c.cause).distinct()))
    assert {cause.partition(":")[0] for cause in causes} == {"console form"}


def test_the_pact_on_paper(desk, stores):
    with pytest.raises(PactNotApproved):
        make_paper(stores, FAMILY, issue=issuing.printed_pact, person=None)
    desk.on(date(2026, 4, 9)).edit("propose")
    desk.on(date(2026, 5, 14)).hear_decision("approved")
    assert (
        make_paper(stores, FAMILY, issue=issuing.printed_pact, person=None).name
        == f"patto-{FAMILY}-1.pdf"
    )


def test_the_familys_letter(desk, stores):
    with pytest.raises(PactNotDecided):
        make_paper(stores, FAMILY, issue=issuing.family_letter, person=None)
    desk.on(date(2026, 4, 9)).edit("propose")
    desk.on(date(2026, 5, 14)).hear_decision("returned")
    paper = make_paper(stores, FAMILY, issue=issuing.family_letter, person=None)
    assert paper.name == f"lettera-{FAMILY}-1-1.pdf"


def test_the_paper_of_a_family_that_is_contacted_in_one_way_only(desk, stores):
    desk.on(date(2026, 4, 9)).edit("propose")
    desk.on(date(2026, 5, 14)).hear_decision("returned")
    mark = {"family": FAMILY, "safe_contact": True, "on": "2026-05-14"}
    desk.hear("intake/contact_marked.v1", mark)
    with pytest.raises(ContactRestricted) as refused:
        make_paper(stores, FAMILY, issuing.family_letter, None)
    assert "soltanto nel modo concordato con lei" in refusal_words(refused.value)
    assert make_paper(stores, FAMILY, issuing.family_letter, None, safely=True).pdf


def test_the_sheet_of_a_figure(desk, stores):
    def sheet(figure, person=None):
        issue = partial(issuing.figure_sheet, figure=figure)
        return make_paper(stores, FAMILY, issue, person and str(person))

    desk.hear_figures()
    desk.edit("engage_figure", action=2, figure=str(NEIGHBOUR))
    desk.on(date(2026, 4, 9)).edit("propose")
    desk.on(date(2026, 5, 14)).hear_decision("approved")
    assert sheet(NEIGHBOUR).name == f"foglio-{FAMILY}-1-2.pdf"
    with pytest.raises(TakesPartInNothing):
        sheet(TEACHER)
    with pytest.raises(NotAReferenceFigure) as refused:
        sheet(LEAD)
    assert refused.value.facts == {"person": str(LEAD)}
    for person, refusal in ((STRANGER, NotOfTheMicroequipe), (TEACHER, OnlyAReferenceFigure)):
        for figure in (TEACHER, NEIGHBOUR, LEAD):
            with pytest.raises(refusal):
                sheet(figure, person)


def test_nobody_gets_what_is_not_theirs(stores):
    with pytest.raises(NotOfTheMicroequipe):
        make_paper(stores, FAMILY, issue=issuing.form, person=str(STRANGER))
    with pytest.raises(Unknown):
        make_paper(stores, "LEAD-2R8TQX-G", issue=issuing.form, person=None)
