"""When a service says X, whoever it concerns is told; and what falls due is remembered."""

from datetime import date
from uuid import UUID

from services.kernel.actor import Actor
from services.kernel.deciding import Deciding
from services.kernel.following import follow_agreements
from services.kernel.ids import stream_id
from services.kernel.parameters import PARAMETERS, Parameters
from services.kernel.sealed import Sealed
from services.kernel.words import Body, Heard, Policies
from services.notify.addressees import (
    Addressees,
    Holders,
    Spell,
    addressees_id,
    holders_id,
)
from services.notify.addresses import Addresses, Channel, addresses_id
from services.notify.along import ALONG
from services.notify.answering import ANSWERS, answer_with_the_receipt, receipt_of
from services.notify.appeals import APPEALS
from services.notify.awaiting import (
    await_by,
    await_nothing_about,
    await_nothing_of,
    follow_the_guidelines,
    move_to,
    no_longer_await,
    rests,
)
from services.notify.between import BETWEEN
from services.notify.deadline import Awaited
from services.notify.forgetting import forget_mails_of
from services.notify.notice import Kind, Subject, role_at
from services.notify.reaching import bucket_of
from services.notify.receipt import Place
from services.notify.requirements import REQUIREMENTS, warn_if_the_isee_runs_out
from services.notify.speaking import (
    NotOurs,
    must_be_about_their_family,
    must_be_about_who_speaks,
    must_be_from_the_lead,
    must_be_ours,
)
from services.notify.telling import (
    committee,
    days_on,
    lead_of,
    next_for_proposals,
    own_committee,
    referrer_of,
    tell,
)
from services.notify.views.deadlines import proposals_awaited

VERIFIED = {
    "eligible": Kind.REQUIREMENTS_MET,
    "not_eligible": Kind.REQUIREMENTS_NOT_MET,
    "suspended": Kind.VERIFICATION_SUSPENDED,
}
DECIDED = {
    "approved": Kind.PROPOSAL_APPROVED,
    "approved_with_conditions": Kind.PROPOSAL_APPROVED_WITH_CONDITIONS,
    "returned": Kind.PROPOSAL_RETURNED,
    "not_approved": Kind.PROPOSAL_NOT_APPROVED,
}


def remember_who_referred_a_family(deciding: Deciding, heard: Heard) -> None:
    """Who referred a family hears what becomes of it: a person, or an access point's operators."""
    must_be_ours(deciding, heard)
    referrer = Actor(heard.by).person or role_at(heard.organisation, "access_point_operator")
    _addressees(deciding, heard.body["family"]).know_referrer(referrer, by=deciding.actor)


def tell_who_referred_the_family_that_was_verified(deciding: Deciding, heard: Heard) -> None:
    """Who referred a family learns whether the requirements are met, or what is missing."""
    must_be_ours(deciding, heard)
    family = heard.body["family"]
    kind = VERIFIED[heard.body["outcome"]]
    tell(deciding, heard.event_id, kind, referrer_of(deciding, family), Subject(family=family))


def tell_a_microequipe_that_it_was_formed(deciding: Deciding, heard: Heard) -> None:
    """Everybody in it who has an account learns it, and the case manager who assists."""
    must_be_ours(deciding, heard)
    body = heard.body
    _know_who_follows(deciding, body)
    everybody = [body["lead"], *body["members"], body["case_manager"]]
    persons = dict.fromkeys(person for person in everybody if person)
    subject = Subject(family=body["family"])
    tell(deciding, heard.event_id, Kind.MICROEQUIPE_FORMED, persons, subject)


def remember_who_leads_a_microequipe_that_changed(deciding: Deciding, heard: Heard) -> None:
    """Whoever leads it now is told, and reminded, from now on; so is whoever assists it.

    The lead organisation hears it about the families of partners, too; it reminds nobody of those.
    """
    must_be_about_their_family(heard)
    if heard.organisation == deciding.organisation:
        _know_who_follows(deciding, heard.body)


