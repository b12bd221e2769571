"""What several services do together: a family, a pact, a proposal, on a house of real stores."""

from datetime import date
from typing import Any
from uuid import UUID

from services.intake.codes import AccessPoint
from services.intake.referral_csv import read_referrals
from services.kernel.actor import Actor
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
