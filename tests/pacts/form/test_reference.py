"""Which proposal a form is for, what proves that we issued it, and what became of it."""

from datetime import date
from hashlib import sha256
from uuid import UUID

import pytest

from services.kernel.keys import Keys
from services.pacts.form.problems import Kind, Problem
from services.pacts.form.received import Reason, ReceivedForm, form_id
from services.pacts.form.reference import Reference, amended_by, issued
from services.pacts.pact import pact_id
from tests.pacts.moments import FAMILY, OURSELVES
from tests.scenario import Story, fact, given, of_version

THE_FORM = Reference("lead", FAMILY, 3, 12)
MAIL, PACT = UUID(int=7), pact_id(FAMILY, 3)
ON = date(2026, 4, 9)
PRINTED = "Y2F7NEJDVJZNBJZUQ2ZF4WEO"
"""The tag of a form as it was printed in the first release."""


def tag(text):
    return sha256(f"ours {text}".encode()).hexdigest()


def test_a_reference_is_read_as_it_is_written():
    assert str(THE_FORM) == f"lead/{FAMILY}/3/12"
    assert Reference.read(f" lead/{FAMILY}/3/12 ") == THE_FORM
    assert THE_FORM.pact == PACT


@pytest.mark.parametrize(
    "text",
    ["", "lead", f"lead/{FAMILY}/0/1", f"lead/{FAMILY}/1", f"Lead/{FAMILY}/1/1", None, 7, b"lead"],
)
def test_anything_else_is_no_reference(text):
    assert Reference.read(text) is None


def test_what_we_issued_is_known_again():
    hidden = THE_FORM.hidden(tag)
    assert hidden["_rif"] == str(THE_FORM)
    assert issued(hidden, tag)
    assert issued(hidden | {"goal_1_goal": "testo"}, tag)


@pytest.mark.parametrize("name", sorted(THE_FORM.hidden(tag)))
@pytest.mark.parametrize("changed", ["2", "è", "", None, 7])
def test_what_was_changed_was_not_issued_by_us(name, changed):
    assert not issued(THE_FORM.hidden(tag) | {name: changed}, tag)


def test_what_another_organisation_issued_was_not_issued_by_us():
    assert not issued(THE_FORM.hidden(lambda text: tag(f"theirs {text}")), tag)


def test_the_form_of_an_amendment_is_known_by_the_proposal_in_force():
    hidden = THE_FORM.hidden(tag, amends=11)
    assert hidden["_da"] == "11"
    assert issued(hidden, tag)
    assert (amended_by(hidden), amended_by(THE_FORM.hidden(tag))) == (11, None)
    for changed in ("10", "", "è", None, 7):
        assert not issued(hidden | {"_da": changed}, tag)
    assert not issued(THE_FORM.hidden(tag) | {"_da": "11"}, tag)


def test_a_form_that_was_printed_before_there_were_any_of_amendments_is_known_again():
    ours = Keys(b"\x07" * 32).tag
    printed = {"_rif": f"lead/{FAMILY}/1/1", "_v": "1", "_tag": PRINTED}
    assert issued(printed, ours)
    assert issued(printed | {"_da": ""}, ours)
    assert amended_by(printed | {"_da": ""}) is None


# what became of it


def test_a_form_is_accepted_as_a_proposal():
    accepted = fact(ReceivedForm.Accepted, mail=MAIL, family=FAMILY, pact=PACT, proposal=12, on=ON)
    given().when(
        ReceivedForm.accept, mail=MAIL, family=FAMILY, pact=PACT, proposal=12, by=OURSELVES, on=ON
    ).then(accepted)
    form = Story((accepted,), form_id(MAIL)).aggregate()
    assert (form.mail, form.family, form.pact) == (MAIL, FAMILY, PACT)


@pytest.mark.parametrize(("family", "pact"), [(FAMILY, PACT), (None, None)])
def test_a_form_is_refused_with_all_that_is_to_be_mended(family, pact):
    problems = [Problem(Kind.FIELD_EMPTY, {"field": "starts"}), Problem(Kind.NO_CAPACITY, {})]
    refused = fact(
        ReceivedForm.Refused,
        mail=MAIL,
        family=family,
        pact=pact,
        reasons=(Reason(Kind.FIELD_EMPTY, {"field": "starts"}), Reason(Kind.NO_CAPACITY, {})),
        on=ON,
    )
    words = {"mail": MAIL, "family": family, "pact": pact, "problems": problems}
    given().when(ReceivedForm.refuse, **words, by=OURSELVES, on=ON).then(refused)
    form = Story((refused,), form_id(MAIL)).aggregate()
    assert (form.mail, form.family, form.pact) == (MAIL, family, pact)


def test_what_was_refused_before_there_were_forms_of_amendments_is_read_as_it_was():
    reasons = (Reason(Kind.FIELD_EMPTY, {"field": "starts"}),)
    words = {"mail": MAIL, "family": FAMILY, "pact": PACT, "reasons": reasons, "on": ON}
    assert of_version(1, ReceivedForm.Refused, **words) == fact(ReceivedForm.Refused, **words)
