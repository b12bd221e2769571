"""What is stored is stored for ever: topics, fields, and the values of codes."""

import inspect
from enum import Enum
from typing import get_type_hints

from services.kernel.aggregate import Aggregate
from services.kernel.mapper import decoder
from services.kernel.sealed import Sealed
from services.people import codes
from services.people.organisation import Organisation
from services.people.person import Person

FIELDS = {
    "people.OrganisationRegistered": "code lead name nature on",
    "people.AgreementRecorded": "covers on partner reference signed_on since until",
    "people.AgreementEnded": "because last number on",
    "people.PersonRegistered": "name on organisation",
    "people.AddressRecorded": "address kind on",
    "people.RoleAssigned": "body role since until",
    "people.RoleEnded": "body on role",
}
CODES = {
    "Role": (
        "access_point_operator verifier microequipe_member microequipe_lead case_manager "
        "project_manager work_placement_head legal_representative auditor administrator"
    ),
    "OrganisationKind": (
        "caritas parrocchia comune associazione cooperativa fondazione ente_sanitario "
        "ente_inserimento_lavorativo altro"
    ),
    "AddressKind": "mail pec",
    "Covers": "programme recognition",
    "EndedBecause": "withdrawn replaced left_the_programme",
}


def events():
    return {
        event.TOPIC: event
        for kind in (Organisation, Person)
        for name, event in vars(kind).items()
        if isinstance(event, type) and issubclass(event, Aggregate.Event) and name != "Event"
    }


def own_fields(event):
    inherited = {*Aggregate.Event.__dataclass_fields__, "originator_topic"}
    return {name for name in event.__dataclass_fields__ if name not in inherited}


def test_topics_and_fields_of_events_are_frozen():
    assert {
        topic: " ".join(sorted(own_fields(event))) for topic, event in events().items()
    } == FIELDS
    assert (Organisation.TOPIC, Person.TOPIC) == ("people.Organisation", "people.Person")


def test_values_of_stored_codes_are_frozen():
    found = {
        name: " ".join(each.value for each in words)
        for name, words in vars(codes).items()
        if inspect.isclass(words) and issubclass(words, Enum) and words.__module__ == codes.__name__
    }
    assert found == CODES


def test_names_and_addresses_of_persons_are_sealed():
    assert get_type_hints(Person.Registered)["name"] is Sealed
    assert get_type_hints(Person.AddressRecorded)["address"] is Sealed


def test_every_event_can_be_read_back_by_its_own_annotations():
    for event in events().values():
        decoder(event)
