"""Counting: quorum, majority, tie. P approves, C with conditions, R returns, N does not."""

import pytest

from services.review.committee import Seat
from services.review.tally import Ballot, Choice, Outcome, Tally, conditions, count, needed
from tests.review.moments import REASON, person

CHOICES = {
    "P": Choice.APPROVE,
    "C": Choice.APPROVE_WITH_CONDITIONS,
    "R": Choice.RETURN,
    "N": Choice.NOT_APPROVE,
}
APPROVED, CONDITIONS = Outcome.APPROVED, Outcome.APPROVED_WITH_CONDITIONS
RETURNED, NOT_APPROVED = Outcome.RETURNED, Outcome.NOT_APPROVED


def ballots(votes: str, manager: int | None = 0) -> list[Ballot]:
    """One ballot a letter; the one at *manager* is the project manager's."""
    seats = [
        Seat(person(n), "project_manager" if n == manager else "case_manager", "lead")
        for n in range(len(votes))
    ]
    return [
        Ballot(seat.person, seat.role, False, CHOICES[vote], REASON, ())
        for seat, vote in zip(seats, votes, strict=True)
    ]


@pytest.mark.parametrize(
    ("seats", "votes"), [(1, 1), (2, 2), (3, 2), (4, 3), (5, 3), (6, 4), (7, 4)]
)
def test_a_quorum_is_more_than_half_of_the_seats(seats: int, votes: int):
    assert needed(seats) == votes


@pytest.mark.parametrize(
    ("votes", "outcome"),
    [
        ("PPP", APPROVED),
        ("RRR", RETURNED),
        ("NNN", NOT_APPROVED),
        ("PPR", APPROVED),
        ("RRP", RETURNED),
        ("NNP", NOT_APPROVED),
        ("P", APPROVED),
    ],
)
def test_more_than_half_of_the_votes_cast_decide(votes: str, outcome: Outcome):
    assert count(ballots(votes)) == Tally(outcome, tie=False)


@pytest.mark.parametrize(
    ("votes", "outcome"),
    [
        ("PCR", CONDITIONS),
        ("PCN", CONDITIONS),
        ("CCC", CONDITIONS),
        ("PPCRR", CONDITIONS),
        ("PPPCR", APPROVED),
        ("PPC", APPROVED),
        ("PC", CONDITIONS),
        ("PPCC", CONDITIONS),
    ],
)
def test_approvals_count_together_and_stand_on_the_conditions_unless_the_plain_ones_suffice(
    votes: str, outcome: Outcome
):
    assert count(ballots(votes)) == Tally(outcome, tie=False)


@pytest.mark.parametrize("votes", ["PRN", "PPRN", "NNPR", "RRPN", "PPRRN", "PPNNR"])
def test_without_a_majority_the_proposal_is_returned(votes: str):
    assert count(ballots(votes)) == Tally(RETURNED, tie=False)


@pytest.mark.parametrize(
    ("votes", "manager", "outcome"),
    [
        ("PPRR", 0, APPROVED),
        ("PPRR", 2, RETURNED),
        ("PPNN", 0, APPROVED),
        ("PPNN", 2, NOT_APPROVED),
        ("RRNN", 2, NOT_APPROVED),
        ("PCRR", 0, CONDITIONS),
        ("PCNN", 1, CONDITIONS),
        ("PN", 1, NOT_APPROVED),
    ],
)
def test_a_tie_is_decided_by_the_project_managers_vote(votes: str, manager: int, outcome: Outcome):
    assert count(ballots(votes, manager)) == Tally(outcome, tie=True)


@pytest.mark.parametrize("votes", ["PPRR", "PPNN", "RRNN", "PCNN"])
def test_a_tie_without_the_project_managers_vote_is_returned(votes: str):
    assert count(ballots(votes, manager=None)) == Tally(RETURNED, tie=False)


def test_the_conditions_bind_where_the_approval_stands_on_them_and_nowhere_else():
    cast = ballots("CRC")
    first, _, last = cast
    assert conditions(CONDITIONS, [first]) == [REASON]
    assert conditions(CONDITIONS, cast) == [first.reason, last.reason]
    for outcome in (APPROVED, RETURNED, NOT_APPROVED):
        assert conditions(outcome, cast) == []
