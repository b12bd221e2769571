"""Words of two producers come in any order, with days between them: what they leave is right."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from tests.notify.post_out.test_answering import accepted, came
from tests.notify.test_season import (
    FAMILY,
    PACT,
    about,
    decided,
    drafted,
    formed,
    overdue,
    proposed,
    received,
    role,
    told,
)
from tests.review.moments import CASE_1, MANAGER, MICROEQUIPE, person
from tests.review.office import Office

SUCCESSOR = person(77)
JULY_16, AUGUST_1, DECEMBER_1 = date(2026, 7, 16), date(2026, 8, 1), date(2026, 12, 1)


def hear(office: Office, *words: tuple[str, dict[str, Any]]) -> None:
    """Hear *words*, those of the committee from the lead, all others from the partner."""
    for contract, body in words:
        office.hear(contract, body, "lead" if contract.startswith("review/") else "nord")


DRAFTED = ("pacts/pact_drafted.v1", drafted())
PROPOSED = ("pacts/pact_proposed.v1", proposed())
RECEIVED = ("review/proposal_received.v1", received())
RETURNED = ("review/proposal_decided.v1", decided("returned"))
APPROVED = ("review/proposal_decided.v1", decided("approved"))
DECLINED = (
    "pacts/pact_ended.v1",
    {
        "pact": str(PACT),
        "family": FAMILY,
        "outcome": "declined",
        "reason": None,
        "on": "2026-07-15",
    },
)
WITHDRAWN = ("pacts/amendment_withdrawn.v1", about(on="2026-07-01"))
OVERDUE = ("review/proposal_overdue.v1", overdue())


def of_pact(contract: str, **more: str) -> tuple[str, dict[str, Any]]:
    return contract, {"pact": str(PACT), "family": FAMILY, "on": "2026-07-16"} | more


SIGNED = of_pact("pacts/pact_signed.v1")
ACTIVE = of_pact("pacts/pact_activated.v1", verify_by="2027-01-20")


def reminders(office: Office) -> list[tuple[str, str]]:
    """Kind and day of every reminder."""
    return [(kind, str(due)) for kind, _, due in told(office) if kind.startswith("reminder")]


def handed_over() -> tuple[str, dict[str, Any]]:
    words = {**formed(None), "change": "lead_handed_over", "lead": str(SUCCESSOR)}
    return "intake/microequipe_changed.v1", words | {"members": [str(SUCCESSOR)]}


def test_a_draft_heard_after_the_lead_was_handed_over_does_not_bring_back_the_former_one(
    nord: Office,
):
    hear(nord, ("intake/microequipe_formed.v1", formed(None)), handed_over(), DRAFTED)
    assert ("pact_drafted", str(SUCCESSOR), "2026-06-10") in told(nord)
    nord.begin_days()
    nord.live_until(date(2026, 6, 8))
    assert told(nord)[-1] == ("reminder_proposal", str(SUCCESSOR), "2026-06-10")


def test_what_was_sent_again_before_its_return_was_heard_is_not_reminded_of(nord: Office):
    hear(nord, DRAFTED, PROPOSED, RECEIVED)
    nord.begin_days()
    nord.live_until(JULY_16)
    hear(nord, ("pacts/pact_proposed.v1", proposed(2)), RETURNED)
    nord.live_until(DECEMBER_1)
    assert reminders(nord) == []


@pytest.mark.parametrize(
    "before",
    [
        (DECLINED,),
        (APPROVED, SIGNED),
        (APPROVED, SIGNED, ACTIVE),
        (APPROVED, ACTIVE),  # signed before that was heard of
    ],
)
def test_of_a_pact_that_has_ended_or_goes_on_no_proposal_is_awaited_whatever_is_returned(
    nord: Office, before: tuple[tuple[str, dict[str, Any]], ...]
):
    hear(nord, DRAFTED, PROPOSED, RECEIVED)
    nord.begin_days()
    nord.live_until(JULY_16)
    hear(nord, *before)
    amended = about(proposal=2, cycle="2026-09")
    for returned in (decided("returned"), decided("returned") | amended):
        hear(nord, ("review/proposal_decided.v1", returned))
    nord.live_until(DECEMBER_1)
    assert reminders(nord) == []


def test_what_was_corrected_to_returned_before_anybody_signed_is_awaited(nord: Office):
    hear(nord, DRAFTED, PROPOSED, RECEIVED)
    nord.begin_days()
    nord.live_until(JULY_16)
    hear(nord, APPROVED, ("review/proposal_decided.v1", decided("returned") | {"corrects": 1}))
    nord.live_until(AUGUST_1)
    nord.live_until(date(2026, 8, 8))
    assert reminders(nord) == [("reminder_proposal", "2026-08-10")]


def test_a_return_that_is_heard_before_the_draft_is_awaited_all_the_same(nord: Office):
    nord.begin_days()
    nord.live_until(JULY_16)
    hear(nord, RECEIVED, RETURNED, DRAFTED, PROPOSED)
    nord.live_until(date(2026, 8, 8))
    assert reminders(nord) == [("reminder_proposal", "2026-08-10")]


def test_the_lead_organisation_awaits_no_proposal_of_a_partner(lead: Office):
    hear(lead, PROPOSED, RECEIVED, RETURNED)
    assert [state["awaited"] for _, state in lead.facts("notify.DeadlineSet")] == ["decision"]


@pytest.mark.parametrize(
    "words",
    [(WITHDRAWN, RECEIVED), (RECEIVED, WITHDRAWN), (RECEIVED, WITHDRAWN, OVERDUE)],
)
def test_of_an_amendment_that_was_taken_back_nobody_is_reminded(
    lead: Office, words: tuple[tuple[str, dict[str, Any]], ...]
):
    lead.hear("people/role_assigned.v1", role(MANAGER, "project_manager"))
    lead.begin_days()
    hear(lead, *words)
    lead.live_until(date(2026, 9, 1))
    assert [kind for kind, _, _ in told(lead)] == []


def relied_on(until: str) -> tuple[str, dict[str, Any]]:
    return "pacts/isee_relied_on.v1", about(until=until)


@pytest.mark.parametrize(("until", "warned"), [("2026-08-19", True), ("2026-08-20", False)])
@pytest.mark.parametrize("known_first", [True, False])
def test_an_isee_is_compared_with_the_day_to_which_the_proposal_was_carried(
    nord: Office, until: str, warned: bool, known_first: bool
):
    hear(nord, DRAFTED, PROPOSED, RECEIVED)
    hear(nord, *((relied_on(until), OVERDUE) if known_first else (OVERDUE, relied_on(until))))
    assert (("isee_runs_out", str(MICROEQUIPE), until) in told(nord)) is warned


def test_a_form_that_comes_again_after_it_was_carried_on_is_answered_with_its_new_day(
    lead: Office,
):
    first, again = came(lead), came(lead, number=2)
    hear(lead, PROPOSED, ("pacts/form_accepted.v1", accepted(first)), RECEIVED, OVERDUE)
    hear(lead, ("pacts/form_accepted.v1", accepted(again)))
    days = [due for kind, _, due in told(lead) if kind == "proposal_received"]
    assert days == ["2026-07-20", "2026-08-20"]


@pytest.mark.parametrize("mail_first", [True, False])
def test_the_lead_has_one_receipt_of_what_they_proposed_when_a_member_mails_the_same_form(
    lead: Office, nord: Office, mail_first: bool
):
    mail = came(lead, sender=CASE_1)
    receipt = ("review/proposal_received.v2", received() | {"by_form": False})
    brought = ("pacts/form_accepted.v1", accepted(mail))
    later = (brought, receipt) if mail_first else (receipt, brought)
    for office in (lead, nord):
        hear(office, DRAFTED, PROPOSED, *later)
    assert receipts_of(lead) == [CASE_1]
    assert receipts_of(nord) == [MICROEQUIPE]


def receipts_of(office: Office) -> list[UUID]:
    return [UUID(who) for kind, who, _ in told(office) if kind == "proposal_received"]
