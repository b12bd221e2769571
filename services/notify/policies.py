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
from services.notify.addressees import Holders, Spell, holders_id
from services.notify.addresses import Addresses, Channel, addresses_id
from services.notify.along import ALONG
from services.notify.answering import ANSWERS
from services.notify.appeals import APPEALS
from services.notify.awaiting import await_nothing_about, follow_the_guidelines
from services.notify.between import BETWEEN
from services.notify.forgetting import forget_mails_of
from services.notify.notice import Kind, Subject, role_at
from services.notify.proposals import PROPOSALS
from services.notify.reaching import bucket_of
from services.notify.requirements import REQUIREMENTS
from services.notify.speaking import (
    NotOurs,
    must_be_about_their_family,
    must_be_about_who_speaks,
    must_be_from_the_lead,
    must_be_ours,
)
from services.notify.telling import addressees_of, own_committee, referrer_of, tell
from services.notify.verifications import VERIFICATIONS
from services.notify.views.deadlines import proposals_awaited

VERIFIED = {
    "eligible": Kind.REQUIREMENTS_MET,
    "not_eligible": Kind.REQUIREMENTS_NOT_MET,
    "suspended": Kind.VERIFICATION_SUSPENDED,
}


def remember_who_referred_a_family(deciding: Deciding, heard: Heard) -> None:
    """Who referred a family hears what becomes of it: a person, or an access point's operators."""
    must_be_ours(deciding, heard)
    referrer = Actor(heard.by).person or role_at(heard.organisation, "access_point_operator")
    addressees_of(deciding, heard.body["family"]).know_referrer(referrer, by=deciding.actor)


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
    addressees_of(deciding, family).erase(by=deciding.actor, on=deciding.today)
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
    **PROPOSALS,
    **VERIFICATIONS,
    "intake/family_referred.v1": remember_who_referred_a_family,
    "intake/eligibility_verified.v1": tell_who_referred_the_family_that_was_verified,
    "intake/family_erased.v1": forget_the_family_that_was_erased,
    "intake/microequipe_changed.v1": remember_who_leads_a_microequipe_that_changed,
    "intake/microequipe_formed.v1": tell_a_microequipe_that_it_was_formed,
    "review/guidelines_issued.v1": ask_the_committee_to_acknowledge_the_guidelines,
    "people/role_assigned.v1": remember_who_holds_a_role,
    "people/role_ended.v1": remember_who_no_longer_holds_a_role,
    "people/address_recorded.v1": remember_where_somebody_is_reached,
}


def _know_who_follows(deciding: Deciding, body: Body) -> None:
    """Remember the microequipe as intake tells it: its lead, its members, who assists it."""
    addressees = addressees_of(deciding, body["family"])
    addressees.know_lead(UUID(body["lead"]), by=deciding.actor)
    members = tuple(UUID(member) for member in body["members"])
    assists = UUID(body["case_manager"]) if body["case_manager"] else None
    addressees.know_microequipe(members, assists, by=deciding.actor)
