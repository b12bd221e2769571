"""What is known of a proposal's arrival: each thing once, in whatever order it is heard."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from services.kernel.mapper import plain
from services.notify.receipt import Place, Receipt
from tests.review.moments import CASE_1, CASE_2, PACT, person
from tests.scenario import Fact, fact, given, of_version

JULY_20, AUGUST_20 = date(2026, 7, 20), date(2026, 8, 20)
JULY = Place("2026-07", late=False, decide_by=JULY_20)
JULY_LATE = Place("2026-07", late=True, decide_by=JULY_20)
AUGUST = Place("2026-08", late=False, decide_by=AUGUST_20)

opened = fact(Receipt.Opened, family="NORD-2X8W5T-R", pact=PACT, number=1)
brought = fact(Receipt.BroughtByMail, mail=person(1))
brought_again = fact(Receipt.BroughtByMail, mail=person(2))
led = fact(Receipt.ProposedBy, person=CASE_1)
isee_known = fact(Receipt.IseeKnown, until=JULY_20)


def placed(place: Place) -> Fact:
    return fact(
        Receipt.Placed,
        cycle=place.cycle,
        late=place.late,
        decide_by=place.decide_by,
        by_form=place.by_form,
    )


def receipt(*facts: Fact) -> Receipt:
    found = given(opened, *facts).aggregate()
    assert isinstance(found, Receipt)
    return found


def test_every_mail_that_brought_it_is_remembered_once():
    given(opened).when(Receipt.bring, mail=person(1)).then(brought)
    given(opened, brought).when(Receipt.bring, mail=person(1)).then()
    given(opened, brought).when(Receipt.bring, mail=person(2)).then(brought_again)
    assert receipt(brought, brought_again).mails == (person(1), person(2))


def test_who_proposes_is_remembered_and_may_change():
    given(opened).when(Receipt.know_lead, person=CASE_1).then(led)
    given(opened, led).when(Receipt.know_lead, person=CASE_1).then()
    given(opened, led).when(Receipt.know_lead, person=CASE_2).then(
        fact(Receipt.ProposedBy, person=CASE_2)
    )
    assert receipt(led).lead == CASE_1


def test_by_when_it_is_decided_is_remembered_and_may_change():
    given(opened).when(Receipt.put, place=JULY).then(placed(JULY))
    given(opened, placed(JULY)).when(Receipt.put, place=JULY).then()
    for other in (JULY_LATE, AUGUST):
        given(opened, placed(JULY)).when(Receipt.put, place=other).then(placed(other))
    assert receipt(placed(JULY), placed(AUGUST)).place == AUGUST


@pytest.mark.parametrize(
    ("places", "moved"), [([], False), ([JULY], False), ([JULY, AUGUST], True)]
)
def test_a_proposal_was_moved_when_it_has_another_place_than_the_first(
    places: list[Place], moved: bool
):
    assert receipt(*map(placed, places)).moved is moved


@pytest.mark.parametrize("by_form", [None, False, True])
def test_a_proposal_stands_where_it_was_carried_to_until_it_has_another_place(
    by_form: bool | None,
):
    july = replace(JULY, by_form=by_form)
    carried = fact(Receipt.Carried, cycle="2026-08", decide_by=AUGUST_20)
    asked = {"cycle": "2026-08", "decide_by": AUGUST_20}
    given(opened, placed(july)).when(Receipt.carry, **asked).then(carried)
    given(opened, placed(july), carried).when(Receipt.carry, **asked).then()
    given(opened).when(Receipt.carry, **asked).then()
    known = receipt(placed(july), carried)
    assert (known.place, known.stands) == (july, replace(AUGUST, by_form=by_form))
    assert not known.moved
    assert receipt(placed(july), carried, placed(AUGUST)).stands == AUGUST


def test_that_it_was_taken_back_is_remembered_once():
    withdrawn = fact(Receipt.Withdrawn)
    given(opened).when(Receipt.withdraw).then(withdrawn)
    given(opened, withdrawn).when(Receipt.withdraw).then()
    assert receipt(withdrawn).withdrawn


def test_of_a_place_that_was_heard_before_it_is_not_known_what_proposed_it():
    told = plain(dict(placed(JULY).fields))
    del told["by_form"]
    assert of_version(1, Receipt.Placed, **told) == placed(JULY)


def test_until_when_it_may_be_approved_is_remembered_and_may_change():
    given(opened).when(Receipt.know_isee, until=JULY_20).then(isee_known)
    given(opened, isee_known).when(Receipt.know_isee, until=JULY_20).then()
    given(opened, isee_known).when(Receipt.know_isee, until=AUGUST_20).then(
        fact(Receipt.IseeKnown, until=AUGUST_20)
    )
    assert receipt(isee_known).isee_until == JULY_20


def test_of_a_proposal_just_heard_of_nothing_is_known():
    known = receipt()
    nothing: tuple[Any, ...] = ((), None, None, None)
    assert (known.mails, known.lead, known.place, known.isee_until) == nothing
