from dataclasses import fields
from datetime import date
from decimal import Decimal

import pytest

from services.pacts.content import Given, Received
from services.pacts.reciprocity import Reciprocity, Tally, reciprocity
from tests.pacts.moments import JUL_1, JUN_1, eur, hours, text

JUN_30 = date(2026, 6, 30)
RECEIVED = (
    Received(1, JUN_1, eur("75.00"), None),
    Received(1, JUL_1, eur("25.50"), hours("3.00")),
)
GIVEN = (
    Given(3, JUN_1, None, hours("2.50"), None),
    Given(3, JUN_30, None, None, text(51)),
    Given(2, JUL_1, eur("30.00"), hours("4.00"), None),
)


def tally(hours: str, eur: str, works: int = 0) -> Tally:
    return Tally(Decimal(hours), Decimal(eur), works)


@pytest.mark.parametrize(
    ("on", "helped", "done"),
    [
        (date(2026, 5, 31), tally("0.00", "0.00"), tally("0.00", "0.00")),
        (date(2026, 6, 1), tally("0.00", "75.00"), tally("2.50", "0.00")),
        (date(2026, 6, 30), tally("0.00", "75.00"), tally("2.50", "0.00", works=1)),
        (date(2026, 7, 1), tally("3.00", "100.50"), tally("6.50", "30.00", works=1)),
        (date(2030, 1, 1), tally("3.00", "100.50"), tally("6.50", "30.00", works=1)),
    ],
)
def test_both_tallies_are_known_at_any_date(on, helped, done):
    assert reciprocity(RECEIVED, GIVEN, on) == Reciprocity(helped, done)


def test_the_order_in_which_it_was_logged_does_not_matter():
    assert reciprocity(RECEIVED[::-1], GIVEN[::-1], JUL_1) == reciprocity(RECEIVED, GIVEN, JUL_1)


def test_there_are_two_tallies_and_no_difference():
    assert [field.name for field in fields(Reciprocity)] == ["help_received", "active_commitment"]
    assert [field.name for field in fields(Tally)] == ["hours", "eur", "works"]
