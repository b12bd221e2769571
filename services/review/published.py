"""What review tells others; what is not in the table stays ours."""

from collections.abc import Iterable
from typing import Any

from services.kernel.sealed import Sealed
from services.kernel.words import EVERYONE, OWN, Body, Publish, Published
from services.review.cycle import ReviewCycle
from services.review.proposal_review import ProposalReview
from services.review.steering_board import SteeringBoard
from services.review.tally import Choice, Outcome


def _guidelines_issued(event: SteeringBoard.Issued, board: SteeringBoard) -> Body:
    return {
        "number": event.number,
        "in_force_from": event.in_force_from.isoformat(),
        "parameters": event.parameters,
    }


def _proposal_received(event: ProposalReview.Received, review: ProposalReview) -> Body:
    return {
        **_which(review),
        "cycle": event.cycle,
        "late": event.late,
        "decide_by": event.decide_by.isoformat(),
    }


def _proposal_postponed(event: ProposalReview.Postponed, review: ProposalReview) -> Body:
    return {
        **_which(review),
        "cycle": event.postponed_to,
        "late": review.late,
        "decide_by": event.decide_by.isoformat(),
    }


def _docket(event: Any, cycle: ReviewCycle) -> Body:
    return {
        "cycle": cycle.cycle,
        "proposals": [str(each) for each in cycle.proposals],
        "decide_by": cycle.decide_by.isoformat(),
        "on": event.on.isoformat(),
    }


def _proposal_decided(event: ProposalReview.Decided, review: ProposalReview) -> Body:
    correction = {} if event.corrects is None else {"corrects": event.corrects}
    return {
        **_which(review),
        "cycle": event.cycle,
        "outcome": event.outcome.value,
        "guidelines": event.guidelines,
        "on": event.on.isoformat(),
        "votes": {
            **{each.value: sum(b.choice is each for b in event.ballots) for each in Choice},
            "recused": len(event.recused),
        },
        "by_quorum": True,
        "conditions": [_reference(each) for each in _conditions(event)],
        "reasons": [_reference(each) for each in _reasons(event)],
        **correction,
    }


def _proposal_overdue(event: ProposalReview.Overdue, review: ProposalReview) -> Body:
    return {
        **_which(review),
        "cycle": event.cycle,
        "carried_to": event.carried_to,
        "on": event.on.isoformat(),
    }


def _which(review: ProposalReview) -> Body:
    sent = review.sent
    return {"pact": str(sent.pact), "proposal": sent.number, "family": sent.family}


def _us_and_who_sent_it(event: Any, review: ProposalReview) -> Iterable[str]:
    return (OWN, review.sent.organisation)


def _conditions(event: ProposalReview.Decided) -> list[Sealed]:
    """Conditions bind when the approval stands on them; else they are reasons like the others."""
    if event.outcome is not Outcome.APPROVED_WITH_CONDITIONS:
        return []
    return [b.reason for b in event.ballots if b.choice is Choice.APPROVE_WITH_CONDITIONS]


def _reasons(event: ProposalReview.Decided) -> list[Sealed]:
    conditions = _conditions(event)
    return [ballot.reason for ballot in event.ballots if ballot.reason not in conditions]


def _words_of_the_decision(event: ProposalReview.Decided, review: ProposalReview) -> list[Sealed]:
    return [*_conditions(event), *_reasons(event)]


def _reference(sealed: Sealed) -> Body:
    return {"ref": str(sealed.ref), "commitment": sealed.commitment}


PUBLISHED: Published = {
    SteeringBoard.Issued: Publish(
        says={"guidelines_issued.v1": _guidelines_issued}, to=(EVERYONE,)
    ),
    ProposalReview.Received: Publish(
        says={"proposal_received.v1": _proposal_received}, to=_us_and_who_sent_it
    ),
    ProposalReview.Postponed: Publish(
        says={"proposal_received.v1": _proposal_postponed}, to=_us_and_who_sent_it
    ),
    ReviewCycle.DocketSet: Publish(says={"docket_set.v1": _docket}, to=(OWN,)),
    ReviewCycle.DocketSupplemented: Publish(says={"docket_set.v1": _docket}, to=(OWN,)),
    ProposalReview.Decided: Publish(
        says={"proposal_decided.v1": _proposal_decided},
        to=_us_and_who_sent_it,
        parts=_words_of_the_decision,
    ),
    ProposalReview.Overdue: Publish(
        says={"proposal_overdue.v1": _proposal_overdue}, to=_us_and_who_sent_it
    ),
}
