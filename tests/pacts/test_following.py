from datetime import date

import pytest

from services.pacts.content import DropReason, Given, Received, SuspensionReason
from services.pacts.pact import Pact
from services.pacts.reciprocity import reciprocity
from services.pacts.refusals import (
    ActionNotPlanned,
    ActionNotStarted,
    ActionOver,
    NoSuchItem,
    NotAnActiveCommitment,
    NotAssistance,
    NothingLogged,
    NotInThePact,
    NotTheLead,
    QuantityNotPositive,
)
from tests.pacts.moments import (
    AUG_1,
    BY_MEMBER,
    JUL_1,
    JUN_1,
    SEP_1,
    active,
    eur,
    food_started,
    hours,
    suspended,
    verified,
)
from tests.scenario import THE_ONE, fact, given

food_completed = fact(Pact.ActionCompleted, action=1, on=JUL_1)
food_dropped = fact(Pact.ActionDropped, action=1, reason=DropReason.REPLACED, on=JUL_1)
food_dropped_at_once = (food_dropped,)


def test_a_planned_action_starts():
    given(*active).when(Pact.start_action, action=1, on=JUN_1).then(food_started)


@pytest.mark.parametrize(
    ("before", "progress"),
    [
        ((food_started,), "started"),
        ((food_started, food_completed), "completed"),
        (food_dropped_at_once, "dropped"),
    ],
)
def test_an_action_starts_once(before, progress):
    given(*active, *before).when(Pact.start_action, action=1, on=JUL_1).refuses(
        ActionNotPlanned, action=1, progress=progress
    )


def test_a_started_action_is_completed():
    given(*active, food_started).when(Pact.complete_action, action=1, on=JUL_1).then(food_completed)


@pytest.mark.parametrize(
    ("before", "progress"),
    [
        ((), "planned"),
        ((food_started, food_completed), "completed"),
        (food_dropped_at_once, "dropped"),
    ],
)
def test_only_a_started_action_is_completed(before, progress):
    given(*active, *before).when(Pact.complete_action, action=1, on=JUL_1).refuses(
        ActionNotStarted, action=1, progress=progress
    )


@pytest.mark.parametrize("reason", list(DropReason))
@pytest.mark.parametrize("before", [(), (food_started,)])
def test_an_action_that_is_not_over_is_dropped_for_a_reason(before, reason):
    given(*active, *before).when(Pact.drop_action, action=1, reason=reason, on=JUL_1).then(
        fact(Pact.ActionDropped, action=1, reason=reason, on=JUL_1)
    )


@pytest.mark.parametrize(
    ("before", "progress"),
    [((food_started, food_completed), "completed"), (food_dropped_at_once, "dropped")],
)
def test_an_action_that_is_over_is_not_dropped(before, progress):
    given(*active, *before).when(
        Pact.drop_action, action=1, reason=DropReason.HEALTH, on=JUL_1
    ).refuses(ActionOver, action=1, progress=progress)


@pytest.mark.parametrize("ask", [Pact.start_action, Pact.complete_action])
def test_an_action_that_the_pact_does_not_have_goes_nowhere(ask):
    given(*active).when(ask, action=9, on=JUL_1).refuses(NoSuchItem, action=9)


def test_what_the_family_pays_itself_is_logged_on_promotion():
    given(*active).when(
        Pact.log_restitution, action=2, done_on=JUL_1, on=JUL_1, eur=eur("30.00")
    ).then(fact(Pact.CommitmentLogged, given=Given(2, JUL_1, eur("30.00"), None, None)))


def test_active_commitment_is_not_logged_on_assistance():
    given(*active).when(
        Pact.log_restitution, action=1, done_on=JUL_1, on=JUL_1, hours=hours("1.00")
    ).refuses(NotAnActiveCommitment, action=1, dimension="assistance")


def test_help_is_logged_on_assistance():
    given(*active).when(
        Pact.log_help, action=1, received_on=JUN_1, on=JUL_1, eur=eur("75.00")
    ).then(fact(Pact.HelpLogged, received=Received(1, JUN_1, eur("75.00"), None)))
    given(*active).when(
        Pact.log_help, action=1, received_on=JUL_1, on=JUL_1, hours=hours("3.00")
    ).then(fact(Pact.HelpLogged, received=Received(1, JUL_1, None, hours("3.00"))))


@pytest.mark.parametrize(("action", "dimension"), [(2, "promotion"), (3, "restitution")])
def test_help_is_not_logged_on_active_commitment(action, dimension):
    given(*active).when(
        Pact.log_help, action=action, received_on=JUL_1, on=JUL_1, eur=eur("1.00")
    ).refuses(NotAssistance, action=action, dimension=dimension)


