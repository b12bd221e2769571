"""Tables about pacts: proposals and decisions, ends, resources, goals, looks back."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from services.console.report.paths import PactPath, Told
from services.console.report.period import Period
from services.console.report.tables import Column, Item, Table
from services.pacts.along import LookBackOutcome
from services.pacts.content import (
    ConclusionReason,
    DeclineReason,
    InterruptionReason,
    ResourceKind,
)
from services.pacts.life import DECIDED, State
from services.pacts.verifying import LEAST, MOST

NONE = Decimal("0.00")
TO_DO = "to_do"
EXITS = (
    *(f"{State.CONCLUDED}.{reason}" for reason in ConclusionReason),
    *(f"{State.INTERRUPTED}.{reason}" for reason in InterruptionReason),
    *(f"{State.DECLINED}.{reason}" for reason in DeclineReason),
    State.LAPSED.value,
)
"""Every way in which a pact ends, with its coded reason; that it lapsed has none."""


def pact_tables(told: Told, period: Period) -> Iterator[Table]:
    """The tables about all pacts."""
    pacts = told.pacts.values()
    yield Table.of(
        "proposals",
        (Column.PROPOSALS,),
        ("on_time", "late", "not_placed"),
        _proposals(told, period),
    )
    yield Table.of("decisions", (Column.PROPOSALS,), list(DECIDED), _decisions(pacts, period))
    yield Table.of("exits", (Column.PACTS,), EXITS, _exits(pacts, period))
    yield Table.of(
        "resources",
        (Column.RESOURCES, Column.HOURS),
        list(ResourceKind),
        (
            Item(each.kind, pact.family, (each.hours or NONE,))
            for pact in pacts
            if pact.under_way(period)
            for each in pact.resources.values()
        ),
    )
    yield Table.of(
        "goals",
        (Column.GOALS,),
        [str(rating) for rating in range(LEAST, MOST + 1)],
        _goals(pacts, period),
    )
    yield Table.of(
        "look_backs", (Column.PACTS,), [*LookBackOutcome, TO_DO], _look_backs(pacts, period)
    )


def _proposals(told: Told, period: Period) -> Iterator[Item]:
    """Each proposal sent in the period, as the committee marked it when it took it in."""
    marks = {None: "not_placed", False: "on_time", True: "late"}
    for id, pact in told.pacts.items():
        for number, day in pact.proposals.items():
            if period.holds(day):
                yield Item(marks[told.late.get((id, number))], pact.family)


def _decisions(pacts: Iterable[PactPath], period: Period) -> Iterator[Item]:
    """The newest decision on each proposal, if the period holds it.

    One that was corrected within the period is not counted beside the one that corrects it.
    """
    for pact in pacts:
        for day, outcome in (each[-1] for each in pact.decisions.values()):
            if period.holds(day):
                yield Item(outcome, pact.family)


def _exits(pacts: Iterable[PactPath], period: Period) -> Iterator[Item]:
    for pact in pacts:
        if period.holds(pact.ended_on):
            how = filter(None, (pact.state, pact.ended_because))
            yield Item(".".join(how), pact.family)


def _goals(pacts: Iterable[PactPath], period: Period) -> Iterator[Item]:
    """The newest rating in the period of each goal."""
    for pact in pacts:
        newest = {each.goal: each.rating for day, each in pact.ratings if period.holds(day)}
        for rating in newest.values():
            yield Item(str(rating), pact.family)


def _look_backs(pacts: Iterable[PactPath], period: Period) -> Iterator[Item]:
    """What came of looking back in the period; and what was still to be looked at on its last day.

    A pact whose family was erased is not to be looked at any more.
    """
    for pact in pacts:
        if pact.looked_back is not None:
            day, outcome = pact.looked_back
            if period.holds(day):
                yield Item(outcome, pact.family)
        elif pact.look_back_due is not None and pact.look_back_due <= period.last:
            yield Item(TO_DO, pact.family)
