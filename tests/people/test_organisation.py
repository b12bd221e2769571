"""A partner organisation and its agreements."""

from datetime import date, timedelta

import pytest

from services.people.codes import Covers, EndedBecause, OrganisationKind
from services.people.organisation import (
    AgreementCoversNothing,
    AgreementEndsBeforeItBegins,
    AgreementOver,
    AgreementSignedLater,
    AgreementWithItself,
    CodeMisshapen,
    NoSuchAgreement,
    Organisation,
    OrganisationKnown,
    organisation_id,
)
from tests.people import moments
from tests.people.moments import DAY, organisation, partner
from tests.scenario import fact, given, of_version

REGISTER = {
    "code": "lead",
    "existing": None,
    "nature": OrganisationKind.CARITAS,
    "name": "Caritas di prova",
    "lead": True,
    "on": DAY,
}
UNTIL = date(2026, 12, 31)


@pytest.mark.parametrize("nature", list(OrganisationKind))
@pytest.mark.parametrize("lead", [True, False])
def test_an_organisation_is_registered(nature, lead):
    told = {"nature": nature, "lead": lead}
    given().when(Organisation.register, **REGISTER | told).then(
        fact(Organisation.Registered, **dict(partner.fields) | told)
    )


def test_what_was_told_of_an_organisation_is_known():
    known = organisation(partner).aggregate()
    assert (known.code, known.nature, known.lead) == ("lead", OrganisationKind.CARITAS, True)


def test_an_organisation_is_registered_once():
    existing = organisation(partner).aggregate()
    given().when(Organisation.register, **REGISTER | {"existing": existing}).refuses(
        OrganisationKnown, organisation="lead"
    )


@pytest.mark.parametrize("code", ["a", "nord-est", "cda2", "a" * 30])
def test_a_code_is_a_short_slug(code):
    given().when(Organisation.register, **REGISTER | {"code": code}).then(
        fact(Organisation.Registered, **dict(partner.fields) | {"code": code})
    )


@pytest.mark.parametrize("code", ["", "Lead", "2cda", "-a", "a_b", "a b", "a" * 31, "è"])
def test_another_code_is_refused(code):
    given().when(Organisation.register, **REGISTER | {"code": code}).refuses(CodeMisshapen)


def agreement(until=UNTIL, since=DAY, **more):
    return moments.agreement(until=until, since=since, **more)


def record(**more):
    told = {
        "partner": "nord",
        "reference": "prot. 12/2026",
        "since": DAY,
        "until": UNTIL,
        "on": DAY,
    }
    return organisation(partner).when(Organisation.record_agreement, **told | more)


def test_an_agreement_is_recorded():
    record().then(agreement())
    record(until=None).then(agreement(None))


@pytest.mark.parametrize(
    ("until", "refused"),
    [(DAY - timedelta(1), True), (DAY, False), (DAY + timedelta(1), False)],
)
def test_an_agreement_lasts_at_least_one_day(until, refused):
    if refused:
        record(until=until).refuses(AgreementEndsBeforeItBegins, since=DAY, until=until)
    else:
        record(until=until).then(agreement(until))


def test_an_agreement_joins_two():
    record(partner="lead").refuses(AgreementWithItself, organisation="lead")
    record(partner="NORD").refuses(CodeMisshapen)


@pytest.mark.parametrize(
    ("day", "agrees"),
    [
        (DAY - timedelta(1), False),
        (DAY, True),
        (DAY + timedelta(1), True),
        (UNTIL - timedelta(1), True),
        (UNTIL, True),
        (UNTIL + timedelta(1), False),
    ],
)
def test_both_days_belong_to_an_agreement(day, agrees):
    found = organisation(partner, agreement()).aggregate()
    assert found.agrees_with("nord", day) is agrees
    assert found.agrees_with("sud", day) is False


def test_an_agreement_may_have_no_end():
    found = organisation(partner, agreement(None)).aggregate()
    assert found.agrees_with("nord", date(2040, 1, 1))


@pytest.mark.parametrize(
    ("signed_on", "refused"),
    [(DAY - timedelta(1), False), (DAY, False), (DAY + timedelta(1), True)],
)
def test_an_agreement_was_signed_before_it_is_recorded(signed_on, refused):
    if refused:
        record(signed_on=signed_on).refuses(AgreementSignedLater, signed_on=signed_on, today=DAY)
    else:
        record(signed_on=signed_on).then(agreement(signed_on=signed_on))


def test_an_agreement_covers_something():
    record(covers=()).refuses(AgreementCoversNothing, partner="nord")


LAST = DAY + timedelta(10)


def end(*before, **more):
    told = {"number": 1, "last": LAST, "because": EndedBecause.WITHDRAWN, "on": DAY}
    return organisation(partner, *before).when(Organisation.end_agreement, **told | more)


ended = fact(
    Organisation.AgreementEnded, number=1, last=LAST, because=EndedBecause.WITHDRAWN, on=DAY
)


@pytest.mark.parametrize("until", [UNTIL, None])
def test_an_agreement_is_ended_and_its_last_day_belongs_to_it(until):
    end(agreement(until)).then(ended)
    found = organisation(partner, agreement(until), ended).aggregate()
    days = [LAST - timedelta(1), LAST, LAST + timedelta(1)]
    assert [found.agrees_with("nord", day) for day in days] == [True, True, False]


@pytest.mark.parametrize(
    ("last", "over"),
    [
        (DAY - timedelta(1), True),
        (DAY, False),
        (DAY + timedelta(1), False),
        (UNTIL, False),
        (UNTIL + timedelta(1), True),
    ],
)
def test_an_agreement_ends_on_a_day_that_belongs_to_it(last, over):
    if over:
        end(agreement(), last=last).refuses(AgreementOver, number=1, since=DAY, until=UNTIL)
    else:
        end(agreement(), last=last).then(replace_last(last))


def replace_last(last):
    return fact(ended.event, **dict(ended.fields) | {"last": last})


def test_of_two_agreements_the_one_with_that_number_ends():
    later = LAST + timedelta(days=1)
    both = (agreement(), agreement(None, since=later))
    end(*both, last=LAST).then(ended)
    end(*both, number=2, last=LAST).refuses(AgreementOver, number=2, since=later, until=None)
    found = organisation(partner, *both, ended).aggregate()
    assert [each.ended for each in found.agreements] == [True, False]


def test_an_agreement_ends_once_and_only_if_it_was_recorded():
    end(agreement(), ended).refuses(AgreementOver, number=1, since=DAY, until=LAST)
    for number in (0, 2):
        end(agreement(), number=number).refuses(NoSuchAgreement, number=number)
    end(number=1).refuses(NoSuchAgreement, number=1)


def test_what_was_recorded_before_it_was_asked_what_it_covers_covers_the_programme():
    told = {"partner": "nord", "reference": "prot. 1", "since": DAY, "until": None, "on": DAY}
    assert of_version(1, Organisation.AgreementRecorded, **told) == fact(
        Organisation.AgreementRecorded, **told, signed_on=None, covers=(Covers.PROGRAMME,)
    )


def test_the_stream_follows_from_the_code():
    assert str(organisation_id("lead")) == "68bce6a2-4d7e-5e31-984c-8c425c5d95e7"
