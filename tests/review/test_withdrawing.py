"""An amendment that was withdrawn leaves the committee's table, and is never heard of again."""

from datetime import date
from typing import Any

import pytest

from services.review.proposal_review import ProposalReview
from services.review.standing import ProposalIsSetAside
from tests.review.moments import CASE_1, CASE_2, JULY_14, JULY_20, MANAGER, PACT, SEATS, V1
from tests.review.office import Office
from tests.review.test_minutes import ask, draw_up
from tests.review.test_proposal_review import APPROVED, QUORUM, on_docket, received
from tests.review.test_season import decide, june, refused, send, vote
from tests.review.test_setting_aside import proposal
from tests.scenario import fact, given

__all__ = ["june"]

withdrawn = fact(ProposalReview.Withdrawn, on=JULY_14)


def withdraw(office: Office, organisation: str = "nord") -> None:
    body = {"pact": str(PACT), "proposal": 1, "family": "NORD-2X8W5T-R"}
    body |= {"on": office.day.isoformat()}
    office.hear("pacts/amendment_withdrawn.v1", body, organisation)


@pytest.mark.parametrize("docket", [(), (on_docket, *QUORUM)])
def test_what_was_withdrawn_undecided_is_neither_voted_on_nor_decided(docket: Any):
    story = given(received(), *docket)
    story.when(ProposalReview.withdraw, on=JULY_14).then(withdrawn)
    given(received(), *docket, withdrawn).when(
        ProposalReview.decide, guidelines=V1, committee=SEATS, on=JULY_20
    ).refuses(ProposalIsSetAside, on=JULY_14)


def test_what_was_decided_or_withdrawn_before_stays():
    given(received(), on_docket, *QUORUM, APPROVED).when(ProposalReview.withdraw, on=JULY_20).then()
    given(received(), withdrawn).when(ProposalReview.withdraw, on=JULY_20).then()


@pytest.mark.parametrize(
    ("on", "overdue", "dockets"),
    [
        (date(2026, 6, 30), [], []),
        (date(2026, 7, 2), [], ["2026-07"]),
        (date(2026, 7, 21), ["2026-08"], ["2026-07"]),
    ],
)
def test_from_that_day_on_no_docket_and_no_overdue_day_follows(
    june: Office, on: date, overdue: list[str], dockets: list[str]
):
    june.live_until(date(2026, 6, 9))
    send(june)
    june.live_until(on)
    withdraw(june)
    june.live_until(date(2026, 9, 30))
    carried = [state["carried_to"] for _, state in june.facts("review.ProposalOverdue")]
    assert carried == overdue
    assert [state["cycle"] for _, state in june.facts("review.DocketSet")] == dockets


def test_the_committee_sees_that_it_was_withdrawn_and_the_minutes_say_so(june: Office):
    june.live_until(date(2026, 6, 9))
    send(june)
    june.live_until(JULY_14)
    vote(june, CASE_1, "approve")
    withdraw(june)
    withdraw(june)
    assert len(june.facts("review.ProposalWithdrawn")) == 1
    assert proposal(june)["set_aside_on"] == "2026-07-14"
    assert refused(vote, june, CASE_2, "return") == ("ProposalIsSetAside", {"on": "2026-07-14"})
    assert refused(decide, june) == ("ProposalIsSetAside", {"on": "2026-07-14"})
    draw_up(june, MANAGER, held_on="2026-07-14")
    [minutes] = ask(june, "minutes")["minutes"]
    assert minutes["undecided"] == []
    assert [each["proposal"] for each in minutes["set_aside"]] == [1]


def test_only_the_organisation_that_follows_the_family_withdraws_it(june: Office):
    june.live_until(date(2026, 6, 9))
    send(june)
    withdraw(june, "lead")
    assert june.refusals() == [("pacts/amendment_withdrawn.v1", "NotTheirs")]
    assert june.facts("review.ProposalWithdrawn") == []
