"""The papers that the microequipe gets: a form that says what the draft says, the pact to sign."""

import io
import json
import subprocess
from base64 import b64decode
from dataclasses import replace
from datetime import date

import pikepdf
import pytest
from pdfua import Severity, validate
from pypdf import PdfReader
from sqlalchemy import select

from services.kernel.refusal import Refused
from services.kernel.rows import canonical
from services.kernel.tables import vault, vault_reads
from services.pacts.form.typesetting import NotSet
from services.pacts.refusals import (
    DraftDoesNotFitTheForm,
    NotOfTheMicroequipe,
    PactNotApproved,
    PactNotDraft,
)
from tests.pacts.desk import ACTIONS
from tests.pacts.form.archived import must_be_archivable
from tests.pacts.form.test_hearing import mail
from tests.pacts.moments import FAMILY, LEAD, MANAGER, MEMBER, MOTHER, SON, STRANGER

pytestmark = pytest.mark.slow


@pytest.fixture
def drafted(desk):
    desk.hear_guidelines()
    desk.hear_microequipe()
    return desk


def values(answer) -> dict[str, str]:
    fields = PdfReader(io.BytesIO(b64decode(answer["pdf"]))).get_fields() or {}
    return {name: str(field.get("/V", "")) for name, field in fields.items()}


def test_the_form_says_what_the_draft_says(drafted):
    drafted.write_a_draft()
    answer = drafted.edit("form", MEMBER)
    assert answer["name"] == f"proposta-{FAMILY}-1-1.pdf"
    found = {name: value for name, value in values(answer).items() if value not in ("", "/Off")}
    assert found.pop("_tag") == drafted.store.keys.tag(f"form|1|lead/{FAMILY}/1/1")
    assert found["_rif"] == f"lead/{FAMILY}/1/1"
    assert (found["starts"], found["ends"]) == ("01/06/2026", "01/06/2027")
    assert found["goal_1_goal"] == "Un lavoro stabile"
    assert found["assistance_1_eur"] == "450,00"
    assert found["promotion_1_description"] == "Corso da saldatore"
    assert found["restitution_1_responsible"] == str(MEMBER)
    assert found["capacity_1_action"] == "restitution_1"
    assert "restitution_1_committed" not in found  # no numbered member of the household


def test_the_form_says_where_the_lead_takes_mail_and_by_when(drafted):
    programme = drafted.store.programme
    lead = replace(programme.organisations["lead"], mail="proposte@rete.example")
    drafted.store.programme = replace(programme, organisations={"lead": lead})
    pages = PdfReader(io.BytesIO(b64decode(drafted.edit("form")["pdf"]))).pages
    first = " ".join(pages[0].extract_text().split())
    assert "proposte@rete.example" in first
    assert "10/04/2026" in first


def test_a_form_that_was_issued_is_mailed_and_accepted(drafted):
    issued = values(drafted.edit("form"))
    issued = {**issued, **{name: v for name, v in typed().items() if not name.startswith("_")}}
    drafted.on(date(2026, 6, 11))
    mail(drafted, issued)
    assert drafted.topics()[-2:] == ["pacts.Proposed", "pacts.FormAccepted"]
    drafted.on(date(2026, 6, 18)).hear_decision("returned")
    again = values(drafted.edit("form"))
    assert again["_rif"] == f"lead/{FAMILY}/1/2"
    before = len(drafted.topics())
    mail(drafted, {**again, "with_family": "on", "without_names": "on"}, number=2)
    assert drafted.topics()[before:] == ["pacts.Proposed", "pacts.FormAccepted"]


def typed():
    from tests.pacts.form.filled import filled

    return filled()


def test_who_read_the_texts_is_recorded(drafted):
    drafted.write_a_draft()
    drafted.edit("form", MANAGER)
    with drafted.store.database.reading() as connection:
        read = connection.execute(select(vault_reads.c.actor, vault_reads.c.cause)).all()
        kept = connection.execute(select(vault.c.ref)).all()
    assert {actor for actor, _ in read} == {f"lead/person/{MANAGER}"}
    assert {cause.partition(":")[0] for _, cause in read} == {"query form"}
    assert len(read) == len(kept)


@pytest.mark.parametrize("method", ["form", "printed_pact"])
def test_papers_are_for_the_microequipe(drafted, method):
    with pytest.raises(NotOfTheMicroequipe):
        drafted.edit(method, STRANGER)


