"""What people says keeps the shape it promised."""

import json
from pathlib import Path
from uuid import UUID

import pytest
from jsonschema import Draft202012Validator, FormatChecker, ValidationError

from services.kernel.sealed import Sealed
from services.kernel.words import LEAD, OWN
from services.people.codes import AddressKind, Covers, Role
from services.people.organisation import Organisation
from services.people.person import Person
from services.people.published import PUBLISHED
from tests.people.moments import (
    DAY,
    SOMEBODY,
    agreement,
    agreement_ended,
    assigned,
    ended,
    hired,
    organisation,
    partner,
    person,
)
from tests.scenario import fact

CONTRACTS = Path(__file__).parents[2] / "services" / "people" / "contract"
SAID = {name: (event, say) for event, told in PUBLISHED.items() for name, say in told.says.items()}


def schema(name):
    return json.loads((CONTRACTS / f"{name}.json").read_text(encoding="utf-8"))


def validate(name, body):
    Draft202012Validator(schema(name), format_checker=FormatChecker()).validate(body)


def body_of(name, story):
    """What is said of the last fact of *story*."""
    event, say = SAID[name]
    last = story.facts[-1]
    assert last.event is event
    told = event(
        originator_id=story.id,
        originator_version=len(story.facts),
        timestamp=None,
        by=None,
        **dict(last.fields),
    )
    return say(told, story.aggregate())


def test_every_published_contract_has_a_file_and_every_file_is_published():
    assert set(SAID) == {path.stem for path in CONTRACTS.glob("*.json")}


@pytest.mark.parametrize("name", SAID)
def test_a_contract_describes_everything_it_requires(name):
    words = schema(name)
    Draft202012Validator.check_schema(words)
    assert words["$id"] == f"people/{name}"
    assert words["description"]
    assert words["additionalProperties"] is False
    assert set(words["required"]) == set(words["properties"])
    assert all(each.get("description") for each in words["properties"].values())


@pytest.mark.parametrize("name", SAID)
def test_the_examples_of_a_contract_keep_it(name):
    assert len(schema(name)["examples"]) >= 2
    for example in schema(name)["examples"]:
        validate(name, example)
        with pytest.raises(ValidationError):
            validate(name, example | {"name": "Prova Uno"})


@pytest.mark.parametrize("name", ["role_assigned.v1", "role_ended.v1"])
def test_the_roles_of_the_contracts_are_those_of_the_rules(name):
    assert schema(name)["properties"]["role"]["enum"] == [role.value for role in Role]


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize(("body", "until"), [(None, None), ("coop-esempio", DAY)])
def test_a_role_that_was_assigned_as_it_is_said(role, body, until):
    said = body_of("role_assigned.v1", person(hired, assigned(role, body=body, until=until)))
    validate("role_assigned.v1", said)
    assert said == {
        "person": str(SOMEBODY),
        "role": role.value,
        "organisation": "lead",
        "body": body,
        "from": "2026-01-07",
        "until": until and "2026-01-07",
    }


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("body", [None, "coop-esempio"])
def test_a_role_that_ended_as_it_is_said(role, body):
    story = person(hired, assigned(role, body=body), ended(role, body=body, on=DAY))
    said = body_of("role_ended.v1", story)
    validate("role_ended.v1", said)
    assert said == {
        "person": str(SOMEBODY),
        "role": role.value,
        "organisation": "lead",
        "body": body,
        "on": "2026-01-07",
    }


@pytest.mark.parametrize("kind", list(AddressKind))
def test_an_address_as_it_is_said_is_a_reference(kind):
    sealed = Sealed(UUID(int=5), "a" * 64)
    story = person(hired, fact(Person.AddressRecorded, kind=kind, address=sealed, on=DAY))
    said = body_of("address_recorded.v1", story)
    validate("address_recorded.v1", said)
    assert said == {
        "person": str(SOMEBODY),
        "kind": kind.value,
        "address": {"ref": str(UUID(int=5)), "commitment": "a" * 64},
    }
    assert schema("address_recorded.v1")["properties"]["kind"]["enum"] == list(AddressKind)


@pytest.mark.parametrize("until", [None, DAY])
def test_an_agreement_as_it_is_said_names_no_document(until):
    said = body_of("agreement_recorded.v1", organisation(partner, agreement(until=until)))
    validate("agreement_recorded.v1", said)
    assert said == {
        "organisation": "lead",
        "number": 1,
        "partner": "nord",
        "from": "2026-01-07",
        "until": until and "2026-01-07",
        "covers": ["programme"],
    }
    allowed = schema("agreement_recorded.v1")["properties"]["covers"]["items"]["enum"]
    assert allowed == [each.value for each in Covers]


def test_the_end_of_an_agreement_as_it_is_said():
    said = body_of("agreement_ended.v1", organisation(partner, agreement(), agreement_ended))
    validate("agreement_ended.v1", said)
    assert said == {"organisation": "lead", "number": 1, "last": "2026-01-07"}


def test_the_own_and_the_lead_organisation_are_told_and_only_addresses_are_disclosed():
    ours = {Organisation.AgreementRecorded, Organisation.AgreementEnded}
    of_persons = {Person.RoleAssigned, Person.RoleEnded, Person.AddressRecorded}
    assert set(PUBLISHED) == ours | of_persons
    for event, told in PUBLISHED.items():
        assert set(told.to) == ({OWN} if event in ours else {OWN, LEAD})
        if event is not Person.AddressRecorded:
            assert list(told.parts(None, None)) == []
    sealed = Sealed(UUID(int=5), "a" * 64)
    recorded = fact(Person.AddressRecorded, kind=AddressKind.MAIL, address=sealed, on=DAY)
    told = Person.AddressRecorded(
        originator_id=SOMEBODY,
        originator_version=2,
        timestamp=None,
        by=None,
        **dict(recorded.fields),
    )
    assert PUBLISHED[Person.AddressRecorded].parts(told, None) == [sealed]
