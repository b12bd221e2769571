"""What becomes of a mail: sorted once, admitted or settled by a person only while it waits."""

from dataclasses import replace
from datetime import date

import pytest

from services.kernel.ids import stream_id
from services.kernel.sealed import Sealed
from services.notify.mail import (
    Aside,
    Authentic,
    Doubt,
    Form,
    Mail,
    NoFormToAdmit,
    NotWaiting,
    Provenance,
    Route,
    nothing_known,
)
from tests.notify.post_in.papers import ARRIVED
from tests.review.moments import person
from tests.scenario import THE_ONE, Fact, fact, given

SEALED = Sealed(stream_id("test"), "ab" * 32)
JUNE_1 = date(2026, 6, 1)
PROVENANCE = Provenance(SEALED, person(3), Authentic.NONE, ARRIVED, certified=False)
NOBODY = replace(PROVENANCE, person=None)
FORM = Form("lead/LEAD-7K3M9Q-8/1/1", "lead", SEALED)
ELSEWHERE = replace(FORM, organisation="")

received = fact(
    Mail.Received, route=Route.SMTP, size=9, message="m", body="b", raw=SEALED, at=ARRIVED
)
waits = fact(
    Mail.LeftToAPerson,
    why=Doubt.UNKNOWN_SENDER,
    code=None,
    provenance=NOBODY,
    form=FORM,
    on=JUNE_1,
)
has_form = fact(Mail.FormReceived, provenance=PROVENANCE, form=FORM, on=JUNE_1)
aside = fact(Mail.SetAside, why=Aside.BOUNCE, code=None, regards=None, on=JUNE_1)


def test_a_form_is_taken_once():
    given(received).when(Mail.take_form, provenance=PROVENANCE, form=FORM, on=JUNE_1).then(has_form)
    given(received, has_form).when(
        Mail.take_form, provenance=PROVENANCE, form=FORM, on=JUNE_1
    ).then()


def test_what_nobody_answers_is_set_aside_with_the_reason():
    given(received).when(Mail.set_aside, why=Aside.BOUNCE, code=None, regards=None, on=JUNE_1).then(
        aside
    )


def test_what_no_rule_understands_is_left_to_a_person():
    given(received).when(
        Mail.leave,
        why=Doubt.UNKNOWN_SENDER,
        code=None,
        provenance=NOBODY,
        form=FORM,
        on=JUNE_1,
    ).then(waits)


def test_whose_forms_a_mail_holds_is_remembered_until_it_is_sorted():
    found = fact(Mail.FormsFound, families=("LEAD-7K3M9Q-8",))
    given(received).when(Mail.find_forms, families=("LEAD-7K3M9Q-8",)).then(found)
    given(received).when(Mail.find_forms, families=()).then()
    given(received, aside).when(Mail.find_forms, families=("LEAD-7K3M9Q-8",)).then()


def test_a_mail_is_erased_once():
    erased = fact(Mail.Erased, on=JUNE_1)
    given(received, has_form).when(Mail.erase, on=JUNE_1).then(erased)
    given(received, has_form, erased).when(Mail.erase, on=JUNE_1).then()


def mail(*facts: Fact) -> Mail:
    found = given(received, *facts).aggregate()
    assert isinstance(found, Mail)
    return found


def test_a_mail_is_known_as_it_came_and_when():
    assert (mail().raw, mail().at) == (SEALED, ARRIVED)


def test_a_mail_that_is_not_sorted_has_neither_a_sender_nor_a_form():
    assert (mail().provenance, mail().form) == (None, None)


def test_a_form_that_was_taken_is_known_with_its_sender():
    assert (mail(has_form).provenance, mail(has_form).form) == (PROVENANCE, FORM)


def test_the_reference_of_a_form_tells_whose_family_it_is_about():
    assert FORM.family == "LEAD-7K3M9Q-8"


def test_what_cannot_be_read_comes_from_nobody_at_an_instant_that_nobody_certified():
    assert nothing_known(ARRIVED) == Provenance(
        None, None, Authentic.NONE, ARRIVED, certified=False
    )


@pytest.mark.parametrize("sorted_as", [has_form, aside, waits])
def test_what_was_sorted_stays_as_it_was_sorted(sorted_as):
    given(received, sorted_as).when(
        Mail.take_form, provenance=PROVENANCE, form=FORM, on=JUNE_1
    ).then()
    given(received, sorted_as).when(
        Mail.set_aside, why=Aside.LIST, code=None, regards=None, on=JUNE_1
    ).then()
    given(received, sorted_as).when(
        Mail.leave, why=Doubt.NO_FORM, code=None, provenance=PROVENANCE, form=None, on=JUNE_1
    ).then()


def test_a_person_admits_a_form_whose_sender_was_not_known():
    given(received, waits).when(Mail.admit, person=person(3), on=JUNE_1).then(has_form)


def test_without_a_form_of_somebody_who_takes_part_there_is_nothing_to_admit():
    for form in (None, ELSEWHERE):
        left = fact(
            Mail.LeftToAPerson,
            why=Doubt.UNKNOWN_ORGANISATION,
            code=None,
            provenance=NOBODY,
            form=form,
            on=JUNE_1,
        )
        given(received, left).when(Mail.admit, person=person(3), on=JUNE_1).refuses(
            NoFormToAdmit, mail=THE_ONE
        )


def test_a_person_settles_what_waits():
    given(received, waits).when(Mail.settle, what=SEALED, on=JUNE_1).then(
        fact(Mail.Settled, what=SEALED, on=JUNE_1)
    )


@pytest.mark.parametrize(
    ("sorted_as", "standing"),
    [
        (None, "received"),
        (has_form, "form_received"),
        (aside, "set_aside"),
        (fact(Mail.Settled, what=SEALED, on=JUNE_1), "settled"),
        (fact(Mail.Erased, on=JUNE_1), "erased"),
    ],
)
def test_only_what_waits_is_admitted_or_settled(sorted_as, standing):
    facts = (received, sorted_as) if sorted_as else (received,)
    given(*facts).when(Mail.settle, what=SEALED, on=JUNE_1).refuses(
        NotWaiting, mail=THE_ONE, standing=standing
    )
    given(*facts).when(Mail.admit, person=person(3), on=JUNE_1).refuses(
        NotWaiting, mail=THE_ONE, standing=standing
    )
