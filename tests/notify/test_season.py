"""Who is told what, through the real store, at the lead and at a partner; and the reminders."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.kernel.ids import stream_id
from services.kernel.refusal import Refused
from services.notify.service import NotifyService
from services.review.guidelines import INITIAL
from tests.review.moments import CASE_1, CASE_2, HEAD, MANAGER, MICROEQUIPE, STRANGER, by, person
from tests.review.office import Office

FAMILY = "NORD-2X8W5T-R"
OURS = "LEAD-7K3M9Q-8"
PACT = stream_id("pact", FAMILY, 1)
REVIEW = stream_id("proposal", PACT, 1)
OPERATOR, MEMBER = person(21), person(22)
JUNE_9, JUNE_10 = date(2026, 6, 9), date(2026, 6, 10)

Told = list[tuple[str, str, str | None]]


def told(office: Office) -> Told:
    """Kind, recipient and due day of every notice, in order."""
    return [
        (state["what"], state["recipient"], state["due"])
        for _, state in office.facts("notify.NoticeRecorded")
    ]


def referred(family: str = FAMILY) -> dict[str, Any]:
    return {"family": family, "access_point": "cda", "on": "2026-06-01"}


def verified(outcome: str) -> dict[str, Any]:
    failed = [] if outcome == "eligible" else ["isee"]
    return {
        "family": FAMILY,
        "outcome": outcome,
        "failed": failed,
        "on": "2026-06-01",
        "guidelines": 1,
    }


def formed(case_manager: UUID | None = CASE_1) -> dict[str, Any]:
    return {
        "family": FAMILY,
        "microequipe": str(stream_id("microequipe", FAMILY)),
        "lead": str(MICROEQUIPE),
        "members": [str(MICROEQUIPE), str(MEMBER)],
        "case_manager": case_manager and str(case_manager),
        "on": "2026-06-01",
    }


def drafted(on: str = "2026-06-01") -> dict[str, Any]:
    return {"pact": str(PACT), "family": FAMILY, "lead": str(MICROEQUIPE), "on": on}


def proposed(number: int = 1) -> dict[str, Any]:
    return {
        "pact": str(PACT),
        "proposal": number,
        "family": FAMILY,
        "organisation": "nord",
        "lead": str(MICROEQUIPE),
        "case_manager": None,
        "on": "2026-06-04",
        "actions": [],
        "goals": 1,
        "capacities_linked": 1,
        "community_resources": 1,
    }


def about(**words: Any) -> dict[str, Any]:
    return {"pact": str(PACT), "proposal": 1, "family": FAMILY} | words


def received(late: bool = False) -> dict[str, Any]:
    return about(cycle="2026-07", late=late, decide_by="2026-07-20")


def decided(outcome: str, on: str = "2026-07-14") -> dict[str, Any]:
    votes = dict.fromkeys(("approve", "approve_with_conditions", "return", "not_approve"), 0)
    return about(
        cycle="2026-07",
        outcome=outcome,
        guidelines=1,
        on=on,
        votes=votes | {"recused": 0},
        by_quorum=True,
        conditions=[],
        reasons=[],
    )


def overdue() -> dict[str, Any]:
    return about(cycle="2026-07", carried_to="2026-08", on="2026-07-21")


def set_aside() -> dict[str, Any]:
    return about(because="family_erased", on="2026-07-14")


def docket() -> dict[str, Any]:
    return {
        "cycle": "2026-07",
        "proposals": [str(REVIEW)],
        "decide_by": "2026-07-20",
        "on": "2026-07-01",
    }


def guidelines(number: int = 1, begins: str = "2026-01-15", **changes: Any) -> dict[str, Any]:
    return {"number": number, "in_force_from": begins, "parameters": {**INITIAL, **changes}}


def role(who: UUID, role: str, organisation: str = "lead", body: str | None = None):
    return {
        "person": str(who),
        "role": role,
        "organisation": organisation,
        "body": body,
        "from": "2026-01-01",
        "until": None,
    }


def with_committee(office: Office) -> None:
    for who, what in (
        (MANAGER, "project_manager"),
        (CASE_1, "case_manager"),
        (CASE_2, "case_manager"),
    ):
        office.hear("people/role_assigned.v1", role(who, what))
    head = role(HEAD, "work_placement_head", "nord", "officina")
    office.hear("people/role_assigned.v1", head, "nord")


@pytest.mark.parametrize(
    ("outcome", "kind"),
    [
        ("eligible", "requirements_met"),
        ("not_eligible", "requirements_not_met"),
        ("suspended", "verification_suspended"),
    ],
)
def test_who_referred_a_family_learns_what_the_verification_found(
    nord: Office, outcome: str, kind: str
):
    referrer = f"nord/person/{OPERATOR}"
    nord.hear("intake/family_referred.v1", referred(), "nord", by=referrer)
    nord.hear("intake/eligibility_verified.v1", verified(outcome), "nord")
    assert told(nord) == [(kind, str(OPERATOR), None)]


def test_a_family_read_from_a_file_was_referred_by_the_access_points_operators(nord: Office):
    nord.hear("intake/family_referred.v1", referred(), "nord")
    nord.hear("intake/eligibility_verified.v1", verified("eligible"), "nord")
    assert told(nord) == [("requirements_met", "nord:access_point_operator", None)]


def test_a_verification_heard_before_its_referral_is_told_to_the_operators(nord: Office):
    nord.hear("intake/eligibility_verified.v1", verified("eligible"), "nord")
    assert told(nord) == [("requirements_met", "nord:access_point_operator", None)]


def test_every_verification_is_a_cause_of_its_own(nord: Office):
    for outcome in ("suspended", "eligible"):
        nord.hear("intake/eligibility_verified.v1", verified(outcome), "nord")
    assert [kind for kind, _, _ in told(nord)] == ["verification_suspended", "requirements_met"]


def test_everybody_of_a_microequipe_and_its_case_manager_learn_that_it_was_formed(nord: Office):
    nord.hear("intake/microequipe_formed.v1", formed(), "nord")
    assert told(nord) == [
        ("microequipe_formed", str(MICROEQUIPE), None),
        ("microequipe_formed", str(MEMBER), None),
        ("microequipe_formed", str(CASE_1), None),
    ]


def test_a_microequipe_without_a_case_manager(nord: Office):
    nord.hear("intake/microequipe_formed.v1", formed(case_manager=None), "nord")
    assert [recipient for _, recipient, _ in told(nord)] == [str(MICROEQUIPE), str(MEMBER)]


def test_the_lead_learns_of_the_draft_and_until_when_it_can_be_sent(nord: Office):
    nord.hear("pacts/pact_drafted.v1", drafted(), "nord")
    assert told(nord) == [("pact_drafted", str(MICROEQUIPE), "2026-06-10")]


def test_a_draft_is_reminded_of_before_the_day_for_the_next_committee_that_meets(nord: Office):
    nord.hear("review/guidelines_issued.v1", guidelines(closed_months=[7]))
    nord.hear("pacts/pact_drafted.v1", drafted(), "nord")
    assert told(nord) == [("pact_drafted", str(MICROEQUIPE), "2026-07-10")]
    nord.begin_days()
    nord.live_until(date(2026, 7, 6))
    assert len(told(nord)) == 1
    nord.live_until(date(2026, 7, 11))
    assert told(nord)[1:] == [("reminder_proposal", str(MICROEQUIPE), "2026-07-10")]


def test_a_month_that_is_closed_afterwards_moves_what_is_awaited(nord: Office):
    nord.hear("pacts/pact_drafted.v1", drafted(), "nord")
    nord.hear("review/guidelines_issued.v1", guidelines(closed_months=[7]))
    [(_, moved)] = nord.facts("notify.DeadlineMoved")
    assert (moved["due"], moved["remind_from"]) == ("2026-07-10", "2026-07-07")


def test_the_lead_gets_a_receipt_from_the_committee_only(nord: Office):
    nord.hear("pacts/pact_drafted.v1", drafted(), "nord")
    nord.hear("pacts/pact_proposed.v1", proposed(), "nord")
    assert len(told(nord)) == 1
    nord.hear("review/proposal_received.v1", received())
    assert told(nord)[1:] == [("proposal_received", str(MICROEQUIPE), "2026-07-20")]


def test_the_receipt_of_a_late_proposal_says_so(nord: Office):
    nord.hear("pacts/pact_drafted.v1", drafted(), "nord")
    nord.hear("review/proposal_received.v1", received(late=True))
    assert told(nord)[1:] == [("proposal_received_late", str(MICROEQUIPE), "2026-07-20")]


def test_a_receipt_heard_before_the_draft_is_told_to_the_leads_of_the_organisation(nord: Office):
    nord.hear("review/proposal_received.v1", received())
    assert told(nord) == [("proposal_received", "nord:microequipe_lead", "2026-07-20")]


def test_the_lead_organisation_does_not_write_to_a_partners_microequipe(lead: Office):
    with_committee(lead)
    lead.hear("pacts/pact_proposed.v1", proposed(), "nord")
    lead.hear("review/proposal_received.v1", received())
    lead.hear("review/proposal_decided.v1", decided("returned"))
    assert told(lead) == []


def test_every_role_of_the_committee_gets_the_docket(lead: Office):
    with_committee(lead)
    lead.hear("review/docket_set.v1", docket())
    assert told(lead) == [
        ("docket_set", "lead:project_manager", "2026-07-20"),
        ("docket_set", "lead:case_manager", "2026-07-20"),
        ("docket_set", "nord:work_placement_head", "2026-07-20"),
    ]


def head_gone(body: str) -> dict[str, Any]:
    ended = {"person": str(HEAD), "role": "work_placement_head", "organisation": "nord"}
    return ended | {"body": body, "on": "2026-05-31"}


def test_a_role_that_nobody_holds_any_more_gets_none(lead: Office):
    with_committee(lead)
    lead.hear("people/role_ended.v1", head_gone("officina"), "nord")
    lead.hear("review/docket_set.v1", docket())
    assert [recipient for _, recipient, _ in told(lead)] == [
        "lead:project_manager",
        "lead:case_manager",
    ]


def test_the_head_of_another_body_still_gets_the_docket(lead: Office):
    with_committee(lead)
    other = role(HEAD, "work_placement_head", "nord", "serra")
    lead.hear("people/role_assigned.v1", other, "nord")
    lead.hear("people/role_ended.v1", head_gone("serra"), "nord")
    lead.hear("review/docket_set.v1", docket())
    assert ("docket_set", "nord:work_placement_head", "2026-07-20") in told(lead)


@pytest.mark.parametrize(
    ("outcome", "due"),
    [
        ("approved", None),
        ("approved_with_conditions", None),
        ("returned", "2026-08-10"),
        ("not_approved", None),
    ],
)
def test_the_lead_learns_what_was_decided(nord: Office, outcome: str, due: str | None):
    nord.hear("pacts/pact_drafted.v1", drafted(), "nord")
    nord.hear("review/proposal_decided.v1", decided(outcome))
    assert told(nord)[1:] == [(f"proposal_{outcome}", str(MICROEQUIPE), due)]


def test_what_was_returned_by_mistake_is_awaited_no_more_and_what_was_approved_by_mistake_is(
    nord: Office,
):
    nord.hear("pacts/pact_drafted.v1", drafted(), "nord")
    nord.hear("pacts/pact_proposed.v1", proposed(), "nord")
    nord.begin_days()
    nord.hear("review/proposal_decided.v1", decided("returned", "2026-06-02"))
    nord.hear("review/proposal_decided.v1", decided("approved", "2026-06-02") | {"corrects": 1})
    nord.live_until(date(2026, 6, 10))
    assert [kind for kind, _, _ in told(nord)[1:]] == ["proposal_returned", "proposal_approved"]
    nord.hear("review/proposal_decided.v1", decided("returned", "2026-06-10") | {"corrects": 2})
    nord.live_until(date(2026, 6, 30))
    nord.live_until(date(2026, 7, 7))
    assert told(nord)[-1] == ("reminder_proposal", str(MICROEQUIPE), "2026-07-10")


def test_an_overdue_proposal_is_escalated_to_the_project_manager(lead: Office, nord: Office):
    nord.hear("pacts/pact_drafted.v1", drafted(), "nord")
    for office in (lead, nord):
        office.hear("review/proposal_overdue.v1", overdue())
    assert told(lead) == [("proposal_overdue", "lead:project_manager", "2026-08-20")]
    assert told(nord)[1:] == [("proposal_overdue", str(MICROEQUIPE), "2026-08-20")]


def test_the_lead_learns_of_signature_activation_and_verification(nord: Office):
    nord.hear("pacts/pact_drafted.v1", drafted(), "nord")
    pact = {"pact": str(PACT), "family": FAMILY, "on": "2026-08-01"}
    nord.hear("pacts/pact_signed.v1", pact, "nord")
    nord.hear("pacts/pact_activated.v1", pact | {"verify_by": "2026-11-01"}, "nord")
    nord.hear("pacts/pact_verified.v1", pact | {"next_by": "2027-02-01"}, "nord")
    assert told(nord)[1:] == [
        ("pact_signed", str(MICROEQUIPE), None),
        ("pact_activated", str(MICROEQUIPE), "2026-11-01"),
        ("pact_verified", str(MICROEQUIPE), "2027-02-01"),
    ]


def test_every_organisation_asks_its_own_committee_members_to_acknowledge_guidelines(
    lead: Office, nord: Office
):
    with_committee(lead)
    nord.hear(
        "people/role_assigned.v1", role(HEAD, "work_placement_head", "nord", "officina"), "nord"
    )
    for office in (lead, nord):
        office.hear("review/guidelines_issued.v1", guidelines())
    assert told(lead) == [
        ("guidelines_issued", "lead:project_manager", "2026-01-15"),
        ("guidelines_issued", "lead:case_manager", "2026-01-15"),
    ]
    assert told(nord) == [("guidelines_issued", "nord:work_placement_head", "2026-01-15")]


def test_an_open_draft_is_reminded_of_three_working_days_before_the_tenth(nord: Office):
    nord.hear("pacts/pact_drafted.v1", drafted(), "nord")
    nord.begin_days()
    nord.live_until(date(2026, 6, 4))
    assert len(told(nord)) == 1
    nord.live_until(date(2026, 6, 30))
    assert told(nord)[1:] == [("reminder_proposal", str(MICROEQUIPE), "2026-06-10")]
    nord.live_until(date(2026, 7, 31))
    assert told(nord)[2:] == [("reminder_proposal", str(MICROEQUIPE), "2026-07-10")]


def test_a_draft_that_was_sent_is_not_reminded_of(nord: Office):
    nord.hear("pacts/pact_drafted.v1", drafted(), "nord")
    nord.begin_days()
    nord.live_until(date(2026, 6, 4))
    nord.hear("pacts/pact_proposed.v1", proposed(), "nord")
    nord.live_until(date(2026, 7, 31))
    assert len(told(nord)) == 1


def test_a_returned_proposal_is_reminded_of_before_the_next_tenth(nord: Office):
    nord.hear("pacts/pact_drafted.v1", drafted(), "nord")
    nord.begin_days()
    nord.hear("pacts/pact_proposed.v1", proposed(), "nord")
    nord.live_until(date(2026, 7, 14))
    nord.hear("review/proposal_decided.v1", decided("returned"))
    nord.live_until(date(2026, 8, 9))
    assert told(nord)[1:] == [
        ("proposal_returned", str(MICROEQUIPE), "2026-08-10"),
        ("reminder_proposal", str(MICROEQUIPE), "2026-08-10"),
    ]
    nord.hear("pacts/pact_proposed.v1", proposed(2), "nord")
    nord.live_until(date(2026, 9, 15))
    assert len(told(nord)) == 3


def test_the_committee_is_reminded_of_what_is_undecided_before_the_twentieth(lead: Office):
    with_committee(lead)
    lead.hear("review/proposal_received.v1", received())
    lead.begin_days()
    lead.live_until(date(2026, 7, 14))
    assert told(lead) == []
    lead.live_until(date(2026, 7, 15))
    assert told(lead) == [
        ("reminder_decision", "lead:project_manager", "2026-07-20"),
        ("reminder_decision", "lead:case_manager", "2026-07-20"),
        ("reminder_decision", "nord:work_placement_head", "2026-07-20"),
    ]
    lead.live_until(date(2026, 7, 21))
    lead.hear("review/proposal_overdue.v1", overdue())
    lead.live_until(date(2026, 8, 20))
    assert [due for kind, _, due in told(lead)[3:] if kind == "reminder_decision"] == (
        ["2026-08-20"] * 3
    )


ENDS = [
    ("review/proposal_decided.v1", decided("approved")),
    ("review/proposal_set_aside.v1", set_aside()),
    ("pacts/amendment_withdrawn.v1", about(on="2026-07-14")),
]


@pytest.mark.parametrize(("contract", "words"), ENDS, ids=[contract for contract, _ in ENDS])
def test_nobody_is_reminded_of_what_was_decided_set_aside_or_withdrawn(
    lead: Office, contract: str, words: dict[str, Any]
):
    with_committee(lead)
    lead.hear("review/proposal_received.v1", received())
    lead.begin_days()
    lead.live_until(date(2026, 7, 14))
    lead.hear(contract, words, "nord" if contract.startswith("pacts/") else "lead")
    lead.live_until(date(2026, 7, 21))
    assert told(lead) == []


def test_a_partner_has_no_committee_to_remind(nord: Office):
    nord.hear("review/proposal_received.v1", received())
    nord.begin_days()
    nord.live_until(date(2026, 7, 21))
    assert len(told(nord)) == 1


def test_the_lead_is_reminded_of_a_verification(nord: Office):
    nord.hear("pacts/pact_drafted.v1", drafted(), "nord")
    nord.hear("pacts/pact_proposed.v1", proposed(), "nord")
    pact = {"pact": str(PACT), "family": FAMILY, "on": "2026-06-01"}
    nord.hear("pacts/pact_activated.v1", pact | {"verify_by": "2026-06-19"}, "nord")
    nord.begin_days()
    nord.live_until(date(2026, 6, 16))
    assert told(nord)[2:] == [("reminder_verification", str(MICROEQUIPE), "2026-06-19")]
    nord.hear("pacts/pact_verified.v1", pact | {"next_by": "2026-09-18"}, "nord")
    nord.live_until(date(2026, 9, 15))
    assert told(nord)[4:] == [("reminder_verification", str(MICROEQUIPE), "2026-09-18")]


def test_the_days_are_those_of_the_guidelines_in_force_on_them(nord: Office):
    nord.hear("review/guidelines_issued.v1", guidelines(proposals_by_day=15))
    nord.hear("review/guidelines_issued.v1", guidelines(2, "2026-07-01", proposals_by_day=5))
    nord.hear("pacts/pact_drafted.v1", drafted(), "nord")
    assert told(nord) == [("pact_drafted", str(MICROEQUIPE), "2026-06-15")]
    nord.begin_days()
    nord.live_until(date(2026, 7, 5))
    assert told(nord)[1:] == [
        ("reminder_proposal", str(MICROEQUIPE), "2026-06-15"),
        ("reminder_proposal", str(MICROEQUIPE), "2026-07-05"),
    ]


def test_new_guidelines_move_what_is_awaited_already(nord: Office):
    nord.hear("pacts/pact_drafted.v1", drafted(), "nord")
    nord.hear("review/guidelines_issued.v1", guidelines(proposals_by_day=15))
    nord.begin_days()
    nord.live_until(date(2026, 6, 9))
    assert len(told(nord)) == 1
    nord.live_until(date(2026, 6, 10))
    assert told(nord)[1:] == [("reminder_proposal", str(MICROEQUIPE), "2026-06-15")]


def test_new_guidelines_do_not_move_what_was_sent(nord: Office):
    nord.hear("pacts/pact_drafted.v1", drafted(), "nord")
    nord.hear("pacts/pact_proposed.v1", proposed(), "nord")
    nord.hear("review/guidelines_issued.v1", guidelines(proposals_by_day=15))
    assert nord.facts("notify.DeadlineMoved") == []


def test_after_an_outage_reminders_of_days_gone_by_go_out_once_each(nord: Office):
    nord.hear("pacts/pact_drafted.v1", drafted(), "nord")
    nord.begin_days()
    nord.day = date(2026, 7, 14)
    nord.live_until(date(2026, 7, 15))
    assert [due for _, _, due in told(nord)[1:]] == ["2026-06-10", "2026-07-10"]


RUNNING = {"pact": str(PACT), "family": FAMILY, "on": "2026-06-01"}
ACTIVATED = RUNNING | {"verify_by": "2026-06-19"}


def with_a_running_pact(nord: Office) -> Office:
    """Nobody is told anything before the first reminder, on 16 June."""
    nord.hear("pacts/pact_drafted.v1", drafted(), "nord")
    nord.hear("pacts/pact_proposed.v1", proposed(), "nord")
    nord.hear("pacts/pact_activated.v1", ACTIVATED, "nord")
    nord.begin_days()
    assert len(told(nord)) == 2
    return nord


def changed(family: str = FAMILY) -> dict[str, Any]:
    who = {"lead": str(MEMBER), "members": [str(MEMBER)], "case_manager": None}
    microequipe = str(stream_id("microequipe", family))
    on = {"change": "lead_handed_over", "on": "2026-06-02"}
    return {"family": family, "microequipe": microequipe, **who, **on}


def test_who_took_over_the_lead_is_reminded(nord: Office):
    nord.hear("pacts/pact_drafted.v1", drafted(), "nord")
    nord.begin_days()
    for _ in range(2):
        nord.hear("intake/microequipe_changed.v1", changed(), "nord")
    assert len(nord.facts("notify.LeadKnown")) == 2
    nord.live_until(date(2026, 6, 9))
    assert told(nord)[1:] == [("reminder_proposal", str(MEMBER), "2026-06-10")]


def test_the_lead_organisation_keeps_no_leads_of_partners(lead: Office):
    lead.hear("intake/microequipe_changed.v1", changed(), "nord")
    assert lead.facts() == []


def test_a_pact_that_rests_is_not_reminded_of_until_it_runs_again(nord: Office):
    with_a_running_pact(nord)
    suspended = RUNNING | {"reason": "health", "on": "2026-06-10"}
    nord.hear("pacts/pact_suspended.v1", suspended, "nord")
    nord.hear("pacts/pact_verified.v1", RUNNING | {"next_by": "2026-06-30"}, "nord")
    nord.live_until(date(2026, 7, 10))
    assert told(nord)[2:] == [("pact_verified", str(MICROEQUIPE), "2026-06-30")]
    resumed = RUNNING | {"on": "2026-07-10", "verify_by": "2026-07-29"}
    nord.hear("pacts/pact_resumed.v1", resumed, "nord")
    nord.live_until(date(2026, 8, 1))
    assert told(nord)[3:] == [("reminder_verification", str(MICROEQUIPE), "2026-07-29")]


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [("concluded", "goals_reached"), ("interrupted", "moved_away")],
)
def test_a_pact_that_ended_is_not_reminded_of(nord: Office, outcome: str, reason: str):
    with_a_running_pact(nord)
    ended = RUNNING | {"outcome": outcome, "reason": reason}
    nord.hear("pacts/pact_ended.v1", ended, "nord")
    nord.live_until(date(2026, 7, 1))
    assert len(told(nord)) == 2


@pytest.mark.parametrize("outcome", ["declined", "lapsed"])
def test_a_pact_that_never_began_is_not_reminded_of(nord: Office, outcome: str):
    nord.hear("pacts/pact_drafted.v1", drafted(), "nord")
    nord.begin_days()
    nord.hear("pacts/pact_ended.v1", RUNNING | {"outcome": outcome, "reason": None}, "nord")
    nord.live_until(date(2026, 7, 10))
    assert len(told(nord)) == 1


def test_the_lead_learns_that_a_verification_is_overdue(nord: Office):
    with_a_running_pact(nord)
    overdue = RUNNING | {"due": "2026-06-19", "on": "2026-06-20"}
    nord.hear("pacts/verification_overdue.v1", overdue, "nord")
    assert told(nord)[2:] == [("verification_overdue", str(MICROEQUIPE), "2026-06-19")]


SUBJECT = stream_id("family", FAMILY)
ERASED = {"family": FAMILY, "on": "2026-06-02"}
REASON = "3f0e2d1c-0000-4000-8000-000000000001"


def with_reason(outcome: str) -> dict[str, Any]:
    return decided(outcome) | {"reasons": [{"ref": REASON, "commitment": "0" * 64}]}


def test_nobody_is_reminded_of_an_erased_family(nord: Office):
    nord.hear("intake/microequipe_formed.v1", formed(), "nord")
    nord.hear("pacts/pact_drafted.v1", drafted(), "nord")
    nord.begin_days()
    before = told(nord)
    nord.hear("intake/family_erased.v1", ERASED, "nord")
    nord.hear("intake/family_erased.v1", ERASED, "nord")
    assert nord.facts("notify.FamilyErased") == [("notify.FamilyErased", {"on": "2026-06-01"})]
    assert len(nord.facts("notify.DeadlineMet")) == 1
    nord.live_until(date(2026, 7, 10))
    assert told(nord) == before


def test_words_that_come_after_the_erasure_bring_no_deadline_back(nord: Office):
    nord.hear("intake/family_erased.v1", ERASED, "nord")
    pact = {"pact": str(PACT), "family": FAMILY, "on": "2026-06-01"}
    nord.hear("pacts/pact_drafted.v1", drafted(), "nord")
    nord.hear("pacts/pact_activated.v1", pact | {"verify_by": "2026-06-19"}, "nord")
    assert nord.facts("notify.DeadlineSet") == []


def test_a_proposal_that_is_returned_after_the_erasure_is_not_awaited_again(nord: Office):
    nord.hear("pacts/pact_drafted.v1", drafted(), "nord")
    nord.hear("intake/family_erased.v1", ERASED, "nord")
    nord.hear("review/proposal_decided.v1", decided("returned"))
    assert nord.facts("notify.DeadlineMoved") == []


@pytest.mark.parametrize("late", [False, True])
def test_what_the_committee_disclosed_about_an_erased_family_is_not_kept(lead: Office, late: bool):
    """Also where nobody has any use for it: what comes beside the words of others is kept."""
    words = [
        lambda: lead.hear(
            "review/proposal_decided.v1",
            with_reason("returned"),
            parts={REASON: "Una ragione."},
            about=SUBJECT,
        ),
        lambda: lead.hear("intake/family_erased.v1", ERASED, "nord"),
    ]
    held = []
    for say in reversed(words) if late else words:
        say()
        held.append(lead.texts())
    assert held == ([[], []] if late else [["action"], []])


WORDS: list[tuple[str, dict[str, Any], str]] = [
    ("people/role_assigned.v1", role(MANAGER, "project_manager"), "lead"),
    ("review/guidelines_issued.v1", guidelines(), "lead"),
    ("review/proposal_received.v1", received(), "lead"),
    ("review/docket_set.v1", docket(), "lead"),
    ("review/proposal_overdue.v1", overdue(), "lead"),
    ("review/proposal_set_aside.v1", set_aside(), "lead"),
    ("review/proposal_decided.v1", decided("returned"), "lead"),
    (
        "people/role_ended.v1",
        {
            "person": str(MANAGER),
            "role": "project_manager",
            "organisation": "lead",
            "body": None,
            "on": "2026-12-31",
        },
        "lead",
    ),
    ("intake/family_referred.v1", referred(OURS), "lead"),
    ("intake/eligibility_verified.v1", verified("eligible") | {"family": OURS}, "lead"),
    ("intake/microequipe_formed.v1", formed() | {"family": OURS}, "lead"),
    ("pacts/pact_drafted.v1", drafted() | {"family": OURS}, "lead"),
    ("intake/microequipe_changed.v1", changed(OURS), "lead"),
    ("pacts/pact_activated.v1", ACTIVATED | {"family": OURS}, "lead"),
    (
        "pacts/verification_overdue.v1",
        RUNNING | {"family": OURS, "due": "2026-06-19"},
        "lead",
    ),
    ("pacts/pact_suspended.v1", RUNNING | {"family": OURS, "reason": "away"}, "lead"),
    ("pacts/pact_resumed.v1", ACTIVATED | {"family": OURS}, "lead"),
    ("pacts/pact_ended.v1", RUNNING | {"family": OURS, "outcome": "concluded"}, "lead"),
    ("intake/family_erased.v1", ERASED | {"family": OURS}, "lead"),
    ("pacts/pact_proposed.v1", proposed() | {"organisation": "lead", "family": OURS}, "lead"),
]


@pytest.mark.parametrize(("contract", "body", "organisation"), WORDS, ids=[w[0] for w in WORDS])
def test_twice_is_once(lead: Office, contract: str, body: dict[str, Any], organisation: str):
    """The same words applied again in the same transaction of the same event add nothing."""
    policy = lead.store.composition.policies[contract]
    for each in WORDS[: WORDS.index((contract, body, organisation))]:
        lead.hear(*each)
    event = lead.hear(contract, body, organisation)
    before = lead.facts()
    lead.again(contract, body, organisation, event, policy)
    assert lead.facts() == before


def test_two_families_do_not_interfere(lead: Office):
    other = drafted() | {"family": OURS, "pact": str(stream_id("pact", OURS, 1))}
    lead.hear("pacts/pact_drafted.v1", other, "lead")
    lead.hear("review/proposal_received.v1", received())
    lead.hear("pacts/pact_proposed.v1", proposed(), "nord")
    lead.begin_days()
    lead.live_until(JUNE_9)
    assert [kind for kind, _, _ in told(lead)] == ["pact_drafted", "reminder_proposal"]


@pytest.mark.parametrize(
    ("contract", "body", "organisation", "refusal"),
    [
        ("intake/family_referred.v1", referred(), "nord", "NotOurs"),
        ("intake/eligibility_verified.v1", verified("eligible"), "nord", "NotOurs"),
        ("intake/microequipe_formed.v1", formed(), "nord", "NotOurs"),
        ("intake/family_erased.v1", {"family": OURS}, "nord", "NotOurs"),
        ("intake/microequipe_changed.v1", changed(OURS), "nord", "NotOurs"),
        ("pacts/verification_overdue.v1", {}, "nord", "NotOurs"),
        ("pacts/pact_suspended.v1", {}, "nord", "NotOurs"),
        ("pacts/pact_resumed.v1", {}, "nord", "NotOurs"),
        ("pacts/pact_ended.v1", {}, "nord", "NotOurs"),
        ("pacts/pact_drafted.v1", drafted(), "nord", "NotOurs"),
        ("pacts/pact_signed.v1", {"pact": str(PACT), "family": FAMILY}, "nord", "NotOurs"),
        ("pacts/amendment_withdrawn.v1", about(), "lead", "NotOurs"),
        ("review/proposal_received.v1", received(), "nord", "NotFromTheLead"),
        ("review/docket_set.v1", docket(), "nord", "NotFromTheLead"),
        ("review/proposal_decided.v1", decided("approved"), "nord", "NotFromTheLead"),
        ("review/proposal_overdue.v1", overdue(), "nord", "NotFromTheLead"),
        ("review/proposal_set_aside.v1", set_aside(), "nord", "NotFromTheLead"),
        ("review/guidelines_issued.v1", guidelines(), "nord", "NotFromTheLead"),
        ("people/role_assigned.v1", role(STRANGER, "project_manager"), "nord", "NotOurs"),
    ],
)
def test_nobody_speaks_for_another_organisation(
    lead: Office, contract: str, body: dict[str, Any], organisation: str, refusal: str
):
    lead.hear(contract, body, organisation)
    assert lead.refusals() == [(contract, refusal)]
    assert [topic for topic, _ in lead.facts()] == ["kernel.LineOpened", "kernel.WordsRefused"]


READER = by(STRANGER, "auditor")


def test_notices_are_found_by_family_by_pact_and_by_day(lead: Office):
    with_committee(lead)
    lead.hear("intake/eligibility_verified.v1", verified("eligible") | {"family": OURS}, "lead")
    ours = drafted() | {"family": OURS}
    lead.hear("pacts/pact_drafted.v1", ours, "lead")
    lead.live_until(date(2026, 6, 2))
    lead.hear("review/docket_set.v1", docket())

    def found(**words: Any) -> list[str]:
        answer = lead.call(NotifyService, "notices", READER, **words)
        return [notice["kind"] for notice in answer["notices"]]

    assert found(family=OURS) == ["requirements_met", "pact_drafted"]
    assert found(pact=str(PACT)) == ["pact_drafted"]
    assert found(day="2026-06-02") == ["docket_set"] * 3
    assert found(family=OURS, day="2026-06-02") == []
    assert found(family=FAMILY) == []


def test_who_has_no_role_for_all_of_them_sees_the_notices_that_they_got(lead: Office):
    with_committee(lead)
    lead.hear("pacts/pact_drafted.v1", drafted() | {"family": OURS}, "lead")
    lead.hear("intake/eligibility_verified.v1", verified("eligible") | {"family": OURS}, "lead")
    lead.hear("review/docket_set.v1", docket())

    def seen(who: UUID, *roles: str) -> list[str]:
        answer = lead.call(NotifyService, "notices", by(who, *roles), day="2026-06-01")
        return [notice["kind"] for notice in answer["notices"]]

    assert seen(MICROEQUIPE, "microequipe_lead") == ["pact_drafted"]
    assert seen(STRANGER, "microequipe_lead") == []
    assert seen(CASE_1, "case_manager") == ["docket_set"]
    assert seen(MICROEQUIPE, "microequipe_lead", "case_manager") == ["pact_drafted", "docket_set"]
    everything = ["pact_drafted", "requirements_met", *["docket_set"] * 3]
    for role in ("project_manager", "auditor", "administrator"):
        assert seen(STRANGER, role) == everything


def test_a_notice_names_the_persons_who_held_the_role_on_its_day(lead: Office):
    with_committee(lead)
    event = lead.hear("review/docket_set.v1", docket())
    answer = lead.call(NotifyService, "notices", READER, day="2026-06-01")
    assert answer["notices"][1] == {
        "notice": str(stream_id("notice", event, "docket_set", "lead:case_manager")),
        "cause": str(event),
        "kind": "docket_set",
        "recipient": "lead:case_manager",
        "persons": [str(CASE_1), str(CASE_2)],
        "family": None,
        "pact": None,
        "cycle": "2026-07",
        "number": None,
        "organisation": None,
        "due": "2026-07-20",
        "on": "2026-06-01",
        "status": "recorded",
        "letters": [],
    }


@pytest.mark.parametrize(
    ("words", "argument"),
    [({}, ""), ({"family": " "}, "family"), ({"pact": "1"}, "pact"), ({"day": "1/6"}, "day")],
)
def test_bad_words_are_refused(lead: Office, words: dict[str, Any], argument: str):
    with pytest.raises(Refused) as refusal:
        lead.call(NotifyService, "notices", READER, **words)
    assert (refusal.value.kind, refusal.value.facts["argument"]) == ("BadWord", argument)


def test_a_role_without_the_right_reads_no_notices(lead: Office):
    with pytest.raises(Refused) as refusal:
        lead.call(NotifyService, "notices", by(STRANGER, "access_point_operator"), day="2026-06-01")
    assert refusal.value.kind == "RoleWithoutRight"