def tell_the_lead_that_a_pact_was_drafted(deciding: Deciding, heard: Heard) -> None:
    """The lead learns of the draft, and until which day it can be sent for the next cycle."""
    must_be_ours(deciding, heard)
    body = heard.body
    family, pact, on = body["family"], UUID(body["pact"]), date.fromisoformat(body["on"])
    _addressees(deciding, family).know_lead(UUID(body["lead"]), by=deciding.actor)
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
    if deciding.organisation == deciding.lead:
        receipt = receipt_of(deciding, heard.body)
        receipt.know_lead(UUID(heard.body["lead"]), by=deciding.actor)


def give_the_lead_a_receipt_for_the_proposal(deciding: Deciding, heard: Heard) -> None:
    """The lead learns by when the committee decides; the committee has one more thing to decide.

    What a mail brought is answered to its sender, by the organisation whose mailbox it is; which
    mail it was may be heard later.
    """
    must_be_from_the_lead(deciding, heard)
    body = heard.body
    due = date.fromisoformat(body["decide_by"])
    subject = _proposal(body, body["cycle"])
    if deciding.organisation == deciding.lead:
        await_by(deciding, Awaited.DECISION, _review(body), subject, body["proposal"], due)
    receipt = receipt_of(deciding, body)
    receipt.put(Place(body["cycle"], body["late"], due), by=deciding.actor)
    warn_if_the_isee_runs_out(deciding, body, due)
    if receipt.mails or body.get("by_form", False):
        answer_with_the_receipt(deciding, receipt, subject)
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
        move_to(deciding, Awaited.PROPOSAL, pact, following, due)
    subject = _proposal(body, body["cycle"])
    tell(deciding, heard.event_id, kind, lead_of(deciding, body["family"]), subject, due)


def stop_reminding_of_a_proposal_that_was_set_aside(deciding: Deciding, heard: Heard) -> None:
    """Nobody can decide on it any more; who follows an erased family is not written to about it."""
    must_be_from_the_lead(deciding, heard)
    no_longer_await(deciding, Awaited.DECISION, _review(heard.body), heard.body["proposal"])


def stop_reminding_of_an_amendment_that_was_withdrawn(deciding: Deciding, heard: Heard) -> None:
    """The committee decides nothing on it any more."""
    must_be_about_their_family(heard)
    no_longer_await(deciding, Awaited.DECISION, _review(heard.body), heard.body["proposal"])


def escalate_an_overdue_proposal(deciding: Deciding, heard: Heard) -> None:
    """The project manager learns that a proposal is overdue, and the lead that it goes on."""
    must_be_from_the_lead(deciding, heard)
    body = heard.body
    due = days_on(deciding, deciding.today).last_of(body["carried_to"])
    move_to(deciding, Awaited.DECISION, _review(body), body["proposal"], due)
    warn_if_the_isee_runs_out(deciding, body, due)
    manager = role_at(deciding.lead, "project_manager")
    told = [manager] if deciding.organisation == deciding.lead else []
    told.extend(lead_of(deciding, body["family"]))
    subject = _proposal(body, body["carried_to"])
    tell(deciding, heard.event_id, Kind.PROPOSAL_OVERDUE, told, subject, due)


def tell_the_lead_that_a_pact_was_signed(deciding: Deciding, heard: Heard) -> None:
    """The lead learns that everybody has signed."""
    must_be_ours(deciding, heard)
    family = heard.body["family"]
    subject = Subject(family=family, pact=UUID(heard.body["pact"]))
    tell(deciding, heard.event_id, Kind.PACT_SIGNED, lead_of(deciding, family), subject)


def tell_the_lead_when_the_first_verification_is_due(deciding: Deciding, heard: Heard) -> None:
    """A pact that runs is verified by a day."""
    _verification_due(deciding, heard, Kind.PACT_ACTIVATED, heard.body["verify_by"])


def tell_the_lead_when_the_next_verification_is_due(deciding: Deciding, heard: Heard) -> None:
    """A pact that was verified is verified again by a day."""
    _verification_due(deciding, heard, Kind.PACT_VERIFIED, heard.body["next_by"])


