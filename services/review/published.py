"""What review tells others; what is not in the table stays ours."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from services.kernel.sealed import Sealed
from services.kernel.words import EVERYONE, OWN, Body, Publish, Published
from services.review.acknowledgements import Acknowledgements
from services.review.cycle import ReviewCycle
from services.review.minutes import MinutedDecision, MinutedProposal, Minutes
from services.review.proposal_review import ProposalReview
from services.review.steering_board import SteeringBoard
from services.review.tally import Choice, conditions
from services.review.urgent_aid import UrgentAid


def _guidelines_issued(event: SteeringBoard.Issued, board: SteeringBoard) -> Body:
    return {
        "number": event.number,
        "in_force_from": event.in_force_from.isoformat(),
        "parameters": event.parameters,
    }


def _guidelines_acknowledged(
    event: Acknowledgements.Acknowledged, acknowledgements: Acknowledgements
) -> Body:
    return {
        "number": acknowledgements.number,
        "person": str(event.person),
        "role": event.role,
        "on": event.on.isoformat(),
    }


def _session(
    event: SteeringBoard.SessionAnnounced | SteeringBoard.SessionMissed, board: SteeringBoard
) -> Body:
    return {"due": event.due.isoformat(), "on": event.on.isoformat()}


def _session_held(event: SteeringBoard.SessionHeld, board: SteeringBoard) -> Body:
    return {
        "session": event.number,
        "on": event.on.isoformat(),
        "next_due": event.next_due.isoformat(),
    }


def _proposal_received(event: ProposalReview.Received, review: ProposalReview) -> Body:
    return {
        **_which(review),
        "cycle": event.cycle,
        "late": event.late,
        "decide_by": event.decide_by.isoformat(),
    }


def _proposal_received_v2(event: ProposalReview.Received, review: ProposalReview) -> Body:
    return {**_proposal_received(event, review), "by_form": review.sent.by_form}


def _proposal_postponed(event: ProposalReview.Postponed, review: ProposalReview) -> Body:
    return {
        **_which(review),
        "cycle": event.postponed_to,
        "late": review.late,
        "decide_by": event.decide_by.isoformat(),
    }


def _proposal_postponed_v2(event: ProposalReview.Postponed, review: ProposalReview) -> Body:
    return {**_proposal_postponed(event, review), "by_form": review.sent.by_form}


def _second_look_answered(event: ProposalReview.SecondLookAnswered, review: ProposalReview) -> Body:
    return {
        **_which(review),
        "decision": event.decision,
        "outcome": event.outcome.value,
        "reason": _reference(event.reason),
        "on": event.on.isoformat(),
    }


def _reason_of_the_second_look(
    event: ProposalReview.SecondLookAnswered, review: ProposalReview
) -> list[Sealed]:
    return [event.reason]


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
        "conditions": [_reference(each) for each in conditions(event.outcome, event.ballots)],
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


def _proposal_set_aside(event: ProposalReview.SetAside, review: ProposalReview) -> Body:
    return {**_which(review), "because": event.because.value, "on": event.on.isoformat()}


def _urgent_aid_listed(event: UrgentAid.Listed, report: UrgentAid) -> Body:
    return {
        "pact": str(report.pact),
        "family": report.family,
        "aid": report.aid,
        "eur": str(report.eur),
        "authorised_as": report.authorised_as,
        "authorised_on": report.authorised_on.isoformat(),
        "cycle": event.cycle,
        "on": event.on.isoformat(),
    }


def minuted(minutes: Minutes, number: int) -> Body:
    """What minutes *number* say, in JSON; persons as ids, words as references."""
    record = minutes.records[number]
    corrected = minutes.corrects.get(number)
    return {
        "cycle": minutes.cycle,
        "number": number,
        **({} if corrected is None else {"corrects": corrected}),
        "held_on": record.held_on.isoformat(),
        "present": [
            {"person": str(each.person), "role": each.role, "deputy_of": _id(each.deputy_of)}
            for each in record.present
        ],
        "absent": [str(person) for person in record.absent],
        "decisions": [_minuted_decision(each) for each in record.decisions],
        "undecided": _proposals(record.undecided),
        "set_aside": _proposals(record.set_aside),
        "urgent_aid": [
            {
                "pact": str(each.pact),
                "family": each.family,
                "aid": each.aid,
                "eur": str(each.eur),
                "authorised_as": each.authorised_as,
                "authorised_on": each.authorised_on.isoformat(),
            }
            for each in record.urgent_aid
        ],
        "guidelines": record.guidelines,
    }


def _minuted_decision(decided: MinutedDecision) -> Body:
    correction = {} if decided.corrects is None else {"corrects": decided.corrects}
    return {
        "pact": str(decided.pact),
        "proposal": decided.proposal,
        "family": decided.family,
        "decision": decided.decision,
        **correction,
        "outcome": decided.outcome.value,
        "votes": [
            {
                "seat": str(vote.seat),
                "role": vote.role,
                "proposer": vote.proposer,
                "vote": vote.choice.value,
                "deputy": _id(vote.deputy),
                "spoken": vote.spoken,
                "confirmed": vote.confirmed,
            }
            for vote in decided.votes
        ],
        "recused": [str(person) for person in decided.recused],
        "tie": decided.tie,
        "guidelines": decided.guidelines,
        "conditions": [_reference(each) for each in decided.conditions],
    }


def _proposals(listed: Iterable[MinutedProposal]) -> list[Body]:
    return [
        {"pact": str(each.pact), "proposal": each.proposal, "family": each.family}
        for each in listed
    ]


def _minutes_approved_v1(event: Minutes.Approved, minutes: Minutes) -> Body:
    """As before proposals were set aside: those are among the ones that were not decided."""
    said = _minutes_approved(event, minutes)
    set_aside = said.pop("set_aside")
    return said | {"undecided": [*said["undecided"], *set_aside]}


def _minutes_approved(event: Minutes.Approved, minutes: Minutes) -> Body:
    return minuted(minutes, event.number) | {"on": event.on.isoformat()}


def _id(person: UUID | None) -> str | None:
    return None if person is None else str(person)


def _which(review: ProposalReview) -> Body:
    sent = review.sent
    return {"pact": str(sent.pact), "proposal": sent.number, "family": sent.family}


def _us_and_who_sent_it(event: Any, review: ProposalReview) -> Iterable[str]:
    return (OWN, review.sent.organisation)


def _reasons(event: ProposalReview.Decided) -> list[Sealed]:
    binding = conditions(event.outcome, event.ballots)
    return [ballot.reason for ballot in event.ballots if ballot.reason not in binding]


def _words_of_the_decision(event: ProposalReview.Decided, review: ProposalReview) -> list[Sealed]:
    return [*conditions(event.outcome, event.ballots), *_reasons(event)]


def _reference(sealed: Sealed) -> Body:
    return {"ref": str(sealed.ref), "commitment": sealed.commitment}


PUBLISHED: Published = {
    SteeringBoard.Issued: Publish(
        says={"guidelines_issued.v1": _guidelines_issued}, to=(EVERYONE,)
    ),
    Acknowledgements.Acknowledged: Publish(
        says={"guidelines_acknowledged.v1": _guidelines_acknowledged}, to=(OWN,)
    ),
    SteeringBoard.SessionHeld: Publish(
        says={"board_session_held.v1": _session_held}, to=(EVERYONE,)
    ),
    SteeringBoard.SessionAnnounced: Publish(
        says={"board_session_due.v1": _session}, to=(EVERYONE,)
    ),
    SteeringBoard.SessionMissed: Publish(
        says={"board_session_missed.v1": _session}, to=(EVERYONE,)
    ),
    ProposalReview.Received: Publish(
        says={
            "proposal_received.v1": _proposal_received,
            "proposal_received.v2": _proposal_received_v2,
        },
        to=_us_and_who_sent_it,
    ),
    ProposalReview.Postponed: Publish(
        says={
            "proposal_received.v1": _proposal_postponed,
            "proposal_received.v2": _proposal_postponed_v2,
        },
        to=_us_and_who_sent_it,
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
    UrgentAid.Listed: Publish(says={"urgent_aid_listed.v1": _urgent_aid_listed}, to=(OWN,)),
    ProposalReview.SetAside: Publish(
        says={"proposal_set_aside.v1": _proposal_set_aside}, to=_us_and_who_sent_it
    ),
    Minutes.Approved: Publish(
        says={
            "minutes_approved.v1": _minutes_approved_v1,
            "minutes_approved.v2": _minutes_approved,
        },
        to=(OWN,),
    ),
    ProposalReview.SecondLookAnswered: Publish(
        says={"second_look_answered.v1": _second_look_answered},
        to=_us_and_who_sent_it,
        parts=_reason_of_the_second_look,
    ),
}
