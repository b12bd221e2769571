"""Second looks and complaints: who does something about them learns of them, and nobody else."""

from datetime import date
from typing import Any

import pytest

from tests.notify.test_season import (
    FAMILY,
    OURS,
    PACT,
    decided,
    drafted,
    guidelines,
    received,
    told,
    with_committee,
)
from tests.review.moments import MICROEQUIPE
from tests.review.office import Office


def asked(family: str = FAMILY) -> dict[str, Any]:
    words = {"pact": str(PACT), "proposal": 1, "family": family}
    return words | {"asked_on": "2026-06-01", "on": "2026-06-01"}


def answered(outcome: str, family: str = FAMILY) -> dict[str, Any]:
    reason = {"ref": "3f0e2d1c-0000-4000-8000-000000000011", "commitment": "0" * 64}
    words = {"pact": str(PACT), "proposal": 1, "family": family, "decision": 1}
    return words | {"outcome": outcome, "reason": reason, "on": "2026-06-01"}


def complained(about: str = "provider", family: str = FAMILY) -> dict[str, Any]:
    words = {"pact": str(PACT), "family": family, "complaint": 2, "about": about}
    return words | {"answer_by": "2026-07-01", "on": "2026-06-01"}


def unanswered(family: str = FAMILY) -> dict[str, Any]:
    words = {"pact": str(PACT), "family": family, "complaint": 2}
    return words | {"due": "2026-07-01", "on": "2026-07-02"}


def test_the_project_manager_learns_that_a_second_look_is_wanted(lead: Office, nord: Office):
    for office in (lead, nord):
        office.hear("pacts/second_look_asked.v1", asked(), "nord")
    assert told(lead) == [("second_look_asked", "lead:project_manager", None)]
    assert told(nord) == []


@pytest.mark.parametrize(("outcome", "due"), [("confirmed", None), ("reopened", "2026-06-20")])
def test_the_lead_of_the_microequipe_learns_what_it_found_and_when_it_is_decided_again(
    lead: Office, nord: Office, outcome: str, due: str | None
):
    nord.hear("pacts/pact_drafted.v1", drafted(), "nord")
    for office in (lead, nord):
        office.hear("review/second_look_answered.v1", answered(outcome))
    assert told(nord)[1:] == [(f"second_look_{outcome}", str(MICROEQUIPE), due)]
    assert told(lead) == []


def decided_once(lead: Office) -> None:
    """The committee approved the proposal on 14 July; the family asked for a second look."""
    with_committee(lead)
    lead.hear("review/proposal_received.v1", received())
    lead.begin_days()
    lead.live_until(date(2026, 7, 14))
    lead.hear("review/proposal_decided.v1", decided("approved"))


@pytest.mark.parametrize(
    ("on", "due"),
    [("2026-07-19", "2026-07-20"), ("2026-07-20", "2026-08-20"), ("2026-07-21", "2026-08-20")],
)
def test_what_is_reopened_awaits_a_decision_by_the_committees_next_day(
    lead: Office, on: str, due: str
):
    decided_once(lead)
    lead.live_until(date.fromisoformat(on))
    lead.hear("review/second_look_answered.v1", answered("reopened") | {"on": on})
    lead.live_until(date(2026, 8, 20))
    seats = ("lead:project_manager", "lead:case_manager", "nord:work_placement_head")
    assert told(lead) == [("reminder_decision", seat, due) for seat in seats]


def test_where_the_committee_does_not_meet_it_is_by_the_next_day_on_which_it_does(lead: Office):
    lead.hear("review/guidelines_issued.v1", guidelines(closed_months=[8]))
    decided_once(lead)
    lead.live_until(date(2026, 7, 20))
    reopened = answered("reopened") | {"on": "2026-07-20"}
    lead.hear("review/second_look_answered.v1", reopened)
    [*_, (_, moved)] = lead.facts("notify.DeadlineMoved")
    assert moved["due"] == "2026-09-20"


def test_what_was_decided_again_or_is_confirmed_is_not_reminded_of(lead: Office):
    decided_once(lead)
    lead.hear("review/second_look_answered.v1", answered("confirmed"))
    lead.hear("review/second_look_answered.v1", answered("reopened") | {"on": "2026-07-14"})
    lead.hear("review/proposal_decided.v1", decided("not_approved"))
    lead.live_until(date(2026, 8, 20))
    assert told(lead) == []


@pytest.mark.parametrize(
    ("about", "managers"),
    [("provider", 1), ("microequipe", 1), ("committee", 0)],
)
def test_a_complaint_reaches_who_sees_to_the_answer_and_not_whom_it_is_about(
    lead: Office, about: str, managers: int
):
    lead.hear("pacts/complaint_recorded.v1", complained(about, OURS))
    manager = ("complaint_recorded", "lead:project_manager", "2026-07-01")
    expected = [("complaint_recorded", "lead:administrator", "2026-07-01")]
    assert told(lead) == expected + [manager] * managers


def test_at_a_partner_its_own_administrators_see_to_it(nord: Office):
    nord.hear("pacts/complaint_recorded.v1", complained(), "nord")
    nord.hear("pacts/complaint_overdue.v1", unanswered(), "nord")
    assert told(nord) == [
        ("complaint_recorded", "nord:administrator", "2026-07-01"),
        ("complaint_overdue", "nord:administrator", "2026-07-01"),
    ]


WORDS = [
    ("pacts/second_look_asked.v1", asked(OURS), "NotOurs"),
    ("pacts/complaint_recorded.v1", complained(family=OURS), "NotOurs"),
    ("pacts/complaint_overdue.v1", unanswered(OURS), "NotOurs"),
    ("review/second_look_answered.v1", answered("confirmed", OURS), "NotFromTheLead"),
]


@pytest.mark.parametrize(("contract", "body", "refusal"), WORDS, ids=[w[0] for w in WORDS])
def test_nobody_speaks_for_another_organisation(
    lead: Office, contract: str, body: dict[str, Any], refusal: str
):
    lead.hear(contract, body, "nord")
    assert lead.refusals() == [(contract, refusal)]


@pytest.mark.parametrize(("contract", "body", "refusal"), WORDS, ids=[w[0] for w in WORDS])
def test_twice_is_once(lead: Office, contract: str, body: dict[str, Any], refusal: str):
    event = lead.hear(contract, body)
    before = lead.facts()
    lead.again(contract, body, "lead", event, lead.store.composition.policies[contract])
    assert lead.facts() == before
