"""Urgent aid, expenses, support from elsewhere, and pacts that are amended, in numbers."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest

from services.console.report.hiding import published
from services.pacts.content import CommunityResource, ResourceKind
from services.pacts.difference import ActionChange, Difference, ResourceChange, What
from services.pacts.life import State
from services.pacts.pact import Pact
from tests.console.report.moments import FIRST, LAST, Life, counts, numbers, report_of
from tests.pacts.moments import COURSE, text

DAY = timedelta(days=1)
EARLIER, LATER = date(2025, 3, 3), date(2026, 7, 10)
MAR_2, APR_9 = date(2026, 3, 2), date(2026, 4, 9)
NONE, ONE, TEN = Decimal("0.00"), Decimal("1.00"), Decimal("10.00")
FIRM = CommunityResource(ResourceKind.FIRM, text(31), TEN)
DIFFERENCE = Difference(
    LATER,
    LATER,
    actions=(ActionChange(What.ADDED, 4, COURSE),),
    resources=(ResourceChange(What.ADDED, 9, FIRM),),
)


def under_way(number: int = 1) -> Life:
    return Life(number).way(EARLIER, EARLIER)


FACTS: dict[str, tuple[Callable[[date], Life], str, str]] = {
    "restitution with its kind": (
        lambda on: under_way().gave_back(on, 3, hours=ONE),
        "reciprocity",
        "restitution",
    ),
    "urgent aid": (lambda on: under_way().aided(on, ONE), "reciprocity", "urgent_aid"),
    "support": (lambda on: under_way().supported(on, ONE), "support", "other_support"),
    "a plan": (lambda on: under_way().planned(on, ONE), "expenses", "A.1"),
    "a commitment": (
        lambda on: under_way().planned(EARLIER, ONE).committed(on, ONE),
        "expenses",
        "A.1",
    ),
    "a payment": (lambda on: under_way().planned(EARLIER, ONE).paid(on, ONE), "expenses", "A.1"),
    "an amendment": (lambda on: under_way().amendment(on, DIFFERENCE), "proposals", "not_placed"),
    "what was decided on it": (
        lambda on: (
            under_way().amendment(EARLIER, DIFFERENCE).amendment_decided(on, Pact.AmendmentReturned)
        ),
        "decisions",
        "returned",
    ),
}


@pytest.mark.parametrize("kind", FACTS)
@pytest.mark.parametrize(
    ("on", "count"), [(FIRST - DAY, 0), (FIRST, 1), (LAST, 1), (LAST + DAY, 0)], ids=str
)
def test_a_fact_counts_from_the_first_to_the_last_day(kind: str, on: date, count: int) -> None:
    life, table, line = FACTS[kind]
    assert counts(report_of(life(on)), table).get(line, 0) == count


def test_expenses_by_budget_line() -> None:
    one = under_way(1).planned(MAR_2, TEN).committed(MAR_2, TEN).reduced(APR_9, TEN, ONE)
    one.planned(MAR_2, TEN, "B.2", number=2)
    other = under_way(2).planned(EARLIER, TEN).committed(EARLIER, TEN).paid(EARLIER, TEN)
    other.corrected(APR_9, TEN, ONE)
    report = report_of(one, other)
    assert numbers(report, "expenses")["expenses"] == {
        "A.1": (2, TEN, ONE, Decimal("-9.00")),
        "B.2": (1, TEN, NONE, NONE),
    }
    [expenses] = (each for each in report.tables if each.code == "expenses")
    assert expenses.total is not None
    assert expenses.total.values == (2, Decimal("20.00"), ONE, Decimal("-9.00"))


def test_urgent_aid_is_money_and_nothing_that_was_done_for_the_community() -> None:
    report = report_of(under_way().aided(MAR_2, ONE).aided(APR_9, TEN))
    assert numbers(report, "reciprocity")["reciprocity"] == {
        "urgent_aid": (1, NONE, Decimal("11.00"), 0)
    }


def test_support_from_elsewhere_is_told_in_hours_and_in_money() -> None:
    report = report_of(under_way().supported(MAR_2, TEN))
    assert numbers(report, "support")["support"] == {"other_support": (1, NONE, TEN)}


def test_without_expenses_there_is_no_line() -> None:
    [expenses] = (each for each in report_of().tables if each.code == "expenses")
    assert expenses.lines == ()
    assert expenses.total is not None
    assert expenses.total.count == 0


def test_amounts_of_few_families_are_hidden() -> None:
    lives = [under_way(number).planned(MAR_2, TEN) for number in range(9)]
    lives[0].planned(MAR_2, ONE, "B.2", number=2)
    [expenses] = (each for each in published(report_of(*lives)).tables if each.code == "expenses")
    assert {line.code: line.hidden for line in expenses.lines} == {"A.1": True, "B.2": True}


def test_an_amended_pact_goes_on() -> None:
    life = under_way().amendment(MAR_2, DIFFERENCE)
    life.amendment_decided(
        APR_9,
        Pact.Amended,
        outcome=State.APPROVED_WITH_CONDITIONS,
        conditions=(),
        difference=DIFFERENCE,
        heard_on=APR_9,
    )
    life.gave(LAST, 4, hours=TEN)
    report = report_of(life)
    assert counts(report, "phases") == {"under_way": 1}
    assert counts(report, "decisions") == {"approved_with_conditions": 1}
    assert numbers(report, "resources")["resources"] == {"firm": (1, TEN)}
    assert counts(report, "reciprocity") == {"promotion": 1}
    assert numbers(report, "waiting")["waiting"] == {"proposal_to_decision": (1, Decimal(38), 38)}


def test_an_approved_amendment_is_not_what_was_signed() -> None:
    life = Life().drafted(EARLIER).proposed(EARLIER).decided(EARLIER).signed(MAR_2)
    told = numbers(report_of(life), "waiting")["waiting"]["decision_to_signature"]
    life.amendment(APR_9, DIFFERENCE).amendment_decided(
        APR_9,
        Pact.Amended,
        outcome=State.APPROVED,
        conditions=(),
        difference=DIFFERENCE,
        heard_on=APR_9,
    )
    assert numbers(report_of(life), "waiting")["waiting"]["decision_to_signature"] == told


def test_what_was_not_approved_of_an_amendment_changes_nothing() -> None:
    life = under_way().amendment(MAR_2, DIFFERENCE)
    life.amendment_decided(APR_9, Pact.AmendmentNotApproved)
    report = report_of(life)
    assert counts(report, "decisions") == {"not_approved": 1}
    assert counts(report, "phases") == {"under_way": 1}
    assert counts(report, "resources") == {}


def test_what_is_paid_later_changes_nothing_and_what_is_recorded_later_does() -> None:
    life = under_way().planned(MAR_2, TEN)
    told = report_of(life)
    assert report_of(life.paid(LATER, ONE)) == told
    assert report_of(life.paid(LAST, ONE, recorded=LATER)) != told
