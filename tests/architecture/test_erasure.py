"""A family is erased at one service of one organisation: nobody holds a text about it any more."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.intake.codes import AccessPoint
from services.intake.referral_csv import read_referrals
from services.kernel.actor import Actor
from services.kernel.ids import stream_id
from services.pacts.pact import pact_id
from services.review.proposal_review import review_id
from tests.intake.test_service import SAMPLES
from tests.pacts.desk import ACTIONS
from tests.review.house import House
from tests.review.moments import CASE_1, CASE_2, MANAGER, person

JANUARY_15, MARCH_2 = date(2026, 1, 15), date(2026, 3, 2)
SEATS = ((MANAGER, "project_manager"), (CASE_1, "case_manager"), (CASE_2, "case_manager"))
SOCIAL_WORKER, TEACHER, NEIGHBOUR = person(31), person(32), person(33)
TEAM: list[dict[str, Any]] = [
    {"person": str(SOCIAL_WORKER), "kind": "social_worker"},
    {"person": str(TEACHER), "kind": "reference_figure", "role": "teacher"},
    {"person": str(NEIGHBOUR), "kind": "reference_figure", "role": "neighbour"},
]
for figure in TEAM[1:]:
    figure["agreed_on"] = "2026-03-01"
TEAM[2]["name"] = "Vicina Inventata"


def at(organisation: str, who: UUID, *roles: str) -> Actor:
    return Actor.of_person(organisation, who, *roles)


SECRETARY = at("lead", MANAGER, "project_manager")
LEAD = at("nord", SOCIAL_WORKER, "microequipe_lead")
OPERATOR = at("nord", person(41), "access_point_operator", "verifier", "administrator")


@pytest.fixture
def house(new_urls: Callable[[], Any]) -> Iterator[House]:
    """Guidelines are in force everywhere, and the committee sits."""
    made = House(new_urls, JANUARY_15)
    made.ask("lead/review", "hold_session", SECRETARY, on="2026-01-15", present=[str(MANAGER)])
    issue = {"number": 1, "in_force_from": "2026-01-15", "parameters": {}, "session": 1}
    made.ask("lead/review", "issue_guidelines", SECRETARY, **issue)
    registrar = at("lead", person(42), "administrator")
    for who, role in SEATS:
        register = {"person": str(who), "display_name": "Persona di Prova"}
        made.ask("lead/people", "register_person", registrar, **register)
        assign = {"person": str(who), "role": role, "since": "2026-01-01"}
        made.ask("lead/people", "assign_role", registrar, **assign)
    made.carry()
    made.on(MARCH_2)
    yield made
    made.close()


def admit(house: House) -> str:
    """A family of the samples, found eligible, with its microequipe; its code."""
    [referral, *_] = read_referrals((SAMPLES / "cda.csv").read_bytes(), AccessPoint.CDA).referrals
    family = house.ask("nord/intake", "refer_family", OPERATOR, **referral.refer)["family"]
    for method, words in referral.then:
        house.ask("nord/intake", method, OPERATOR, family=family, **words)
    house.ask("nord/intake", "verify_eligibility", OPERATOR, family=family, at="cda")
    team = {"members": TEAM, "lead": str(SOCIAL_WORKER)}
    house.ask("nord/intake", "form_microequipe", OPERATOR, family=family, **team)
    house.carry()
    return str(family)


def write(house: House, family: str) -> dict[str, str]:
    """A draft that can be proposed."""
    pact = {"pact_id": str(pact_id(family, 1))}
    asked: list[tuple[str, dict[str, Any]]] = [
        ("add_goal", {"goal": "Un lavoro stabile", "expected_result": "Un contratto"}),
        ("set_period", {"starts": "2026-06-01"}),
        *(("add_action", dict(action)) for action in ACTIONS),
        ("link_capacity", {"action": 3, "kind": "informal", "description": "Cucina per molti"}),
        ("name_resource", {"kind": "parish", "description": "Oratorio"}),
    ]
    for method, words in asked:
        house.ask("nord/pacts", method, LEAD, **pact, **words)
    return pact


def decide(house: House, family: str) -> None:
    """The committee returns the proposal in April, with a reason for each vote."""
    house.on(date(2026, 4, 1))
    house.keep_the_day()
    proposal = {"proposal_id": str(review_id(pact_id(family, 1), 1))}
    for who, role in SEATS:
        vote = {"vote": "return", "reason": "Serve un corso che si può frequentare"}
        house.ask("lead/review", "cast_vote", at("lead", who, role), **proposal, **vote)
    house.ask("lead/review", "decide", SECRETARY, **proposal)


def erase(house: House, family: str) -> None:
    house.ask("nord/intake", "erase_family", OPERATOR, family=family, because="asked_by_family")


EVERYBODY = {
    *("nord/intake", "nord/pacts", "nord/notify", "lead/pacts", "lead/review", "lead/notify")
}


def test_after_the_erasure_no_service_of_any_organisation_can_read_a_word(house: House) -> None:
    family, neighbours = admit(house), admit(house)
    subject, others = stream_id("family", family), stream_id("family", neighbours)
    for each in (family, neighbours):
        house.ask("nord/pacts", "propose", LEAD, **write(house, each))
    house.carry()
    decide(house, family)
    house.carry()
    assert set(house.readable(subject)) == EVERYBODY
    before = house.readable(others)
    erase(house, family)
    house.carry()
    assert house.readable(subject) == {}
    assert house.forgotten(subject) == EVERYBODY
    assert house.readable(others) == before
    assert house.forgotten(others) == set()
    shown = house.ask("nord/pacts", "pact", LEAD, pact_id=str(pact_id(family, 1)))
    assert shown["state"] == "returned"
    assert shown["decision"]["reasons"] == [None] * 3
    assert len(shown["actions"]) == 3
    told = house.facts()
    assert told["nord/pacts"].count("pacts.TextsErased") == 1
    assert told["lead/review"].count("review.TextsErased") == 1
    house.carry_again()
    assert house.facts() == told
    assert not [topic for log in told.values() for topic in log if re.search("Refused", topic)]


def test_texts_that_are_on_their_way_when_the_family_is_erased_are_kept_by_nobody(
    house: House,
) -> None:
    """The erasure overtakes the proposal: it comes on another line."""
    family = admit(house)
    house.ask("nord/pacts", "propose", LEAD, **write(house, family))
    proposal = house.on_the_way("nord/pacts")
    erase(house, family)
    house.carry("nord/intake")
    house.arrive(proposal)
    house.carry()
    assert "review.ProposalReceived" in house.facts()["lead/review"]
    assert house.readable(stream_id("family", family)) == {}


def test_a_decision_that_the_erasure_overtakes_is_followed_and_its_reasons_are_kept_by_nobody(
    house: House,
) -> None:
    family = admit(house)
    house.ask("nord/pacts", "propose", LEAD, **write(house, family))
    house.carry()
    decide(house, family)
    decision = house.on_the_way("lead/review")
    erase(house, family)
    house.carry("nord/intake")
    house.arrive(decision)
    house.carry()
    assert house.facts()["nord/pacts"][-2:] == ["pacts.TextsErased", "pacts.Returned"]
    assert house.readable(stream_id("family", family)) == {}


def test_of_a_family_without_microequipe_the_lead_hears_nothing(house: House) -> None:
    referral = {"access_point": "cav", "on": "2026-03-01", "referral": {"person": "Prova Uno"}}
    family = house.ask("nord/intake", "refer_family", OPERATOR, **referral)["family"]
    erase(house, family)
    house.carry()
    forgotten = {"nord/intake", "nord/pacts", "nord/notify"}
    assert house.forgotten(stream_id("family", family)) == forgotten
