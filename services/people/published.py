"""What people tells: who holds which role, where somebody is reached, and to our own services under
which agreements words are exchanged; all else stays ours.

An address goes sealed, beside the words: to our own services and to the lead organisation's, which
answer and send mail; the words hold its reference.
"""

from datetime import date

from services.kernel.sealed import Sealed
from services.kernel.words import LEAD, OWN, Body, Publish, Published
from services.people.organisation import Organisation
from services.people.person import Person


def recorded(organisation: Organisation) -> Body:
    """The newest agreement of *organisation* as it is told: who, when; not what is filed."""
    agreement = organisation.agreements[-1]
    return {
        "organisation": organisation.code,
        "number": agreement.number,
        "partner": agreement.partner,
        "from": agreement.since.isoformat(),
        "until": None if agreement.until is None else agreement.until.isoformat(),
        "covers": [what.value for what in agreement.covers_what],
    }


def ended(organisation: Organisation, number: int, last: date) -> Body:
    """The end of agreement *number* as it is told."""
    return {"organisation": organisation.code, "number": number, "last": last.isoformat()}


def _recorded(event: Organisation.AgreementRecorded, organisation: Organisation) -> Body:
    return recorded(organisation)


def _agreement_ended(event: Organisation.AgreementEnded, organisation: Organisation) -> Body:
    return ended(organisation, event.number, event.last)


def _assigned(event: Person.RoleAssigned, person: Person) -> Body:
    return {
        "person": str(event.originator_id),
        "role": event.role.value,
        "organisation": person.organisation,
        "body": event.body,
        "from": event.since.isoformat(),
        "until": None if event.until is None else event.until.isoformat(),
    }


def _ended(event: Person.RoleEnded, person: Person) -> Body:
    return {
        "person": str(event.originator_id),
        "role": event.role.value,
        "organisation": person.organisation,
        "body": event.body,
        "on": event.on.isoformat(),
    }


def _address(event: Person.AddressRecorded, person: Person) -> Body:
    return {
        "person": str(event.originator_id),
        "kind": event.kind.value,
        "address": {"ref": str(event.address.ref), "commitment": event.address.commitment},
    }


def _the_address_itself(event: Person.AddressRecorded, person: Person) -> list[Sealed]:
    return [event.address]


PUBLISHED: Published = {
    Organisation.AgreementRecorded: Publish(says={"agreement_recorded.v1": _recorded}),
    Organisation.AgreementEnded: Publish(says={"agreement_ended.v1": _agreement_ended}),
    Person.RoleAssigned: Publish(says={"role_assigned.v1": _assigned}, to=(OWN, LEAD)),
    Person.RoleEnded: Publish(says={"role_ended.v1": _ended}, to=(OWN, LEAD)),
    Person.AddressRecorded: Publish(
        says={"address_recorded.v1": _address}, to=(OWN, LEAD), parts=_the_address_itself
    ),
}
