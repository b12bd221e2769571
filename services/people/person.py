"""A person who works for the programme: roles with dates, and known addresses, sealed.

The first and the last day of a role belong to it.
"""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from services.kernel.actor import Actor
from services.kernel.aggregate import Aggregate, Birth, birth
from services.kernel.refusal import Refused
from services.kernel.sealed import Sealed
from services.people.codes import OF_A_BODY, AddressKind, Role


class PersonKnown(Refused):
    """A person is registered once under an id."""


class BodyNotNamed(Refused):
    """The head of a work-placement body is the head of a body that is named [1]."""


class RoleEndsBeforeItBegins(Refused):
    """A role lasts at least one day [2]."""


class RoleHeldAlready(Refused):
    """Somebody has a role once at a time; ``since`` is when the spell in the way begins [2]."""


class RoleNotHeld(Refused):
    """Only a role that is held can be ended [2]."""


@dataclass(frozen=True)
class Held:
    """One spell of one role; both days belong to it.

    Attributes:
        body: code of the body for which the role is held, if it is one of a body.
        until: last day, or None.
    """

    role: Role
    body: str | None
    since: date
    until: date | None

    def covers(self, day: date) -> bool:
        """Whether the role is held on *day*."""
        return self.since <= day and (self.until is None or day <= self.until)

    def meets(self, since: date, until: date | None) -> bool:
        """Whether any day from *since* to *until* (None: no end) belongs to this spell."""
        begins_in_time = until is None or self.since <= until
        return begins_in_time and (self.until is None or since <= self.until)


class Person(Aggregate):
    """Somebody with an account; the vault subject is the person's id."""

    TOPIC = "people.Person"

    def __init__(self) -> None:
        self.organisation = ""
        self.name = Sealed(UUID(int=0), "")
        self.addresses: dict[AddressKind, Sealed] = {}
        self.roles: list[Held] = []

    # stored: rename a class at will, never its topic

    class Registered(Birth):
        """Somebody works for ``organisation`` from ``on``."""

        TOPIC = "people.PersonRegistered"
        organisation: str
        name: Sealed
        on: date

        def apply(self, person: "Person") -> None:
            """The person is known."""
            person.organisation = self.organisation
            person.name = self.name

    class AddressRecorded(Aggregate.Event):
        """The person's address of this kind; it replaces the one before."""

        TOPIC = "people.AddressRecorded"
        kind: AddressKind
        address: Sealed
        on: date

        def apply(self, person: "Person") -> None:
            """The newest address of a kind counts."""
            person.addresses[self.kind] = self.address

    class RoleAssigned(Aggregate.Event):
        """The person holds the role from ``since`` to ``until``, both included; None: no end."""

        TOPIC = "people.RoleAssigned"
        role: Role
        body: str | None
        since: date
        until: date | None

        def apply(self, person: "Person") -> None:
            """One more spell."""
            person.roles.append(Held(self.role, self.body, self.since, self.until))

    class RoleEnded(Aggregate.Event):
        """``on`` is the last day on which the person holds the role."""

        TOPIC = "people.RoleEnded"
        role: Role
        body: str | None
        on: date

        def apply(self, person: "Person") -> None:
            """The spell ends."""
            person.roles = [
                replace(held, until=self.on)
                if held.covers(self.on) and (held.role, held.body) == (self.role, self.body)
                else held
                for held in person.roles
            ]

    @classmethod
    def register(
        cls,
        id: UUID,
        existing: "Person | None",
        organisation: str,
        name: Sealed,
        *,
        on: date,
        by: Actor,
    ) -> "Person":
        """Somebody who works for *organisation* from *on*.

        Args:
            id: random, given by who registers; never derived from anything about the person.
            existing: the person who has the id already, if any.
            organisation: code.
            name: sealed under the id.
            on: civil day.
            by: who registers.

        Raises:
            PersonKnown: the id is taken.
        """
        if existing is not None:
            raise PersonKnown(person=id)
        return birth(cls, cls.Registered, id, by=by, organisation=organisation, name=name, on=on)

    def record_address(self, kind: AddressKind, address: Sealed, *, on: date, by: Actor) -> None:
        """Record where the person is reached; it replaces the known address of this kind [3]."""
        self.trigger_event(self.AddressRecorded, by=by, kind=kind, address=address, on=on)

    def assign_role(
        self, role: Role, body: str | None, since: date, until: date | None, *, by: Actor
    ) -> None:
        """Give the person *role* from *since* to *until*, both included [2].

        Args:
            role: which.
            body: code of the body, for the head of one.
            since: first day; it may lie ahead, or behind.
            until: last day, or None.
            by: who assigns.

        Raises:
            BodyNotNamed: *role* is the head of a body, and *body* is None.
            RoleEndsBeforeItBegins: *until* lies before *since*.
            RoleHeldAlready: a day of it belongs to another spell of the role.
        """
        if role in OF_A_BODY and body is None:
            raise BodyNotNamed(role=role)
        if until is not None and until < since:
            raise RoleEndsBeforeItBegins(role=role, since=since, until=until)
        for held in self.roles:
            if (held.role, held.body) == (role, body) and held.meets(since, until):
                raise RoleHeldAlready(role=role, since=held.since)
        self.trigger_event(self.RoleAssigned, by=by, role=role, body=body, since=since, until=until)

    def end_role(self, role: Role, body: str | None, *, on: date, by: Actor) -> None:
        """Record that *on* is the last day of *role*; a role that ends then already stays [2].

        Raises:
            RoleNotHeld: the person does not hold it on *on*.
        """
        held = next(
            (
                held
                for held in self.roles
                if (held.role, held.body) == (role, body) and held.covers(on)
            ),
            None,
        )
        if held is None:
            raise RoleNotHeld(role=role, on=on)
        if held.until != on:
            self.trigger_event(self.RoleEnded, by=by, role=role, body=body, on=on)

    def roles_on(self, day: date) -> tuple[Held, ...]:
        """The roles that the person holds on *day*, in the order of assignment."""
        return tuple(held for held in self.roles if held.covers(day))
