"""An ISEE that expired before the decision: tolerated until its day, then nobody is approved."""

from datetime import date
from typing import Any

import pytest

from services.review.proposal_review import ProposalReview
from services.review.relying import IseeRunOut
from services.review.service import ReviewService
from services.review.tally import Choice, Outcome
from tests.review.moments import (
    AUGUST_20,
    CASE_1,
    CASE_1_SEAT,
    HEAD,
    HEADS_SEAT,
    JULY_1,
    JULY_14,
    JULY_20,
    JULY_21,
    MANAGER,
    MANAGERS_SEAT,
    PACT,
    ballot,
    by,
    on_docket,
    received,
    voted,
    words,
)
from tests.review.office import Office
from tests.review.test_proposal_review import APPROVED, QUORUM, deciding
from tests.review.test_season import ERASED, decide, june, refused, send, vote
from tests.review.test_setting_aside import proposal
from tests.scenario import Fact, fact, given

__all__ = ["june"]

BEFORE = date(2026, 7, 13)
AFTER = date(2026, 7, 15)
P, C, R, N = (
    *(Choice.APPROVE, Choice.APPROVE_WITH_CONDITIONS),
    *(Choice.RETURN, Choice.NOT_APPROVE),
)


def relied_on(until: date, on: date = JULY_1) -> Fact:
    return fact(ProposalReview.IseeReliedOn, until=until, on=on)


def all_say(choice: Choice) -> tuple[Fact, ...]:
    return tuple(voted(seat, choice) for seat in (MANAGERS_SEAT, CASE_1_SEAT, HEADS_SEAT))


def decision(choice: Choice, outcome: Outcome) -> Fact:
    ballots = tuple(ballot(seat, choice) for seat in (MANAGERS_SEAT, CASE_1_SEAT, HEADS_SEAT))
    return fact(
        ProposalReview.Decided,
        **dict(APPROVED.fields) | {"outcome": outcome, "ballots": ballots},
    )


@pytest.mark.parametrize(("until", "approved"), [(AFTER, True), (JULY_14, True), (BEFORE, False)])
def test_a_proposal_is_approved_until_the_last_day_of_the_tolerance(until: date, approved: bool):
    answer = deciding(received(), relied_on(until), on_docket, *QUORUM)
    if approved:
        answer.then(APPROVED)
    else:
        answer.refuses(IseeRunOut, until=until)


def test_nor_is_it_approved_with_conditions():
    deciding(received(), relied_on(BEFORE), on_docket, *all_say(C)).refuses(
        IseeRunOut, until=BEFORE
    )


@pytest.mark.parametrize(("choice", "outcome"), [(R, Outcome.RETURNED), (N, Outcome.NOT_APPROVED)])
def test_it_may_always_be_returned_or_not_approved(choice: Choice, outcome: Outcome):
    deciding(received(), relied_on(BEFORE), on_docket, *all_say(choice)).then(
        decision(choice, outcome)
    )


def test_a_certificate_that_is_verified_meanwhile_lifts_it():
    deciding(received(), relied_on(BEFORE), relied_on(AUGUST_20), on_docket, *QUORUM).then(APPROVED)


def test_of_a_proposal_about_which_nobody_told_nothing_is_asked():
    deciding(received(), on_docket, *QUORUM).then(APPROVED)


@pytest.mark.parametrize(("until", "approved"), [(JULY_14, True), (BEFORE, False)])
def test_a_corrected_decision_goes_by_the_day_of_the_first_one(until: date, approved: bool):
    opened = fact(ProposalReview.CorrectionOpened, corrects=1, reason=words(9), on=JULY_20)
    first = decision(N, Outcome.NOT_APPROVED)
    answer = deciding(
        received(), relied_on(until), on_docket, *all_say(N), first, opened, *QUORUM, on=AUGUST_20
    )
    if approved:
        [corrected] = answer.facts
        assert dict(corrected.fields)["outcome"] is Outcome.APPROVED
    else:
        answer.refuses(IseeRunOut, until=until)


