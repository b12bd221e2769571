"""Organisations and people of the tests, with fixed dates."""

from datetime import date
from typing import Any
from uuid import UUID

from services.kernel.sealed import Sealed
from services.people.codes import Covers, EndedBecause, OrganisationKind, Role
from services.people.organisation import Organisation, organisation_id
from services.people.person import Person
from tests.scenario import Fact, Story, fact

DAY = date(2026, 1, 7)
SOMEBODY = UUID("00000000-0000-4000-8000-000000000001")


def sealed(number: int) -> Sealed:
    return Sealed(UUID(int=number), f"{number:064x}")


def organisation(*facts: Fact) -> Story:
    """The story of the lead organisation."""
    return Story(facts, organisation_id("lead"))


def person(*facts: Fact) -> Story:
    """The story of SOMEBODY."""
    return Story(facts, SOMEBODY)


partner = fact(
    Organisation.Registered,
    code="lead",
    nature=OrganisationKind.CARITAS,
    name="Caritas di prova",
    lead=True,
    on=DAY,
)


def agreement(**more: Any) -> Fact:
    told: dict[str, Any] = {
        "partner": "nord",
        "reference": "prot. 12/2026",
        "since": DAY,
        "until": None,
        "on": DAY,
        "signed_on": DAY,
        "covers": (Covers.PROGRAMME,),
    }
    return fact(Organisation.AgreementRecorded, **told | more)


agreement_ended = fact(
    Organisation.AgreementEnded, number=1, last=DAY, because=EndedBecause.WITHDRAWN, on=DAY
)
hired = fact(Person.Registered, organisation="lead", name=sealed(1), on=DAY)


def assigned(role: Role = Role.VERIFIER, **more: Any) -> Fact:
    told: dict[str, Any] = {"role": role, "body": None, "since": DAY, "until": None}
    return fact(Person.RoleAssigned, **told | more)


def ended(role: Role = Role.VERIFIER, **more: Any) -> Fact:
    return fact(Person.RoleEnded, **{"role": role, "body": None} | more)
