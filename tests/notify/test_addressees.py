"""Who is to be told."""

from datetime import date
from typing import Any

import pytest

from services.notify.addressees import Addressees, Holders, Spell, organisation_of
from services.notify.deadline import Awaited, Deadline
from services.notify.notice import Kind, Notice, Reason, Subject, notice_id
from tests.review.moments import CASE_1, CASE_2, JULY_1, person
from tests.scenario import fact, given, of_version

JAN_1, JUNE_30, JULY_2 = date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 2)
FAMILY = "NORD-2X8W5T-R"

known = fact(Addressees.Opened, family=FAMILY)
opened = fact(Holders.Opened, organisation="lead", role="case_manager")
began = fact(Holders.Began, person=CASE_1, body=None, first=JAN_1, last=None)
ended = fact(Holders.Ended, person=CASE_1, body=None, last=JUNE_30)


def test_who_referred_a_family_is_remembered_once():
    referrer = fact(Addressees.ReferrerKnown, recipient=str(CASE_1))
    given(known).when(Addressees.know_referrer, recipient=str(CASE_1)).then(referrer)
    given(known, referrer).when(Addressees.know_referrer, recipient=str(CASE_1)).then()


def test_who_leads_the_microequipe_is_remembered_and_may_change():
    first = fact(Addressees.LeadKnown, person=CASE_1)
    given(known).when(Addressees.know_lead, person=CASE_1).then(first)
    given(known, first).when(Addressees.know_lead, person=CASE_1).then()
    given(known, first).when(Addressees.know_lead, person=CASE_2).then(
        fact(Addressees.LeadKnown, person=CASE_2)
    )


def test_who_is_in_the_microequipe_is_remembered_and_may_change():
    first = fact(Addressees.MicroequipeKnown, members=(CASE_1,), case_manager=None)
    then = fact(Addressees.MicroequipeKnown, members=(CASE_1,), case_manager=CASE_2)
    ask = Addressees.know_microequipe
    given(known).when(ask, members=(CASE_1,), case_manager=None).then(first)
    given(known, first).when(ask, members=(CASE_1,), case_manager=None).then()
    given(known, first).when(ask, members=(CASE_1,), case_manager=CASE_2).then(then)
    given(known, first, then).when(ask, members=(CASE_1,), case_manager=CASE_2).then()


def test_that_every_contact_with_a_family_is_restricted_is_remembered_and_may_change():
    restricted, free = (fact(Addressees.ContactKnown, restricted=each) for each in (True, False))
    ask = Addressees.know_contact
    given(known).when(ask, restricted=False).then()
    given(known).when(ask, restricted=True).then(restricted)
    given(known, restricted).when(ask, restricted=True).then()
    given(known, restricted).when(ask, restricted=False).then(free)


def test_that_a_familys_data_was_erased_is_remembered_once():
    erased = fact(Addressees.Erased, on=JULY_1)
    given(known).when(Addressees.erase, on=JULY_1).then(erased)
    given(known, erased).when(Addressees.erase, on=JULY_2).then()


@pytest.mark.parametrize("erased", [True, False])
def test_of_a_family_it_is_known_which_it_is_and_whether_its_data_was_erased(erased: bool):
    addressees = given(known, *[fact(Addressees.Erased, on=JULY_1)] * erased).aggregate()
    assert isinstance(addressees, Addressees)
    assert (addressees.family, addressees.erased) == (FAMILY, erased)


@pytest.mark.parametrize(
    ("family", "organisation"),
    [("NORD-2X8W5T-R", "nord"), ("LEAD-7K3M9Q-8", "lead"), ("CASA-MIA-7K3M9Q-8", "casa-mia")],
)
def test_a_family_code_tells_who_follows_the_family(family: str, organisation: str):
    assert organisation_of(family) == organisation


def test_who_holds_a_role_is_remembered_once():
    spell = Spell(CASE_1, None, JAN_1, None)
    given(opened).when(Holders.begin, spell=spell).then(began)
    given(opened, began).when(Holders.begin, spell=spell).then()


def test_who_held_a_role_may_hold_it_again():
    again = Spell(CASE_1, None, JULY_2, None)
    given(opened, began, ended).when(Holders.begin, spell=again).then(
        fact(Holders.Began, person=CASE_1, body=None, first=JULY_2, last=None)
    )


def test_a_role_ends_once():
    asked = {"person": CASE_1, "body": None, "last": JUNE_30}
    given(opened, began).when(Holders.end, **asked).then(ended)
    given(opened, began, ended).when(Holders.end, **asked).then()
    given(opened, began).when(Holders.end, person=CASE_2, body=None, last=JUNE_30).then()


def test_a_role_ends_for_the_body_that_is_named():
    one, two = (
        fact(Holders.Began, person=CASE_1, body=body, first=JAN_1, last=None)
        for body in ("officina", "serra")
    )
    over = fact(Holders.Ended, person=CASE_1, body="serra", last=JUNE_30)
    story = given(opened, one, two)
    story.when(Holders.end, person=CASE_1, body="serra", last=JUNE_30).then(over)
    story.when(Holders.end, person=CASE_1, body=None, last=JUNE_30).then()
    holders = given(opened, one, two, over).aggregate()
    assert isinstance(holders, Holders)
    assert [spell.last for spell in holders.spells] == [None, JUNE_30]


