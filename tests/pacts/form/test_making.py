"""The form as a PDF: tagged, its fields labelled, known again, and drawn where it is prefilled."""

import subprocess
from datetime import date
from typing import Any

import pikepdf
import pytest
from pdfua import Severity, validate

from services.pacts.form.fields import LONGEST_TEXT, Fields, Shape
from services.pacts.form.pages import Sending, form_page, in_fours
from services.pacts.form.reference import Reference, issued
from services.pacts.form.typesetting import NotSet, form_pdf
from services.pacts.form.widgets import drawable
from tests.pacts.form.conftest import KEYS, PREFILLED, REFERENCE, SENDING
from tests.pacts.moments import TEAM

pytestmark = pytest.mark.slow
HIDDEN = REFERENCE.hidden(KEYS.tag)


@pytest.fixture(scope="module")
def pdf(form):
    with pikepdf.open(form) as opened:
        yield opened


@pytest.fixture(scope="module")
def seen(form) -> str:
    """What poppler draws, as text."""
    done = subprocess.run(
        ["pdftotext", "-layout", form, "-"], capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    return done.stdout


def widgets(pdf: pikepdf.Pdf) -> dict[str, Any]:
    return {str(field.T): field for field in pdf.Root.AcroForm.Fields}


def test_screen_readers_can_read_it(form):
    found = validate(str(form)).findings
    assert [str(each) for each in found if each.severity is Severity.ERROR] == []


def test_it_is_tagged_and_italian_and_has_a_title(pdf):
    assert pdf.Root.MarkInfo.Marked
    assert str(pdf.Root.Lang) == "it"
    assert REFERENCE.family in str(pdf.docinfo.Title)
    with pdf.open_metadata() as words:
        assert words["pdfuaid:part"] == "1"


def test_every_field_is_in_it_and_says_its_whole_label(pdf):
    labels = {name: str(field.TU) for name, field in widgets(pdf).items()}
    wanted = {each.name: each.label for each in Fields.of(TEAM)}
    assert {**wanted, **dict.fromkeys(HIDDEN, "dato tecnico del modulo")} == labels


def test_what_is_known_is_written_and_drawn(pdf, seen):
    values = {name: str(field.get("/V", "")) for name, field in widgets(pdf).items()}
    assert {name: value for name, value in values.items() if value and value != "/Off"} == {
        **PREFILLED,
        **HIDDEN,
    }
    for words in ("16/03/2026", "Una rete di vicinato:", "due famiglie su cui contare"):
        assert words in seen
    assert "aiuto emergenziale" in seen


def test_it_says_where_to_and_by_when(seen):
    flat = " ".join(seen.split())
    assert flat.count(str(SENDING.to)) == 2
    assert "10/04/2026" in flat
    assert "entro il 10 del mese" in flat


@pytest.mark.parametrize(
    ("to", "says"),
    [(None, "all’indirizzo dedicato alle proposte"), ("a&b@x.example", "a a&amp;b@x.example")],
)
def test_an_address_that_nobody_says_is_not_shown(to, says):
    page = form_page(Fields.of(TEAM), REFERENCE, Sending(to, date(2026, 9, 5)), {}, HIDDEN)
    assert says in page
    assert ("Da spedire per mail a" in page) == (to is not None)
    assert "entro il 5 del mese" in page
    assert "05/09/2026" in page


def test_a_field_takes_no_more_than_is_read(pdf):
    found = widgets(pdf)
    for field in Fields.of(TEAM):
        assert int(found[field.name].get("/MaxLen", 0)) == field.longest
    assert int(found["goal_1_goal"].MaxLen) == LONGEST_TEXT


def test_a_choice_stores_its_value_and_shows_its_words(pdf):
    found = widgets(pdf)
    for field in Fields.of(TEAM):
        if field.shape is Shape.CHOICE:
            offered = [(str(each[0]), str(each[1])) for each in found[field.name].Opt]
            assert offered == [("", "– scegli –"), *field.choices]


def test_nothing_is_left_to_the_reader_to_draw(pdf):
    assert "/NeedAppearances" not in pdf.Root.AcroForm
    for name, field in widgets(pdf).items():
        if str(field.FT) == "/Btn":
            assert set(field.AP.N.keys()) == {"/on", "/Off"}
        else:
            assert str(field.DA).startswith("/Titillium "), name


def test_the_hidden_fields_cannot_be_seen_or_changed(pdf, seen):
    for name in HIDDEN:
        field = widgets(pdf)[name]
        assert (int(field.Ff) & 1, int(field.F) & 2) == (1, 2)


def test_reference_and_tag_can_be_read_by_people(seen):
    assert str(REFERENCE) in seen
    tag = in_fours(HIDDEN["_tag"])
    assert tag in seen
    assert [len(each) for each in tag.split()] == [4] * 6


def test_it_holds_no_script_and_no_file(pdf):
    assert not {"/OpenAction", "/AA"} & set(pdf.Root.keys())
    assert set(pdf.Root.Names.keys()) == {"/Dests"}


def test_only_who_issued_a_form_knows_it_again():
    assert issued(dict(HIDDEN), KEYS.tag)
    for name, value in HIDDEN.items():
        assert not issued({**HIDDEN, name: f"{value}x"}, KEYS.tag)
        assert not issued({**HIDDEN, name: None}, KEYS.tag)
        assert not issued({**HIDDEN, name: "\ud800è"}, KEYS.tag)
    assert not issued(dict(HIDDEN), type(KEYS)(b"\x08" * 32).tag)


@pytest.mark.parametrize(
    "text",
    [
        *("", "lead", "lead/LEAD-7K3M9Q-8", "lead/LEAD-7K3M9Q-8/1", "lead/LEAD-7K3M9Q-8/0/1"),
        *("lead/LEAD-7K3M9Q-8/1/1/1", "lead/lead-7k3m9q-8/1/1", "Lead/LEAD-7K3M9Q-8/1/1", None),
        *("lead/LEAD-7K3M9Q-8/1/99999", f"lead/L{'x' * 50}/1/1", "a/../../1/1"),
    ],
)
def test_what_is_no_reference(text):
    assert Reference.read(text) is None


def test_a_reference_is_read_as_it_is_written():
    assert Reference.read(f" {REFERENCE}\n") == REFERENCE


def test_a_picture_does_without_what_its_font_lacks():
    assert drawable("Šarić €\t日") == b"\x8aaric \x80 ?"


def test_a_page_that_cannot_be_set_is_a_defect_without_anybodys_words():
    with pytest.raises(NotSet) as raised:
        form_pdf('<img src="https://example.org/Inventata.png">', {}, {})
    assert "Inventata" not in str(raised.value)
