"""*Contatto sicuro*: nothing goes to such a family but by the way that was agreed with it."""

from datetime import date

import pytest

from services.pacts.contact import Contact, Goes
from services.pacts.form import issuing
from services.pacts.refusals import ContactRestricted, NotOfTheMicroequipe
from tests.pacts.moments import BY_LEAD, FAMILY, MEMBER, STRANGER
from tests.scenario import fact, given

ON, LATER = date(2026, 6, 10), date(2026, 7, 1)
opened = fact(Contact.Opened, family=FAMILY)
marked = fact(Contact.Heard, restricted=True, on=ON)
lifted = fact(Contact.Heard, restricted=False, on=LATER)
VISIT = {"day": "2026-06-20", "place": "home"}


def mark(stands=True, family=FAMILY):
    return {"family": family, "safe_contact": stands, "on": ON.isoformat()}


@pytest.mark.parametrize("before", [(opened,), (opened, marked, lifted)])
@pytest.mark.parametrize("safely", [True, False])
def test_without_the_mark_anything_goes_and_nothing_is_noted(before, safely):
    given(*before).when(Contact.go, what=Goes.VISIT, safely=safely, on=LATER).then()


@pytest.mark.parametrize("what", Goes)
def test_under_the_mark_nothing_goes_unless_it_goes_safely_which_is_kept(what):
    under = given(opened, marked)
    under.when(Contact.go, what=what, safely=False, on=LATER).refuses(
        ContactRestricted, family=FAMILY
    )
    under.when(Contact.go, what=what, safely=True, on=LATER).then(
        fact(Contact.SafeWayTaken, what=what, on=LATER)
    )


def test_the_mark_is_remembered_once():
    given(opened, marked).when(Contact.hear, restricted=True, by=BY_LEAD, on=LATER).then()
    given(opened, marked).when(Contact.hear, restricted=False, by=BY_LEAD, on=LATER).then(lifted)


@pytest.fixture
def active(desk):
    desk.reach_the_active_pact()
    return desk.on(ON)


def test_a_visit_to_a_marked_family_is_planned_only_by_the_safe_way(active):
    active.edit("plan_visit", **VISIT)
    active.hear("intake/contact_marked.v1", mark())
    before = active.rows_written()
    with pytest.raises(ContactRestricted) as refused:
        active.edit("plan_visit", **VISIT)
    assert refused.value.facts == {"family": FAMILY}
    assert active.rows_written() == before
    assert active.edit("plan_visit", MEMBER, **VISIT, safely=True)["visit"] == 2
    taken = [each for each in active.events() if isinstance(each, Contact.SafeWayTaken)]
    assert [(each.what, each.by.person) for each in taken] == [(Goes.VISIT, str(MEMBER))]
    active.hear("intake/contact_marked.v1", mark(False))
    assert active.edit("plan_visit", **VISIT)["visit"] == 3


def test_a_visit_that_was_held_is_a_fact_and_recorded_whatever_the_mark(active):
    active.hear("intake/contact_marked.v1", mark())
    held = {"day": ON.isoformat(), "place": "home", "present": [str(MEMBER)]}
    assert active.edit("record_visit", **held)["visit"] == 1


def test_a_complaint_of_a_marked_family_is_answered_only_by_the_safe_way(active):
    active.edit("record_complaint", about="provider", words="Il corso è troppo lontano")
    active.hear("intake/contact_marked.v1", mark())
    answer = {"complaint": 1, "words": "Ne abbiamo trovato uno più vicino"}
    with pytest.raises(ContactRestricted):
        active.edit("answer_complaint", **answer)
    active.edit("answer_complaint", **answer, safely=True)
    assert active.pact().complaints[1].answered_on == ON


def test_who_is_not_with_the_family_does_not_learn_of_the_mark_by_a_refusal(active):
    active.edit("record_complaint", about="provider", words="Il corso è troppo lontano")
    active.hear("intake/contact_marked.v1", mark())
    answer = {"complaint": 1, "words": "Ne abbiamo trovato uno più vicino"}
    for method, words in (("plan_visit", VISIT), ("answer_complaint", answer), ("form", {})):
        with pytest.raises(NotOfTheMicroequipe):
            active.edit(method, STRANGER, roles=("microequipe_lead",), **words)


def test_the_picture_of_a_pact_says_that_contacts_are_restricted(active):
    assert active.edit("pact")["safe_contact"] is False
    active.hear("intake/contact_marked.v1", mark())
    assert active.edit("pact")["safe_contact"] is True


@pytest.mark.parametrize("paper", ["form", "printed_pact", "family_letter"])
def test_no_paper_of_a_marked_family_is_made_without_saying_so_to_who_prints_it(
    desk, paper, monkeypatch
):
    """The mark itself is on no paper: one that is found at home must not give it away."""
    pages = []

    def drawn(html, *_):
        pages.append(html)
        return b"%PDF-"

    monkeypatch.setattr(issuing, "form_pdf", drawn)
    monkeypatch.setattr(issuing, "paper_pdf", drawn)
    desk.hear_guidelines()
    desk.hear_microequipe()
    desk.write_a_draft()
    if paper != "form":
        desk.on(date(2026, 4, 9)).edit("propose")
        desk.on(date(2026, 5, 14)).hear_decision("approved")
    assert desk.edit(paper)["safe_contact"] is False
    desk.hear("intake/contact_marked.v1", mark())
    with pytest.raises(ContactRestricted):
        desk.edit(paper)
    assert desk.edit(paper, safely=True)["safe_contact"] is True
    free, restricted = pages
    assert free == restricted


def test_nobody_else_marks_our_family(active):
    active.hear("intake/contact_marked.v1", mark(), "nord")
    assert active.refused() == [("NotFromOurOrganisation", {"organisation": "nord"})]
    active.edit("plan_visit", **VISIT)