def tell_the_lead_that_a_verification_is_overdue(deciding: Deciding, heard: Heard) -> None:
    """The lead learns that the day of a verification went by."""
    must_be_ours(deciding, heard)
    family, due = heard.body["family"], date.fromisoformat(heard.body["due"])
    subject = Subject(family=family, pact=UUID(heard.body["pact"]))
    told = lead_of(deciding, family)
    tell(deciding, heard.event_id, Kind.VERIFICATION_OVERDUE, told, subject, due)


def stop_reminding_of_a_pact_that_rests(deciding: Deciding, heard: Heard) -> None:
    """A suspended pact owes no verification."""
    must_be_ours(deciding, heard)
    no_longer_await(deciding, Awaited.VERIFICATION, UUID(heard.body["pact"]), 0)


def await_the_verification_of_a_pact_that_runs_again(deciding: Deciding, heard: Heard) -> None:
    """A pact that was resumed is verified by a later day."""
    must_be_ours(deciding, heard)
    pact, due = UUID(heard.body["pact"]), date.fromisoformat(heard.body["verify_by"])
    subject = Subject(family=heard.body["family"], pact=pact)
    await_by(deciding, Awaited.VERIFICATION, pact, subject, 0, due)


def stop_reminding_of_a_pact_that_ended(deciding: Deciding, heard: Heard) -> None:
    """A pact that was concluded, interrupted or declined, or that lapsed, awaits nothing."""
    must_be_ours(deciding, heard)
    await_nothing_of(deciding, UUID(heard.body["pact"]))


def ask_the_committee_to_acknowledge_the_guidelines(deciding: Deciding, heard: Heard) -> None:
    """Those of us who sit in the committee learn of new guidelines; what is awaited moves along."""
    must_be_from_the_lead(deciding, heard)
    body = heard.body
    in_force_from = date.fromisoformat(body["in_force_from"])
    parameters = deciding.find(Parameters, PARAMETERS)
    if parameters is None:
        parameters = deciding.add(Parameters.opened(by=deciding.actor))
    parameters.hear(body["number"], in_force_from, body["parameters"], by=deciding.actor)
    for deadline in proposals_awaited(deciding.connection):
        follow_the_guidelines(deciding, deadline, deciding.today)
    subject = Subject(number=body["number"])
    told = own_committee(deciding)
    tell(deciding, heard.event_id, Kind.GUIDELINES_ISSUED, told, subject, in_force_from)


def remember_where_somebody_is_reached(deciding: Deciding, heard: Heard) -> None:
    """Letters go to the newest address of who is to be told; mail from it is known as theirs.

    Whose person it is, is known from the first words: another organisation cannot change it.
    """
    person, told = UUID(heard.body["person"]), heard.body["address"]
    known = deciding.find(Addresses, addresses_id(person))
    if known is None:
        known = deciding.add(Addresses.open(person, heard.organisation, by=deciding.actor))
    if known.organisation != heard.organisation:
        raise NotOurs(said_by=heard.organisation, contract=heard.contract)
    address = Sealed(UUID(told["ref"]), told["commitment"])
    entry = deciding.vault.entry(address.ref)
    if entry is not None:  # else it was erased before it came
        bucket = bucket_of(deciding, entry.text)
        known.learn(Channel(heard.body["kind"]), address, bucket, by=deciding.actor)


def forget_the_family_that_was_erased(deciding: Deciding, heard: Heard) -> None:
    """What we hold about it is destroyed, mails too, and nobody is reminded of it any more."""
    family = heard.body["family"]
    must_be_about_their_family(heard)
    await_nothing_about(deciding, family)
    _addressees(deciding, family).erase(by=deciding.actor, on=deciding.today)
    deciding.erase(stream_id("family", family))
    forget_mails_of(deciding, family)


def remember_who_holds_a_role(deciding: Deciding, heard: Heard) -> None:
    """Notices to a role reach whoever holds it on the day."""
    body = heard.body
    must_be_about_who_speaks(heard)
    holders = deciding.find(Holders, holders_id(body["organisation"], body["role"]))
    if holders is None:
        holders = deciding.add(Holders.open(body["organisation"], body["role"], by=deciding.actor))
    last = body["until"] and date.fromisoformat(body["until"])
    first = date.fromisoformat(body["from"])
    holders.begin(Spell(UUID(body["person"]), body["body"], first, last), by=deciding.actor)


