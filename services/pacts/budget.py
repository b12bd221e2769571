"""Expenses at any date: what was planned, committed and paid, by budget line."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from services.pacts.money import Expense, Payment, Stage
from services.pacts.reciprocity import NOTHING


@dataclass(frozen=True)
class Movement:
    """One change of an amount on a day; what was taken back is below zero."""

    budget_line: str
    stage: Stage
    eur: Decimal
    on: date


@dataclass(frozen=True)
class Spending:
    """An expense as it stands.

    Attributes:
        committed: None before it is committed.
        payments: by number, corrections among them.
    """

    expense: Expense
    committed: Decimal | None = None
    payments: dict[int, Payment] = field(default_factory=dict)

    @property
    def corrected(self) -> dict[int, int]:
        """Of each payment that was corrected: the number of its correction."""
        return {
            each.corrects: number
            for number, each in self.payments.items()
            if each.corrects is not None
        }

    @property
    def paid(self) -> Decimal:
        """What was paid, corrections considered."""
        corrected = self.corrected
        standing = (each.eur for number, each in self.payments.items() if number not in corrected)
        return sum(standing, NOTHING)


@dataclass(frozen=True)
class Totals:
    """The amounts of a budget line, EUR."""

    planned: Decimal = NOTHING
    committed: Decimal = NOTHING
    paid: Decimal = NOTHING


def by_budget_line(movements: Iterable[Movement], on: date) -> dict[str, Totals]:
    """The totals of everything that happened up to *on*, that day included, by budget line.

    Args:
        movements: of one pact or of many.
        on: civil day, Europe/Rome.
    """
    found: dict[str, dict[Stage, Decimal]] = {}
    for each in movements:
        if each.on <= on:
            line = found.setdefault(each.budget_line, dict.fromkeys(Stage, NOTHING))
            line[each.stage] += each.eur
    return {
        name: Totals(line[Stage.PLANNED], line[Stage.COMMITTED], line[Stage.PAID])
        for name, line in sorted(found.items())
    }
