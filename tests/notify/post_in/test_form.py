"""The values of fillable PDFs, also of those that nobody filled in good faith."""

import io
import time

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String
from pypdf import PdfReader, PdfWriter

from services.notify.post_in.form import LONGEST_VALUE, MOST_DEPTH, MOST_FIELDS, NotRead, read
from tests.notify.post_in import papers
from tests.notify.post_in.papers import FILLED, REFERENCE, form


def test_what_was_filled_in_is_read():
    found = read(form())
    assert found.fields == {"_rif": REFERENCE, **FILLED}
    assert found.active == ()


def test_what_another_program_filled_in_is_read():
    writer = PdfWriter()
    writer.append(PdfReader(io.BytesIO(form())))
    writer.update_page_form_field_values(writer.pages[0], {"obiettivo_1": "Šarić\r\n€ 20"})
    out = io.BytesIO()
    writer.write(out)
    assert read(out.getvalue()).fields["obiettivo_1"] == "Šarić\n€ 20"


def test_line_ends_are_one():
    assert (
        read(form(values={"a": "uno\r\ndue\rtre\nquattro"})).fields["a"] == "uno\ndue\ntre\nquattro"
    )


def test_boxes_choices_and_groups():
    def more(pdf: pikepdf.Pdf) -> None:
        add = pdf.Root.AcroForm.Fields.append
        add(pdf.make_indirect(Dictionary(FT=Name.Btn, T=String("spunta"), V=Name("/on"))))
        add(pdf.make_indirect(Dictionary(FT=Name.Btn, T=String("vuota"), V=Name("/Off"))))
        chosen = Array([String("uno"), String("due")])
        add(pdf.make_indirect(Dictionary(FT=Name.Ch, T=String("scelte"), V=chosen)))
        add(pdf.make_indirect(Dictionary(FT=Name.Tx, T=String("mai_scritto"))))
        kid = pdf.make_indirect(Dictionary(FT=Name.Tx, T=String("nome"), V=String("v")))
        add(pdf.make_indirect(Dictionary(T=String("gruppo"), Kids=Array([kid]))))
        widget = pdf.make_indirect(Dictionary(Subtype=Name.Widget))
        two = Dictionary(FT=Name.Tx, T=String("due_caselle"), V=String("w"), Kids=Array([widget]))
        add(pdf.make_indirect(two))

    assert read(form(None, {}, more)).fields == {
        "spunta": "on",
        "vuota": "Off",
        "scelte": ["uno", "due"],
        "mai_scritto": "",
        "gruppo.nome": "v",
        "due_caselle": "w",
    }


def test_a_pdf_without_fields_is_no_form():
    pdf = pikepdf.new()
    pdf.add_blank_page()
    out = io.BytesIO()
    pdf.save(out)
    assert read(out.getvalue()).fields == {}


def test_a_script_is_noted_and_never_run():
    found = read(form(more=papers.with_javascript))
    assert found.active == ("action",)
    assert found.fields["_rif"] == REFERENCE


def test_fields_that_contain_themselves_are_read_once():
    assert read(form(more=papers.add_fields(papers.cyclic))).fields["giro"] == ""


@pytest.mark.parametrize(
    ("fields", "trouble"),
    [(MOST_FIELDS - 1, None), (MOST_FIELDS, None), (MOST_FIELDS + 1, "too_many_fields")],
)
def test_so_many_fields_are_read(fields: int, trouble: str | None):
    assert outcome(form(None, {}, papers.many(fields))) == trouble


@pytest.mark.parametrize(
    ("levels", "trouble"),
    [(MOST_DEPTH, None), (MOST_DEPTH + 1, None), (MOST_DEPTH + 2, "too_deep")],
)
def test_so_deep_is_read(levels: int, trouble: str | None):
    assert outcome(form(None, {}, papers.add_fields(papers.deep(levels)))) == trouble


@pytest.mark.parametrize(
    ("length", "trouble"),
    [(LONGEST_VALUE - 1, None), (LONGEST_VALUE, None), (LONGEST_VALUE + 1, "too_long")],
)
def test_so_long_is_a_value_that_is_read(length: int, trouble: str | None):
    assert outcome(form(None, {"a": "x" * length})) == trouble


def test_all_values_together_have_a_limit():
    assert outcome(form(None, {f"a{n}": "x" * 19_990 for n in range(25)})) is None
    assert outcome(form(None, {f"a{n}": "x" * 19_990 for n in range(26)})) == "too_long"


HOSTILE = {
    "encrypted": form(encryption=pikepdf.Encryption(user="segreto", owner="altro")),
    "truncated": form()[:700],
    "only a header": b"%PDF-1.7\n",
    "noise": b"%PDF-" + bytes(range(256)) * 40,
    "3,000 deep": form(more=papers.add_fields(papers.deep(3_000))),
    "60,000 fields": form(more=papers.many(60_000)),
    "bomb": form(more=papers.bomb),
}
TROUBLES = {
    "encrypted": "encrypted",
    "truncated": "broken",
    "only a header": "broken",
    "noise": "broken",
    "3,000 deep": "too_deep",
    "60,000 fields": "too_many_fields",
    "bomb": "too_much",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_pdf_has_an_outcome_soon(name: str):
    began = time.process_time()
    assert outcome(HOSTILE[name]) == TROUBLES[name]
    assert time.process_time() - began < 12


def outcome(pdf: bytes) -> str | None:
    try:
        read(pdf)
    except NotRead as trouble:
        return trouble.code
    return None
