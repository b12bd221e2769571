from datetime import date
from decimal import Decimal

import pytest

from services.kernel.actor import Actor
from services.kernel.parameters import NothingInForce, Parameters
from services.pacts.guidelines import Limits, Terms, months_after, proposals_by
from services.review.guidelines import INITIAL

BOARD = Actor.of_service("lead", "pacts")
VALUES = {
    "pact_months": 12,
    "signature_days": 30,
    "verification_months": 3,
    "proposals_by_day": 10,
    "isee_min": "6000.00",
    "evaluates": "previous_month",
}


def heard(*versions: tuple[int, date, dict]) -> Parameters:
    parameters = Parameters.opened(by=BOARD)
    for number, begins, changed in versions:
        parameters.hear(number, begins, {**VALUES, **changed}, by=BOARD)
    return parameters


@pytest.mark.parametrize(
    ("day", "months", "after"),
    [
        (date(2026, 3, 16), 12, date(2027, 3, 16)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 8, 31), 1, date(2026, 9, 30)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 9, 15), 3, date(2026, 12, 15)),
    ],
)
def test_months_end_on_the_same_day_or_the_last_of_the_month(day, months, after):
    assert months_after(day, months) == after


@pytest.mark.parametrize(
    ("day", "number", "days"),
    [
        (date(2026, 5, 31), 1, 30),
        (date(2026, 6, 1), 2, 45),
        (date(2026, 6, 2), 2, 45),
    ],
)
def test_the_version_in_force_on_the_day_is_applied(day, number, days):
    parameters = heard(
        (1, date(2026, 1, 1), {}),
        (2, date(2026, 6, 1), {"signature_days": 45}),
    )
    terms = Terms.in_force(parameters, day)
    assert (terms.number, terms.signature_days) == (number, days)


def test_before_the_first_day_nothing_is_in_force():
    with pytest.raises(NothingInForce):
        Terms.in_force(heard((1, date(2026, 1, 1), {})), date(2025, 12, 31))


def test_before_any_guidelines_were_heard_nothing_is_in_force():
    with pytest.raises(NothingInForce):
        Terms.in_force(None, date(2026, 1, 1))


def test_the_day_on_which_the_answer_was_known_does_not_count():
    terms = Terms.of(1, VALUES)
    assert terms.sign_by(date(2026, 5, 14)) == date(2026, 6, 13)


@pytest.mark.parametrize(
    ("day", "by"),
    [
        (date(2026, 6, 9), date(2026, 6, 10)),
        (date(2026, 6, 10), date(2026, 6, 10)),
        (date(2026, 6, 11), date(2026, 7, 10)),
        (date(2026, 12, 6), date(2027, 1, 5)),
        (date(2026, 8, 1), date(2026, 8, 5)),
        (date(2026, 8, 6), date(2026, 9, 5)),
    ],
)
def test_the_next_day_by_which_a_proposal_is_on_time(day, by):
    versions = (1, date(2026, 1, 1), {}), (2, date(2026, 8, 1), {"proposals_by_day": 5})
    assert proposals_by(heard(*versions), day) == by


@pytest.mark.parametrize(
    ("day", "evaluates", "by"),
    [
        (date(2026, 6, 10), "previous_month", date(2026, 6, 10)),
        (date(2026, 6, 11), "previous_month", date(2026, 8, 10)),
        (date(2026, 8, 11), "previous_month", date(2026, 9, 10)),
        (date(2026, 7, 10), "same_month", date(2026, 7, 10)),
        (date(2026, 7, 11), "same_month", date(2026, 9, 10)),
    ],
)
def test_a_month_without_a_committee_moves_the_day(day, evaluates, by):
    values = {"proposals_by_day": 10, "closed_months": [8], "evaluates": evaluates}
    assert proposals_by(heard((1, date(2026, 1, 1), values)), day) == by


def test_before_any_guidelines_the_10th_of_the_programme_counts():
    for parameters in (None, heard((1, date(2026, 8, 1), {"proposals_by_day": 5}))):
        assert proposals_by(parameters, date(2026, 6, 11)) == date(2026, 7, 10)


def test_a_version_older_than_some_terms_has_those_of_the_initial_guidelines():
    assert Terms.of(1, VALUES) == Terms.of(1, dict(INITIAL))


def test_a_version_older_than_the_limits_has_the_initial_ones():
    assert Limits.of(1, VALUES) == Limits.of(1, dict(INITIAL)) == Limits(1, Decimal("300.00"), None)


def test_a_limit_of_a_calendar_year_of_nothing_is_none():
    for year, limit in (("0.00", None), ("0.01", Decimal("0.01"))):
        values = {**VALUES, "urgent_aid_eur": "0.00", "emergency_aid_year_eur": year}
        assert Limits.of(2, values) == Limits(2, Decimal("0.00"), limit)


def test_the_limits_of_the_day_are_applied():
    parameters = heard((1, date(2026, 1, 1), {}), (2, date(2026, 6, 1), {"urgent_aid_eur": "1.00"}))
    for day, number in ((date(2026, 5, 31), 1), (date(2026, 6, 1), 2), (date(2026, 6, 2), 2)):
        assert Limits.in_force(parameters, day).number == number
    for nothing in (None, heard((1, date(2026, 6, 1), {}))):
        with pytest.raises(NothingInForce):
            Limits.in_force(nothing, date(2026, 5, 31))
