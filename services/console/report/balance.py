"""Tables about what families received and gave, and about money: tallies beside each other."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from uuid import UUID

from services.console.report.paths import FamilyPath, Told
from services.console.report.period import Period
from services.console.report.tables import Column, Item, Table
from services.pacts.content import Dimension
from services.pacts.money import Stage

URGENT_AID = "urgent_aid"
OTHER_SUPPORT = "other_support"
NONE = Decimal("0.00")
Logged = tuple[str, UUID, tuple[Decimal | int, ...]]
"""Under which line, whose, and the amounts in the order of the table's columns."""


def balance_tables(told: Told, families: Sequence[FamilyPath], period: Period) -> Iterator[Table]:
    """The tables about help, commitment, support from elsewhere and expenses.

    Args:
        families: those of *period*.
    """
    within = frozenset(each.id for each in families)
    yield Table.of(
        "reciprocity",
        (Column.FAMILIES, Column.HOURS, Column.EUR, Column.WORKS),
        (Dimension.ASSISTANCE, URGENT_AID, Dimension.PROMOTION, Dimension.RESTITUTION),
        _summed(_help_and_commitment(told, period)),
        parts=False,
        within=within,
    )
    yield Table.of(
        "support",
        (Column.FAMILIES, Column.HOURS, Column.EUR),
        (OTHER_SUPPORT,),
        _summed(_support(told, period)),
        parts=False,
        within=within,
    )
    spent = list(_spent(told, period))
    yield Table.of(
        "expenses",
        (Column.FAMILIES, Column.PLANNED, Column.COMMITTED, Column.PAID),
        sorted({line for line, _, _ in spent}),
        _summed(spent),
    )


def _help_and_commitment(told: Told, period: Period) -> Iterator[Logged]:
    """What each family received and gave in the period; never added up or subtracted."""
    for id, pact in told.pacts.items():
        for got in pact.received:
            if period.holds(got.on):
                amounts = (got.hours or NONE, got.eur or NONE, 0)
                yield Dimension.ASSISTANCE, pact.family, amounts
        for aid in pact.urgent_aid:
            if period.holds(aid.on):
                yield URGENT_AID, pact.family, (NONE, aid.eur, 0)
        for gave in pact.given:
            if period.holds(gave.on):
                works = int(gave.works is not None)
                amounts = (gave.hours or NONE, gave.eur or NONE, works)
                yield told.actions[id, gave.action], pact.family, amounts


def _support(told: Told, period: Period) -> Iterator[Logged]:
    for pact in told.pacts.values():
        for each in pact.other_support:
            if period.holds(each.on):
                yield OTHER_SUPPORT, pact.family, (each.hours or NONE, each.eur or NONE)


def _spent(told: Told, period: Period) -> Iterator[Logged]:
    """What was planned, committed and paid in the period; what was taken back is below zero."""
    for pact in told.pacts.values():
        for each in pact.movements:
            if period.holds(each.on):
                amounts = tuple(each.eur if stage is each.stage else NONE for stage in Stage)
                yield each.budget_line, pact.family, amounts


def _summed(
    logged: Iterable[Logged],
) -> Iterator[Item]:
    """One item for each line and family, with all that was logged: so families are counted."""
    found: dict[tuple[str, UUID], list[tuple[Decimal | int, ...]]] = defaultdict(list)
    for line, family, amounts in logged:
        found[line, family].append(amounts)
    for (line, family), each in found.items():
        yield Item(line, family, tuple(map(sum, zip(*each, strict=True))))
