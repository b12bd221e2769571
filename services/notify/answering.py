"""Who sent a proposal by mail is answered: with the receipt, or with all that is to be mended.

The organisation whose mailbox it is, the lead's, answers; the organisation whose pact it is tells
nobody in addition. Only a person whose address is known is answered, never just an address.
"""

from typing import Any
from uuid import UUID

from services.kernel.deciding import Deciding
from services.kernel.ids import stream_id
from services.kernel.refusal import Refused
from services.kernel.words import Heard, Policies
from services.notify.addressees import organisation_of
from services.notify.mail import Mail
from services.notify.notice import Kind, Reason, Subject
from services.notify.receipt import Receipt, receipt_id
from services.notify.telling import tell


class NotTheirForm(Refused):
    """Only the organisation that issued a form says what became of it [4]."""


def answer_that_a_form_is_to_be_mended(deciding: Deciding, heard: Heard) -> None:
    """Who sent it learns everything that is to be mended, at once."""
    body = heard.body
    if deciding.organisation != deciding.lead:
        return
    mail = _mail(deciding, heard)
    subject = Subject(family=body["family"], pact=body["pact"] and UUID(body["pact"]))
    reasons = tuple(Reason(each["kind"], each["facts"]) for each in body["reasons"])
    told = _sender(mail)
    tell(deciding, mail.id, Kind.FORM_REFUSED, told, subject, mail=mail.id, reasons=reasons)


def remember_which_mail_brought_a_proposal(deciding: Deciding, heard: Heard) -> None:
    """Who sent it gets the receipt as the answer to that mail, as soon as both are known."""
    body = heard.body
    if organisation_of(body["family"]) != heard.organisation:
        raise NotTheirForm(said_by=heard.organisation)
    if deciding.organisation == deciding.lead:
        _mail(deciding, heard)
    receipt = receipt_of(deciding, body)
    receipt.bring(UUID(body["mail"]), by=deciding.actor)
    answer_with_the_receipt(deciding, receipt, _subject(body))


ANSWERS: Policies = {
    "pacts/form_refused.v1": answer_that_a_form_is_to_be_mended,
    "pacts/form_refused.v2": answer_that_a_form_is_to_be_mended,
    "pacts/form_accepted.v1": remember_which_mail_brought_a_proposal,
}


def receipt_of(deciding: Deciding, body: dict[str, Any]) -> Receipt:
    """The receipt of the proposal that *body* names."""
    pact, number = UUID(body["pact"]), int(body["proposal"])
    known = deciding.find(Receipt, receipt_id(pact, number))
    return known or deciding.add(Receipt.open(body["family"], pact, number, by=deciding.actor))


def answer_with_the_receipt(deciding: Deciding, receipt: Receipt, subject: Subject) -> None:
    """Answer the mails that brought a proposal, if it is known by when it is decided.

    The lead of the microequipe is told, too, unless they sent it themselves, or proposed it by
    command: then their own organisation tells them. When its month was closed afterwards, they are
    all told again.
    """
    place = receipt.stands
    if place is None or deciding.organisation != deciding.lead:
        return
    kind = Kind.PROPOSAL_RECEIVED_LATE if place.late else Kind.PROPOSAL_RECEIVED
    about = Subject(subject.family, subject.pact, place.cycle, subject.number)
    answered: list[str] = []
    for id in receipt.mails:
        told = _sender(deciding.get(Mail, id))
        answered += told
        tell(deciding, _cause(receipt, id), kind, told, about, place.decide_by, mail=id)
    by_command = place.by_form is False
    if receipt.lead and answered and str(receipt.lead) not in answered and not by_command:
        lead = [str(receipt.lead)]
        tell(deciding, _cause(receipt, receipt.id), kind, lead, about, place.decide_by)


def _cause(receipt: Receipt, first: UUID) -> UUID:
    """What makes a receipt due: *first*, or that the proposal has another place now."""
    place = receipt.place
    return stream_id("moved", first, place.cycle) if receipt.moved and place else first


def _mail(deciding: Deciding, heard: Heard) -> Mail:
    """The mail whose form *heard* speaks of.

    Raises:
        NotTheirForm: its form was issued by another organisation.
    """
    mail = deciding.get(Mail, UUID(heard.body["mail"]))
    if mail.form is None or mail.form.organisation != heard.organisation:
        raise NotTheirForm(said_by=heard.organisation)
    return mail


def _sender(mail: Mail) -> list[str]:
    """Who sent it, if that is known."""
    person = None if mail.provenance is None else mail.provenance.person
    return [] if person is None else [str(person)]


def _subject(body: dict[str, Any]) -> Subject:
    return Subject(family=body["family"], pact=UUID(body["pact"]), number=int(body["proposal"]))
