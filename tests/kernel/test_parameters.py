"""Which version of the parameters is in force on a day, as far as it was heard."""

from datetime import date

import pytest

from services.kernel.parameters import NothingInForce, Parameters
from tests.scenario import Fact, fact, given

MARCH_2, JUNE_1 = date(2026, 3, 2), date(2026, 6, 1)
opened = fact(Parameters.Opened)


def heard(number: int, in_force_from: date = MARCH_2) -> Fact:
    return fact(
        Parameters.Heard, number=number, in_force_from=in_force_from, values={"days": number}
    )


def parameters(*facts: Fact) -> Parameters:
    found = given(opened, *facts).aggregate()
    assert isinstance(found, Parameters)
    return found


def test_a_version_is_kept_once():
    asked = {"in_force_from": MARCH_2, "values": {"days": 1}}
    given(opened).when(Parameters.hear, number=1, **asked).then(heard(1))
    given(opened, heard(1)).when(Parameters.hear, number=1, **asked).then()
    given(opened, heard(1)).when(Parameters.hear, number=2, **asked | {"values": {"days": 2}}).then(
        heard(2)
    )


@pytest.mark.parametrize(
    ("day", "number"), [(date(2026, 5, 31), 1), (JUNE_1, 2), (date(2026, 6, 2), 2)]
)
def test_a_version_is_in_force_from_its_day_until_the_next_begins(day: date, number: int):
    for facts in ((heard(1), heard(2, JUNE_1)), (heard(2, JUNE_1), heard(1))):
        assert parameters(*facts).on(day) == (number, {"days": number})


def test_of_two_versions_that_begin_on_one_day_the_later_is_in_force():
    for facts in ((heard(1), heard(2)), (heard(2), heard(1))):
        assert parameters(*facts).on(MARCH_2) == (2, {"days": 2})


def test_before_the_first_version_nothing_is_in_force():
    for found, day in ((parameters(heard(1)), date(2026, 3, 1)), (parameters(), JUNE_1)):
        with pytest.raises(NothingInForce) as refused:
            found.on(day)
        assert refused.value.facts == NothingInForce(day=day).facts
