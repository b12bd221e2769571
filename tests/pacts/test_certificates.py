"""An ISEE that runs out during a pact: rules, and what the calendar asks on a real store."""

from datetime import date

import pytest

from services.pacts.certificates import Certificates, relied_until
from services.pacts.pact import Pact
from tests.pacts.moments import (
    AUG_1,
    FAMILY,
    OURSELVES,
    TERMS,
    active,
    signed,
    suspended,
)
from tests.scenario import fact, given

DEC_31 = date(2026, 12, 31)
NEWEST = {"number": 2, "valid_until": DEC_31, "terms": TERMS, "by": OURSELVES}
opened = fact(Certificates.Opened, family=FAMILY)


def expiring(on, certificate=2):
    return fact(
        Pact.CertificateExpiring,
        family=FAMILY,
        certificate=certificate,
        valid_until=DEC_31,
        on=on,
    )


def expired(on, certificate=2):
    return fact(
        Pact.CertificateExpired,
        family=FAMILY,
        certificate=certificate,
        valid_until=DEC_31,
        on=on,
    )


@pytest.mark.parametrize("before", [(), (suspended,)])
@pytest.mark.parametrize(
    ("day", "noted"),
    [
        (date(2026, 11, 30), []),
        (date(2026, 12, 1), [expiring(date(2026, 12, 1))]),
        (date(2026, 12, 2), [expiring(date(2026, 12, 2))]),
    ],
)
def test_a_certificate_expires_soon_thirty_days_before_its_last_day(day, noted, before):
    given(*active, *before).when(Pact.note_certificate, **NEWEST, on=day).then(*noted)


@pytest.mark.parametrize(
    ("day", "noted"),
    [
        (date(2026, 12, 30), []),
        (DEC_31, []),
        (date(2027, 1, 1), [expired(date(2027, 1, 1))]),
    ],
)
def test_a_certificate_has_expired_on_the_day_after_its_last(day, noted):
    story = given(*active, expiring(date(2026, 12, 1)))
    story.when(Pact.note_certificate, **NEWEST, on=day).then(*noted)


def test_until_when_the_committee_may_approve_is_remembered_and_may_change():
    relied_on = fact(Certificates.ReliedOn, until=DEC_31, on=AUG_1)
    other = {"until": date(2027, 2, 28), "on": AUG_1}
    given(opened).when(Certificates.rely, until=DEC_31, on=AUG_1).then(relied_on)
    given(opened, relied_on).when(Certificates.rely, until=DEC_31, on=AUG_1).then()
    given(opened, relied_on).when(Certificates.rely, **other).then(
        fact(Certificates.ReliedOn, **other)
    )
    for facts, until in (((opened,), None), ((opened, relied_on), DEC_31)):
        known = given(*facts).aggregate()
        assert isinstance(known, Certificates)
        assert relied_until(known) == until


def test_of_a_family_of_whose_certificates_nothing_was_heard_no_last_day_is_known():
    assert relied_until(None) is None


def test_the_first_certificate_is_noted_too():
    first = NEWEST | {"number": 1}
    for day, noted in ((date(2026, 12, 1), expiring), (date(2027, 1, 1), expired)):
        given(*active).when(Pact.note_certificate, **first, on=day).then(noted(day, 1))


def test_each_is_noted_once_for_one_certificate():
    told = (expiring(date(2026, 12, 1)), expired(date(2027, 1, 1)))
    given(*active, *told).when(Pact.note_certificate, **NEWEST, on=date(2027, 2, 1)).then()
    older = (expiring(date(2026, 12, 1), 1), expired(date(2027, 1, 1), 1))
    given(*active, *older).when(Pact.note_certificate, **NEWEST, on=date(2027, 2, 1)).then(
        expired(date(2027, 2, 1))
    )


@pytest.mark.parametrize("facts", [signed, (*active, fact(Pact.TextsErased, on=AUG_1))])
def test_only_a_pact_under_way_of_a_family_that_was_not_erased_is_concerned(facts):
    given(*facts).when(Pact.note_certificate, **NEWEST, on=date(2027, 2, 1)).then()


def test_the_newest_certificate_is_the_one_with_the_highest_number():
    heard = fact(Certificates.Heard, number=1, valid_until=DEC_31, on=AUG_1)
    newer = fact(Certificates.Heard, number=2, valid_until=date(2026, 9, 1), on=AUG_1)
    story = given(opened, heard)
    words = {"number": 2, "valid_until": date(2026, 9, 1), "on": AUG_1}
    story.when(Certificates.hear, **words).then(newer)
    assert given(opened, newer, heard).aggregate().newest == (2, date(2026, 9, 1))
    given(opened, newer).when(Certificates.hear, **words).then()


def shows(desk, valid_until, number=1, organisation=None):
    body = {
        "family": FAMILY,
        "number": number,
        "kind": "ordinario",
        "valid_until": valid_until,
        "on": desk.clock.day.isoformat(),
    }
    desk.hear("intake/isee_recorded.v1", body, organisation)


def noted(desk):
    return [
        each.split("Certificate")[1] for each in desk.topics() if "pacts.CertificateExp" in each
    ]


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (date(2026, 8, 1), []),
        (date(2026, 8, 2), ["Expiring"]),
        (date(2026, 8, 31), ["Expiring"]),
        (date(2026, 9, 1), ["Expiring"]),
        (date(2026, 9, 2), ["Expiring", "Expired"]),
        (date(2026, 9, 20), ["Expiring", "Expired"]),
    ],
)
def test_what_runs_out_is_noted_each_once_and_the_pact_goes_on(desk, day, told):
    shows(desk, "2026-09-01")
    desk.reach_the_active_pact()
    desk.days_pass(date(2026, 7, 31)).days_pass(day)
    assert noted(desk) == told
    said = [each for each in desk.told("lead") if each.startswith("pacts/certificate")]
    assert said == [f"pacts/certificate_{each.lower()}.v1" for each in told]
    assert desk.pact().state == "active"


def test_a_newer_certificate_that_was_heard_meanwhile_changes_the_days(desk):
    desk.reach_the_active_pact()
    shows(desk, "2026-07-31")
    desk.days_pass(date(2026, 7, 5))
    assert noted(desk) == ["Expiring"]
    shows(desk, "2026-12-31", number=2)
    desk.days_pass(date(2026, 11, 30))
    assert noted(desk) == ["Expiring"]
    desk.days_pass(date(2026, 12, 1))
    assert noted(desk) == ["Expiring", "Expiring"]


def test_a_family_without_a_pact_under_way_is_not_concerned(desk):
    shows(desk, "2026-04-30")
    desk.hear_guidelines()
    desk.hear_microequipe()
    desk.days_pass(date(2026, 5, 20))
    assert noted(desk) == []


def test_more_days_of_reminder_are_the_boards_to_give(desk):
    shows(desk, "2026-12-31")
    desk.reach_the_active_pact()
    desk.hear_guidelines(2, "2026-07-01", isee_reminder_days=90)
    desk.days_pass(date(2026, 10, 1))
    assert noted(desk) == []
    desk.days_pass(date(2026, 10, 2))
    assert noted(desk) == ["Expiring"]


def test_only_our_own_organisation_says_what_a_family_showed(desk):
    shows(desk, "2026-12-31", organisation="nord")
    assert desk.refused() == [("NotFromOurOrganisation", {"organisation": "nord"})]
