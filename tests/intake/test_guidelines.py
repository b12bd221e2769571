"""The parameters that intake applies: those in force on the day."""

from datetime import date
from decimal import Decimal

import pytest

from services.intake.codes import IseeKind
from services.intake.guidelines import IntakeGuidelines
from services.kernel.actor import Actor
from services.kernel.parameters import NothingInForce, Parameters
from tests.intake.moments import INITIAL, guidelines

SOMEBODY = Actor.of_service("lead", "intake")


def heard() -> Parameters:
    parameters = Parameters.opened(by=SOMEBODY)
    parameters.hear(1, date(2026, 1, 1), INITIAL, by=SOMEBODY)
    parameters.hear(2, date(2026, 5, 1), INITIAL | {"isee_max": "15000.00"}, by=SOMEBODY)
    return parameters


def test_the_initial_guidelines_are_read():
    assert guidelines() == IntakeGuidelines(
        number=1,
        isee_min=Decimal("6000.00"),
        isee_max=Decimal("12000.00"),
        isee_kinds=frozenset({IseeKind.ORDINARIO, IseeKind.CORRENTE}),
        isee_kinds_on_assessment=frozenset({IseeKind.MINORENNI}),
        isee_tolerated_until="02-28",
        elderly_from_age=65,
        neet_from_age=15,
        neet_to_age=29,
        school_age=6,
        other_elements_min=0,
        microequipe_requires_both=False,
        dormant_without_microequipe_days=30,
        askings_a_day=20,
    )


def test_a_version_that_says_more_is_read_and_one_that_says_less_gets_the_initial_reading():
    said = guidelines(isee_kinds_on_assessment=[], isee_tolerated_until="01-31")
    assert guidelines(dormant_without_microequipe_days=10).dormant_without_microequipe_days == 10
    assert (said.isee_kinds_on_assessment, said.isee_tolerated_until) == (frozenset(), "01-31")


@pytest.mark.parametrize(
    ("day", "number", "isee_max"),
    [
        (date(2026, 4, 30), 1, "12000.00"),
        (date(2026, 5, 1), 2, "15000.00"),
        (date(2026, 5, 2), 2, "15000.00"),
    ],
)
def test_a_version_applies_from_its_day_on(day, number, isee_max):
    applied = IntakeGuidelines.in_force(heard(), day)
    assert (applied.number, applied.isee_max) == (number, Decimal(isee_max))


@pytest.mark.parametrize("parameters", [None, heard()])
def test_before_the_first_version_nothing_is_decided(parameters):
    with pytest.raises(NothingInForce) as refusal:
        IntakeGuidelines.in_force(parameters, date(2025, 12, 31))
    assert refusal.value.facts == {"day": "2025-12-31"}


def test_a_version_that_a_decision_named_is_found_by_its_number():
    assert IntakeGuidelines.numbered(heard(), 1).isee_max == Decimal("12000.00")


@pytest.mark.parametrize("parameters", [None, heard()])
def test_a_version_that_was_not_heard_is_not_guessed(parameters):
    with pytest.raises(NothingInForce) as refusal:
        IntakeGuidelines.numbered(parameters, 3)
    assert refusal.value.facts == {"number": 3}