def test_what_was_logged_is_in_the_reciprocity_balance_of_the_pact():
    pact = given(
        *active,
        fact(Pact.HelpLogged, received=Received(1, JUN_1, eur("75.00"), None)),
        fact(Pact.CommitmentLogged, given=Given(3, JUN_1, None, hours("2.00"), None)),
        fact(Pact.CommitmentLogged, given=Given(2, JUL_1, None, hours("0.50"), None)),
    ).aggregate()
    both = reciprocity(pact.received, pact.given, JUL_1)
    assert (both.help_received.eur, both.active_commitment.hours) == (eur("75.00"), hours("2.50"))


def test_a_log_says_how_much():
    given(*active).when(Pact.log_restitution, action=3, done_on=JUL_1, on=JUL_1).refuses(
        NothingLogged, action=3
    )
    given(*active).when(Pact.log_help, action=1, received_on=JUL_1, on=JUL_1).refuses(
        NothingLogged, action=1
    )


@pytest.mark.parametrize("quantity", ["hours", "eur"])
@pytest.mark.parametrize(("amount", "allowed"), [("-0.01", False), ("0.00", False), ("0.01", True)])
def test_what_is_logged_is_above_zero(quantity, amount, allowed):
    for ask, action, day in (
        (Pact.log_restitution, 2, "done_on"),
        (Pact.log_help, 1, "received_on"),
    ):
        words = {"action": action, day: JUL_1, "on": JUL_1, quantity: eur(amount)}
        answer = given(*active).when(ask, **words)
        if allowed:
            assert answer.refusal is None
            assert len(answer.facts) == 1
        else:
            answer.refuses(QuantityNotPositive, quantity=quantity, value=amount)


@pytest.mark.parametrize(
    ("day", "inside"),
    [
        (date(2026, 5, 31), False),
        (date(2026, 6, 1), True),
        (date(2026, 7, 1), True),
        (date(2026, 7, 2), False),
    ],
)
def test_what_is_logged_happened_between_the_first_day_and_today(day, inside):
    for ask, action, name in (
        (Pact.log_restitution, 3, "done_on"),
        (Pact.log_help, 1, "received_on"),
    ):
        words = {"action": action, name: day, "on": JUL_1, "hours": hours("1.00")}
        answer = given(*active).when(ask, **words)
        if inside:
            assert answer.refusal is None
        else:
            answer.refuses(NotInThePact, day=day, active_from=JUN_1, today=JUL_1)


@pytest.mark.parametrize("reason", list(SuspensionReason))
def test_a_pact_rests_for_a_reason(reason):
    given(*active).when(Pact.suspend, reason=reason, on=JUL_1).then(
        fact(Pact.Suspended, reason=reason, on=JUL_1)
    )


def test_days_of_rest_do_not_count_towards_the_verification():
    given(*active, suspended).when(Pact.resume, on=AUG_1).then(
        fact(Pact.Resumed, on=AUG_1, verify_by=date(2026, 10, 2))
    )


def test_a_pact_that_runs_again_does_not_rest():
    resumed = fact(Pact.Resumed, on=AUG_1, verify_by=date(2026, 10, 2))
    pact = given(*active, suspended, resumed).aggregate()
    assert pact.suspended_on is None
    assert pact.verify_by == date(2026, 10, 2)


def test_a_rest_of_less_than_a_day_moves_nothing():
    given(*active, suspended).when(Pact.resume, on=JUL_1).then(
        fact(Pact.Resumed, on=JUL_1, verify_by=SEP_1)
    )


def test_a_verification_during_the_rest_counts_only_the_days_after_it():
    given(*active, suspended, verified).when(Pact.resume, on=date(2026, 8, 11)).then(
        fact(Pact.Resumed, on=date(2026, 8, 11), verify_by=date(2026, 11, 11))
    )


def test_a_verification_before_the_rest_does_not_shorten_it():
    rested = fact(Pact.Suspended, reason=SuspensionReason.AWAY, on=date(2026, 8, 10))
    given(*active, verified, rested).when(Pact.resume, on=date(2026, 8, 20)).then(
        fact(Pact.Resumed, on=date(2026, 8, 20), verify_by=date(2026, 11, 11))
    )


def test_only_the_lead_lets_a_pact_rest_and_run_again():
    given(*active).when(Pact.suspend, reason=SuspensionReason.WORK, on=JUL_1, by=BY_MEMBER).refuses(
        NotTheLead, pact=THE_ONE
    )
    given(*active, suspended).when(Pact.resume, on=AUG_1, by=BY_MEMBER).refuses(
        NotTheLead, pact=THE_ONE
    )
