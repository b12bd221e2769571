"""Who works in two organisations of a simulation: invented people, their roles and addresses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Protocol, TypeAlias
from uuid import UUID

from services.console.mailing import address_of
from services.kernel.actor import Actor

LEADS = 4
"""How many lead microequipes in each organisation."""
COVERED = ["programme", "recognition"]
"""What the two organisations agree on."""
KINDS = {"lead": "caritas", "partner": "associazione"}

Roles: TypeAlias = Mapping[str, Sequence[tuple[str, str, str | None]]]
"""By organisation: what somebody is called here, their role, and the body that they are head of."""

ALONE: Roles = {
    "lead": (
        ("project manager", "project_manager", None),
        ("case manager 1", "case_manager", None),
        ("case manager 2", "case_manager", None),
        ("work placement", "work_placement_head", "cooperativa-prova"),
    ),
    "partner": (("work placement", "work_placement_head", "officina-prova"),),
}
"""Whom only one of the organisations has."""
EVERYWHERE: tuple[tuple[str, str, str | None], ...] = (
    ("legal", "legal_representative", None),
    ("operator", "access_point_operator", None),
    ("verifier", "verifier", None),
    *((f"lead {number}", "microequipe_lead", None) for number in range(1, LEADS + 1)),
    *((f"member {number}", "microequipe_member", None) for number in range(1, LEADS + 1)),
)


class Ask(Protocol):
    """Asks a service of an organisation, on behalf of somebody."""

    def __call__(
        self, organisation: str, service: str, method: str, by: Actor, /, **words: object
    ) -> dict[str, object]:
        """What it answers."""
        ...


@dataclass(frozen=True)
class Person:
    """Somebody who works in the programme; the name is in the vault of people alone."""

    id: str
    organisation: str
    role: str
    body: str | None
    address: str

    def acting(self, *roles: str) -> Actor:
        """This person in *roles*, by default the own one."""
        return Actor.of_person(self.organisation, self.id, *(roles or (self.role,)))


@dataclass
class Cast:
    """Everybody, by organisation and what they are called here; who left is still known by id."""

    people: dict[tuple[str, str], Person] = field(default_factory=dict)
    everybody: list[Person] = field(default_factory=list)

    def __getitem__(self, who: tuple[str, str]) -> Person:
        return self.people[who]

    def numbered(self, organisation: str, called: str) -> list[Person]:
        """The leads, or the members, of the microequipes of *organisation*."""
        return [self.people[organisation, f"{called} {n}"] for n in range(1, LEADS + 1)]

    def by_id(self, id: str) -> Person:
        """The person with this id."""
        return next(person for person in self.everybody if person.id == id)

    def auditor(self, organisation: str) -> Actor:
        """Who may ask about every pact of *organisation*, and reads no text."""
        return Actor.of_person(organisation, UUID(int=1), "auditor")

    def administrator(self, organisation: str) -> Actor:
        """Who registers people in *organisation*, and erases families."""
        return Actor.of_person(organisation, UUID(int=2), "administrator")


OF_THE_YEAR: Roles = {organisation: (*alone, *EVERYWHERE) for organisation, alone in ALONE.items()}


def register(ask: Ask, first: date, chance: Random, roles: Roles = OF_THE_YEAR) -> Cast:
    """Both organisations with their agreement and their people, all of it from *first* on."""
    cast = Cast()
    for organisation, kind in KINDS.items():
        by = cast.administrator(organisation)
        name = f"Ente di prova {organisation}"
        ask(
            organisation,
            "people",
            "register_organisation",
            by,
            organisation=organisation,
            kind=kind,
            display_name=name,
        )
        [partner] = KINDS.keys() - {organisation}
        agreed = {"reference": "Accordo di prova", "since": first.isoformat(), "covers": COVERED}
        about = {"organisation": organisation, "partner": partner}
        ask(organisation, "people", "record_agreement", by, **about, **agreed)
        for called, role, body in roles[organisation]:
            enrol(ask, cast, (organisation, called), role, body, first, chance)
    return cast


def enrol(
    ask: Ask,
    cast: Cast,
    who: tuple[str, str],
    role: str,
    body: str | None,
    since: date,
    chance: Random,
) -> None:
    """Somebody begins to work as *who*; who was called so before is no longer."""
    organisation, _ = who
    number = 1 + sum(each.organisation == organisation for each in cast.everybody)
    id = str(UUID(int=chance.getrandbits(128), version=4))
    person = Person(id, organisation, role, body, address_of(organisation, number))
    name = f"Persona Inventata {organisation.capitalize()} {number}"
    asked: tuple[tuple[str, dict[str, object]], ...] = (
        ("register_person", {"display_name": name}),
        ("assign_role", {"role": role, "since": since.isoformat(), "body": body}),
        ("record_address", {"kind": "mail", "address": person.address}),
    )
    for method, words in asked:
        by = cast.administrator(organisation)
        ask(organisation, "people", method, by, person=id, **words)
    cast.people[who] = person
    cast.everybody.append(person)
