"""Forty families and a half-year: enough for a report with hidden and shown numbers."""

from datetime import date, timedelta
from decimal import Decimal

from services.console.report.about_families import Person
from services.console.report.tables import Report
from services.intake.codes import AccessPoint, Outcome, Sex
from services.pacts.content import ResourceKind
from services.pacts.life import State
from tests.console.report.moments import Life, report_of
from tests.pacts import moments as pact_moments
from tests.pacts.moments import text

ENDS = (pact_moments.concluded, pact_moments.interrupted, pact_moments.declined)
OUTCOMES = (State.APPROVED, State.APPROVED, State.APPROVED_WITH_CONDITIONS, State.RETURNED)


def village() -> Report:
    """The report of the organisation that follows them, small counts included."""
    lives = [_life(number) for number in range(40)]
    persons = {life.family: _persons(number) for number, life in enumerate(lives) if number % 9}
    return report_of(*lives, persons=persons)


def _persons(number: int) -> dict[int, Person]:
    sexes = tuple(Sex)
    return {
        1: Person(date(1955 + number, 3, 1), sexes[number % 2]),
        2: Person(date(2004 + number % 20, 8, 1), None if number % 4 else sexes[number % 3]),
        3: Person(None if number % 11 == 0 else date(2014 + number % 10, 1, 1), sexes[number % 2]),
    }


def _life(number: int) -> Life:
    begins = date(2026, 1, 7) + timedelta(days=number)
    point = tuple(AccessPoint)[number % 7 % 5]
    life = Life(number).referred(begins, point).described(begins, 1, 2, 3)
    if number % 8 == 0:
        return life.verified(begins + timedelta(days=9), Outcome.NOT_ELIGIBLE)
    if number % 13 == 0:
        return life
    checked = begins + timedelta(days=7 + number % 5)
    life.verified(checked).team(checked + timedelta(days=10)).drafted(checked + timedelta(days=10))
    life.resource(checked, tuple(ResourceKind)[number % 3], Decimal("12.00"))
    proposed = checked + timedelta(days=20)
    life.proposed(proposed, late=proposed.day > 10)
    outcome = OUTCOMES[number % 4]
    life.decided(proposed + timedelta(days=30), outcome)
    if outcome is State.RETURNED:
        return life
    signed = proposed + timedelta(days=38)
    life.signed(signed).active(signed + timedelta(days=2))
    life.helped(signed + timedelta(days=5), eur=Decimal("85.50"), hours=Decimal("1.50"))
    life.gave(signed + timedelta(days=6), 2, hours=Decimal("4.00"))
    spent = Decimal("85.50")
    life.planned(signed + timedelta(days=4), Decimal("120.00"), "A.1" if number % 4 else "B.2")
    life.committed(signed + timedelta(days=4), spent).paid(signed + timedelta(days=5), spent)
    if number % 5 == 0:
        life.aided(begins, Decimal("50.00")).supported(signed + timedelta(days=8), spent)
    if number % 2:
        life.gave(signed + timedelta(days=7), 3, hours=Decimal("2.25"), works=text(5))
    life.rated(signed + timedelta(days=9), number % 5 - 2, 1)
    return life.ended(signed + timedelta(days=10), ENDS[number % 3]) if number % 6 == 1 else life
