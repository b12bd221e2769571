"""Families left alone: rules, and what the calendar asks on a real store."""

from datetime import date

import pytest

from services.pacts.along import DormantKind
from services.pacts.pact import Pact
from tests.pacts.moments import (
    AUG_1,
    FAMILY,
    JUN_1,
    MAR_16,
    MAY_14,
    MEMBER,
    OURSELVES,
    TERMS,
    active,
    on_the_table,
    returned,
    suspended,
    written,
)
from tests.scenario import fact, given


def dormant(kind, since, on):
    return fact(Pact.FamilyDormant, kind=kind, since=since, on=on)


def unproposed(since, on):
    return dormant(DormantKind.WITHOUT_PROPOSAL, since, on)


def silent(since, on):
    return dormant(DormantKind.WITHOUT_FACT, since, on)


@pytest.mark.parametrize(
    ("facts", "since", "day", "noted"),
    [
        (written, MAR_16, date(2026, 5, 14), False),
        (written, MAR_16, date(2026, 5, 15), True),
        (written, MAR_16, date(2026, 5, 16), True),
        ((*on_the_table, returned), MAY_14, date(2026, 7, 12), False),
        ((*on_the_table, returned), MAY_14, date(2026, 7, 13), True),
        ((*on_the_table, returned), MAY_14, date(2026, 7, 14), True),
    ],
)
def test_a_draft_that_nobody_proposed_for_sixty_days_is_noted(facts, since, day, noted):
    words = {"last_fact": MAR_16, "terms": TERMS, "by": OURSELVES, "on": day}
    given(*facts).when(Pact.note_dormant, **words).then(
        *([unproposed(since, day)] if noted else [])
    )


@pytest.mark.parametrize(
    ("day", "noted"),
    [(date(2026, 7, 30), False), (date(2026, 7, 31), True), (date(2026, 8, 1), True)],
)
def test_an_active_pact_without_any_fact_for_sixty_days_is_noted(day, noted):
    words = {"last_fact": JUN_1, "terms": TERMS, "by": OURSELVES, "on": day}
    given(*active).when(Pact.note_dormant, **words).then(*([silent(JUN_1, day)] if noted else []))


def test_a_silence_is_noted_once_and_a_new_one_again():
    before = silent(JUN_1, date(2026, 7, 31))
    words = {"terms": TERMS, "by": OURSELVES, "on": date(2026, 12, 1)}
    given(*active, before).when(Pact.note_dormant, last_fact=JUN_1, **words).then()
    given(*active, before).when(Pact.note_dormant, last_fact=AUG_1, **words).then(
        silent(AUG_1, date(2026, 12, 1))
    )


@pytest.mark.parametrize(
    "facts", [on_the_table, (*active, suspended), (*active, fact(Pact.TextsErased, on=AUG_1))]
)
def test_what_rests_or_is_with_the_committee_or_was_erased_is_not_dormant(facts):
    words = {"last_fact": MAR_16, "terms": TERMS, "by": OURSELVES, "on": date(2027, 1, 1)}
    given(*facts).when(Pact.note_dormant, **words).then()


def told(desk):
    return [
        (each.kind, each.since, each.on)
        for each in desk.events()
        if each.TOPIC == "pacts.FamilyDormant"
    ]


@pytest.mark.parametrize(
    ("day", "noted"),
    [
        (date(2026, 5, 14), []),
        (date(2026, 5, 15), [("without_proposal", MAR_16, date(2026, 5, 15))]),
        (date(2026, 8, 1), [("without_proposal", MAR_16, date(2026, 5, 15))]),
    ],
)
def test_writing_a_draft_is_not_proposing_it(desk, day, noted):
    desk.hear_guidelines()
    desk.hear_microequipe()
    desk.days_pass(date(2026, 5, 10)).write_a_draft()
    desk.days_pass(day)
    assert told(desk) == noted
    assert desk.told("lead").count("pacts/family_dormant.v1") == len(noted)


def test_a_draft_that_waits_for_the_committee_is_not_dormant_and_one_that_it_returned_is(desk):
    desk.hear_guidelines()
    desk.hear_microequipe()
    desk.write_a_draft()
    desk.on(date(2026, 4, 9)).edit("propose")
    desk.days_pass(date(2026, 7, 1))
    assert told(desk) == []
    desk.hear_decision("returned")
    desk.days_pass(date(2026, 9, 1))
    assert told(desk) == [("without_proposal", date(2026, 7, 1), date(2026, 8, 30))]


def test_a_fact_that_somebody_records_begins_a_new_silence_and_what_a_duty_notes_does_not(desk):
    desk.reach_the_active_pact()
    help_received = {"action": 1, "received_on": "2026-07-20", "eur": "5"}
    desk.days_pass(date(2026, 7, 20)).edit("log_help", MEMBER, **help_received)
    desk.days_pass(date(2026, 9, 17))
    assert told(desk) == []
    assert "pacts.VerificationOverdue" in desk.topics()
    desk.days_pass(date(2026, 9, 18))
    first = ("without_fact", date(2026, 7, 20), date(2026, 9, 18))
    assert told(desk) == [first]
    desk.days_pass(date(2026, 10, 1)).edit("plan_visit", day="2026-10-05", place="home")
    desk.days_pass(date(2027, 1, 1))
    assert told(desk) == [first, ("without_fact", date(2026, 10, 1), date(2026, 11, 30))]


def test_a_pact_that_rests_is_not_dormant_until_it_goes_on(desk):
    desk.reach_the_active_pact()
    desk.edit("suspend", reason="health")
    desk.days_pass(date(2026, 9, 1)).edit("resume")
    desk.days_pass(date(2026, 10, 30))
    assert told(desk) == []
    desk.days_pass(date(2026, 10, 31))
    assert told(desk) == [("without_fact", date(2026, 9, 1), date(2026, 10, 31))]


def test_an_erased_family_is_left_alone(desk):
    desk.reach_the_active_pact()
    desk.hear("intake/family_erased.v1", {"family": FAMILY, "on": "2026-06-02"})
    desk.days_pass(date(2026, 10, 31))
    assert told(desk) == []
