"""The door of people, called without a broker, on a real store."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from services.kernel.identity import RoleWithoutRight
from services.kernel.refusal import BadWord, Refused, Unknown, VersionMoved
from services.people.codes import Role
from services.people.organisation import CodeMisshapen, OrganisationKnown
from services.people.person import PersonKnown, RoleHeldAlready
from tests.people.moments import DAY

SOMEBODY = "00000000-0000-4000-8000-000000000001"
OTHER = "00000000-0000-4000-8000-000000000002"
NAME = "Persona Inventata-Omega"
MAIL = "persona@inventata-omega.invalid"


def register(desk, person=SOMEBODY, name=NAME):
    return desk.ask("register_person", "administrator", person=person, display_name=name)


def assign(desk, person=SOMEBODY, role="verifier", since="2026-01-07", **words):
    return desk.ask("assign_role", "administrator", person=person, role=role, since=since, **words)


def organisation(desk, code="lead"):
    return desk.ask(
        "register_organisation",
        "administrator",
        organisation=code,
        kind="caritas",
        display_name="Caritas di prova",
    )


def test_organisations_and_people_are_registered_and_their_roles_are_told(desk):
    assert organisation(desk) == {"organisation": "lead", "version": 1, "lead": True}
    assert organisation(desk, "nord") == {"organisation": "nord", "version": 1, "lead": False}
    assert register(desk) == {"person": SOMEBODY, "version": 1}
    address = {"person": SOMEBODY, "kind": "mail", "address": MAIL}
    assert desk.ask("record_address", "administrator", **address)["version"] == 2
    assert assign(desk, until="2026-12-31") == {"person": SOMEBODY, "version": 3}
    ended = desk.ask("end_role", "administrator", person=SOMEBODY, role="verifier", on="2026-06-30")
    assert ended == {"person": SOMEBODY, "version": 4}
    assert desk.topics() == [
        "people.OrganisationRegistered",
        "people.OrganisationRegistered",
        "people.PersonRegistered",
        "people.AddressRecorded",
        "people.RoleAssigned",
        "people.RoleEnded",
    ]
    address_told, *roles_told = desk.told("lead")
    assert address_told[0] == "people/address_recorded.v1"
    assert MAIL not in str(address_told)
    assert roles_told == [
        (
            "people/role_assigned.v1",
            {
                "person": SOMEBODY,
                "role": "verifier",
                "organisation": "lead",
                "body": None,
                "from": "2026-01-07",
                "until": "2026-12-31",
            },
        ),
        (
            "people/role_ended.v1",
            {
                "person": SOMEBODY,
                "role": "verifier",
                "organisation": "lead",
                "body": None,
                "on": "2026-06-30",
            },
        ),
    ]
    assert desk.told("nord") == []


def test_roles_of_a_partner_are_told_to_it_and_to_the_lead(people_of):
    desk = people_of("nord")
    register(desk)
    assign(desk, role="work_placement_head", body="coop-esempio")
    assert desk.told("nord") == desk.told("lead")
    assert desk.told("lead")[0][1]["organisation"] == "nord"
    assert desk.told("lead")[0][1]["body"] == "coop-esempio"


def test_an_agreement_is_recorded(desk):
    organisation(desk)
    told = desk.ask(
        "record_agreement",
        "administrator",
        organisation="lead",
        partner="nord",
        reference="prot. 12/2026",
        since="2026-01-07",
    )
    assert told == {"organisation": "lead", "version": 2, "agreement": 1}
    asked = {"organisation": "lead", "day": "2026-01-06"}
    assert desk.ask("agreements_of", "auditor", **asked) == [
        {
            "agreement": 1,
            "partner": "nord",
            "reference": "prot. 12/2026",
            "signed_on": "2026-01-07",
            "since": "2026-01-07",
            "until": None,
            "covers": ["programme"],
            "in_force": False,
        }
    ]


def test_our_own_agreement_lets_words_pass_until_it_is_ended(desk):
    def closed():
        with desk.store.database.reading() as connection:
            return desk.store.without_agreement(connection)

    words = {"organisation": "lead", "partner": "nord", "reference": "prot. 12/2026"}
    organisation(desk)
    organisation(desk, "nord")
    assert closed() == {"nord"}
    other = words | {"organisation": "nord", "partner": "lead"}
    desk.ask("record_agreement", "administrator", **other, since="2026-01-07")
    assert closed() == {"nord"}, "what another one agreed is theirs"
    desk.ask("record_agreement", "administrator", **words, since="2026-01-07")
    assert closed() == set()
    end = {"organisation": "lead", "agreement": 1, "last": "2026-01-07", "because": "withdrawn"}
    desk.ask("end_agreement", "administrator", **end)
    assert closed() == set(), "its last day belongs to it"
    desk.on(DAY + timedelta(1))
    assert closed() == {"nord"}
    told = [name for name, _ in desk.told("lead")]
    assert told[-2:] == ["people/agreement_recorded.v1", "people/agreement_ended.v1"]
    assert desk.told("nord") == []


def test_neither_a_name_nor_an_address_is_stored_in_the_clear(desk):
    register(desk)
    desk.ask("record_address", "administrator", person=SOMEBODY, kind="mail", address=MAIL)
    assert NAME not in desk.stored_text()
    assert MAIL not in desk.stored_text()
    assert desk.written() == (2, 2, 1, 0)


def test_an_administrator_opens_them_and_the_reading_is_recorded(desk):
    register(desk)
    desk.ask("record_address", "administrator", person=SOMEBODY, kind="pec", address=MAIL)
    found = desk.ask("opened_person", "administrator", person=SOMEBODY)
    assert found == {
        "person": SOMEBODY,
        "version": 2,
        "display_name": NAME,
        "addresses": {"pec": MAIL},
    }
    assert desk.reads() == ["name", "address"]


@pytest.mark.parametrize(
    ("day", "roles"),
    [
        ("2026-01-06", []),
        ("2026-01-07", ["verifier"]),
        ("2026-01-08", ["verifier"]),
        ("2026-06-29", ["verifier"]),
        ("2026-06-30", ["verifier"]),
        ("2026-07-01", []),
    ],
)
def test_roles_and_holders_of_any_day(desk, day, roles):
    register(desk)
    assign(desk)
    desk.ask("end_role", "administrator", person=SOMEBODY, role="verifier", on="2026-06-30")
    found = desk.ask("roles_of", "auditor", person=SOMEBODY, day=day)
    assert [each["role"] for each in found["roles"]] == roles
    holders = desk.ask("holders_of", "auditor", role="verifier", day=day)
    assert holders == [{"person": SOMEBODY, "body": None} for _ in roles]


def test_without_a_day_it_is_today(desk):
    register(desk)
    assign(desk)
    assert desk.ask("roles_of", "auditor", person=SOMEBODY)["roles"]
    assert desk.ask("holders_of", "auditor", role="verifier")
    desk.on(DAY - timedelta(1))
    assert desk.ask("roles_of", "auditor", person=SOMEBODY)["roles"] == []
    assert desk.ask("holders_of", "auditor", role="verifier") == []


def test_the_holders_of_a_role_are_listed_with_their_bodies(desk):
    for person, body in ((OTHER, "coop-prova"), (SOMEBODY, "coop-esempio")):
        register(desk, person)
        assign(desk, person, "work_placement_head", body=body)
    end = {"person": OTHER, "role": "work_placement_head", "body": "coop-prova"}
    assert desk.ask("holders_of", "auditor", role="work_placement_head") == [
        {"person": OTHER, "body": "coop-prova"},
        {"person": SOMEBODY, "body": "coop-esempio"},
    ]
    desk.ask("end_role", "administrator", **end, on="2026-01-07")
    assert desk.ask("holders_of", "auditor", role="work_placement_head", day="2026-01-08") == [
        {"person": SOMEBODY, "body": "coop-esempio"}
    ]


def test_the_view_is_a_function_of_the_log(desk):
    register(desk)
    assign(desk, until="2026-03-31")
    assign(desk, since="2026-04-01")
    desk.ask("end_role", "administrator", person=SOMEBODY, role="verifier", on="2026-06-30")
    kept = desk.view(0)
    assert [row["until"] for row in kept] == [date(2026, 3, 31), date(2026, 6, 30)]


def test_people_and_organisations_are_registered_once(desk):
    register(desk)
    organisation(desk)
    before = desk.written()
    with pytest.raises(PersonKnown):
        register(desk, name="Altra Inventata")
    with pytest.raises(OrganisationKnown):
        organisation(desk)
    assert desk.written() == before


def test_a_repeated_click_assigns_a_role_once(desk):
    register(desk)
    words = {"person": SOMEBODY, "role": "verifier", "since": "2026-01-07", "key": UUID(int=9)}
    first = desk.ask("assign_role", "administrator", **words)
    assert desk.ask("assign_role", "administrator", **words) == first
    with pytest.raises(RoleHeldAlready):
        assign(desk)


@pytest.mark.parametrize(
    ("method", "words", "argument"),
    [
        ("register_person", {"person": "x"}, "person"),
        ("register_person", {"display_name": " "}, "display_name"),
        ("register_organisation", {"organisation": ""}, "organisation"),
        ("register_organisation", {"kind": "club"}, "kind"),
        ("record_address", {"kind": "fax"}, "kind"),
        ("record_address", {"address": "x" * 321}, "address"),
        ("assign_role", {"role": "king"}, "role"),
        ("assign_role", {"since": "7/1/2026"}, "since"),
        ("assign_role", {"until": "never"}, "until"),
        ("assign_role", {"body": ""}, "body"),
        ("end_role", {"on": None}, "on"),
        ("end_role", {"colour": "red"}, ""),
        ("record_agreement", {"covers": "programme"}, "covers"),
        ("record_agreement", {"covers": ["everything"]}, "covers"),
        ("record_agreement", {"signed_on": "soon"}, "signed_on"),
    ],
)
def test_a_word_of_the_wrong_shape_is_refused_by_name(desk, method, words, argument):
    register(desk)
    organisation(desk)
    fitting = {
        "register_person": {"person": OTHER, "display_name": NAME},
        "register_organisation": {
            "organisation": "sud",
            "kind": "comune",
            "display_name": "Comune di prova",
        },
        "record_address": {"person": SOMEBODY, "kind": "mail", "address": MAIL},
        "assign_role": {"person": SOMEBODY, "role": "verifier", "since": "2026-01-07"},
        "end_role": {"person": SOMEBODY, "role": "verifier", "on": "2026-01-07"},
        "record_agreement": {
            "organisation": "lead",
            "partner": "nord",
            "reference": "prot. 12/2026",
            "since": "2026-01-07",
        },
    }
    before = desk.written()
    with pytest.raises(BadWord) as refusal:
        desk.ask(method, "administrator", **fitting[method] | words)
    assert refusal.value.facts["argument"] == argument
    assert desk.written() == before


def test_an_organisation_with_a_misshapen_code_is_refused(desk):
    with pytest.raises(CodeMisshapen):
        organisation(desk, "Nord Est")


def test_what_is_not_known_is_refused(desk):
    with pytest.raises(Unknown):
        assign(desk)
    organisation(desk)
    with pytest.raises(Unknown):
        desk.ask("roles_of", "auditor", person=OTHER)


def test_who_edited_an_older_version_is_told(desk):
    register(desk)
    assign(desk)
    with pytest.raises(VersionMoved):
        assign(desk, role="auditor", expected_version=1)


COMMANDS = (
    "register_organisation",
    "record_agreement",
    "end_agreement",
    "register_person",
    "record_address",
    "assign_role",
    "end_role",
    "opened_person",
)


@pytest.mark.parametrize("method", COMMANDS)
def test_only_an_administrator_may(desk, method):
    others = [role.value for role in Role if role is not Role.ADMINISTRATOR]
    with pytest.raises(RoleWithoutRight) as refusal:
        desk.ask(method, *others)
    assert refusal.value.facts == {"method": method, "may": ["administrator"]}


@pytest.mark.parametrize("role", [role.value for role in Role])
def test_every_role_may_ask_who_holds_what(desk, role):
    register(desk)
    assert desk.ask("roles_of", role, person=SOMEBODY)["roles"] == []
    assert desk.ask("holders_of", role, role="verifier") == []


def test_who_has_no_role_may_not_even_ask(desk):
    with pytest.raises(Refused):
        desk.ask("holders_of", role="verifier")
