"""The family's letter: each outcome in short plain sentences, with reasons, rights, whom to ask."""

import re
import subprocess
from base64 import b64decode
from datetime import date
from uuid import UUID

import pikepdf
import pytest
from sqlalchemy import select

from services.kernel.tables import vault_reads
from services.pacts.refusals import NotOfTheMicroequipe, PactNotDecided
from tests.pacts.desk import text_of
from tests.pacts.form.archived import must_be_archivable
from tests.pacts.moments import FAMILY, MEMBER, STRANGER

pytestmark = pytest.mark.slow

MAY_14 = date(2026, 5, 14)
OUTCOMES = ["approved", "approved_with_conditions", "returned", "not_approved"]
HEADINGS = [
    "Che cosa è stato deciso",
    "Perché",
    "Che cosa succede adesso",
    "Se non siete d’accordo ",
    "A chi potete chiedere",
]
LONGEST = 22
"""Words in a sentence: who reads slowly gets to its end."""


@pytest.fixture
def proposed(desk):
    desk.hear_guidelines()
    desk.hear_microequipe()
    desk.write_a_draft()
    desk.on(date(2026, 4, 9)).edit("propose")
    return desk.on(MAY_14)


def as_read(answer, folder):
    """A letter as people read it, and where it lies."""
    path = folder / answer["name"]
    path.write_bytes(b64decode(answer["pdf"]))
    told = ["pdftotext", "-layout", str(path), "-"]
    seen = subprocess.run(told, capture_output=True, text=True, check=True).stdout
    return " ".join(seen.split()), path


@pytest.fixture
def read(proposed, tmp_path):
    """The letter as people read it, and where it lies."""

    def letter(by=MEMBER):
        answer = proposed.edit("family_letter", by)
        assert answer["name"] == f"lettera-{FAMILY}-1-1.pdf"
        return as_read(answer, tmp_path)

    return letter


CONDITION = UUID(int=77)
SAYS = {
    "approved": ("Il vostro patto è approvato", "entro il 13 giugno 2026", "potete non firmare"),
    "approved_with_conditions": ("a queste condizioni", "Prima si trova chi tiene il bambino"),
    "returned": ("Il vostro patto va completato", "Non è un no", "Poi il patto torna al comitato"),
    "not_approved": ("non è stato approvato", "Non dovete restituire nessun aiuto"),
}


def decide(desk, outcome, proposal=1):
    if outcome != "approved_with_conditions":
        desk.hear_decision(outcome, proposal=proposal)
        return
    reason, condition = UUID(int=76), text_of(CONDITION, "Prima si trova chi tiene il bambino.")
    texts = {reason: text_of(reason, "Un corso che si può frequentare"), CONDITION: condition}
    told = [{"ref": str(ref), "commitment": each["commitment"]} for ref, each in texts.items()]
    desk.hear_decision(
        outcome, proposal=proposal, texts=texts, reasons=told[:1], conditions=told[1:]
    )


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_every_outcome_is_told_with_reasons_rights_and_whom_to_ask(proposed, read, outcome):
    decide(proposed, outcome)
    seen, path = read()
    for words in (*SAYS[outcome], "Un corso che si può frequentare", "fino al 13 giugno 2026"):
        assert words in seen
    for words in ("una persona che non ha deciso", "Potete fare un reclamo", "scritto a mano"):
        assert words in seen
    with pikepdf.open(path) as pdf:
        assert len(pdf.pages) == 1


def test_a_reason_that_several_gave_in_the_same_words_is_said_once(proposed, read):
    words = "Un corso che si può frequentare"
    gave = {ref: text_of(ref, words) for ref in (UUID(int=76), UUID(int=78))}
    proposed.hear_decision("returned", texts=gave)
    assert read()[0].count(words) == 1


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_its_sentences_are_short(proposed, read, outcome):
    decide(proposed, outcome)
    told = re.sub("|".join(HEADINGS), ".", read()[0])
    sentences = re.split(r"[.:!?] ", told)
    assert max(len(each.split()) for each in sentences) <= LONGEST


def test_it_is_for_the_archive_and_for_screen_readers(proposed, read):
    decide(proposed, "returned")
    _, path = read()
    must_be_archivable(path, attached=0)


def test_who_read_the_reasons_is_recorded(proposed, read):
    decide(proposed, "returned")
    read()
    with proposed.store.database.reading() as connection:
        causes = set(connection.scalars(select(vault_reads.c.cause)))
    assert {cause.partition(":")[0] for cause in causes} == {"query family_letter"}


def test_before_a_decision_there_is_nothing_to_tell(proposed):
    with pytest.raises(PactNotDecided) as refused:
        proposed.edit("family_letter")
    assert refused.value.facts == {"state": "proposed"}


def test_nobody_else_gets_it(proposed):
    decide(proposed, "approved")
    with pytest.raises(NotOfTheMicroequipe):
        proposed.edit("family_letter", STRANGER)


def test_the_last_day_to_ask_follows_the_guidelines_of_the_decision(proposed, read):
    proposed.hear_guidelines(2, "2026-05-01", second_look_days=45)
    decide(proposed, "not_approved")
    assert "fino al 28 giugno 2026" in read()[0]


SAYS_OF_AN_AMENDMENT = {
    "approved": ("La modifica del vostro patto è approvata", "Non dovete firmare di nuovo"),
    "approved_with_conditions": ("a queste condizioni", "Prima si trova chi tiene il bambino"),
    "returned": (
        "va completata",
        "il vostro patto continua com’è",
        "la modifica torna al comitato",
    ),
    "not_approved": ("non è stata approvata", "Il vostro patto continua com’è"),
}


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_so_is_every_outcome_of_an_amendment(desk, read_of_an_amendment, outcome):
    decide(desk, outcome, proposal=2)
    seen = read_of_an_amendment()
    for words in (*SAYS_OF_AN_AMENDMENT[outcome], "fino al 1 ottobre 2026"):
        assert words in seen
    for words in ("una persona che non ha deciso", "Potete fare un reclamo"):
        assert words in seen
    sentences = re.split(r"[.:!?] ", re.sub("|".join(HEADINGS), ".", seen))
    assert max(len(each.split()) for each in sentences) <= LONGEST


@pytest.fixture
def read_of_an_amendment(desk, tmp_path):
    desk.reach_the_active_pact()
    desk.on(date(2026, 8, 1)).edit("propose_amendment", ends="2027-09-01")
    desk.on(date(2026, 9, 1))

    def letter():
        answer = desk.edit("family_letter", MEMBER)
        assert answer["name"] == f"lettera-{FAMILY}-1-2.pdf"
        return as_read(answer, tmp_path)[0]

    return letter
