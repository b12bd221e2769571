"""An ISEE that expires before the committee decides: tolerated, then renewed, never forgotten."""

from datetime import date

import pytest

from services.kernel.refusal import Refused
from services.pacts.pact import pact_id
from services.review.proposal_review import review_id
from tests.architecture.season import LEAD, OPERATOR, SEATS, SECRETARY, admit, at, write
from tests.review.house import House


def send_in_january(house: House) -> tuple[str, dict[str, str]]:
    """A family that was verified in 2026 proposes in January 2027, for the docket of February.

    Returns its code and the proposal.
    """
    family = admit(house)
    pact = write(house, family)
    house.on(date(2027, 1, 8))
    house.ask("nord/pacts", "propose", LEAD, **pact)
    house.carry()
    house.on(date(2027, 2, 1))
    house.keep_the_day()
    return family, {"proposal_id": str(review_id(pact_id(family, 1), 1))}


def approve(house: House, proposal: dict[str, str]) -> str:
    for who, role in SEATS:
        vote = {"vote": "approve", "reason": "Va bene così"}
        house.ask("lead/review", "cast_vote", at("lead", who, role), **proposal, **vote)
    return str(house.ask("lead/review", "decide", SECRETARY, **proposal)["outcome"])


@pytest.mark.parametrize(
    ("day", "approved"),
    [(date(2027, 2, 27), True), (date(2027, 2, 28), True), (date(2027, 3, 1), False)],
)
def test_an_isee_of_the_year_before_is_tolerated_until_28_february(
    house: House, day: date, approved: bool
) -> None:
    _, proposal = send_in_january(house)
    house.on(day)
    if approved:
        assert approve(house, proposal) == "approved"
    else:
        with pytest.raises(Refused) as refusal:
            approve(house, proposal)
        assert refusal.value.kind == "IseeRunOut"
        assert refusal.value.facts == {"until": "2027-02-28"}


def test_once_a_new_one_is_shown_and_verified_the_proposal_is_approved(house: House) -> None:
    family, proposal = send_in_january(house)
    house.on(date(2027, 3, 1))
    shown = house.ask("lead/review", "proposal", SECRETARY, **proposal)
    assert (shown["isee_until"], shown["isee_runs_out"]) == ("2027-02-28", False)
    certificate = {
        "kind": "ordinario",
        "issued_on": "2027-02-20",
        "value": "7000.00",
        "protocol": "INPS-ISEE-2027-01234567X-00",
    }
    asked = {"family": family}
    house.ask("nord/intake", "record_isee", OPERATOR, **asked, **certificate)
    house.carry()
    with pytest.raises(Refused):
        approve(house, proposal)
    house.ask("nord/intake", "verify_eligibility", OPERATOR, **asked, at="cda")
    house.carry()
    shown = house.ask("lead/review", "proposal", SECRETARY, **proposal)
    assert (shown["isee_until"], shown["isee_runs_out"]) == ("2028-02-28", False)
    assert approve(house, proposal) == "approved"
