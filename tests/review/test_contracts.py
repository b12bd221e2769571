"""What review says keeps the shape it promised; what it hears, it can follow."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from services.kernel.deciding import Deciding
from services.kernel.following import follow_agreements
from services.kernel.words import EVERYONE, OWN, Publish
from services.review.acknowledgements import Acknowledgements
from services.review.cycle import Place, ReviewCycle
from services.review.looking_again import SecondLook
from services.review.minutes import (
    MinutedAid,
    MinutedDecision,
    MinutedProposal,
    MinutedVote,
    Minutes,
    Present,
    Record,
)
from services.review.policies import POLICIES
from services.review.proposal_review import ProposalReview
from services.review.published import PUBLISHED
from services.review.setting_aside import SetAsideBecause
from services.review.steering_board import SteeringBoard
from services.review.tally import Choice, Outcome
from services.review.urgent_aid import UrgentAid
from tests.review.moments import (
    AUGUST_1,
    AUGUST_20,
    CASE_1,
    HEAD,
    HEADS_SEAT,
    JULY_1,
    JULY_14,
    JULY_20,
    JULY_21,
    MANAGER,
    PACT,
    REVIEW,
    SEATS,
    STRANGER,
    V1,
    a_proposal,
    by,
    words,
)
from tests.review.office import Office

SERVICES = Path(__file__).parents[2] / "services"
OWN_CONTRACTS = SERVICES / "review" / "contract"
OURS = by(MANAGER, "project_manager")


def schema(name: str) -> dict[str, Any]:
    return json.loads((OWN_CONTRACTS / f"{name}.json").read_text(encoding="utf-8"))


def validator(of: dict[str, Any]) -> Draft202012Validator:
    Draft202012Validator.check_schema(of)
    return Draft202012Validator(of, format_checker=FormatChecker())


def a_board() -> SteeringBoard:
    board = SteeringBoard.open(by=OURS)
    board.hold_session(JULY_1, (MANAGER,), by=OURS, on=JULY_1)
    board.issue(1, JULY_1, {}, 1, None, None, by=OURS, on=JULY_1)
    board.issue(2, JULY_20, {"late": "next_cycle"}, 1, words(1), None, by=OURS, on=JULY_1)
    return board


def a_board_that_does_not_meet() -> SteeringBoard:
    board = SteeringBoard.open(by=OURS)
    board.hold_session(JULY_1, (MANAGER,), by=OURS, on=JULY_1)
    board.announce_session(by=OURS, on=board.next_due - timedelta(days=1))
    board.note_missed_session(by=OURS, on=board.next_due + timedelta(days=1))
    return board


def a_docket() -> ReviewCycle:
    cycle = ReviewCycle.set_docket("2026-07", (REVIEW,), JULY_20, by=OURS, on=JULY_1)
    cycle.supplement((MANAGER,), by=OURS, on=JULY_14)
    return cycle


def a_review(*choices: Choice, recused: bool = False) -> ProposalReview:
    """Received, overdue, voted on by the committee's seats in their order, decided, corrected."""
    place = Place("2026-07", False, JULY_1, JULY_20)
    review = ProposalReview.receive(a_proposal(), place, 1, by=OURS, on=JULY_1)
    review.put_on_docket("2026-07", by=OURS, on=JULY_1)
    for number, (seat, choice) in enumerate(zip(SEATS, choices, strict=False)):
        review.vote(seat.person, choice, words(number), SEATS, V1, by=OURS, on=JULY_14)
    if recused:
        review.recuse(HEADS_SEAT.person, words(9), SEATS, V1, by=OURS, on=JULY_14)
    later = Place("2026-08", False, AUGUST_1, AUGUST_20)
    review.fall_overdue(later, by=OURS, on=JULY_21)
    review.decide(SEATS, V1, by=OURS, on=JULY_21)
    review.open_correction(words(8), by=OURS, on=JULY_21)
    review.decide(SEATS, replace(V1, number=2), by=OURS, on=JULY_21)
    review.open_second_look(JULY_21, by=OURS, on=JULY_21)
    review.answer_second_look(SecondLook.REOPENED, words(10), by=by(STRANGER), on=JULY_21)
    return review


def a_postponed_review() -> ProposalReview:
    place = Place("2026-08", False, AUGUST_1, AUGUST_20)
    review = ProposalReview.receive(a_proposal(), place, 1, by=OURS, on=JULY_14)
    september = Place("2026-09", False, date(2026, 9, 1), date(2026, 9, 20))
    review.postpone(september, 2, by=OURS, on=AUGUST_1)
    return review