def test_a_decision_corrected_twice_goes_by_the_day_of_the_first_one_too():
    opened = [
        fact(ProposalReview.CorrectionOpened, corrects=number, reason=words(9), on=JULY_20)
        for number in (1, 2)
    ]
    first = decision(N, Outcome.NOT_APPROVED)
    second = fact(
        ProposalReview.Decided,
        **dict(first.fields) | {"number": 2, "corrects": 1, "on": JULY_20},
    )
    answer = deciding(
        received(),
        relied_on(JULY_14),
        on_docket,
        *(*all_say(N), first, opened[0], second, opened[1], *QUORUM),
        on=AUGUST_20,
    )
    assert answer.refusal is None


def test_what_is_known_or_decided_adds_nothing():
    asked: dict[str, Any] = {"until": JULY_20, "on": JULY_1}
    given(received()).when(ProposalReview.rely_on_isee, **asked).then(relied_on(JULY_20))
    given(received(), relied_on(JULY_20)).when(ProposalReview.rely_on_isee, **asked).then()
    given(received(), on_docket, *QUORUM, APPROVED).when(
        ProposalReview.rely_on_isee, **asked
    ).then()


def told(office: Office, until: str, organisation: str = "nord") -> None:
    body = {"pact": str(PACT), "proposal": 1, "family": "NORD-2X8W5T-R"}
    body |= {"until": until, "on": office.day.isoformat()}
    office.hear("pacts/isee_relied_on.v1", body, organisation)


def shown(office: Office) -> list[tuple[str | None, bool]]:
    """What the docket of July, or what waits for it, and the proposal say of the certificate."""
    manager = by(MANAGER, "project_manager")
    docket = office.call(ReviewService, "docket", manager, cycle="2026-07")
    lines = [*docket["waiting"], *docket["proposals"], proposal(office)]
    return [(line["isee_until"], line["isee_runs_out"]) for line in lines]


@pytest.mark.parametrize(
    ("until", "runs_out"), [("2026-07-19", True), ("2026-07-20", False), ("2026-07-21", False)]
)
def test_the_docket_warns_of_a_tolerance_that_ends_before_the_last_day(
    june: Office, until: str, runs_out: bool
):
    june.live_until(date(2026, 6, 9))
    send(june)
    assert shown(june) == [(None, False), (None, False)]
    told(june, until)
    assert shown(june) == [(until, runs_out), (until, runs_out)]
    june.live_until(JULY_1)
    assert shown(june) == [(until, runs_out), (until, runs_out)]


def test_what_may_not_be_approved_waits_overdue_until_a_certificate_is_verified(june: Office):
    june.live_until(date(2026, 6, 9))
    send(june)
    told(june, "2026-07-13")
    june.live_until(JULY_14)
    vote(june, CASE_1, "approve")
    vote(june, MANAGER, "approve", "project_manager")
    vote(june, MANAGER, "approve", "project_manager", seat=str(HEAD))
    before = june.facts()
    assert refused(decide, june) == ("IseeRunOut", {"until": "2026-07-13"})
    assert june.facts() == before
    june.live_until(JULY_21)
    assert [s["carried_to"] for _, s in june.facts("review.ProposalOverdue")] == ["2026-08"]
    told(june, "2027-02-28")
    june.live_until(date(2026, 8, 3))
    assert decide(june)["outcome"] == "approved"


def test_only_the_organisation_that_follows_the_family_says_it(june: Office):
    june.live_until(date(2026, 6, 9))
    send(june)
    told(june, "2026-07-13", "lead")
    assert june.refusals() == [("pacts/isee_relied_on.v1", "NotTheirs")]


def test_of_an_erased_familys_proposal_nothing_more_is_known(june: Office):
    june.live_until(date(2026, 6, 9))
    send(june)
    june.hear("intake/family_erased.v1", ERASED, "nord")
    told(june, "2026-07-13")
    assert june.facts("review.IseeReliedOn") == []
