"""*Contatto sicuro*: set, told, lifted."""

from datetime import date

import pytest

from services.intake.family import Family
from services.intake.safe_contact import ContactNotMarked
from services.intake.standing import FamilyErased
from services.kernel.identity import RoleWithoutRight
from tests.intake.moments import CODE, DAY, family, informed, referred, sealed
from tests.intake.test_family import erased
from tests.intake.test_service import bring_in
from tests.scenario import fact

marked = fact(Family.ContactMarked, how=sealed(9), on=DAY)
lifted = fact(Family.ContactMarkLifted, on=date(2026, 4, 1))


@pytest.mark.parametrize(
    "before", [(referred,), (referred, informed), (referred, informed, marked)]
)
def test_a_family_is_marked_at_any_time_and_the_last_mark_counts(before):
    family(*before).when(Family.mark_safe_contact, how=sealed(9), on=DAY).then(marked)
    found = family(*before, marked).aggregate()
    assert (found.safe_contact, found.safe_contact_how) == (True, sealed(9))


def test_a_mark_is_lifted():
    family(referred, marked).when(Family.lift_safe_contact, on=date(2026, 4, 1)).then(lifted)
    found = family(referred, marked, lifted).aggregate()
    assert (found.safe_contact, found.safe_contact_how) == (False, None)


@pytest.mark.parametrize("before", [(referred,), (referred, marked, lifted)])
def test_a_mark_that_is_not_set_is_not_lifted(before):
    family(*before).when(Family.lift_safe_contact, on=DAY).refuses(ContactNotMarked, family=CODE)


@pytest.mark.parametrize("method", ["mark_safe_contact", "lift_safe_contact"])
def test_the_mark_of_an_erased_family_stays_as_it_was(method):
    words = {"how": sealed(9)} if method == "mark_safe_contact" else {}
    family(referred, marked, erased).when(getattr(Family, method), on=DAY, **words).refuses(
        FamilyErased, family=CODE, on=DAY
    )


def test_the_mark_is_told_within_the_organisation_and_how_is_not(desk):
    code = bring_in(desk)
    how = "solo il martedì al CDA di prova"
    desk.ask("mark_safe_contact", "access_point_operator", family=code, how=how)
    assert desk.ask("family", "auditor", family=code)["safe_contact"] is True
    assert desk.ask("opened_family", "verifier", family=code)["safe_contact"] == how
    desk.on(date(2026, 4, 1)).ask("lift_safe_contact", "verifier", family=code)
    assert desk.ask("family", "auditor", family=code)["safe_contact"] is False
    told = [body for name, body in desk.told("lead") if name == "intake/contact_marked.v1"]
    assert told == [
        {"family": code, "safe_contact": True, "on": "2026-03-02"},
        {"family": code, "safe_contact": False, "on": "2026-04-01"},
    ]
    assert how not in desk.stored_text()


def test_under_the_mark_the_contacts_that_were_told_stay_closed(desk):
    """Who verifies reads how the family is reached, and no number or address beside it."""
    code = bring_in(desk)
    told = desk.ask("opened_family", "verifier", family=code)
    assert told["contact_restricted"] is False
    contacts = {name: told["referral"][name] for name in ("phone", "email", "address")}
    assert all(contacts.values())
    desk.ask("mark_safe_contact", "verifier", family=code, how="solo il martedì al CDA di prova")
    opened = desk.ask("opened_family", "verifier", family=code)
    assert opened["contact_restricted"] is True
    assert opened["referral"] == told["referral"] | dict.fromkeys(contacts)
    desk.ask("lift_safe_contact", "verifier", family=code)
    again = desk.ask("opened_family", "verifier", family=code)
    assert again["referral"] == told["referral"]


def test_only_who_verifies_lifts_a_mark(desk):
    code = bring_in(desk)
    with pytest.raises(RoleWithoutRight):
        desk.ask("lift_safe_contact", "access_point_operator", family=code)
