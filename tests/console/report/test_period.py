"""Which facts belong to a period: its edges, what comes later, what is corrected."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest

from services.console.report.period import NotOverYet, Period, PeriodReversed
from services.intake.codes import AccessPoint, Outcome
from services.pacts.along import LookBackOutcome
from services.pacts.content import ResourceKind
from services.pacts.life import State
from services.pacts.pact import Pact
from tests.console.report.moments import FIRST, HALF_YEAR, KNOWN, LAST, Life, counts, report_of
from tests.pacts import moments as pact_moments
from tests.scenario import fact

DAY = timedelta(days=1)
BEFORE, AFTER = FIRST - DAY, LAST + DAY
EARLIER = date(2025, 3, 3)
LATER = date(2026, 7, 10)
ONE = Decimal("1.00")


def under_way() -> Life:
    return Life().way(EARLIER, EARLIER)


FACTS: dict[str, tuple[Callable[[date], Life], str, str]] = {
    "a referral": (lambda on: Life().referred(on), "entries", "new"),
    "a step": (lambda on: Life().referred(EARLIER).team(on), "entries", "before"),
    "a verification": (
        lambda on: Life().referred(EARLIER).verified(on),
        "verifications",
        "eligible",
    ),
    "the end of a wait": (
        lambda on: Life().referred(EARLIER).verified(on),
        "waiting",
        "referral_to_verification",
    ),
    "a proposal": (lambda on: Life().drafted(EARLIER).proposed(on), "proposals", "on_time"),
    "a decision": (
        lambda on: Life().drafted(EARLIER).proposed(EARLIER).decided(on),
        "decisions",
        "approved",
    ),
    "an end": (lambda on: under_way().ended(on), "exits", "concluded.goals_reached"),
    "help": (lambda on: under_way().helped(on, eur=ONE), "reciprocity", "assistance"),
    "promotion": (lambda on: under_way().gave(on, 2, hours=ONE), "reciprocity", "promotion"),
    "restitution": (lambda on: under_way().gave(on, 3, hours=ONE), "reciprocity", "restitution"),
    "a look back": (
        lambda on: (
            Life()
            .way(EARLIER, EARLIER)
            .ended(EARLIER)
            .to_look_back(EARLIER, BEFORE)
            .looked_back(on, LookBackOutcome.BETTER)
        ),
        "look_backs",
        "better",
    ),
    "a rating": (lambda on: under_way().rated(on, 1), "goals", "1"),
}


@pytest.mark.parametrize("kind", FACTS)
@pytest.mark.parametrize(("on", "count"), [(BEFORE, 0), (FIRST, 1), (LAST, 1), (AFTER, 0)], ids=str)
def test_a_fact_counts_from_the_first_to_the_last_day(kind: str, on: date, count: int) -> None:
    life, table, line = FACTS[kind]
    assert counts(report_of(life(on)), table).get(line, 0) == count


@pytest.mark.parametrize(
    ("active", "ended", "reached"),
    [
        (EARLIER, BEFORE, 0),
        (EARLIER, FIRST, 1),
        (EARLIER, None, 1),
        (EARLIER, AFTER, 1),
        (LAST, None, 1),
        (AFTER, None, 0),
    ],
)
def test_a_pact_under_way_on_one_day_reaches_its_family(
    active: date, ended: date | None, reached: int
) -> None:
    life = Life().way(EARLIER, active).resource(EARLIER, ResourceKind.FIRM)
    if ended is not None:
        life.ended(ended)
    report = report_of(life)
    assert counts(report, "entries").get("before", 0) == reached
    assert counts(report, "resources").get("firm", 0) == reached


@pytest.mark.parametrize(
    ("change", "before", "after"),
    [
        (lambda on: Life().referred(EARLIER).described(on, 1).referred(FIRST), 1, 0),
        (lambda on: Life().referred(FIRST).described(FIRST, 1, 2).came(on, 3), 3, 2),
        (lambda on: Life().referred(FIRST).described(FIRST, 1, 2).gone(on, 2), 1, 2),
        (lambda on: Life().referred(FIRST).described(FIRST, 1, 2, 3).split(on, 2, 3), 1, 3),
    ],
)
def test_a_household_is_that_of_the_last_day(
    change: Callable[[date], Life], before: int, after: int
) -> None:
    for on, persons in ((LAST - DAY, before), (LAST, before), (AFTER, after)):
        assert sum(counts(report_of(change(on)), "persons").values()) == persons


@pytest.mark.parametrize(("on", "families"), [(LAST - DAY, 1), (LAST, 1), (AFTER, 2)], ids=str)
def test_a_family_with_two_codes_counts_once_from_the_day_on_which_a_person_said_so(
    on: date, families: int
) -> None:
    one = Life(1).referred(EARLIER, AccessPoint.CAV).described(EARLIER, 1).verified(FIRST)
    other = Life(2).referred(FIRST).described(FIRST, 1, 2).team(FIRST)
    report = report_of(one.joined(on, 2), other)
    assert sum(counts(report, "entries").values()) == families
    if families == 1:
        assert counts(report, "access_points") == {"cav": 1}
        assert counts(report, "entries") == {"before": 1}
        assert counts(report, "verifications") == {"eligible": 1}
        assert counts(report, "persons") == {"unknown": 2}
        assert counts(report, "phases") == {"microequipe": 1}


def test_of_two_referrals_on_one_day_that_of_the_code_which_goes_on_counts() -> None:
    one = Life(1).referred(FIRST, AccessPoint.CAV).joined(LAST, 2)
    other = Life(2).referred(FIRST, AccessPoint.CDA)
    assert counts(report_of(one, other), "access_points") == {"cda": 1}


def test_the_last_verification_under_either_code_says_where_the_family_stands() -> None:
    one = Life(1).referred(FIRST).verified(FIRST + DAY).joined(LAST, 2)
    other = Life(2).referred(FIRST).verified(FIRST, Outcome.NOT_ELIGIBLE)
    assert counts(report_of(one, other), "phases") == {"eligible": 1}


def test_a_family_that_was_sent_elsewhere_under_another_code_was_sent_elsewhere() -> None:
    one = Life(1).referred(FIRST).directed(FIRST + DAY).joined(LAST, 2)
    assert counts(report_of(one, Life(2).referred(FIRST)), "phases") == {"directed_elsewhere": 1}


@pytest.mark.parametrize("order", [(0, 1, 2), (1, 0, 2), (2, 1, 0)])
@pytest.mark.parametrize("circle", [False, True])
def test_who_was_told_under_another_code_only_is_not_lost(
    order: tuple[int, ...], circle: bool
) -> None:
    one = Life(1).referred(FIRST).described(FIRST, 1, 2, 3).joined(FIRST, 2)
    lives = (one, Life(2).referred(LAST, AccessPoint.CAV).joined(LAST, 3), Life(3))
    if circle:
        lives[2].joined(LAST, 1)
    report = report_of(*(lives[place] for place in order))
    assert counts(report, "access_points") == {"cda": 1}
    assert counts(report, "persons") == {"unknown": 3}


def test_what_was_joined_and_taken_back_is_two_families() -> None:
    one = Life(1).referred(FIRST).joined(FIRST, 2).parted(LAST)
    assert counts(report_of(one, Life(2).referred(FIRST)), "entries") == {"new": 2}


@pytest.mark.parametrize(("due", "to_do"), [(LAST - DAY, 1), (LAST, 1), (AFTER, 0)], ids=str)
def test_a_look_back_is_to_do_from_its_day_on(due: date, to_do: int) -> None:
    life = under_way().ended(EARLIER).to_look_back(EARLIER, due)
    assert counts(report_of(life), "look_backs").get("to_do", 0) == to_do
    life.looked_back(AFTER, LookBackOutcome.WORSE)
    assert counts(report_of(life), "look_backs").get("to_do", 0) == to_do
    life.on_pact(fact(Pact.TextsErased, on=FIRST), FIRST)
    assert counts(report_of(life), "look_backs") == {}


def test_what_happens_later_changes_nothing() -> None:
    life = under_way().referred(FIRST).described(FIRST, 1)
    told = report_of(life)
    life.ended(LATER).described(LATER, 1, 2, 3).helped(LATER, eur=ONE).drafted(LATER, number=2)
    life.verified(LATER, Outcome.NOT_ELIGIBLE).resource(LATER, ResourceKind.FIRM).rated(LATER, 2)
    life.to_look_back(LATER, LATER).looked_back(LATER, LookBackOutcome.BETTER)
    assert report_of(life) == told


def test_what_is_recorded_later_about_a_day_of_the_period_corrects_it() -> None:
    life = under_way().helped(LAST, recorded=LATER, eur=ONE)
    assert counts(report_of(life), "reciprocity") == {"assistance": 1}


def test_the_same_day_of_knowledge_gives_the_same_report() -> None:
    """What was handed in can be made again, whatever was recorded since."""
    handed_in = Period(FIRST, LAST, LATER - DAY)
    life = under_way()
    told = report_of(life, period=handed_in)
    life.helped(LAST, recorded=LATER, eur=ONE)
    assert report_of(life, period=handed_in) == told
    assert report_of(life, period=HALF_YEAR) != told


def test_an_action_may_be_heard_of_after_what_was_done_for_it() -> None:
    """The commitment has a day of the period, the action was recorded later: one is counted."""
    life = under_way()
    life.on_pact(pact_moments.kitchen_added, LATER, number=9).gave(
        LAST, 9, recorded=LATER, hours=ONE
    )
    assert counts(report_of(life), "reciprocity") == {"restitution": 1}


def test_what_is_done_for_an_action_that_an_amendment_added_counts() -> None:
    life = under_way().on_pact(pact_moments.amended, LATER)
    life.gave_back(LAST, 4, recorded=LATER, hours=ONE)
    assert counts(report_of(life), "reciprocity") == {"restitution": 1}


def test_the_committees_mark_counts_whenever_it_was_heard() -> None:
    life = Life().drafted(LAST).proposed(LAST, late=None)
    assert counts(report_of(life), "proposals") == {"not_placed": 1}
    life.placed(LATER, late=True)
    assert counts(report_of(life), "proposals") == {"late": 1}


def test_a_decision_counts_on_the_committees_day_not_on_the_day_it_was_heard() -> None:
    life = Life().drafted(EARLIER).proposed(EARLIER).decided(LAST, heard=LATER)
    assert counts(report_of(life), "decisions") == {"approved": 1}


@pytest.mark.parametrize(("on", "outcome"), [(LAST, "not_approved"), (AFTER, "approved")])
def test_a_correction_counts_in_the_period_of_its_own_day(on: date, outcome: str) -> None:
    life = Life().drafted(EARLIER).proposed(EARLIER).decided(FIRST)
    life.on_pact(pact_moments.taken_back, on, on=on).decided(on, State.NOT_APPROVED)
    assert counts(report_of(life), "decisions") == {outcome: 1}


def test_a_correction_in_a_later_period_counts_there() -> None:
    life = Life().drafted(EARLIER).proposed(EARLIER).decided(FIRST)
    life.on_pact(pact_moments.taken_back, AFTER, on=AFTER).decided(AFTER, State.NOT_APPROVED)
    then = Period(AFTER, LATER, KNOWN)
    assert counts(report_of(life, period=then), "decisions") == {"not_approved": 1}


@pytest.mark.parametrize(
    ("last", "known", "today", "refused"),
    [
        (LAST, None, LAST, {"day": LAST, "until": LAST - DAY}),
        (LAST, None, AFTER, None),
        (LAST, LAST, AFTER + DAY, None),
        (LAST, LAST - DAY, AFTER, {"day": LAST, "until": LAST - DAY}),
        (LAST, AFTER, AFTER, {"day": AFTER, "until": LAST}),
        (LAST, AFTER, AFTER + DAY, None),
    ],
)
def test_a_period_is_told_when_it_is_over(
    last: date, known: date | None, today: date, refused: dict[str, date] | None
) -> None:
    if refused is None:
        assert Period.told(FIRST, last, known, today) == Period(FIRST, last, known or today - DAY)
        return
    with pytest.raises(NotOverYet) as found:
        Period.told(FIRST, last, known, today)
    assert found.value.facts == NotOverYet(**refused).facts


@pytest.mark.parametrize("last", [BEFORE, FIRST, FIRST + DAY])
def test_a_period_has_a_day(last: date) -> None:
    if last >= FIRST:
        assert Period.told(FIRST, last, None, LATER).holds(FIRST)
        return
    with pytest.raises(PeriodReversed) as found:
        Period.told(FIRST, last, None, LATER)
    assert found.value.facts == PeriodReversed(first=FIRST, last=last).facts