def test_an_end_of_before_bodies_were_named_still_ends_the_role_for_all_of_them():
    one = fact(Holders.Began, person=CASE_1, body="officina", first=JAN_1, last=None)
    over = of_version(1, Holders.Ended, person=CASE_1, last=JUNE_30)
    holders = given(opened, began, one, over).aggregate()
    assert isinstance(holders, Holders)
    assert holders.on(JULY_1) == ()


@pytest.mark.parametrize(("day", "held"), [(JUNE_30, True), (JULY_1, False), (JULY_2, False)])
def test_a_role_is_held_to_its_last_day(day: date, held: bool):
    holders = given(opened, began, ended).aggregate()
    assert isinstance(holders, Holders)
    assert (holders.on(day) == (CASE_1,)) is held


def test_the_other_holders_of_a_role_keep_it():
    other = fact(Holders.Began, person=CASE_2, body=None, first=JAN_1, last=None)
    holders = given(opened, began, other, ended).aggregate()
    assert isinstance(holders, Holders)
    assert (holders.on(JUNE_30), holders.on(JULY_1)) == ((CASE_1, CASE_2), (CASE_2,))


def test_a_notice_is_one_for_each_cause_kind_and_recipient():
    cause, other = person(1), person(2)
    ids = {
        notice_id(cause, Kind.PACT_SIGNED, "lead:case_manager"),
        notice_id(other, Kind.PACT_SIGNED, "lead:case_manager"),
        notice_id(cause, Kind.PACT_DRAFTED, "lead:case_manager"),
        notice_id(cause, Kind.PACT_SIGNED, str(CASE_1)),
    }
    assert len(ids) == 4
    assert notice_id(cause, Kind.PACT_SIGNED, str(CASE_1)) in ids


def test_a_notice_says_who_is_told_what_about_which_codes():
    facts = {
        "cause": person(1),
        "what": Kind.PROPOSAL_RECEIVED,
        "recipient": str(CASE_1),
        "subject": Subject(family=FAMILY, pact=person(2), cycle="2026-07", number=1),
        "due": date(2026, 7, 20),
        "on": JULY_1,
    }
    no_mail = {"mail": None, "reasons": ()}
    given().when(Notice.record, **facts).then(fact(Notice.Recorded, **facts, **no_mail))
    answering = {"mail": person(3), "reasons": (Reason("field_empty", {"field": "x"}),)}
    given().when(Notice.record, **facts, **answering).then(
        fact(Notice.Recorded, **facts, **answering)
    )


TOLD = fact(
    Notice.Recorded,
    cause=person(1),
    what=Kind.FORM_REFUSED,
    recipient="nord:microequipe_lead",
    subject=Subject(family=FAMILY),
    due=None,
    on=JULY_1,
    mail=person(3),
    reasons=(Reason("field_empty", {"field": "x"}),),
)


def test_a_notice_of_before_mails_were_answered_answers_none():
    told = {name: told for name, told in TOLD.fields if name not in ("mail", "reasons")}
    subject = {"family": FAMILY, "pact": None, "cycle": None, "number": None}
    assert of_version(1, Notice.Recorded, **told | {"subject": subject}) == fact(
        Notice.Recorded, **told, mail=None, reasons=()
    )


def test_what_was_told_or_awaited_before_was_about_no_other_organisation():
    told = dict(TOLD.fields)
    subject = {"family": FAMILY, "pact": None, "cycle": None, "number": None}
    assert of_version(2, Notice.Recorded, **told | {"subject": subject}) == TOLD
    awaits = {"awaited": Awaited.PROPOSAL, "number": 1, "due": JULY_2, "remind_from": JULY_1}
    awaits |= {"on": JULY_1}
    assert of_version(1, Deadline.Set, **awaits, subject=subject) == fact(
        Deadline.Set, **awaits, subject=Subject(family=FAMILY)
    )


addressed = fact(Notice.Addressed, persons=(CASE_1, CASE_2), on=JULY_1)


def test_a_notice_is_addressed_once_to_all_who_held_the_role():
    asked: dict[str, Any] = {"persons": (CASE_1, CASE_2), "on": JULY_1}
    given(TOLD).when(Notice.address, **asked).then(addressed)
    given(TOLD, addressed).when(Notice.address, **asked).then()
    given(TOLD, addressed).when(Notice.address, persons=(CASE_1,), on=JULY_2).then()


def test_a_notice_to_a_role_that_nobody_holds_yet_is_addressed_later():
    given(TOLD).when(Notice.address, persons=(), on=JULY_1).then()


def test_a_notice_keeps_its_cause_its_recipient_what_is_to_be_mended_and_who_is_told():
    notice, told = given(TOLD).aggregate(), given(TOLD, addressed).aggregate()
    assert isinstance(notice, Notice)
    assert isinstance(told, Notice)
    assert (notice.cause, notice.recipient) == (person(1), "nord:microequipe_lead")
    assert notice.reasons == (Reason("field_empty", {"field": "x"}),)
    assert (notice.persons, told.persons) == (None, (CASE_1, CASE_2))
