"""What changes in a family later never ends its pact by itself."""

from datetime import date
from typing import Any

from services.pacts.pact import pact_id
from services.review.proposal_review import review_id
from tests.architecture.season import LEAD, OPERATOR, SEATS, SECRETARY, admit, at, write
from tests.review.house import House


def activate(house: House, family: str) -> dict[str, str]:
    """Propose, approve in April, sign, and let the pact run from 1 June; its id."""
    pact = write(house, family)
    house.ask("nord/pacts", "propose", LEAD, **pact)
    house.carry()
    house.on(date(2026, 4, 1))
    house.keep_the_day()
    proposal = {"proposal_id": str(review_id(pact_id(family, 1), 1))}
    for who, role in SEATS:
        vote = {"vote": "approve", "reason": "Va bene così"}
        house.ask("lead/review", "cast_vote", at("lead", who, role), **proposal, **vote)
    house.ask("lead/review", "decide", SECRETARY, **proposal)
    house.carry()
    for person in house.ask("nord/pacts", "pact", LEAD, **pact)["awaited"]:
        house.ask("nord/pacts", "sign", LEAD, **pact, person=person)
    house.on(date(2026, 6, 1))
    house.ask("nord/pacts", "activate", LEAD, **pact)
    house.carry()
    return pact


def test_a_family_whose_requirements_are_gone_keeps_its_running_pact(house: House) -> None:
    family = admit(house)
    pact = activate(house, family)
    before = house.facts()["nord/pacts"]
    alone: dict[str, Any] = {
        "number": 1,
        "relation": "applicant",
        "birth_date": "1979-03-14",
        "dependent": False,
    }
    asked = {"family": family}
    house.ask("nord/intake", "record_household", OPERATOR, **asked, members=[alone])
    where = {"at": "cda", "directed_to": "caf_patronato"}
    found = house.ask("nord/intake", "verify_eligibility", OPERATOR, **asked, **where)
    assert found["outcome"] == "not_eligible"
    house.carry()
    house.on(date(2026, 6, 2))
    house.keep_the_day()
    assert house.ask("nord/pacts", "pact", LEAD, **pact)["state"] == "active"
    assert house.facts()["nord/pacts"] == before
