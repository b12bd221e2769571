"""One form, made once for all tests that only look at it or fill copies of it."""

from datetime import date
from pathlib import Path

import pytest

from services.kernel.keys import Keys
from services.pacts.form.fields import Fields
from services.pacts.form.pages import Sending, form_page
from services.pacts.form.reference import Reference
from services.pacts.form.typesetting import form_pdf
from tests.pacts.moments import FAMILY, TEAM

KEYS = Keys(b"\x07" * 32)
REFERENCE = Reference("lead", FAMILY, 1, 1)
SENDING = Sending("proposte@rete.example", date(2026, 4, 10))
PREFILLED = {
    "starts": "16/03/2026",
    "ends": "16/03/2027",
    "goal_2_goal": "Una rete di vicinato:\ndue famiglie su cui contare",
    "assistance_2_area": "emergency_aid",
}


@pytest.fixture(scope="session")
def form(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The PDF of a draft of which a little is written."""
    fields, hidden = Fields.of(TEAM), REFERENCE.hidden(KEYS.tag)
    html = form_page(fields, REFERENCE, SENDING, PREFILLED, hidden)
    path = tmp_path_factory.mktemp("form") / "form.pdf"
    path.write_bytes(form_pdf(html, {each.name: each.label for each in fields}, hidden))
    return path