def a_review_set_aside() -> ProposalReview:
    place = Place("2026-07", False, JULY_1, JULY_20)
    review = ProposalReview.receive(a_proposal(), place, 1, by=OURS, on=JULY_1)
    review.set_aside(SetAsideBecause.FAMILY_ERASED, by=OURS, on=JULY_14)
    return review


def some_acknowledgements() -> Acknowledgements:
    given = Acknowledgements.open(1, by=OURS)
    given.acknowledge(MANAGER, SEATS, by=OURS, on=JULY_1)
    return given


def an_urgent_aid() -> UrgentAid:
    report = UrgentAid.report(
        PACT, "NORD-2X8W5T-R", 1, Decimal("150.00"), "case_manager", JULY_1, by=OURS, on=JULY_1
    )
    report.list_with("2026-07", by=OURS, on=JULY_14)
    return report


def some_minutes() -> Minutes:
    vote = MinutedVote(MANAGER, "project_manager", False, Choice.APPROVE, HEAD, True, False)
    decision = MinutedDecision(
        pact=PACT,
        proposal=1,
        family="NORD-2X8W5T-R",
        decision=2,
        corrects=1,
        outcome=Outcome.APPROVED_WITH_CONDITIONS,
        votes=(vote,),
        recused=(CASE_1,),
        tie=False,
        guidelines=1,
        conditions=(words(1),),
    )
    aid = MinutedAid(PACT, "NORD-2X8W5T-R", 1, Decimal("150.00"), "case_manager", JULY_1)
    record = Record(
        held_on=JULY_14,
        present=(Present(HEAD, "project_manager", MANAGER),),
        absent=(CASE_1,),
        decisions=(decision, replace(decision, decision=1, corrects=None)),
        undecided=(MinutedProposal(PACT, 2, "NORD-2X8W5T-R"),),
        set_aside=(MinutedProposal(PACT, 3, "NORD-2X8W5T-R"),),
        urgent_aid=(aid,),
        guidelines=1,
    )
    minutes = Minutes.open("2026-07", by=OURS)
    minutes.draw_up(record, None, by=OURS, on=JULY_14)
    minutes.approve(1, by=OURS, on=JULY_14)
    minutes.draw_up(record, 1, by=OURS, on=JULY_20)
    minutes.approve(2, by=OURS, on=JULY_20)
    return minutes


P, C, R, N = Choice
STORIES: dict[str, Callable[[], Any]] = {
    "board": a_board,
    "board that does not meet": a_board_that_does_not_meet,
    "docket": a_docket,
    "postponed": a_postponed_review,
    "set aside": a_review_set_aside,
    "acknowledgements": some_acknowledgements,
    "urgent aid": an_urgent_aid,
    "minutes": some_minutes,
    "approved": lambda: a_review(P, P, P),
    "conditions": lambda: a_review(C, P, R, C),
    "returned": lambda: a_review(R, R, P, recused=True),
    "not approved": lambda: a_review(N, N, N, N),
}


def said(story: Callable[[], Any]) -> list[tuple[str, dict[str, Any], Publish, Any]]:
    aggregate = story()
    return [
        (name, body(event, aggregate), publish, event)
        for event in aggregate.pending_events
        if (publish := PUBLISHED.get(type(event)))
        for name, body in publish.says.items()
    ]


def test_every_published_contract_has_a_file_and_every_file_is_published():
    names = {name for publish in PUBLISHED.values() for name in publish.says}
    assert names == {path.stem for path in OWN_CONTRACTS.glob("*.json")}


@pytest.mark.parametrize("path", sorted(OWN_CONTRACTS.glob("*.json")), ids=lambda p: p.stem)
def test_a_contract_is_named_after_its_file_and_its_examples_keep_it(path: Path):
    of = schema(path.stem)
    assert of["$id"] == f"review/{path.stem}"
    assert of["additionalProperties"] is False
    assert all("description" in each for each in of["properties"].values())
    assert len(of["examples"]) >= 2
    for example in of["examples"]:
        validator(of).validate(example)
        assert not validator(of).is_valid(example | {"name": "Anna"})
        assert set(of["required"]) <= set(example)


@pytest.mark.parametrize("story", STORIES)
def test_what_is_said_keeps_its_contract(story: str):
    told = said(STORIES[story])
    assert told
    for name, body, _, _ in told:
        validator(schema(name)).validate(body)


def test_every_contract_is_said_by_some_story():
    told = {name for story in STORIES.values() for name, *_ in said(story)}
    assert told == {path.stem for path in OWN_CONTRACTS.glob("*.json")}


