"""Words of another organisation pass while an agreement is in force, and wait otherwise."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from services.kernel.agreements import AGREEMENTS, WITHOUT_END, Agreements, Term
from services.kernel.composition import Composition
from tests.scenario import Story, fact

FIRST, LAST = date(2026, 3, 2), date(2026, 6, 30)
DAY = timedelta(days=1)
SERVICES = ("people", "intake", "pacts", "review", "notify")
opened = fact(Agreements.Opened)
heard = fact(Agreements.AgreementHeard, number=1, partner="nord", since=FIRST, until=LAST)
endless = fact(Agreements.AgreementHeard, number=2, partner="sud", since=FIRST, until=None)


def given(*facts):
    return Story((opened, *facts), AGREEMENTS)


@pytest.mark.parametrize(
    ("day", "passes"),
    [
        (FIRST - DAY, False),
        (FIRST, True),
        (FIRST + DAY, True),
        (LAST - DAY, True),
        (LAST, True),
        (LAST + DAY, False),
    ],
)
def test_both_days_belong_to_an_agreement(day, passes):
    assert given(heard).aggregate().in_force_with("nord", day) is passes


def test_each_organisation_has_its_own_and_one_may_have_no_end():
    found = given(heard, endless).aggregate()
    assert found.in_force_with("sud", date(2040, 1, 1))
    assert not found.in_force_with("est", FIRST)
    assert not given().aggregate().in_force_with("nord", FIRST)


def test_an_agreement_is_known_once_and_so_is_its_end():
    term = Term("nord", FIRST, LAST)
    given().when(Agreements.hear, number=1, term=term).then(heard)
    given(heard).when(Agreements.hear, number=1, term=term).then()
    end = fact(Agreements.AgreementEndHeard, number=1, last=FIRST)
    given(heard).when(Agreements.hear_end, number=1, last=FIRST).then(end)
    given(heard, end).when(Agreements.hear_end, number=1, last=FIRST).then()
    given(heard).when(Agreements.hear_end, number=2, last=FIRST).then()
    assert not given(heard, end).aggregate().in_force_with("nord", FIRST + DAY)


def test_after_a_pause_another_agreement_lets_words_pass_again():
    later = fact(
        Agreements.AgreementHeard, number=3, partner="nord", since=LAST + 10 * DAY, until=None
    )
    found = given(heard, later).aggregate()
    days = [LAST, LAST + DAY, LAST + 9 * DAY, LAST + 10 * DAY]
    assert [found.in_force_with("nord", day) for day in days] == [True, False, False, True]


def another(since, until, number=3):
    words = {"number": number, "partner": "nord", "since": since, "until": until}
    return fact(Agreements.AgreementHeard, **words)


@pytest.mark.parametrize(
    ("others", "lasts"),
    [
        ((), LAST),
        ((another(LAST + 2 * DAY, None),), LAST),
        ((another(LAST + DAY, LAST + DAY),), LAST + DAY),
        ((another(LAST, LAST + 9 * DAY),), LAST + 9 * DAY),
        ((another(FIRST, LAST - DAY),), LAST),
        ((another(LAST + DAY, None),), WITHOUT_END),
        ((another(LAST + DAY, LAST + DAY), another(LAST + 2 * DAY, None, 4)), WITHOUT_END),
    ],
    ids=["alone", "pause", "next", "overlap", "within", "endless", "three"],
)
def test_words_pass_as_long_as_one_agreement_follows_another(others, lasts):
    found = given(heard, endless, *others).aggregate()
    assert found.lasts_until("nord", FIRST) == found.lasts_until("nord", LAST) == lasts
    assert found.lasts_until("nord", FIRST - DAY) is None
    assert found.lasts_until("sud", LAST) == WITHOUT_END


def test_the_last_day_is_known_of_what_has_ended():
    found = given(heard, another(FIRST, FIRST + DAY), endless).aggregate()
    days = (FIRST, FIRST + 2 * DAY, LAST, LAST + DAY)
    assert [found.ended_before("nord", day) for day in days] == [
        None,
        FIRST + DAY,
        FIRST + DAY,
        LAST,
    ]
    assert found.ended_before("sud", LAST) is None


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_of_the_programme_exchanges_words_under_agreements(service):
    made = Composition.of(service)
    assert made.under_agreements
    if service != "people":  # which keeps them
        follows = {"people/agreement_recorded.v1", "people/agreement_ended.v1"}
        assert follows <= set(made.policies)


def test_the_one_stream_is_frozen():
    assert UUID("e8b46f00-f42e-5319-8734-643db8e1c916") == AGREEMENTS
