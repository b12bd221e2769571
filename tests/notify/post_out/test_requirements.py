"""An ISEE that ends before the committee decides: who follows the family learns it in time."""

from typing import Any

import pytest

from services.kernel.ids import stream_id
from services.notify.letter import letter_id
from services.notify.notice import Kind
from tests.notify.post_out.conftest import OURS, PACT, Desk, drafted
from tests.notify.post_out.mail_server import MailServer
from tests.notify.test_season import about, told
from tests.notify.test_season import drafted as partners_draft
from tests.notify.test_season import overdue as partners_overdue
from tests.notify.test_season import received as partners_receipt
from tests.review.moments import MICROEQUIPE
from tests.review.office import Office

RUNS_OUT = ("isee_runs_out", str(MICROEQUIPE), "2026-07-19")


def relied_on(until: str, **other: Any) -> dict[str, Any]:
    return about(until=until, on="2026-06-09") | other


@pytest.fixture
def nords(nord: Office) -> Office:
    """The lead of a microequipe is known."""
    nord.hear("pacts/pact_drafted.v1", partners_draft(), "nord")
    return nord


@pytest.mark.parametrize("first", ["isee", "receipt"])
@pytest.mark.parametrize(
    ("until", "warned"), [("2026-07-19", 1), ("2026-07-20", 0), ("2026-07-21", 0)]
)
def test_the_lead_learns_that_it_ends_before_the_last_day_for_the_decision(
    nords: Office, first: str, until: str, warned: int
):
    words = [
        ("pacts/isee_relied_on.v1", relied_on(until), "nord"),
        ("review/proposal_received.v1", partners_receipt(), "lead"),
    ]
    for said in words if first == "isee" else reversed(words):
        nords.hear(*said)
    assert [each for each in told(nords) if each[0] == "isee_runs_out"] == [RUNS_OUT] * warned


def test_once_for_each_last_day_also_when_the_proposal_is_carried_on(nords: Office):
    nords.hear("review/proposal_received.v1", partners_receipt())
    nords.hear("pacts/isee_relied_on.v1", relied_on("2026-07-31"), "nord")
    assert [kind for kind, _, _ in told(nords)] == ["pact_drafted", "proposal_received"]
    for _ in range(2):
        nords.hear("review/proposal_overdue.v1", partners_overdue())
    kinds = [kind for kind, _, _ in told(nords)]
    assert kinds.count("isee_runs_out") == 1


def test_the_lead_organisation_does_not_write_to_a_partners_microequipe(lead: Office):
    lead.hear("pacts/isee_relied_on.v1", relied_on("2026-07-19"), "nord")
    lead.hear("review/proposal_received.v1", partners_receipt())
    assert told(lead) == lead.facts("notify.ProposalIseeKnown") == []


def test_only_the_organisation_that_follows_the_family_says_it(nord: Office):
    nord.hear("pacts/isee_relied_on.v1", relied_on("2026-07-19"), "lead")
    assert nord.refusals() == [("pacts/isee_relied_on.v1", "NotOurs")]


@pytest.mark.mail
@pytest.mark.parametrize(("renewed", "sent"), [("2026-07-19", 1), ("2027-02-28", 0)])
def test_it_is_not_told_any_more_once_a_new_one_was_verified(
    desk: Desk, mail_server: MailServer, renewed: str, sent: int
):
    """The server is away when the letter is due; the family is verified again meanwhile."""
    drafted(desk.office)
    desk.round()
    mail_server.taken.clear()
    which = {"pact": str(PACT), "proposal": 1, "family": OURS}
    mail_server.behaviour.answers = {"RCPT": ["451 later"]}
    desk.office.hear("pacts/isee_relied_on.v1", relied_on("2026-07-19", **which))
    desk.office.hear("review/proposal_received.v1", partners_receipt() | which)
    desk.round()
    desk.office.hear("pacts/isee_relied_on.v1", relied_on(renewed, **which))
    mail_server.behaviour.answers = {}
    desk.after(hours=1).round()
    cause = stream_id("isee runs out", PACT, 1, "2026-07-19", "2026-07-20")
    name = f"<{letter_id(cause, Kind.ISEE_RUNS_OUT, MICROEQUIPE)}@rete.example>"
    assert [each["Message-ID"] for each in mail_server.mails()].count(name) == sent
