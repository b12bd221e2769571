"""A proposal whose family is erased before the decision: set aside, and never heard of again."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.review.cycle import Place
from services.review.proposal_review import ProposalReview
from services.review.service import ReviewService
from services.review.setting_aside import SetAsideBecause
from services.review.standing import ProposalIsSetAside
from tests.review.moments import (
    AUGUST_1,
    AUGUST_20,
    CASE_1,
    CASE_2,
    JULY_14,
    JULY_20,
    JULY_21,
    MANAGER,
    MICROEQUIPE,
    PACT,
    REVIEW,
    SEATS,
    STRANGER,
    V1,
    by,
    words,
)
from tests.review.office import Office
from tests.review.test_minutes import ask, draw_up
from tests.review.test_proposal_review import APPROVED, QUORUM, on_docket, received
from tests.review.test_season import ERASED, changed, decide, june, proposed, refused, send, vote
from tests.scenario import fact, given

__all__ = ["june"]

ERASURE: dict[str, Any] = {"because": SetAsideBecause.FAMILY_ERASED, "on": JULY_14}
WHICH = {"pact": str(PACT), "proposal": 1, "family": "NORD-2X8W5T-R"}
set_aside = fact(ProposalReview.SetAside, **ERASURE)


def erase(office: Office) -> None:
    office.hear("intake/family_erased.v1", ERASED, "nord")


def proposal(office: Office) -> dict[str, Any]:
    manager = by(MANAGER, "project_manager")
    return office.call(ReviewService, "proposal", manager, proposal_id=str(REVIEW))


def test_what_is_undecided_is_set_aside_once():
    given(received()).when(ProposalReview.set_aside, **ERASURE).then(set_aside)
    given(received(), on_docket, *QUORUM).when(ProposalReview.set_aside, **ERASURE).then(set_aside)
    given(received(), set_aside).when(ProposalReview.set_aside, **ERASURE).then()


def test_what_was_decided_stays_also_while_it_is_being_corrected():
    opened = fact(ProposalReview.CorrectionOpened, corrects=1, reason=words(9), on=JULY_14)
    for told in ((APPROVED,), (APPROVED, opened)):
        given(received(), on_docket, *QUORUM, *told).when(
            ProposalReview.set_aside, **ERASURE
        ).then()


@pytest.mark.parametrize("docket", [(), (on_docket, *QUORUM)])
def test_nobody_votes_abstains_or_decides_on_what_was_set_aside(docket: Any):
    story = given(received(), *docket, set_aside)
    on = {"guidelines": V1, "committee": SEATS, "on": JULY_20}
    reason = {"person": MANAGER, "reason": words(1)}
    refusal = {"on": JULY_14}
    voting = story.when(ProposalReview.vote, choice="approve", by=by(MANAGER), **reason, **on)
    voting.refuses(ProposalIsSetAside, **refusal)
    story.when(ProposalReview.recuse, by=by(MANAGER), **reason, **on).refuses(
        ProposalIsSetAside, **refusal
    )
    story.when(ProposalReview.decide, **on).refuses(ProposalIsSetAside, **refusal)


def test_the_calendar_and_a_hand_over_leave_it_alone():
    later = Place("2026-08", False, AUGUST_1, AUGUST_20)
    story = given(received(), set_aside)
    story.when(ProposalReview.put_on_docket, cycle="2026-07", on=JULY_20).then()
    story.when(ProposalReview.fall_overdue, place=later, on=JULY_21).then()
    story.when(ProposalReview.postpone, place=later, guidelines=2, on=JULY_20).then()
    story.when(ProposalReview.follow, lead=STRANGER, case_manager=None, on=JULY_20).then()


def test_an_erased_familys_proposal_is_set_aside_and_the_sender_is_told_once(june: Office):
    june.live_until(date(2026, 6, 9))
    send(june)
    june.live_until(date(2026, 7, 2))
    erase(june)
    body = WHICH | {"because": "family_erased", "on": "2026-07-02"}
    for organisation in ("lead", "nord"):
        assert list(june.told(organisation))[-1] == ("review/proposal_set_aside.v1", body)
    erase(june)
    june.hear("intake/microequipe_changed.v1", changed(), "nord")
    june.live_until(date(2026, 12, 31))
    fact_of_it = {"because": "family_erased", "on": "2026-07-02"}
    assert june.facts("review.ProposalSetAside") == [("review.ProposalSetAside", fact_of_it)]
    assert june.facts("review.ProposalOverdue") == june.facts("review.MicroequipeChanged") == []
    assert [state["cycle"] for _, state in june.facts("review.DocketSet")] == ["2026-07"]
    assert list(june.told("nord"))[-1] == ("review/proposal_set_aside.v1", body)
    assert proposal(june)["set_aside_on"] == "2026-07-02"
    assert refused(vote, june, CASE_2, "return") == ("ProposalIsSetAside", {"on": "2026-07-02"})
    assert refused(decide, june) == ("ProposalIsSetAside", {"on": "2026-07-02"})


@pytest.mark.parametrize(
    ("erased_on", "overdue", "dockets"),
    [
        (date(2026, 6, 30), [], []),
        (date(2026, 7, 1), [], ["2026-07"]),
        (date(2026, 7, 20), [], ["2026-07"]),
        (date(2026, 7, 21), ["2026-08"], ["2026-07"]),
        (date(2026, 8, 1), ["2026-08"], ["2026-07", "2026-08"]),
    ],
)
def test_from_the_day_of_the_erasure_no_docket_and_no_overdue_day_follows(
    june: Office, erased_on: date, overdue: list[str], dockets: list[str]
):
    june.live_until(date(2026, 6, 9))
    send(june)
    june.live_until(erased_on)
    erase(june)
    june.live_until(date(2026, 12, 31))
    carried = [state["carried_to"] for _, state in june.facts("review.ProposalOverdue")]
    assert carried == overdue
    assert [state["cycle"] for _, state in june.facts("review.DocketSet")] == dockets


def test_a_proposal_that_comes_after_the_erasure_is_set_aside_at_once(june: Office):
    june.live_until(date(2026, 6, 9))
    erase(june)
    send(june)
    assert [topic for topic, _ in june.facts()][-3:] == [
        *("review.ProposalReceived", "review.TextsErased", "review.ProposalSetAside")
    ]
    june.live_until(date(2026, 8, 31))
    assert june.facts("review.DocketSet") == june.facts("review.ProposalOverdue") == []


def test_a_proposal_of_a_family_erased_before_the_rule_is_set_aside_when_it_falls_due(
    june: Office,
):
    june.live_until(date(2026, 6, 9))
    send(june)
    june.decide(
        lambda deciding: deciding.edit(ProposalReview, REVIEW).note_erased_texts(
            by=deciding.actor, on=deciding.today
        )
    )
    june.live_until(date(2026, 7, 20))
    assert june.facts("review.ProposalSetAside") == []
    june.live_until(date(2026, 9, 30))
    [(_, aside)] = june.facts("review.ProposalSetAside")
    assert aside["on"] == "2026-07-21"
    assert june.facts("review.ProposalOverdue") == []


def test_what_was_decided_before_the_erasure_stays_decided(june: Office):
    june.live_until(date(2026, 6, 9))
    send(june)
    june.live_until(JULY_14)
    for seat in (CASE_1, CASE_2):
        vote(june, seat, "return")
    vote(june, MANAGER, "return", "project_manager")
    decide(june)
    erase(june)
    assert june.facts("review.ProposalSetAside") == []
    assert [each["outcome"] for each in proposal(june)["decisions"]] == ["returned"]


def test_another_familys_proposal_stays_on_the_table(june: Office):
    june.live_until(date(2026, 6, 9))
    other = proposed(pact=UUID(int=8, version=4)) | {"family": "NORD-2R8TQX-G"}
    june.hear("pacts/pact_proposed.v1", other, "nord")
    erase(june)
    assert june.facts("review.ProposalSetAside") == []


def test_the_minutes_list_it_as_set_aside_from_its_day_on(june: Office):
    june.live_until(date(2026, 6, 9))
    send(june)
    june.live_until(JULY_14)
    erase(june)
    june.live_until(date(2026, 7, 15))
    for day in ("2026-07-13", "2026-07-14", "2026-07-15"):
        draw_up(june, MANAGER, MICROEQUIPE, held_on=day)
    listed = [(each["undecided"], each["set_aside"]) for each in ask(june, "minutes")["minutes"]]
    assert listed == [([WHICH], []), ([], [WHICH]), ([], [WHICH])]
    ask(june, "approve_minutes", number=3)
    (_, before), (_, said) = list(june.told("lead"))[-2:]
    assert (before["undecided"], said["undecided"], said["set_aside"]) == ([WHICH], [], [WHICH])


def test_the_docket_that_was_set_still_shows_it(june: Office):
    june.live_until(date(2026, 6, 9))
    send(june)
    june.live_until(date(2026, 7, 2))
    erase(june)
    manager = by(MANAGER, "project_manager")
    shown = june.call(ReviewService, "docket", manager, cycle="2026-07")
    assert [(each["outcome"], each["set_aside_on"]) for each in shown["proposals"]] == [
        (None, "2026-07-02")
    ]
