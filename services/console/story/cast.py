"""Who takes part: invented people, the roles in which they act, and where mail reaches them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import uuid4

from services.console.mailing import address_of
from services.kernel.actor import Actor

Call = Callable[..., Any]
"""Asks a service of an organisation, on behalf of somebody; as the year's ``Asking``."""

KINDS = {"lead": "caritas", "partner": "associazione"}

ROLES: dict[str, tuple[tuple[str, str, str | None], ...]] = {
    "lead": (
        ("project manager", "project_manager", None),
        ("case manager 1", "case_manager", None),
        ("case manager 2", "case_manager", None),
        ("work placement", "work_placement_head", "cooperativa-prova"),
        ("legal", "legal_representative", None),
        ("operator", "access_point_operator", None),
        ("verifier", "verifier", None),
        ("microequipe lead", "microequipe_lead", None),
        ("social worker", "microequipe_member", None),
    ),
    "partner": (
        ("work placement", "work_placement_head", "officina-prova"),
        ("legal", "legal_representative", None),
        ("operator", "access_point_operator", None),
        ("verifier", "verifier", None),
        ("microequipe lead", "microequipe_lead", None),
        ("social worker", "microequipe_member", None),
    ),
}
"""By organisation: what they are called here, their role, and the body that they are head of."""


@dataclass(frozen=True)
class Person:
    """Somebody of the demo, with the role in which they act, and where mail reaches them."""

    id: str
    actor: Actor
    address: str
    role: str


@dataclass
class Cast:
    """Everybody, by organisation and what they are called here; names are in people's vault."""

    people: dict[tuple[str, str], Person] = field(default_factory=dict)

    def __getitem__(self, who: tuple[str, str]) -> Person:
        return self.people[who]

    def roles(self) -> dict[str, str]:
        """The role of each person, by id."""
        return {person.id: person.role for person in self.people.values()}


def register(call: Call, first: date) -> Cast:
    """Both organisations with their people, whose roles begin with *first*."""
    cast = Cast()
    for organisation, roles in ROLES.items():
        by = Actor.of_person(organisation, uuid4(), "administrator")
        call(
            organisation,
            "people",
            "register_organisation",
            by,
            organisation=organisation,
            kind=KINDS[organisation],
            display_name=f"Ente di prova {organisation}",
        )
        for number, (called, role, body) in enumerate(roles, start=1):
            person = str(uuid4())
            address = address_of(organisation, number)
            name = f"Persona Inventata {organisation.capitalize()} {number}"
            asked: tuple[tuple[str, dict[str, object]], ...] = (
                ("register_person", {"display_name": name}),
                ("assign_role", {"role": role, "since": first.isoformat(), "body": body}),
                ("record_address", {"kind": "mail", "address": address}),
            )
            for method, words in asked:
                call(organisation, "people", method, by, person=person, **words)
            actor = Actor.of_person(organisation, person, role)
            cast.people[organisation, called] = Person(person, actor, address, role)
    return cast
