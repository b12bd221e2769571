"""The lead of a microequipe is handed over: whoever has to do with it follows."""

from datetime import date

import pytest

from services.kernel.refusal import Refused
from services.pacts.pact import pact_id
from services.review.proposal_review import review_id
from tests.architecture.season import LEAD, OPERATOR, SECRETARY, admit, at, write
from tests.review.house import House
from tests.review.moments import person

SUCCESSOR = person(34)
NEW_LEAD = at("nord", SUCCESSOR, "microequipe_lead")


def hand_over(house: House, family: str) -> None:
    """On 10 March the head of the CDA joins and takes over."""
    house.on(date(2026, 3, 10))
    member = {"person": str(SUCCESSOR), "kind": "cda_head"}
    on = {"family": family, "on": "2026-03-10"}
    house.ask("nord/intake", "join_microequipe", OPERATOR, member=member, **on)
    house.ask("nord/intake", "hand_over_lead", OPERATOR, lead=str(SUCCESSOR), **on)
    house.carry()


def test_the_new_lead_proposes_and_is_reminded_and_told(house: House) -> None:
    family = admit(house)
    pact = write(house, family)
    hand_over(house, family)
    house.on(date(2026, 4, 7))
    house.keep_the_day()
    with pytest.raises(Refused) as refusal:
        house.ask("nord/pacts", "propose", LEAD, **pact)
    assert refusal.value.kind == "NotTheLead"
    house.ask("nord/pacts", "propose", NEW_LEAD, **pact)
    house.carry()
    notices = house.ask("nord/notify", "notices", NEW_LEAD, pact=pact["pact_id"])["notices"]
    assert [(notice["kind"], notice["recipient"]) for notice in notices] == [
        ("reminder_proposal", str(SUCCESSOR)),
        ("proposal_received", str(SUCCESSOR)),
    ]


def test_who_takes_over_after_the_proposal_has_its_seat_in_the_committee(house: House) -> None:
    family = admit(house)
    house.ask("nord/pacts", "propose", LEAD, **write(house, family))
    house.carry()
    hand_over(house, family)
    proposal = {"proposal_id": str(review_id(pact_id(family, 1), 1))}
    shown = house.ask("lead/review", "proposal", SECRETARY, **proposal)
    assert [seat["person"] for seat in shown["seats"] if seat["proposer"]] == [str(SUCCESSOR)]
    assert not [topic for log in house.facts().values() for topic in log if "Refused" in topic]
