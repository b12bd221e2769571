"""What should have happened by now: each is noted on its day, once, and not if it happened."""

from datetime import date

import pytest

from services.intake.codes import Direction, Dormancy, NoticeState, Outcome
from services.intake.family import Family
from tests.intake.moments import (
    CODE,
    DAY,
    REFERRED,
    certified,
    described,
    family,
    informed,
    referred,
    verified,
)
from tests.intake.test_family import erased, owed
from tests.intake.test_service import LEAD, TEAM, admit, bring_in, form
from tests.scenario import fact

# a family without microequipe, in words of the rule

ELIGIBLE = (referred, informed, described, certified, verified())


def dormant(since=DAY, on=date(2026, 4, 1)):
    return fact(Family.FamilyDormant, kind=Dormancy.WITHOUT_MICROEQUIPE, since=since, on=on)


def asked(*facts, on=date(2026, 4, 1), has_microequipe=False):
    return family(*facts).when(
        Family.note_that_no_microequipe_was_formed,
        has_microequipe=has_microequipe,
        days=30,
        on=on,
    )


@pytest.mark.parametrize(
    ("on", "noted"),
    [(date(2026, 3, 31), False), (date(2026, 4, 1), True), (date(2026, 4, 2), True)],
)
def test_thirty_days_without_microequipe_are_noted(on, noted):
    asked(*ELIGIBLE, on=on).then(*([dormant(on=on)] if noted else []))


@pytest.mark.parametrize(
    "facts",
    [
        (referred, informed),
        (*ELIGIBLE[:4], verified(Outcome.SUSPENDED)),
        (*ELIGIBLE, verified(Outcome.NOT_ELIGIBLE, number=2, directed_to=Direction.CAF)),
        (*ELIGIBLE, erased),
        (*ELIGIBLE, dormant()),
        (*ELIGIBLE, dormant(), verified(number=2, on=date(2026, 4, 15))),
    ],
    ids=["not verified", "suspended", "no longer", "erased", "noted", "verified again"],
)
def test_nothing_is_noted_twice_or_of_a_family_that_does_not_wait(facts):
    asked(*facts, on=date(2026, 6, 1)).then()


def test_a_family_that_has_its_microequipe_does_not_wait():
    asked(*ELIGIBLE, has_microequipe=True).then()


def test_a_second_verification_with_the_same_outcome_does_not_begin_anew():
    again = verified(number=2, on=date(2026, 3, 20))
    asked(*ELIGIBLE, again).then(dormant())


def test_a_family_that_meets_the_requirements_anew_waits_anew():
    lost = verified(Outcome.NOT_ELIGIBLE, number=2, directed_to=Direction.CAF, on=date(2026, 4, 5))
    found = verified(number=3, on=date(2026, 5, 4))
    asked(*ELIGIBLE, dormant(), lost, found, on=date(2026, 6, 2)).then()
    asked(*ELIGIBLE, dormant(), lost, found, on=date(2026, 6, 3)).then(
        dormant(date(2026, 5, 4), date(2026, 6, 3))
    )


# an information notice that is owed

given = fact(Family.InformationNoticeRecorded, state=NoticeState.GIVEN, due=None, on=REFERRED)


def overdue(on):
    return fact(Family.InformationNoticeOverdue, due=date(2026, 2, 12), on=on)


@pytest.mark.parametrize(
    ("on", "noted"),
    [(date(2026, 2, 11), False), (date(2026, 2, 12), False), (date(2026, 2, 13), True)],
)
def test_a_notice_that_was_not_given_is_noted_on_the_day_after_its_last(on, noted):
    family(referred, owed).when(Family.note_that_the_notice_is_overdue, on=on).then(
        *([overdue(on)] if noted else [])
    )


@pytest.mark.parametrize(
    "facts",
    [
        (referred,),
        (referred, informed),
        (referred, owed, given),
        (referred, owed, overdue(date(2026, 2, 13))),
        (referred, owed, erased),
    ],
    ids=["not recorded", "given", "given meanwhile", "noted", "erased"],
)
def test_a_notice_is_noted_once_and_only_while_it_is_owed(facts):
    family(*facts).when(Family.note_that_the_notice_is_overdue, on=date(2026, 6, 1)).then()


# the calendar, through the real store


def told(desk, contract):
    return [body for name, body in desk.told("lead") if name == f"intake/{contract}"]


def test_a_family_without_microequipe_is_told_of_once(desk):
    desk.days_pass(DAY)
    code = admit(desk)
    desk.days_pass(date(2026, 3, 31))
    assert told(desk, "family_dormant.v1") == []
    desk.days_pass(date(2026, 5, 1))
    assert told(desk, "family_dormant.v1") == [
        {
            "family": code,
            "kind": "without_microequipe",
            "since": "2026-03-02",
            "on": "2026-04-01",
        }
    ]


def test_a_microequipe_formed_meanwhile_leaves_nothing_to_note(desk):
    desk.days_pass(DAY)
    code = admit(desk)
    desk.days_pass(date(2026, 3, 31))
    form(desk, code, members=[TEAM[0], TEAM[1]], lead=LEAD)
    desk.days_pass(date(2026, 5, 1))
    assert "intake.FamilyDormant" not in desk.topics()


@pytest.mark.parametrize(
    ("day", "noted"),
    [(date(2026, 3, 11), 0), (date(2026, 3, 12), 1), (date(2026, 3, 13), 1)],
)
def test_the_days_are_those_of_the_guidelines(desk, day, noted):
    desk.hear_guidelines(2, "2026-02-01", dormant_without_microequipe_days=10)
    desk.days_pass(DAY)
    admit(desk)
    desk.days_pass(day)
    assert desk.topics().count("intake.FamilyDormant") == noted


def refer(desk):
    words = {"access_point": "cda", "on": "2026-03-02", "referral": {"person": "Prova Uno"}}
    code = desk.ask("refer_family", "verifier", **words)["family"]
    notice = {"family": code, "state": "owed", "on": "2026-03-02"}
    desk.ask("record_information_notice", "verifier", **notice)
    return code


def test_an_overdue_notice_is_told_of_once(desk):
    desk.days_pass(DAY)
    code = refer(desk)
    desk.days_pass(date(2026, 4, 2))
    assert told(desk, "information_notice_overdue.v1") == []
    desk.days_pass(date(2026, 4, 20))
    assert told(desk, "information_notice_overdue.v1") == [
        {"family": code, "due": "2026-04-02", "on": "2026-04-03"}
    ]


def test_a_notice_given_meanwhile_leaves_nothing_to_note(desk):
    desk.days_pass(DAY)
    code = refer(desk)
    desk.days_pass(date(2026, 4, 2))
    notice = {"family": code, "state": "given", "on": "2026-04-02"}
    desk.ask("record_information_notice", "verifier", **notice)
    desk.days_pass(date(2026, 4, 20))
    assert "intake.InformationNoticeOverdue" not in desk.topics()


def test_neighbours_wait_each_for_themselves(desk):
    desk.days_pass(DAY)
    first = admit(desk)
    desk.days_pass(date(2026, 3, 10))
    second = admit(desk)
    bring_in(desk)
    desk.days_pass(date(2026, 5, 1))
    assert [(body["family"], body["on"]) for body in told(desk, "family_dormant.v1")] == [
        (first, "2026-04-01"),
        (second, "2026-04-09"),
    ]
    assert CODE not in (first, second)
