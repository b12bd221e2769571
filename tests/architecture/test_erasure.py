"""A family is erased at one service of one organisation: nobody holds a text about it any more."""

import re

from services.kernel.ids import stream_id
from services.pacts.pact import pact_id
from tests.architecture.season import LEAD, OPERATOR, admit, decide, write
from tests.review.house import House


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