def test_a_form_is_for_a_draft_and_the_paper_for_an_approved_pact(drafted):
    drafted.write_a_draft()
    with pytest.raises(PactNotApproved) as refused:
        drafted.edit("printed_pact")
    assert refused.value.facts == {"state": "drafted"}
    drafted.on(date(2026, 4, 9)).edit("propose")
    with pytest.raises(PactNotDraft):
        drafted.edit("form")


@pytest.mark.parametrize(
    ("method", "words", "times", "facts"),
    [
        (
            "add_goal",
            {"goal": "x", "expected_result": "y"},
            5,
            {"what": "goals", "found": 5, "most": 4},
        ),
        ("add_action", dict(ACTIONS[0]), 4, {"what": "assistance", "found": 4, "most": 3}),
        (
            "name_resource",
            {"kind": "firm", "description": "x" * 121},
            1,
            {"what": "resource_1_description", "found": 121, "most": 120},
        ),
    ],
)
def test_a_draft_that_holds_more_than_the_form_is_not_cut(drafted, method, words, times, facts):
    for _ in range(times):
        drafted.edit(method, **words)
    with pytest.raises(DraftDoesNotFitTheForm) as refused:
        drafted.edit("form")
    assert refused.value.facts == facts


def values_shown(answer) -> dict[str, str]:
    return {name: value for name, value in values(answer).items() if value not in ("", "/Off")}


def text_of(answer) -> str:
    pages = PdfReader(io.BytesIO(b64decode(answer["pdf"]))).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


@pytest.fixture
def active(desk):
    desk.reach_the_active_pact()
    return desk


@pytest.mark.parametrize("mail", [None, "proposte.al.comitato@rete-di-comunita.example"])
def test_either_form_has_five_pages(desk, mail):
    """All goals stand on the first one; none holds only what did not fit on the one before."""
    programme = desk.store.programme
    lead = replace(programme.organisations["lead"], mail=mail)
    desk.store.programme = replace(programme, organisations={"lead": lead})
    desk.hear_guidelines()
    desk.hear_microequipe()
    desk.write_a_draft()
    forms = [desk.edit("form")]
    desk.on(date(2026, 4, 9)).edit("propose")
    desk.on(date(2026, 5, 14)).hear_decision("approved")
    for person in (SON, MOTHER, LEAD):
        desk.edit("sign", person=str(person))
    desk.on(date(2026, 6, 1)).edit("activate")
    forms.append(desk.edit("form"))
    for form in forms:
        pages = PdfReader(io.BytesIO(b64decode(form["pdf"]))).pages
        assert len(pages) == 5
        assert "Obiettivo 4" in pages[0].extract_text()


def test_the_form_of_an_active_pact_is_that_of_an_amendment_and_says_so(active):
    answer = active.edit("form", MEMBER)
    assert answer["name"] == f"modifica-{FAMILY}-1-2.pdf"
    found = values_shown(answer)
    assert found.pop("_tag") == active.store.keys.tag(f"amendment form|1|lead/{FAMILY}/1/2|1")
    assert (found["_rif"], found["_da"]) == (f"lead/{FAMILY}/1/2", "1")
    assert found["ends"] == "01/06/2027"
    assert found["promotion_1_description"] == "Corso da saldatore"
    assert found["promotion_1_committed"] == str(SON)  # has no number, and stays
    assert "starts" not in values(answer)
    boxes = {name for name in values(answer) if name.endswith("_out")}
    places = ("goal_1", "assistance_1", "promotion_1", "restitution_1", "capacity_1", "resource_1")
    assert boxes == {f"{place}_out" for place in places}
    said = text_of(answer)
    for words in (
        "Proposta di modifica del patto generativo d’inclusione",
        "parte dalla versione n. 1, in vigore, approvata il 14/05/2026",
        "Finché il comitato non decide, il patto va avanti com’è",
        "Dal 01/06/2026 (non cambia)",
        "da togliere dal patto",
        "La modifica è stata decisa con la famiglia",
        "10/06/2026",
    ):
        assert words in said


def test_the_form_of_a_draft_says_nothing_of_amendments(drafted):
    drafted.write_a_draft()
    answer = drafted.edit("form")
    assert "modific" not in text_of(answer)
    assert not {name for name in values(answer) if name.endswith("_out") or name == "_da"}


