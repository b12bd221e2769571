from datetime import date

import pytest

from services.pacts.content import GoalRating, SuspensionReason, Verification
from services.pacts.pact import Pact
from services.pacts.refusals import GoalsNotRated, RatingOutOfRange
from tests.pacts.moments import (
    AUG_1,
    BY_MEMBER,
    OTHER_GOAL,
    OURSELVES,
    SEP_1,
    SEP_2,
    TERMS,
    active,
    suspended,
    text,
    verified,
)
from tests.scenario import fact, given

HELD = {"terms": TERMS, "on": AUG_1, "family_present": True}
noted = fact(Pact.VerificationOverdue, due=SEP_1, on=SEP_2)


def test_a_verification_rates_the_goals_and_sets_the_next_day():
    given(*active).when(Pact.verify, ratings={1: 0}, **HELD).then(verified)


def test_what_changes_and_who_was_there_is_kept():
    given(*active).when(
        Pact.verify,
        ratings={1: -1},
        terms=TERMS,
        on=AUG_1,
        family_present=False,
        changes=text(61),
        by=BY_MEMBER,
    ).then(
        fact(
            Pact.Verified,
            verification=Verification(AUG_1, False, False, (GoalRating(1, -1),), text(61)),
            next_by=date(2026, 11, 1),
            guidelines=1,
        )
    )


@pytest.mark.parametrize(
    ("rating", "allowed"), [(-3, False), (-2, True), (0, True), (2, True), (3, False)]
)
def test_a_goal_is_rated_from_minus_two_to_plus_two(rating, allowed):
    answer = given(*active).when(Pact.verify, ratings={1: rating}, **HELD)
    if allowed:
        assert answer.refusal is None
        assert len(answer.facts) == 1
    else:
        answer.refuses(RatingOutOfRange, goal=1, rating=rating)


def test_every_goal_is_rated_and_no_other():
    two_goals = (*active[:1], fact(Pact.GoalAdded, number=2, goal=OTHER_GOAL), *active[1:])
    given(*two_goals).when(Pact.verify, ratings={2: 1, 7: 0}, **HELD).refuses(
        GoalsNotRated, missing=[1], unknown=[7]
    )


def test_a_verification_is_held_while_the_pact_rests():
    given(*active, suspended).when(Pact.verify, ratings={1: 0}, **HELD).then(verified)


@pytest.mark.parametrize(
    ("day", "overdue"),
    [(date(2026, 8, 31), False), (date(2026, 9, 1), False), (date(2026, 9, 2), True)],
)
def test_a_verification_is_overdue_after_its_last_day(day, overdue):
    answer = given(*active).when(Pact.note_overdue_verification, on=day, by=OURSELVES)
    answer.then(*([fact(Pact.VerificationOverdue, due=SEP_1, on=day)] if overdue else []))


def test_an_overdue_verification_is_noted_once():
    given(*active, noted).when(
        Pact.note_overdue_verification, on=date(2026, 9, 3), by=OURSELVES
    ).then()


def test_after_a_verification_the_next_one_can_be_overdue_too():
    given(*active, noted, verified).when(
        Pact.note_overdue_verification, on=date(2026, 11, 2), by=OURSELVES
    ).then(fact(Pact.VerificationOverdue, due=date(2026, 11, 1), on=date(2026, 11, 2)))


def test_a_pact_that_rests_owes_no_verification():
    given(*active, suspended).when(Pact.note_overdue_verification, on=SEP_2, by=OURSELVES).then()


def test_what_a_rest_moved_is_overdue_only_after_the_new_day():
    rest = fact(Pact.Suspended, reason=SuspensionReason.AWAY, on=AUG_1)
    back = fact(Pact.Resumed, on=date(2026, 8, 11), verify_by=date(2026, 9, 11))
    story = given(*active, rest, back)
    story.when(Pact.note_overdue_verification, on=date(2026, 9, 11), by=OURSELVES).then()
    story.when(Pact.note_overdue_verification, on=date(2026, 9, 12), by=OURSELVES).then(
        fact(Pact.VerificationOverdue, due=date(2026, 9, 11), on=date(2026, 9, 12))
    )
