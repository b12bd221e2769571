"""What people tells: who holds which role, and when. What is not in the table stays ours."""

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


PUBLISHED: Published = {
    Person.RoleAssigned: Publish(says={"role_assigned.v1": _assigned}, to=(OWN, LEAD)),
    Person.RoleEnded: Publish(says={"role_ended.v1": _ended}, to=(OWN, LEAD)),
}
