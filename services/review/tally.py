"""Counting: the quorum (numero legale), the majority, the tie [6]."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from services.kernel.sealed import Sealed
from services.review.committee import PROJECT_MANAGER


class Choice(StrEnum):
    """What a seat votes; values are stored."""

    APPROVE = "approve"
    APPROVE_WITH_CONDITIONS = "approve_with_conditions"
    RETURN = "return"
    NOT_APPROVE = "not_approve"


class Outcome(StrEnum):
    """What the committee decided; values are stored."""

    APPROVED = "approved"
    APPROVED_WITH_CONDITIONS = "approved_with_conditions"
    RETURNED = "returned"
    NOT_APPROVED = "not_approved"


@dataclass(frozen=True)
class Ballot:
    """One vote, as it stands.

    Attributes:
        seat: the person who holds the seat.
        role: what the seat is held as.
        proposer: whether the seat belongs to who sent the proposal.
        reason: why; for approve with conditions, the conditions.
        conflicts: why the seat should have abstained, as far as facts tell; it may vote.
    """

    seat: UUID
    role: str
    proposer: bool
    choice: Choice
    reason: Sealed
    conflicts: tuple[str, ...]


@dataclass(frozen=True)
class Tally:
    """What the ballots come to.

    Attributes:
        tie: whether the project manager's vote decided between two halves.
    """

    outcome: Outcome
    tie: bool


def needed(seats: int) -> int:
    """Votes needed for a quorum of *seats*: more than half."""
    return seats // 2 + 1


def count(ballots: Sequence[Ballot]) -> Tally:
    """What *ballots* come to; more than half of the votes cast decide.

    Approve and approve with conditions count together; the approval stands on the conditions unless
    plain approvals alone carry it. Two equal halves are a tie: the project manager's vote decides.
    """
    cast = len(ballots)
    approvals = _votes(ballots, Choice.APPROVE, Choice.APPROVE_WITH_CONDITIONS)
    groups = {
        Outcome.APPROVED: approvals,
        Outcome.RETURNED: _votes(ballots, Choice.RETURN),
        Outcome.NOT_APPROVED: _votes(ballots, Choice.NOT_APPROVE),
    }
    carried = [outcome for outcome, votes in groups.items() if 2 * len(votes) > cast]
    halves = [outcome for outcome, votes in groups.items() if 2 * len(votes) == cast]
    tie = len(halves) == 2
    if tie:
        carried = [outcome for outcome in halves if _has_project_manager(groups[outcome])]
    outcome = carried[0] if carried else Outcome.RETURNED
    if outcome is Outcome.APPROVED:
        plain = 2 * len(_votes(approvals, Choice.APPROVE))
        if plain < cast or (plain == cast and not tie):
            outcome = Outcome.APPROVED_WITH_CONDITIONS
    return Tally(outcome, tie and bool(carried))


def conditions(outcome: Outcome, ballots: Sequence[Ballot]) -> list[Sealed]:
    """The conditions that bind: those of an approval that stands on them; else none do."""
    if outcome is not Outcome.APPROVED_WITH_CONDITIONS:
        return []
    return [ballot.reason for ballot in _votes(ballots, Choice.APPROVE_WITH_CONDITIONS)]


def _votes(ballots: Sequence[Ballot], *choices: Choice) -> list[Ballot]:
    return [ballot for ballot in ballots if ballot.choice in choices]


def _has_project_manager(ballots: Sequence[Ballot]) -> bool:
    return any(ballot.role == PROJECT_MANAGER for ballot in ballots)
