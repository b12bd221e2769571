"""A family asks for a second look: it is taken by somebody who had no hand in the decision."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.review.looking_again import (
    LookedAgainAlready,
    NoSecondLook,
    NotDecided,
    SecondLook,
    TookPart,
)
from services.review.proposal_review import ProposalReview
from services.review.service import ReviewService
from services.review.tally import Choice, Outcome
from tests.review.moments import (
    CASE_1,
    CASE_1_SEAT,
    CASE_2,
    HEAD,
    HEADS_SEAT,
    JULY_14,
    JULY_20,
    MANAGER,
    MANAGERS_SEAT,
    MICROEQUIPE,
    PACT,
    REASON,
    REVIEW,
    SEATS,
    STRANGER,
    V1,
    a_proposal,
    ballot,
    by,
    on_docket,
    person,
    received,
    recused,
    words,
)
from tests.review.office import Office
from tests.review.test_season import COMMITTEE, decide, june, refused, send, vote
from tests.scenario import SOMEBODY, Answer, Fact, fact, given

__all__ = ["june"]

P = Choice.APPROVE
OTHER = person(7)
DEPUTY = person(8)


def decided(number: int = 1) -> Fact:
    return fact(
        ProposalReview.Decided,
        number=number,
        corrects=number - 1 or None,
        cycle="2026-07",
        outcome=Outcome.NOT_APPROVED,
        ballots=(ballot(MANAGERS_SEAT, P),),
        seats=5,
        recused=(),
        tie=False,
        guidelines=1,
        on=JULY_14,
    )


def opened(decision: int = 1) -> Fact:
    return fact(ProposalReview.SecondLookOpened, decision=decision, asked_on=JULY_14, on=JULY_20)


def answered(outcome: SecondLook = SecondLook.CONFIRMED) -> Fact:
    return fact(
        ProposalReview.SecondLookAnswered,
        decision=1,
        outcome=outcome,
        reason=REASON,
        on=JULY_20,
    )


correction = fact(ProposalReview.CorrectionOpened, corrects=1, reason=REASON, on=JULY_20)


def opening(*facts: Fact) -> Answer:
    asked = {"asked_on": JULY_14, "on": JULY_20}
    return given(received(), on_docket, *facts).when(ProposalReview.open_second_look, **asked)


def answering(*facts: Fact, outcome: SecondLook = SecondLook.CONFIRMED, who: UUID = OTHER):
    asked = {"outcome": outcome, "reason": REASON, "by": by(who), "on": JULY_20}
    return given(received(), on_docket, *facts).when(ProposalReview.answer_second_look, **asked)


def test_a_second_look_is_opened_on_the_decision_that_stands_once():
    opening(decided()).then(opened())
    opening(decided(), opened()).then()
    opening(decided(), decided(2)).then(opened(2))


def test_what_is_undecided_has_no_second_look():
    opening().refuses(NotDecided, decide_by=JULY_20)


def test_a_decision_is_looked_at_again_once_and_a_corrected_one_anew():
    opening(decided(), opened(), answered()).refuses(LookedAgainAlready, decision=1)
    opening(decided(), opened(), answered(), decided(2)).then(opened(2))
    opening(decided(), opened(), decided(2)).then(opened(2))


def test_a_second_look_confirms_the_decision():
    answering(decided(), opened()).then(answered())


def test_a_second_look_reopens_the_decision_by_a_correction():
    reopened = answered(SecondLook.REOPENED)
    answering(decided(), opened(), outcome=SecondLook.REOPENED).then(reopened, correction)
    answering(decided(), correction, opened(), outcome=SecondLook.REOPENED).then(reopened)


def test_only_an_open_second_look_is_answered():
    answering(decided()).refuses(NoSecondLook, decisions=1)
    answering(decided(), opened(), answered()).refuses(NoSecondLook, decisions=1)


def a_decision() -> ProposalReview:
    """All seats said something in some way, and the case manager who assisted abstained."""
    review = given(received(a_proposal(case_manager=CASE_2)), on_docket).aggregate()
    assert isinstance(review, ProposalReview)
    secretary = by(STRANGER, "administrator")
    heads = [seat for seat in SEATS if seat != HEADS_SEAT]
    seats = (*heads, type(HEADS_SEAT)(*(HEAD, HEADS_SEAT.role, "nord", "officina", False, DEPUTY)))
    for who, actor in ((MANAGER, by(MANAGER)), (CASE_1, secretary), (HEAD, by(DEPUTY))):
        review.vote(who, P, words(1), seats, V1, by=actor, on=JULY_14)
    review.recuse(CASE_2, words(2), seats, V1, by=by(CASE_2), on=JULY_14)
    review.decide(seats, V1, by=by(person(6)), on=JULY_14)
    review.open_second_look(JULY_14, by=secretary, on=JULY_14)
    return review


@pytest.mark.parametrize(
    ("who", "how"),
    [
        (MANAGER, "voted"),
        (CASE_1, "voted"),
        (DEPUTY, "voted"),
        (STRANGER, "recorded"),
        (CASE_2, "abstained"),
        (person(6), "closed"),
        (MICROEQUIPE, "sent"),
        (HEAD, None),  # the deputy voted
        (OTHER, None),
    ],
)
def test_who_had_a_hand_in_the_decision_does_not_look_again(who: UUID, how: str | None):
    review = a_decision()
    asked: dict[str, Any] = {"by": by(who), "on": JULY_20}
    if how is None:
        review.answer_second_look(SecondLook.CONFIRMED, REASON, **asked)
        assert review.look is None
        return
    before = len(review.pending_events)
    with pytest.raises(TookPart) as refusal:
        review.answer_second_look(SecondLook.CONFIRMED, REASON, **asked)
    assert refusal.value.facts == TookPart(person=who, how=how).facts
    assert len(review.pending_events) == before


def test_who_assists_the_microequipe_does_not_look_again():
    facts = (received(a_proposal(case_manager=OTHER)), on_docket, decided(), opened())
    given(*facts).when(
        ProposalReview.answer_second_look,
        outcome=SecondLook.CONFIRMED,
        reason=REASON,
        by=by(OTHER),
        on=JULY_20,
    ).refuses(TookPart, person=OTHER, how="assisted")


def test_who_recorded_an_abstention_does_not_look_again():
    facts = (received(), on_docket, recused(CASE_1_SEAT), decided(), opened())
    given(*facts).when(
        ProposalReview.answer_second_look,
        outcome=SecondLook.CONFIRMED,
        reason=REASON,
        on=JULY_20,
    ).refuses(TookPart, person=SOMEBODY.person, how="recorded")


@pytest.mark.parametrize(
    ("on", "noted"),
    [(date(2026, 8, 12), False), (date(2026, 8, 13), False), (date(2026, 8, 14), True)],
)
def test_a_second_look_is_overdue_when_more_than_thirty_days_have_passed(on: date, noted: bool):
    overdue = fact(ProposalReview.SecondLookOverdue, decision=1, asked_on=JULY_14, on=on)
    story = given(received(), on_docket, decided(), opened())
    asked = {"days": V1.second_look_answer_days, "on": on}
    story.when(ProposalReview.note_overdue_second_look, **asked).then(*[overdue] * noted)


def test_an_overdue_second_look_is_noted_once_and_still_answered():
    overdue = fact(
        ProposalReview.SecondLookOverdue, decision=1, asked_on=JULY_14, on=date(2026, 8, 14)
    )
    asked = {"days": 30, "on": date(2026, 8, 15)}
    late = (received(), on_docket, decided(), opened(), overdue)
    given(*late).when(ProposalReview.note_overdue_second_look, **asked).then()
    answering(decided(), opened(), overdue).then(answered())
    given(*late, answered()).when(ProposalReview.note_overdue_second_look, **asked).then()


def asked(family: str = "NORD-2X8W5T-R", pact: UUID = PACT) -> dict[str, Any]:
    return {
        "pact": str(pact),
        "proposal": 1,
        "family": family,
        "asked_on": "2026-07-16",
        "on": "2026-07-16",
    }


@pytest.fixture
def returned(june: Office) -> Office:
    """On 14 July the committee decided."""
    june.live_until(date(2026, 6, 9))
    send(june)
    june.live_until(JULY_14)
    for who, role in COMMITTEE:
        vote(june, who, "not_approve", role)
    decide(june)
    june.live_until(date(2026, 7, 16))
    return june


def hear(office: Office, organisation: str = "nord", **words: Any) -> None:
    office.hear("pacts/second_look_asked.v1", asked(**words), organisation)


def answer(office: Office, who: UUID = HEAD, outcome: str = "confirmed", **words: Any) -> Any:
    said = {"proposal_id": str(REVIEW), "outcome": outcome, "reason": "Riletta la proposta."}
    head = by(who, "work_placement_head")
    return office.call(ReviewService, "answer_second_look", head, **said, **words)


def shown(office: Office) -> Any:
    reader = by(STRANGER, "legal_representative")
    return office.call(ReviewService, "proposal", reader, proposal_id=str(REVIEW))


def test_from_the_asking_to_the_answer(returned: Office):
    for _ in range(2):
        hear(returned)
    assert len(returned.facts("review.SecondLookOpened")) == 1
    assert shown(returned)["second_look"] == {"decision": 1, "asked_on": "2026-07-16"}
    assert refused(answer, returned, MANAGER)[0] == "TookPart"
    answer(returned)
    assert shown(returned)["second_look"] is None
    for audience in ("nord", "lead"):
        contract, body = list(returned.told(audience))[-1]
        reason = body.pop("reason")
        assert (contract, body) == (
            "review/second_look_answered.v1",
            {
                "pact": str(PACT),
                "proposal": 1,
                "family": "NORD-2X8W5T-R",
                "decision": 1,
                "outcome": "confirmed",
                "on": "2026-07-16",
            },
        )
        assert set(reason) == {"ref", "commitment"}
    assert shown(returned)["correcting"] is False


def test_a_reopened_decision_is_voted_again_and_names_the_first(returned: Office):
    hear(returned)
    answer(returned, outcome="reopened")
    assert shown(returned)["correcting"] is True
    for who, role in COMMITTEE:
        vote(returned, who, "approve", role)
    assert decide(returned)["outcome"] == "approved"
    assert list(returned.told("nord"))[-1][1]["corrects"] == 1


@pytest.mark.parametrize(
    ("on", "notes"),
    [
        (date(2026, 8, 14), 0),
        (date(2026, 8, 15), 0),
        (date(2026, 8, 16), 1),
        (date(2026, 8, 18), 1),
    ],
)
def test_a_family_that_waits_too_long_is_noted_once(returned: Office, on: date, notes: int):
    hear(returned)
    returned.live_until(on)
    assert len(returned.facts("review.SecondLookOverdue")) == notes


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        ({"organisation": "lead"}, "NotTheirs"),
        ({"pact": UUID(int=8, version=4)}, "Unknown"),
    ],
)
def test_a_second_look_that_a_rule_refuses_is_a_fact(
    returned: Office, words: dict[str, Any], refusal: str
):
    hear(returned, **words)
    assert returned.refusals() == [("pacts/second_look_asked.v1", refusal)]
    assert returned.facts("review.SecondLookOpened") == []


@pytest.mark.parametrize(
    ("words", "refusal"),
    [({}, "NoSecondLook"), ({"outcome": "sustained"}, "BadWord")],
)
def test_a_bad_answer_is_refused_and_nothing_is_written(
    returned: Office, words: dict[str, Any], refusal: str
):
    before = returned.facts()
    assert refused(answer, returned, **words)[0] == refusal
    assert returned.facts() == before
