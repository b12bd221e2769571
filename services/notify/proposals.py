"""What is told, and awaited, of a proposal: from the draft to what the committee decided."""

from datetime import date
from uuid import UUID

from services.kernel.deciding import Deciding
from services.kernel.ids import stream_id
from services.kernel.words import Body, Heard, Policies
from services.notify.addressees import organisation_of
from services.notify.answering import answer_with_the_receipt, receipt_of
from services.notify.awaiting import await_by, move_to, no_longer_await
from services.notify.deadline import Awaited
from services.notify.notice import Kind, Subject, role_at
from services.notify.receipt import Place, Receipt, receipt_id
from services.notify.requirements import warn_if_the_isee_runs_out
from services.notify.speaking import must_be_about_their_family, must_be_from_the_lead, must_be_ours
from services.notify.telling import (
    addressees_of,
    committee,
    days_on,
    lead_of,
    next_for_proposals,
    tell,
)

DECIDED = {
    "approved": Kind.PROPOSAL_APPROVED,
    "approved_with_conditions": Kind.PROPOSAL_APPROVED_WITH_CONDITIONS,
    "returned": Kind.PROPOSAL_RETURNED,
    "not_approved": Kind.PROPOSAL_NOT_APPROVED,
}


def tell_the_lead_that_a_pact_was_drafted(deciding: Deciding, heard: Heard) -> None:
    """The lead learns of the draft, and until which day it can be sent for the next cycle."""
    must_be_ours(deciding, heard)
    body = heard.body
    family, pact, on = body["family"], UUID(body["pact"]), date.fromisoformat(body["on"])
    known = addressees_of(deciding, family)
    if known.lead is None:  # else intake has told, which may be newer
        known.know_lead(UUID(body["lead"]), by=deciding.actor)
    due = next_for_proposals(deciding, on)
    subject = Subject(family=family, pact=pact)
    await_by(deciding, Awaited.PROPOSAL, pact, subject, 1, due)
    tell(deciding, heard.event_id, Kind.PACT_DRAFTED, lead_of(deciding, family), subject, due)


def stop_reminding_of_a_proposal_that_was_sent(deciding: Deciding, heard: Heard) -> None:
    """A proposal that was sent needs no reminder; its receipt comes from the committee.

    The lead organisation hears the proposals of partners too; it reminds nobody of those.
    """
    pact = UUID(heard.body["pact"])
    if heard.organisation == deciding.organisation:
        no_longer_await(deciding, Awaited.PROPOSAL, pact, heard.body["proposal"])
    receipt_of(deciding, heard.body).know_lead(UUID(heard.body["lead"]), by=deciding.actor)


def give_the_lead_a_receipt_for_the_proposal(deciding: Deciding, heard: Heard) -> None:
    """The lead learns by when the committee decides; the committee has one more thing to decide.

    What a mail brought is answered to its sender, by the organisation whose mailbox it is; which
    mail it was may be heard later.
    """
    must_be_from_the_lead(deciding, heard)
    body = heard.body
    due, by_form = date.fromisoformat(body["decide_by"]), body.get("by_form")
    subject = _proposal(body, body["cycle"])
    receipt = receipt_of(deciding, body)
    receipt.put(Place(body["cycle"], body["late"], due, by_form), by=deciding.actor)
    if deciding.organisation == deciding.lead and not receipt.withdrawn:
        await_by(deciding, Awaited.DECISION, _review(body), subject, body["proposal"], due)
    warn_if_the_isee_runs_out(deciding, body, due)
    answer_with_the_receipt(deciding, receipt, subject)
    if by_form or (by_form is None and receipt.mails):
        return
    kind = Kind.PROPOSAL_RECEIVED_LATE if body["late"] else Kind.PROPOSAL_RECEIVED
    tell(deciding, heard.event_id, kind, lead_of(deciding, body["family"]), subject, due)


def tell_the_committee_that_a_docket_was_set(deciding: Deciding, heard: Heard) -> None:
    """Every seat gets the docket."""
    must_be_from_the_lead(deciding, heard)
    subject = Subject(cycle=heard.body["cycle"])
    due = date.fromisoformat(heard.body["decide_by"])
    tell(deciding, heard.event_id, Kind.DOCKET_SET, committee(deciding), subject, due)


