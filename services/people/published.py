"""What people tells: who holds which role, and where somebody is reached; all else stays ours.

An address goes sealed, beside the words: to our own services and to the lead organisation's, which
answer and send mail; the words hold its reference.
"""

from services.kernel.sealed import Sealed
from services.kernel.words import LEAD, OWN, Body, Publish, Published
from services.people.person import Person


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
    Person.RoleAssigned: Publish(says={"role_assigned.v1": _assigned}, to=(OWN, LEAD)),
    Person.RoleEnded: Publish(says={"role_ended.v1": _ended}, to=(OWN, LEAD)),
    Person.AddressRecorded: Publish(
        says={"address_recorded.v1": _address}, to=(OWN, LEAD), parts=_the_address_itself
    ),
}
