"""Who is to be told: who referred a family, who leads its microequipe, who holds a role."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from services.kernel.actor import Actor
from services.kernel.aggregate import Aggregate, Birth, birth
from services.kernel.ids import stream_id

EVERY_BODY = "*"
"""Stored in place of a body: the role that the person held for any body, or for none."""


def addressees_id(family: str) -> UUID:
    """The stream of the addressees of *family*."""
    return stream_id("addressees", family)


def holders_id(organisation: str, role: str) -> UUID:
    """The stream of those who hold *role* at *organisation*."""
    return stream_id("holders", organisation, role)


def organisation_of(family: str) -> str:
    """The organisation that follows *family*; its code begins with it."""
    return family.rsplit("-", 2)[0].lower()


class Addressees(Aggregate):
    """Whom the steps of one family concern, as heard."""

    TOPIC = "notify.Addressees"

    def __init__(self) -> None:
        self.family = ""
        self.referrer: str | None = None
        self.lead: UUID | None = None
        self.members: tuple[UUID, ...] = ()
        self.case_manager: UUID | None = None
        self.restricted = False
        self.erased = False

    class Opened(Birth):
        """The family was heard of."""

        TOPIC = "notify.AddresseesOpened"
        family: str

        def apply(self, addressees: "Addressees") -> None:
            addressees.family = self.family

    class ReferrerKnown(Aggregate.Event):
        """Who referred the family: a person, or the operators of the access point."""

        TOPIC = "notify.ReferrerKnown"
        recipient: str

        def apply(self, addressees: "Addressees") -> None:
            addressees.referrer = self.recipient

    class LeadKnown(Aggregate.Event):
        """Who leads the microequipe."""

        TOPIC = "notify.LeadKnown"
        person: UUID

        def apply(self, addressees: "Addressees") -> None:
            addressees.lead = self.person

    class MicroequipeKnown(Aggregate.Event):
        """Who is in the microequipe with an account, and who assists it."""

        TOPIC = "notify.MicroequipeKnown"
        members: tuple[UUID, ...]
        case_manager: UUID | None

        def apply(self, addressees: "Addressees") -> None:
            addressees.members = self.members
            addressees.case_manager = self.case_manager

    class ContactKnown(Aggregate.Event):
        """Whether every contact with the family is restricted."""

        TOPIC = "notify.ContactKnown"
        restricted: bool

        def apply(self, addressees: "Addressees") -> None:
            addressees.restricted = self.restricted

    class Erased(Aggregate.Event):
        """The family's data was erased: nothing is awaited about it any more."""

        TOPIC = "notify.FamilyErased"
        on: date

        def apply(self, addressees: "Addressees") -> None:
            addressees.erased = True

    @classmethod
    def open(cls, family: str, by: Actor) -> "Addressees":
        """The addressees of *family*, before any is known."""
        return birth(cls, cls.Opened, addressees_id(family), by=by, family=family)

    def know_referrer(self, recipient: str, by: Actor) -> None:
        """Remember who referred the family; known already, nothing is added."""
        if self.referrer != recipient:
            self.trigger_event(self.ReferrerKnown, by=by, recipient=recipient)

    def know_lead(self, person: UUID, by: Actor) -> None:
        """Remember who leads its microequipe; known already, nothing is added."""
        if self.lead != person:
            self.trigger_event(self.LeadKnown, by=by, person=person)

    def know_microequipe(
        self, members: tuple[UUID, ...], case_manager: UUID | None, by: Actor
    ) -> None:
        """Remember who is in it and who assists it; known already, nothing is added."""
        if (self.members, self.case_manager) != (members, case_manager):
            self.trigger_event(
                self.MicroequipeKnown, by=by, members=members, case_manager=case_manager
            )

    def know_contact(self, restricted: bool, by: Actor) -> None:
        """Remember how contacts with the family stand; known already, nothing is added."""
        if self.restricted is not restricted:
            self.trigger_event(self.ContactKnown, by=by, restricted=restricted)

    def erase(self, by: Actor, on: date) -> None:
        """Remember, once, that the family's data was erased; who calls destroys it here."""
        if not self.erased:
            self.trigger_event(self.Erased, by=by, on=on)


@dataclass(frozen=True)
class Spell:
    """One person's time in a role; both days belong to it, None means no end."""

    person: UUID
    body: str | None
    first: date
    last: date | None

    def of(self, person: UUID, body: str | None) -> bool:
        """Whether it is *person*'s, for *body* (None: for none)."""
        return self.person == person and body in (self.body, EVERY_BODY)

    def on(self, day: date) -> bool:
        """Whether *day* belongs to it."""
        return self.first <= day and (self.last is None or day <= self.last)


class Holders(Aggregate):
    """Who holds one role at one organisation, as heard."""

    TOPIC = "notify.Holders"

    def __init__(self) -> None:
        self.spells: tuple[Spell, ...] = ()

    class Opened(Birth):
        """The role was heard of."""

        TOPIC = "notify.HoldersOpened"
        organisation: str
        role: str

    class Began(Aggregate.Event):
        """A person holds the role from *first* to *last*, both included."""

        TOPIC = "notify.HolderBegan"
        person: UUID
        body: str | None
        first: date
        last: date | None

        def apply(self, holders: "Holders") -> None:
            spell = Spell(self.person, self.body, self.first, self.last)
            holders.spells = (*holders.spells, spell)

    class Ended(Aggregate.Event):
        """A person holds the role for the last time on *last*.

        Attributes:
            body: for which it was held, None, or :data:`EVERY_BODY`.
        """

        TOPIC = "notify.HolderEnded"
        class_version = 2
        person: UUID
        body: str | None
        last: date

        def apply(self, holders: "Holders") -> None:
            holders.spells = tuple(
                replace(spell, last=self.last)
                if spell.of(self.person, self.body) and spell.on(self.last)
                else spell
                for spell in holders.spells
            )

        @staticmethod
        def upcast_v1_v2(state: dict[str, Any]) -> None:
            """Until version 2 the end of a role did not name its body, and ended it for all."""
            state["body"] = EVERY_BODY

    @classmethod
    def open(cls, organisation: str, role: str, by: Actor) -> "Holders":
        """The holders of a role, before any is known."""
        return birth(
            cls,
            cls.Opened,
            holders_id(organisation, role),
            by=by,
            organisation=organisation,
            role=role,
        )

    def begin(self, spell: Spell, by: Actor) -> None:
        """Remember that somebody holds the role; known already, nothing is added."""
        known = any(
            each.of(spell.person, spell.body) and each.on(spell.first) for each in self.spells
        )
        if not known:
            self.trigger_event(
                self.Began,
                by=by,
                person=spell.person,
                body=spell.body,
                first=spell.first,
                last=spell.last,
            )

    def end(self, person: UUID, body: str | None, last: date, by: Actor) -> None:
        """Remember the last day of somebody's role; known already, nothing is added."""
        if any(
            each.of(person, body) and each.on(last) and each.last != last for each in self.spells
        ):
            self.trigger_event(self.Ended, by=by, person=person, body=body, last=last)

    def on(self, day: date) -> tuple[UUID, ...]:
        """Who holds the role on *day*, each once."""
        return tuple(dict.fromkeys(each.person for each in self.spells if each.on(day)))