def test_guidelines_go_to_everyone_and_dockets_stay_at_home():
    told = said(a_board) + said(a_docket) + said(an_urgent_aid) + said(some_minutes)
    told += said(some_acknowledgements) + said(a_board_that_does_not_meet)
    assert {name: publish.to for name, _, publish, _ in told} == {
        "guidelines_issued.v1": (EVERYONE,),
        "board_session_held.v1": (EVERYONE,),
        "board_session_due.v1": (EVERYONE,),
        "board_session_missed.v1": (EVERYONE,),
        "docket_set.v1": (OWN,),
        "urgent_aid_listed.v1": (OWN,),
        "minutes_approved.v1": (OWN,),
        "minutes_approved.v2": (OWN,),
        "guidelines_acknowledged.v1": (OWN,),
    }


def test_the_sender_hears_of_its_proposal():
    review = a_review(P, P, P)
    others = [*a_postponed_review().pending_events, *a_review_set_aside().pending_events]
    for event in [*review.pending_events, *others]:
        if publish := PUBLISHED.get(type(event)):
            assert callable(publish.to)
            assert tuple(publish.to(event, review)) == (OWN, "nord")


def decision(*choices: Choice) -> tuple[dict[str, Any], list[Any]]:
    review = a_review(*choices)
    event = next(e for e in review.pending_events if isinstance(e, ProposalReview.Decided))
    publish = PUBLISHED[ProposalReview.Decided]
    body = publish.says["proposal_decided.v1"](event, review)
    return body, list(publish.parts(event, review))


def refs(listed: list[dict[str, str]]) -> list[str]:
    return [each["ref"] for each in listed]


def test_conditions_are_told_when_the_approval_stands_on_them():
    body, parts = decision(C, P, R, C)
    assert body["outcome"] == "approved_with_conditions"
    assert refs(body["conditions"]) == [str(words(0).ref), str(words(3).ref)]
    assert refs(body["reasons"]) == [str(words(1).ref), str(words(2).ref)]
    assert {part.ref for part in parts} == {words(n).ref for n in range(4)}


def test_conditions_that_do_not_carry_the_approval_are_reasons():
    body, parts = decision(P, P, P, C)
    assert (body["outcome"], body["conditions"]) == ("approved", [])
    assert refs(body["reasons"]) == [str(words(n).ref) for n in range(4)]
    assert len(parts) == 4


def examples(contract: str) -> list[dict[str, Any]]:
    service, name = contract.split("/")
    path = SERVICES / service / "contract" / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8"))["examples"]


def speaker(contract: str, example: dict[str, Any]) -> str:
    """Who says it: without an organisation, the one that follows the family."""
    told = str(example.get("family", "LEAD-")).split("-")[0].lower()
    return str(example.get("organisation", told))


def a_review_of(office: Office, asked: dict[str, Any], organisation: str) -> ProposalReview:
    """The proposal of which an example speaks, on a docket."""
    sent = replace(
        a_proposal(),
        pact=UUID(asked["pact"]),
        number=asked["proposal"],
        family=asked["family"],
        organisation=organisation,
    )
    review = ProposalReview.receive(
        sent, Place("2026-01", False, office.day, office.day), 1, by=OURS, on=office.day
    )
    review.put_on_docket("2026-01", by=OURS, on=office.day)
    return review


def adding(review: ProposalReview) -> Callable[[Deciding], object]:
    return lambda deciding: deciding.add(review)


def decide_on(office: Office, asked: dict[str, Any], organisation: str) -> None:
    """The committee has decided on the proposal at which a family asks to look again."""
    review = a_review_of(office, asked, organisation)
    for seat in SEATS:
        review.vote(seat.person, P, words(1), SEATS, V1, by=by(seat.person), on=office.day)
    review.decide(SEATS, V1, by=OURS, on=office.day)
    office.decide(adding(review))


@pytest.mark.parametrize("contract", POLICIES)
def test_review_lives_on_published_examples(office: Office, contract: str):
    """Consumer side: every policy follows every example, as its producer would say it."""
    if contract == "people/role_ended.v1":
        for example in examples("people/role_assigned.v1"):
            office.hear("people/role_assigned.v1", example, example["organisation"])
    if contract.startswith("intake/"):
        for example in examples("pacts/pact_proposed.v1"):
            office.hear("pacts/pact_proposed.v1", example, example["organisation"])
    for example in examples(contract):
        if contract in ("pacts/isee_relied_on.v1", "pacts/amendment_withdrawn.v1"):
            office.decide(adding(a_review_of(office, example, speaker(contract, example))))
        if contract == "pacts/second_look_asked.v1":
            decide_on(office, example, speaker(contract, example))
    for example in examples(contract):
        before = office.facts()
        office.hear(contract, example, organisation=speaker(contract, example))
        of_the_kernel = contract in follow_agreements("people")
        assert of_the_kernel or len(office.facts()) > len(before)
    assert office.refusals() == []