def test_the_form_of_an_amendment_is_filled_mailed_and_accepted(active):
    issued = values(active.edit("form"))
    changed = {"ends": "30/11/2027", "with_family": "/on", "without_names": "/on"}
    active.on(date(2026, 6, 11))
    mail(active, {**issued, **changed, "goal_1_out": "/on"})
    assert active.topics()[-2:] == ["pacts.AmendmentProposed", "pacts.FormAccepted"]
    active.on(date(2026, 7, 16)).hear_decision("approved", proposal=2)
    again = active.edit("form")
    found = values_shown(again)
    assert (found["_rif"], found["_da"]) == (f"lead/{FAMILY}/1/3", "2")
    assert found["ends"] == "30/11/2027"
    assert "goal_1_goal" not in found
    assert "versione n. 2, in vigore, approvata il 16/07/2026" in text_of(again)


def test_the_form_of_an_amendment_can_be_read_by_screen_readers(active, tmp_path):
    path = tmp_path / "form.pdf"
    path.write_bytes(b64decode(active.edit("form")["pdf"]))
    found = validate(str(path)).findings
    assert [str(each) for each in found if each.severity is Severity.ERROR] == []
    with pikepdf.open(path) as pdf:
        labels = {str(field.T): str(field.TU) for field in pdf.Root.AcroForm.Fields}
    assert labels["promotion_1_out"] == "Promozione 1: da togliere dal patto"
    assert labels["with_family"] == "La modifica è stata decisa con la famiglia"


def test_a_paper_that_cannot_be_set_is_a_defect_and_no_refusal():
    assert not issubclass(NotSet, Refused)


@pytest.fixture
def approved(drafted):
    drafted.write_a_draft()
    drafted.on(date(2026, 4, 9)).edit("propose")
    drafted.on(date(2026, 5, 14)).hear_decision("approved")
    return drafted


@pytest.fixture
def paper(approved, tmp_path):
    answer = approved.edit("printed_pact")
    assert answer["name"] == f"patto-{FAMILY}-1.pdf"
    path = tmp_path / answer["name"]
    path.write_bytes(b64decode(answer["pdf"]))
    return path


def test_the_pact_on_paper_is_for_the_archive_and_for_screen_readers(paper):
    must_be_archivable(paper, attached=1)


def test_its_facts_are_attached_as_the_events_say(paper, approved):
    with pikepdf.open(paper) as pdf:
        (attached,) = pdf.attachments.values()
        text = attached.get_file().read_bytes().decode()
        assert str(attached.obj.AFRelationship) == "/Data"
    said = json.loads(text)
    assert canonical(said) == text
    pact = approved.pact()
    assert (said["family"], said["state"], said["version"]) == (FAMILY, "approved", pact.version)
    assert [each["quantity_eur"] for each in said["actions"]] == ["450.00", None, None]
    description = said["actions"][0]["description"]
    assert description["commitment"] == pact.actions[1].description.commitment
    for words in ("Pacchi", "saldatore", "stabile", "Oratorio"):
        assert words not in text


def test_what_everybody_signed_says_no_more_by_when(approved, tmp_path):
    for person in approved.pact().awaited:
        approved.edit("sign", person=str(person))
    path = tmp_path / "signed.pdf"
    path.write_bytes(b64decode(approved.edit("printed_pact")["pdf"]))
    told = ["pdftotext", "-layout", str(path), "-"]
    seen = subprocess.run(told, capture_output=True, text=True, check=True).stdout
    assert "lo ha approvato il 14/05/2026" in " ".join(seen.split())
    assert "va firmato" not in seen


def test_people_read_their_commitments_and_write_their_names_by_hand(paper):
    seen = subprocess.run(
        ["pdftotext", "-layout", paper, "-"], capture_output=True, text=True, check=True
    ).stdout
    seen = " ".join(seen.split())
    for words in (
        *("Pacchi alimentari", "Corso da saldatore", "Cucina al centro estivo", "450,00 €"),
        *("dal 15/06/2026 al 15/12/2026", "va firmato entro il 13/06/2026", "Oratorio"),
        *("responsabile della microequipe", "famiglia: persona 1", "nome e cognome"),
    ):
        assert words in seen
    assert str(LEAD)[-12:] not in seen