def tell_the_lead_what_was_decided(deciding: Deciding, heard: Heard) -> None:
    """The lead learns the outcome; what was returned is awaited again.

    A corrected decision comes the same way: what was returned by mistake is awaited no more.
    """
    must_be_from_the_lead(deciding, heard)
    body = heard.body
    kind = DECIDED[body["outcome"]]
    no_longer_await(deciding, Awaited.DECISION, _review(body), body["proposal"])
    due, pact, following = None, UUID(body["pact"]), body["proposal"] + 1
    if kind is not Kind.PROPOSAL_RETURNED:
        no_longer_await(deciding, Awaited.PROPOSAL, pact, following)
    else:
        on = date.fromisoformat(body["on"])
        due = next_for_proposals(deciding, on)
        _await_the_next(deciding, body, pact, following, due)
    subject = _proposal(body, body["cycle"])
    tell(deciding, heard.event_id, kind, lead_of(deciding, body["family"]), subject, due)


def stop_reminding_of_a_proposal_that_was_set_aside(deciding: Deciding, heard: Heard) -> None:
    """Nobody can decide on it any more; who follows an erased family is not written to about it."""
    must_be_from_the_lead(deciding, heard)
    no_longer_await(deciding, Awaited.DECISION, _review(heard.body), heard.body["proposal"])


def stop_reminding_of_an_amendment_that_was_withdrawn(deciding: Deciding, heard: Heard) -> None:
    """The committee decides nothing on it any more."""
    must_be_about_their_family(heard)
    receipt_of(deciding, heard.body).withdraw(by=deciding.actor)
    no_longer_await(deciding, Awaited.DECISION, _review(heard.body), heard.body["proposal"])


def escalate_an_overdue_proposal(deciding: Deciding, heard: Heard) -> None:
    """The project manager learns that a proposal is overdue, and the lead that it goes on.

    Of an amendment the committee may say so before it hears that it was withdrawn; then there is
    nothing to tell.
    """
    must_be_from_the_lead(deciding, heard)
    body = heard.body
    receipt = receipt_of(deciding, body)
    if receipt.withdrawn:
        return
    due = days_on(deciding, deciding.today).last_of(body["carried_to"])
    receipt.carry(body["carried_to"], due, by=deciding.actor)
    move_to(deciding, Awaited.DECISION, _review(body), body["proposal"], due)
    warn_if_the_isee_runs_out(deciding, body, due)
    manager = role_at(deciding.lead, "project_manager")
    told = [manager] if deciding.organisation == deciding.lead else []
    told.extend(lead_of(deciding, body["family"]))
    subject = _proposal(body, body["carried_to"])
    tell(deciding, heard.event_id, Kind.PROPOSAL_OVERDUE, told, subject, due)


PROPOSALS: Policies = {
    "pacts/pact_drafted.v1": tell_the_lead_that_a_pact_was_drafted,
    "pacts/pact_proposed.v1": stop_reminding_of_a_proposal_that_was_sent,
    "pacts/amendment_withdrawn.v1": stop_reminding_of_an_amendment_that_was_withdrawn,
    "review/proposal_received.v1": give_the_lead_a_receipt_for_the_proposal,
    "review/proposal_received.v2": give_the_lead_a_receipt_for_the_proposal,
    "review/docket_set.v1": tell_the_committee_that_a_docket_was_set,
    "review/proposal_decided.v1": tell_the_lead_what_was_decided,
    "review/proposal_overdue.v1": escalate_an_overdue_proposal,
    "review/proposal_set_aside.v1": stop_reminding_of_a_proposal_that_was_set_aside,
}


def _await_the_next(deciding: Deciding, body: Body, pact: UUID, following: int, due: date) -> None:
    """Await what follows a returned proposal from us, unless we heard before that it was sent."""
    next_one = deciding.find(Receipt, receipt_id(pact, following))
    sent = next_one is not None and next_one.lead is not None
    if organisation_of(body["family"]) == deciding.organisation and not sent:
        subject = Subject(family=body["family"], pact=pact)
        await_by(deciding, Awaited.PROPOSAL, pact, subject, following, due)


def _proposal(body: dict[str, object], cycle: object) -> Subject:
    return Subject(
        family=str(body["family"]),
        pact=UUID(str(body["pact"])),
        cycle=str(cycle),
        number=int(str(body["proposal"])),
    )


def _review(body: dict[str, object]) -> UUID:
    """The stream of the committee's work on a proposal, as dockets list it."""
    return stream_id("proposal", body["pact"], body["proposal"])
