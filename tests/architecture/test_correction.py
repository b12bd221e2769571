"""The committee corrects a mistake: the pact follows, while nothing rests on what was decided."""

from typing import Any

from services.pacts.pact import pact_id
from services.review.proposal_review import review_id
from tests.architecture.season import LEAD, SEATS, SECRETARY, admit, at, decide, write
from tests.review.house import House


def correct(house: House, family: str, choice: str) -> None:
    """The votes were recorded wrongly: they are recorded anew, and decided on again."""
    proposal = {"proposal_id": str(review_id(pact_id(family, 1), 1))}
    reason = {"reason": "Voti trascritti male"}
    house.ask("lead/review", "correct_decision", SECRETARY, **proposal, **reason)
    for who, role in SEATS:
        vote = {"vote": choice, **reason}
        house.ask("lead/review", "cast_vote", at("lead", who, role), **proposal, **vote)
    house.ask("lead/review", "decide", SECRETARY, **proposal)
    house.carry()


def shown(house: House, pact: dict[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = house.ask("nord/pacts", "pact", LEAD, **pact)
    return found


def test_a_pact_follows_the_corrected_decision_until_it_has_gone_on(house: House) -> None:
    family = admit(house)
    pact = write(house, family)
    house.ask("nord/pacts", "propose", LEAD, **pact)
    house.carry()
    decide(house, family)
    house.carry()
    assert shown(house, pact)["state"] == "returned"
    correct(house, family, "approve")
    followed = shown(house, pact)
    assert (followed["state"], followed["decision"]["corrects"]) == ("approved", 1)
    assert followed["decision"]["reasons"] == ["Voti trascritti male"] * 3
    house.ask("nord/pacts", "sign", LEAD, **pact, person=followed["awaited"][0])
    correct(house, family, "not_approve")
    kept = shown(house, pact)
    assert (kept["state"], kept["decision"]["corrects"]) == ("approved", 1)
    assert "kernel.WordsRefused" in house.facts()["nord/pacts"]
    kinds = [
        notice["kind"]
        for notice in house.ask("nord/notify", "notices", LEAD, family=family)["notices"]
    ]
    assert kinds[-3:] == ["proposal_returned", "proposal_approved", "proposal_not_approved"]
