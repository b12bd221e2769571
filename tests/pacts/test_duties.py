"""What the calendar asks, through the real store: each day once, also after an outage."""

from datetime import date, timedelta

import pytest

from services.pacts.life import State
from tests.pacts.moments import FAMILY, LEAD, MEMBER, MOTHER, SON


def approved(desk):
    desk.hear_guidelines()
    desk.hear_microequipe()
    desk.write_a_draft()
    desk.on(date(2026, 4, 9)).edit("propose")
    desk.on(date(2026, 5, 14)).hear_decision("approved")
    return desk


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (date(2026, 6, 12), State.APPROVED),
        (date(2026, 6, 13), State.APPROVED),
        (date(2026, 6, 14), State.LAPSED),
    ],
)
def test_an_unsigned_pact_lapses_on_the_day_after_the_last(desk, day, state):
    approved(desk).days_pass(day)
    assert desk.pact().state is state


def test_after_an_outage_a_pact_lapses_on_the_day_on_which_it_was_due(desk):
    approved(desk).days_pass(date(2026, 6, 1)).days_pass(date(2026, 8, 20))
    assert desk.pact().ended_on == date(2026, 6, 14)
    assert desk.topics().count("pacts.Lapsed") == 1


def test_a_pact_that_lapsed_leaves_the_family_free_for_the_next(desk):
    approved(desk).days_pass(date(2026, 6, 14))
    desk.ask("draft_again", family=desk.pact().family)
    assert desk.find(2).state is State.DRAFTED


def test_a_pact_that_everybody_signed_does_not_lapse(desk):
    approved(desk)
    for person in (SON, MOTHER, LEAD):
        desk.edit("sign", person=str(person))
    desk.days_pass(date(2026, 6, 14))
    assert desk.pact().state is State.SIGNED


def test_some_signatures_do_not_keep_a_pact_from_lapsing(desk):
    approved(desk).edit("sign", person=str(MOTHER))
    desk.days_pass(date(2026, 6, 14))
    assert desk.pact().state is State.LAPSED


def test_declining_in_time_is_not_followed_by_a_lapse(desk):
    approved(desk).edit("decline")
    desk.days_pass(date(2026, 6, 14))
    assert desk.topics()[-1] == "pacts.Declined"


@pytest.mark.parametrize(
    ("day", "noted"),
    [(date(2026, 8, 31), 0), (date(2026, 9, 1), 0), (date(2026, 9, 2), 1), (date(2026, 9, 9), 1)],
)
def test_an_overdue_verification_is_noted_on_the_day_after_the_last_and_once(desk, day, noted):
    desk.reach_the_active_pact()
    desk.days_pass(date(2026, 8, 30)).days_pass(day)
    assert desk.topics().count("pacts.VerificationOverdue") == noted


def test_days_of_rest_move_the_day_on_which_it_is_noted(desk):
    desk.reach_the_active_pact()
    desk.on(date(2026, 7, 1)).edit("suspend", reason="health")
    desk.days_pass(date(2026, 10, 1))
    assert "pacts.VerificationOverdue" not in desk.topics()
    desk.edit("resume")
    due = date(2026, 9, 1) + timedelta(days=92)
    assert desk.pact().verify_by == due
    desk.days_pass(due)
    assert "pacts.VerificationOverdue" not in desk.topics()
    desk.days_pass(due + timedelta(days=1))
    assert desk.topics()[-1] == "pacts.VerificationOverdue"


def test_after_a_verification_the_next_one_is_awaited(desk):
    desk.reach_the_active_pact()
    desk.days_pass(date(2026, 9, 2)).edit("verify", ratings={"1": 0}, family_present=True)
    desk.days_pass(date(2026, 12, 2))
    assert desk.topics().count("pacts.VerificationOverdue") == 1
    desk.days_pass(date(2026, 12, 3))
    assert desk.topics().count("pacts.VerificationOverdue") == 2


def test_a_pact_that_ended_owes_no_verification(desk):
    desk.reach_the_active_pact()
    desk.edit("verify", ratings={"1": 2}, family_present=True, final=True)
    desk.edit("conclude", reason="goals_reached")
    desk.days_pass(date(2026, 11, 30))
    assert desk.topics()[-2:] == ["pacts.Concluded", "pacts.LookBackSet"]


def concluded(desk):
    desk.reach_the_active_pact()
    desk.edit("verify", ratings={"1": 2}, family_present=True, final=True)
    desk.edit("conclude", reason="goals_reached")
    return desk


@pytest.mark.parametrize(
    ("day", "noted"),
    [
        (date(2026, 11, 30), []),
        (date(2026, 12, 1), ["pacts.LookBackDue"]),
        (date(2026, 12, 2), ["pacts.LookBackDue"]),
        (date(2026, 12, 31), ["pacts.LookBackDue"]),
        (date(2027, 1, 1), ["pacts.LookBackDue", "pacts.LookBackOverdue"]),
    ],
)
def test_a_look_back_is_noted_once_when_it_is_due_and_once_when_it_is_late(desk, day, noted):
    concluded(desk).days_pass(date(2026, 11, 29)).days_pass(day)
    assert [each for each in desk.topics() if each.startswith("pacts.LookBack")] == [
        "pacts.LookBackSet",
        *noted,
    ]
    assert desk.told("lead").count("pacts/look_back_due.v1") == min(len(noted), 1)


def test_after_somebody_looked_back_nothing_is_due(desk):
    concluded(desk).days_pass(date(2026, 12, 1))
    desk.edit("look_back", MEMBER, outcome="better", note="Lavora ancora")
    desk.days_pass(date(2027, 2, 1))
    assert desk.topics()[-1] == "pacts.LookedBack"


def test_on_an_erased_family_nobody_is_to_look_back(desk):
    concluded(desk)
    desk.hear("intake/family_erased.v1", {"family": FAMILY, "on": "2026-10-01"})
    desk.days_pass(date(2027, 2, 1))
    assert desk.topics()[-1] == "pacts.TextsErased"


@pytest.mark.parametrize(
    ("day", "noted"),
    [(date(2026, 6, 30), 0), (date(2026, 7, 1), 0), (date(2026, 7, 2), 1), (date(2026, 7, 9), 1)],
)
def test_an_unanswered_complaint_is_noted_after_its_last_day_and_once(desk, day, noted):
    desk.reach_the_active_pact()
    desk.edit("record_complaint", about="other", words="Nessuno risponde")
    desk.edit("record_complaint", about="other", words="Nessuno risponde al telefono")
    desk.edit("answer_complaint", complaint=2, words="Risponde Anna Inventata")
    desk.days_pass(date(2026, 6, 29)).days_pass(day)
    assert desk.topics().count("pacts.ComplaintOverdue") == noted
    assert desk.told("lead").count("pacts/complaint_overdue.v1") == noted


def test_a_complaint_of_an_erased_family_is_not_noted(desk):
    desk.reach_the_active_pact()
    desk.edit("record_complaint", about="other", words="Nessuno risponde")
    desk.hear("intake/family_erased.v1", {"family": FAMILY, "on": "2026-06-02"})
    desk.days_pass(date(2026, 7, 9))
    assert desk.topics()[-1] == "pacts.TextsErased"
