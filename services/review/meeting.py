"""What one meeting of the committee did, gathered from the facts for its minutes."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from services.kernel.deciding import Deciding
from services.kernel.refusal import Refused
from services.review.committee import COMMITTEE, MICROEQUIPE_LEAD, Committee, Seat
from services.review.cycle import ReviewCycle, cycle_id
from services.review.minutes import (
    MinutedAid,
    MinutedDecision,
    MinutedProposal,
    MinutedVote,
    Present,
    Record,
)
from services.review.policies import guidelines_on
from services.review.proposal_review import ProposalReview
from services.review.standing import Decision
from services.review.tally import conditions
from services.review.views import urgent_aid


class NoDocketYet(Refused):
    """The committee meets on a docket; before it was set there is nothing to minute [6]."""


class NotAtTheTable(Refused):
    """Present are seats, deputies, and leads whose proposal is on the docket [6]."""


def gather(deciding: Deciding, cycle: str, held_on: date, persons: Sequence[UUID]) -> Record:
    """What the meeting of *cycle* on *held_on* did, at which *persons* were present.

    Raises:
        NoDocketYet: the docket was not set by that day.
        NotAtTheTable: somebody present has no part in the meeting.
    """
    docket = deciding.find(ReviewCycle, cycle_id(cycle))
    if docket is None or held_on < docket.set_on:
        raise NoDocketYet(cycle=cycle, held_on=held_on)
    reviews = [
        deciding.get(ProposalReview, each)
        for each in docket.proposals
        if docket.since[each] <= held_on
    ]
    seats = deciding.get(Committee, COMMITTEE).seats_on(held_on)
    leads = {review.sent.lead for review in reviews}
    return Record(
        held_on=held_on,
        present=tuple(
            who for person in dict.fromkeys(persons) for who in _as(person, seats, leads)
        ),
        absent=tuple(seat.person for seat in seats if not {seat.person, seat.deputy} & {*persons}),
        decisions=tuple(
            _minuted(review, decision, persons)
            for review in reviews
            for decision in review.decisions
            if decision.on == held_on
        ),
        undecided=tuple(
            _named(review)
            for review in reviews
            if not _set_aside(review, held_on)
            and not any(decision.on <= held_on for decision in review.decisions)
        ),
        set_aside=tuple(_named(review) for review in reviews if _set_aside(review, held_on)),
        urgent_aid=tuple(
            MinutedAid(
                row.pact,
                row.family,
                row.aid,
                Decimal(row.eur),
                row.authorised_as,
                row.authorised_on,
            )
            for row in urgent_aid.listed(deciding.connection, cycle)
            if row.listed_on <= held_on
        ),
        guidelines=guidelines_on(deciding, held_on).number,
    )


def _as(person: UUID, seats: Sequence[Seat], leads: set[UUID]) -> list[Present]:
    """As what *person* was there: for the own seat, as a deputy, as a lead."""
    found = [Present(person, seat.role, None) for seat in seats if seat.person == person]
    found += [Present(person, seat.role, seat.person) for seat in seats if seat.deputy == person]
    if not found and person in leads:
        found = [Present(person, MICROEQUIPE_LEAD, None)]
    if not found:
        raise NotAtTheTable(person=person)
    return found


def _named(review: ProposalReview) -> MinutedProposal:
    return MinutedProposal(review.sent.pact, review.sent.number, review.sent.family)


def _set_aside(review: ProposalReview, held_on: date) -> bool:
    return review.set_aside_on is not None and review.set_aside_on <= held_on


def _minuted(
    review: ProposalReview, decision: Decision, persons: Sequence[UUID]
) -> MinutedDecision:
    sent = review.sent
    return MinutedDecision(
        pact=sent.pact,
        proposal=sent.number,
        family=sent.family,
        decision=decision.number,
        corrects=decision.corrects,
        outcome=decision.outcome,
        votes=tuple(
            MinutedVote(
                seat=ballot.seat,
                role=ballot.role,
                proposer=ballot.proposer,
                choice=ballot.choice,
                deputy=decision.deputies.get(ballot.seat),
                spoken=ballot.seat in decision.spoken,
                confirmed=ballot.seat not in decision.spoken
                or decision.deputies.get(ballot.seat, ballot.seat) in persons,
            )
            for ballot in decision.ballots
        ),
        recused=decision.recused,
        tie=decision.tie,
        guidelines=decision.guidelines,
        conditions=tuple(conditions(decision.outcome, decision.ballots)),
    )
