"""ISEE certificates: how long they are valid, what is sealed of them."""

import json
from datetime import date
from decimal import Decimal

import pytest

from services.intake.codes import IseeKind
from services.intake.isee import (
    Certificate,
    IseeBelowZero,
    ProtocolMisshapen,
    certificate_text,
    tolerated_until,
    valid_until,
)
from tests.intake.moments import isee, sealed

OTHERS = [kind for kind in IseeKind if kind is not IseeKind.CORRENTE]


@pytest.mark.parametrize("kind", OTHERS)
@pytest.mark.parametrize("issued_on", [date(2026, 1, 1), date(2026, 12, 31)])
@pytest.mark.parametrize("income_only", [True, False])
def test_a_certificate_ends_on_31_december_of_its_year(kind, issued_on, income_only):
    assert valid_until(kind, issued_on, income_only) == date(2026, 12, 31)


@pytest.mark.parametrize(
    ("issued_on", "until"),
    [
        (date(2026, 1, 15), date(2026, 7, 15)),
        (date(2026, 8, 31), date(2027, 2, 28)),
        (date(2026, 10, 1), date(2027, 4, 1)),
    ],
)
def test_a_corrente_for_income_alone_ends_after_six_months(issued_on, until):
    assert valid_until(IseeKind.CORRENTE, issued_on, income_only=True) == until


def test_a_corrente_for_assets_too_ends_on_31_december():
    assert valid_until(IseeKind.CORRENTE, date(2026, 5, 4), income_only=False) == date(2026, 12, 31)


@pytest.mark.parametrize(
    ("day", "valid"),
    [
        (date(2026, 12, 30), True),
        (date(2026, 12, 31), True),
        (date(2027, 1, 1), False),
        (date(2026, 1, 8), False),
        (date(2026, 1, 9), True),
        (date(2026, 1, 10), True),
    ],
)
def test_both_the_first_and_the_last_day_belong_to_the_validity(day, valid):
    assert isee().valid_on(day) is valid


@pytest.mark.parametrize("protocol", ["INPS-ISEE-2026-01234567X", "INPS-ISEE-2026-01234567X-00"])
def test_value_and_protocol_are_what_is_sealed(protocol):
    text = certificate_text(Decimal("7431.17"), protocol)
    assert json.loads(text) == {"value": "7431.17", "protocol": protocol}


@pytest.mark.parametrize(
    "protocol",
    [
        "INPS-ISEE-26-01234567X",
        "INPS-ISEE-2026-1234567X",
        "INPS-ISEE-2026-01234567X-0",
        "xINPS-ISEE-2026-01234567X",
        "INPS-ISEE-2026-01234567x",
    ],
)
def test_a_protocol_of_another_shape_is_refused_without_repeating_it(protocol):
    with pytest.raises(ProtocolMisshapen) as refusal:
        certificate_text(Decimal("7431.17"), protocol)
    assert refusal.value.facts == {}


def test_an_isee_below_zero_is_refused():
    with pytest.raises(IseeBelowZero):
        certificate_text(Decimal("-0.01"), "INPS-ISEE-2026-01234567X")
    assert certificate_text(Decimal("0.00"), "INPS-ISEE-2026-01234567X")


def test_an_opened_certificate_is_what_was_sealed():
    certificate = Certificate(
        1, IseeKind.CORRENTE, date(2026, 1, 9), date(2026, 7, 9), False, sealed(3)
    )
    opened = certificate.opened(certificate_text(Decimal("6000.00"), "INPS-ISEE-2026-01234567X"))
    assert opened == isee("6000.00", kind=IseeKind.CORRENTE, valid_until=date(2026, 7, 9))


@pytest.mark.parametrize(
    ("issued_on", "until", "tolerated"),
    [
        (date(2026, 1, 9), date(2026, 12, 31), date(2027, 2, 28)),
        (date(2027, 12, 30), date(2027, 12, 31), date(2028, 2, 28)),
        (date(2026, 7, 10), date(2027, 1, 10), date(2027, 2, 28)),
        (date(2026, 8, 27), date(2027, 2, 27), date(2027, 2, 28)),
        (date(2026, 8, 28), date(2027, 2, 28), date(2027, 2, 28)),
        (date(2026, 9, 1), date(2027, 3, 1), date(2027, 3, 1)),
        (date(2026, 1, 15), date(2026, 7, 15), date(2027, 2, 28)),
    ],
)
def test_a_certificate_is_tolerated_until_28_february_of_the_year_after(
    issued_on, until, tolerated
):
    assert tolerated_until(issued_on, until, "02-28") == tolerated


@pytest.mark.parametrize(
    ("parameter", "tolerated"),
    [
        ("01-31", date(2027, 1, 31)),
        ("02-28", date(2027, 2, 28)),
        ("03-01", date(2027, 3, 1)),
    ],
)
def test_the_day_of_tolerance_is_that_of_the_guidelines(parameter, tolerated):
    assert tolerated_until(date(2026, 1, 9), date(2026, 12, 31), parameter) == tolerated
