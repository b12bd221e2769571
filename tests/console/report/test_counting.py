"""Given facts, then exactly these numbers."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from services.console.report.about_families import CLASSES, Person, age_class
from services.console.report.tables import Column, Line, Table
from services.console.report.telling import told_until
from services.intake.codes import AccessPoint, Outcome, Sex
from services.pacts.along import SetAsideBecause
from services.pacts.content import DeclineReason, InterruptionReason, ResourceKind
from services.pacts.life import State
from services.pacts.pact import Pact
from services.people.codes import OrganisationKind
from services.people.organisation import Organisation
from tests.console.report.moments import (
    FIRST,
    HALF_YEAR,
    LAST,
    Life,
    counts,
    happened,
    numbers,
    report_of,
)
from tests.pacts import moments as pact_moments
from tests.pacts.moments import text
from tests.scenario import THE_ONE, fact

FEB_2, FEB_9, MAR_2 = date(2026, 2, 2), date(2026, 2, 9), date(2026, 3, 2)
MAR_4, APR_9, APR_13 = date(2026, 3, 4), date(2026, 4, 9), date(2026, 4, 13)
MAY_14, MAY_20, JUN_1 = date(2026, 5, 14), date(2026, 5, 20), date(2026, 6, 1)
JUN_10, JUN_20 = date(2026, 6, 10), date(2026, 6, 20)
LONG_AGO = date(2025, 3, 3)


def eur(amount: str) -> Decimal:
    return Decimal(amount)


def approved_and_active() -> Life:
    """The whole way, with a proposal that was returned once."""
    life = Life(1).referred(FEB_2).described(FEB_2, 1, 2, 3).verified(FEB_9).team(MAR_2)
    life.drafted(MAR_4).resource(MAR_4, ResourceKind.VOLUNTEER, eur("20.00"))
    life.resource(MAR_4, ResourceKind.PARISH)
    life.proposed(APR_9).decided(APR_13, State.RETURNED)
    life.proposed(MAY_14, late=True, number=2).decided(MAY_20, number=2)
    life.signed(JUN_1).active(JUN_10)
    life.helped(JUN_10, eur=eur("120.50")).helped(JUN_20, eur=eur("30.00"), hours=eur("2.00"))
    life.gave(JUN_20, 2, hours=eur("6.00")).gave(JUN_20, 3, hours=eur("1.50"), works=text(5))
    return life.rated(JUN_20, -1, 2)


def refused() -> Life:
    life = Life(2).referred(FEB_9, AccessPoint.CAV).verified(FEB_9, Outcome.SUSPENDED)
    return life.verified(MAR_2, Outcome.NOT_ELIGIBLE).described(MAR_2, 1)


def interrupted() -> Life:
    """Under way since last year; its first goal was rated twice."""
    life = Life(3).way(LONG_AGO, LONG_AGO, AccessPoint.SOCIAL_SERVICES)
    life.resource(LONG_AGO, ResourceKind.VOLUNTEER, eur("10.00"))
    life.helped(LONG_AGO, eur=eur("999.00"))
    life.rated(FEB_2, 0).rated(MAR_2, 1)
    return life.ended(JUN_1, pact_moments.interrupted)


def only_last_year() -> Life:
    return Life(4).way(LONG_AGO, LONG_AGO).ended(date(2025, 12, 31))


LIVES = (approved_and_active(), refused(), interrupted(), only_last_year())


def test_a_half_year_in_numbers() -> None:
    persons = {
        Life(1).family: {
            1: Person(date(1980, 5, 5), Sex.MALE),
            2: Person(date(2012, 1, 1)),
            3: Person(sex=Sex.FEMALE),
        },
        # the second family was erased: nothing is known
    }
    assert numbers(report_of(*LIVES, persons=persons)) == {
        "access_points": {"cda": (1,), "cav": (1,), "servizi_sociali": (1,)},
        "entries": {"new": (2,), "before": (1,)},
        "phases": {"under_way": (1,), "not_eligible": (1,), "over": (1,)},
        "persons": {"6-14": (1,), "30-54": (1,), "unknown": (2,)},
        "sexes": {"f": (1,), "m": (1,), "not_stated": (2,)},
        "ages_and_sexes": {"6-14": (0, 0, 1), "30-54": (0, 1, 0), "unknown": (1, 0, 1)},
        "verifications": {"eligible": (1,), "not_eligible": (1,), "not_verified": (1,)},
        "waiting": {
            "referral_to_verification": (2, Decimal("14"), 21),
            "verification_to_microequipe": (1, Decimal(21), 21),
            "microequipe_to_draft": (1, Decimal(2), 2),
            "draft_to_proposal": (1, Decimal(36), 36),
            "proposal_to_decision": (2, Decimal(5), 6),
            "decision_to_signature": (1, Decimal(12), 12),
            "signature_to_activation": (1, Decimal(9), 9),
        },
        "proposals": {"on_time": (1,), "late": (1,)},
        "decisions": {"returned": (1,), "approved": (1,)},
        "exits": {"interrupted.moved_away": (1,)},
        "reciprocity": {
            "assistance": (1, eur("2.00"), eur("150.50"), 0),
            "promotion": (1, eur("6.00"), eur("0.00"), 0),
            "restitution": (1, eur("1.50"), eur("0.00"), 1),
        },
        "resources": {"volunteer": (2, eur("30.00")), "parish": (1, eur("0.00"))},
        "goals": {"-1": (1,), "1": (1,), "2": (1,)},
    }


def test_totals_are_those_of_the_lines() -> None:
    for table in report_of(*LIVES).tables:
        if table.total is not None and table.code != "expenses":
            assert table.total.count == sum(line.count for line in table.lines), table.code
    assert {each.code for each in report_of().tables if each.total is None} == {
        "ages_and_sexes",
        "waiting",
        "reciprocity",
        "support",
    }


def test_a_family_that_was_referred_twice_counts_once() -> None:
    life = Life(1).referred(FEB_2).verified(FEB_9, Outcome.NOT_ELIGIBLE)
    life.referred(MAR_2, AccessPoint.CAV).verified(MAR_4).team(MAR_4)
    life.drafted(MAR_4).ended(APR_9, pact_moments.declined).drafted(APR_13, number=2)
    report = report_of(life)
    assert counts(report, "access_points") == {"cav": 1}
    assert counts(report, "entries") == {"new": 1}
    assert counts(report, "phases") == {"draft": 1}
    assert counts(report, "verifications") == {"eligible": 1}
    assert numbers(report, "waiting")["waiting"]["microequipe_to_draft"] == (1, Decimal(0), 0)


def test_nothing_happened() -> None:
    assert numbers(report_of()) == {}
    assert all(not line.units for table in report_of().tables for line in table.lines)


@pytest.mark.parametrize(
    ("life", "phase"),
    [
        (Life().referred(FEB_2), "referred"),
        (Life().referred(FEB_2).verified(FEB_2, Outcome.SUSPENDED), "referred"),
        (Life().referred(FEB_2).directed(FEB_9), "directed_elsewhere"),
        (Life().referred(FEB_2).directed(FEB_9).verified(MAR_2), "eligible"),
        (Life().referred(FEB_2).verified(FEB_2, Outcome.NOT_ELIGIBLE), "not_eligible"),
        (Life().referred(FEB_2).verified(FEB_2), "eligible"),
        (Life().referred(FEB_2).verified(FEB_2).team(FEB_9), "microequipe"),
        (Life().referred(FEB_2).drafted(FEB_9), "draft"),
        (Life().drafted(FEB_9).proposed(FEB_9), "proposed"),
        (Life().drafted(FEB_9).proposed(FEB_9).decided(FEB_9, State.RETURNED), "draft"),
        (
            Life()
            .drafted(FEB_9)
            .proposed(FEB_9)
            .on_pact(
                fact(
                    Pact.ProposalSetAside,
                    proposal=1,
                    because=SetAsideBecause.FAMILY_ERASED,
                    on=MAR_2,
                ),
                MAR_2,
            ),
            "draft",
        ),
        (Life().drafted(FEB_9).proposed(FEB_9).decided(FEB_9), "to_sign"),
        (Life().drafted(FEB_9).proposed(FEB_9).decided(FEB_9, State.NOT_APPROVED), "over"),
        (
            Life().drafted(FEB_9).decided(FEB_9).on_pact(pact_moments.taken_back, MAR_2, on=MAR_2),
            "proposed",
        ),
        (Life().drafted(FEB_9).decided(FEB_9).signed(FEB_9), "to_sign"),
        (Life().way(FEB_2, FEB_9), "under_way"),
        (Life().way(FEB_2, FEB_9).on_pact(pact_moments.suspended, MAR_2, on=MAR_2), "under_way"),
        (Life().way(FEB_2, FEB_9).ended(MAR_2), "over"),
        (Life().drafted(FEB_9).decided(FEB_9).ended(MAR_2, pact_moments.lapsed), "over"),
    ],
)
def test_where_a_family_stands(life: Life, phase: str) -> None:
    assert counts(report_of(life), "phases") == {phase: 1}


def test_a_pact_that_rests_goes_on() -> None:
    life = Life().way(FEB_2, FEB_9).on_pact(pact_moments.suspended, MAR_2, on=MAR_2)
    life.on_pact(fact(Pact.Resumed, on=MAR_4, verify_by=JUN_1), MAR_4).ended(APR_9)
    assert counts(report_of(life), "exits") == {"concluded.goals_reached": 1}


@pytest.mark.parametrize(
    ("how", "line"),
    [
        (pact_moments.interrupted, "interrupted.moved_away"),
        (pact_moments.concluded, "concluded.goals_reached"),
        (pact_moments.declined, "declined.not_said"),
        (pact_moments.lapsed, "lapsed"),
    ],
)
def test_how_a_pact_ends(how: object, line: str) -> None:
    assert counts(report_of(Life().way(FEB_2, FEB_9).ended(MAR_2, how)), "exits") == {line: 1}


def test_every_reason_for_an_end_has_its_line() -> None:
    exits = next(each for each in report_of().tables if each.code == "exits")
    lines = {line.code for line in exits.lines}
    assert {f"interrupted.{each}" for each in InterruptionReason} < lines
    assert {f"declined.{each}" for each in DeclineReason} < lines


@pytest.mark.parametrize(
    ("days", "middle", "longest"),
    [((7,), "7", 7), ((7, 10), "8.5", 10), ((30, 7, 10), "10", 30), ((0, 0, 1, 4), "0.5", 4)],
)
def test_the_median_of_the_waits(days: tuple[int, ...], middle: str, longest: int) -> None:
    lives = [
        Life(number).referred(FEB_2).verified(FEB_2 + timedelta(days=wait))
        for number, wait in enumerate(days)
    ]
    found = numbers(report_of(*lives), "waiting")["waiting"]
    assert found == {"referral_to_verification": (len(days), Decimal(middle), longest)}


def test_a_suspended_verification_does_not_end_the_wait() -> None:
    life = Life().referred(FEB_2).verified(FEB_9, Outcome.SUSPENDED)
    assert counts(report_of(life), "waiting") == {}


def test_the_wait_for_a_decision_ends_with_the_first_one_though_it_was_corrected() -> None:
    life = Life().drafted(FEB_2).proposed(FEB_2).decided(FEB_9, State.NOT_APPROVED)
    life.on_pact(pact_moments.taken_back, MAR_2, on=MAR_2).decided(MAR_2)
    found = numbers(report_of(life), "waiting")["waiting"]
    assert found["proposal_to_decision"] == (1, Decimal(7), 7)


def test_the_wait_for_the_signatures_begins_with_the_decision_that_corrects() -> None:
    life = Life().drafted(FEB_2).proposed(FEB_2).decided(FEB_9, State.NOT_APPROVED)
    life.on_pact(pact_moments.taken_back, MAR_2, on=MAR_2).decided(MAR_2).signed(MAR_4)
    found = numbers(report_of(life), "waiting")["waiting"]
    assert found["decision_to_signature"] == (1, Decimal(2), 2)


def test_who_signs_on_the_day_of_the_decision_has_not_waited() -> None:
    life = Life().drafted(FEB_2).proposed(FEB_2).decided(FEB_9).signed(FEB_9)
    found = numbers(report_of(life), "waiting")["waiting"]
    assert found["decision_to_signature"] == (1, Decimal(0), 0)


@pytest.mark.parametrize(
    ("born", "years"),
    [
        (date(2026, 7, 1), "0-5"),
        (date(2026, 6, 30), "0-5"),
        (date(2020, 7, 1), "0-5"),
        (date(2020, 6, 30), "6-14"),
        (date(2011, 7, 1), "6-14"),
        (date(2011, 6, 30), "15-17"),
        (date(2008, 7, 1), "15-17"),
        (date(2008, 6, 30), "18-29"),
        (date(1996, 7, 1), "18-29"),
        (date(1996, 6, 30), "30-54"),
        (date(1971, 7, 1), "30-54"),
        (date(1971, 6, 30), "55-64"),
        (date(1961, 7, 1), "55-64"),
        (date(1961, 6, 30), "65+"),
        (date(1926, 1, 1), "65+"),
        (None, "unknown"),
    ],
)
def test_ages_on_the_last_day(born: date | None, years: str) -> None:
    assert age_class(born, LAST) == years
    assert years in CLASSES


def test_the_newest_household_counts() -> None:
    life = Life().referred(FEB_2).described(FEB_2, 1).described(MAR_2, 1, 2)
    persons = {life.family: {1: Person(date(1980, 1, 1)), 2: Person(date(2008, 6, 30))}}
    assert counts(report_of(life, persons=persons), "persons") == {"30-54": 1, "18-29": 1}


def test_who_was_asked_and_did_not_say_is_counted_with_who_was_not_asked() -> None:
    life = Life().referred(FEB_2).described(FEB_2, 1, 2)
    persons = {life.family: {1: Person(None, Sex.NOT_STATED), 2: Person()}}
    assert counts(report_of(life, persons=persons), "sexes") == {"not_stated": 2}


def test_a_resource_that_was_taken_out_does_not_count() -> None:
    life = Life().drafted(FEB_9).resource(FEB_9, ResourceKind.FIRM, eur("5.00"))
    number = life.events[-1].number
    life.on_pact(fact(Pact.ResourceRemoved, number=number), FEB_9)
    life.proposed(FEB_9).decided(FEB_9).signed(FEB_9).active(MAR_2)
    assert counts(report_of(life), "resources") == {}


def test_resources_of_a_pact_that_is_not_under_way_do_not_count() -> None:
    life = Life().drafted(FEB_9).resource(FEB_9, ResourceKind.FIRM, eur("5.00"))
    assert counts(report_of(life), "resources") == {}


def test_the_first_value_of_a_line_says_how_many_there_are() -> None:
    assert Line("a", (3, eur("20.00"), 7)).count == 3


def test_whoever_prints_a_line_or_a_table_sees_nobody_whom_it_is_about() -> None:
    line = Line("a", (1,), units=frozenset({"LEAD-2X8W5T-R"}))
    table = Table("t", (Column.FAMILIES,), (line,), within=frozenset({"LEAD-3C7M2K-P"}))
    assert "LEAD-" not in repr(table)


def test_a_report_bears_the_name_of_its_organisation_or_else_its_code() -> None:
    registered = fact(
        Organisation.Registered,
        code="lead",
        nature=OrganisationKind.MUNICIPALITY,
        name="Comune di Prova",
        lead=True,
        on=LONG_AGO,
    )
    life = Life()
    assert report_of(life).name == "lead"
    life.events.append(happened(registered, THE_ONE, LONG_AGO))
    assert report_of(life).name == "Comune di Prova"


def test_of_a_member_who_came_later_is_known_who_it_is() -> None:
    life = Life().referred(FEB_2).described(FEB_2, 1)
    before = told_until(life.events, LAST).families[life.family].sealed
    life.came(MAR_2, 2)
    assert told_until(life.events, LAST).families[life.family].sealed == (*before, text(9))


def test_a_line_that_no_table_has_is_a_defect() -> None:
    from services.console.report.tables import Column, Item

    with pytest.raises(AssertionError):
        Table.of("exits", (Column.PACTS,), ("known",), [Item("unheard of", 1)])


def test_other_facts_count_for_nothing() -> None:
    stranger = happened(pact_moments.goal_added, Life().pact, FIRST)
    life = Life()
    life.events.append(stranger)
    assert numbers(report_of(life, period=HALF_YEAR)) == {}
