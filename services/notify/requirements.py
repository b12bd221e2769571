"""What a proposal rests on: who follows the family learns in time that its ISEE runs out."""

from datetime import date
from uuid import UUID

from services.kernel.deciding import Deciding
from services.kernel.ids import stream_id
from services.kernel.words import Body, Heard, Policies
from services.notify.answering import receipt_of
from services.notify.notice import Kind, Subject
from services.notify.receipt import Receipt, receipt_id
from services.notify.speaking import must_be_about_their_family
from services.notify.telling import lead_of, tell


def remember_until_when_a_proposal_may_be_approved(deciding: Deciding, heard: Heard) -> None:
    """The lead learns it if the committee decides later; at the family's own organisation."""
    must_be_about_their_family(heard)
    if heard.organisation != deciding.organisation:
        return
    receipt = receipt_of(deciding, heard.body)
    receipt.know_isee(date.fromisoformat(heard.body["until"]), by=deciding.actor)
    if receipt.stands is not None:
        warn_if_the_isee_runs_out(deciding, heard.body, receipt.stands.decide_by)


def warn_if_the_isee_runs_out(deciding: Deciding, body: Body, decide_by: date) -> None:
    """Tell the lead, once for each of these days, that the ISEE ends before the last decision day.

    Args:
        body: names family, pact and proposal.
        decide_by: last day for the committee's decision.
    """
    pact, number = UUID(body["pact"]), body["proposal"]
    receipt = deciding.find(Receipt, receipt_id(pact, number))
    until = receipt.isee_until if receipt else None
    if until is None or until >= decide_by:
        return
    cause = stream_id("isee runs out", pact, number, until, decide_by)
    subject = Subject(family=body["family"], pact=pact, number=number)
    tell(deciding, cause, Kind.ISEE_RUNS_OUT, lead_of(deciding, body["family"]), subject, until)


REQUIREMENTS: Policies = {
    "pacts/isee_relied_on.v1": remember_until_when_a_proposal_may_be_approved,
}