def remember_who_no_longer_holds_a_role(deciding: Deciding, heard: Heard) -> None:
    """Notices to a role do not reach who had it before."""
    body = heard.body
    must_be_about_who_speaks(heard)
    holders = deciding.find(Holders, holders_id(body["organisation"], body["role"]))
    if holders is not None:
        last = date.fromisoformat(body["on"])
        holders.end(UUID(body["person"]), body["body"], last, by=deciding.actor)


UNDER_AGREEMENTS = True

POLICIES: Policies = {
    **follow_agreements("people"),
    **ANSWERS,
    **ALONG,
    **BETWEEN,
    **APPEALS,
    **REQUIREMENTS,
    "intake/family_referred.v1": remember_who_referred_a_family,
    "intake/eligibility_verified.v1": tell_who_referred_the_family_that_was_verified,
    "intake/family_erased.v1": forget_the_family_that_was_erased,
    "intake/microequipe_changed.v1": remember_who_leads_a_microequipe_that_changed,
    "intake/microequipe_formed.v1": tell_a_microequipe_that_it_was_formed,
    "pacts/pact_drafted.v1": tell_the_lead_that_a_pact_was_drafted,
    "pacts/pact_proposed.v1": stop_reminding_of_a_proposal_that_was_sent,
    "pacts/amendment_withdrawn.v1": stop_reminding_of_an_amendment_that_was_withdrawn,
    "review/proposal_received.v1": give_the_lead_a_receipt_for_the_proposal,
    "review/proposal_received.v2": give_the_lead_a_receipt_for_the_proposal,
    "review/docket_set.v1": tell_the_committee_that_a_docket_was_set,
    "review/proposal_decided.v1": tell_the_lead_what_was_decided,
    "review/proposal_overdue.v1": escalate_an_overdue_proposal,
    "review/proposal_set_aside.v1": stop_reminding_of_a_proposal_that_was_set_aside,
    "pacts/pact_signed.v1": tell_the_lead_that_a_pact_was_signed,
    "pacts/pact_activated.v1": tell_the_lead_when_the_first_verification_is_due,
    "pacts/pact_verified.v1": tell_the_lead_when_the_next_verification_is_due,
    "pacts/verification_overdue.v1": tell_the_lead_that_a_verification_is_overdue,
    "pacts/pact_suspended.v1": stop_reminding_of_a_pact_that_rests,
    "pacts/pact_resumed.v1": await_the_verification_of_a_pact_that_runs_again,
    "pacts/pact_ended.v1": stop_reminding_of_a_pact_that_ended,
    "review/guidelines_issued.v1": ask_the_committee_to_acknowledge_the_guidelines,
    "people/role_assigned.v1": remember_who_holds_a_role,
    "people/role_ended.v1": remember_who_no_longer_holds_a_role,
    "people/address_recorded.v1": remember_where_somebody_is_reached,
}


def _addressees(deciding: Deciding, family: str) -> Addressees:
    known = deciding.find(Addressees, addressees_id(family))
    return known or deciding.add(Addressees.open(family, by=deciding.actor))


def _know_who_follows(deciding: Deciding, body: Body) -> None:
    """Remember the microequipe as intake tells it: its lead, its members, who assists it."""
    addressees = _addressees(deciding, body["family"])
    addressees.know_lead(UUID(body["lead"]), by=deciding.actor)
    members = tuple(UUID(member) for member in body["members"])
    assists = UUID(body["case_manager"]) if body["case_manager"] else None
    addressees.know_microequipe(members, assists, by=deciding.actor)


def _verification_due(deciding: Deciding, heard: Heard, kind: Kind, day: str) -> None:
    must_be_ours(deciding, heard)
    family, pact, due = heard.body["family"], UUID(heard.body["pact"]), date.fromisoformat(day)
    subject = Subject(family=family, pact=pact)
    if not rests(deciding, pact):
        await_by(deciding, Awaited.VERIFICATION, pact, subject, 0, due)
    tell(deciding, heard.event_id, kind, lead_of(deciding, family), subject, due)


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
