"""The review service at the door, as nameko offers it inside the lead organisation."""

from services.kernel import parsing
from services.kernel.actor import Actor
from services.kernel.deciding import Deciding
from services.kernel.hosting import Hosted, command, query
from services.kernel.ids import stream_id
from services.kernel.sealed import Sealed
from services.kernel.words import Body
from services.review.board_commands import BoardCommands
from services.review.committee import COMMITTEE, Committee
from services.review.door import (
    READERS,
    SEATS,
    VOTERS,
    must_read,
    must_vote,
    person_meant,
    runs_out,
    seats_today,
    shown_seat,
    text_of,
    words_of,
)
from services.review.looking_again import SecondLook
from services.review.meeting_commands import MeetingCommands
from services.review.policies import guidelines_on, let_the_present_lead_present
from services.review.proposal_review import ProposalReview
from services.review.tally import Choice


class ReviewService(BoardCommands, MeetingCommands):
    """The committee's office, and the steering board's: votes, decisions, second looks here."""

    name = "review"
    hosted = Hosted()

    @command(*VOTERS)
    def cast_vote(
        self,
        review: Deciding,
        by: Actor,
        *,
        proposal_id: str,
        vote: str,
        reason: str,
        seat: str | None = None,
        deputy: str | None = None,
    ) -> Body:
        """Vote for one's own seat, or record what *seat* (a person) said in the meeting.

        Who is deputy of *seat* votes in its holder's stead; a secretary names the *deputy* who did.
        """
        must_vote(review, by)
        proposal = review.edit(ProposalReview, parsing.uuid("proposal_id", proposal_id))
        proposal.vote(
            person_meant(seat, by),
            parsing.word("vote", vote, Choice),
            _reason(review, proposal, reason),
            seats_today(review),
            guidelines_on(review, review.today),
            by=by,
            on=review.today,
            deputy=None if deputy is None else parsing.uuid("deputy", deputy),
        )
        return {"proposal_id": proposal_id, "version": proposal.version}

    @command(*SEATS, "administrator")
    def recuse(
        self,
        review: Deciding,
        by: Actor,
        *,
        proposal_id: str,
        reason: str,
        seat: str | None = None,
    ) -> Body:
        """Abstain because of a conflict, or record that *seat* (a person) does."""
        proposal = review.edit(ProposalReview, parsing.uuid("proposal_id", proposal_id))
        proposal.recuse(
            person_meant(seat, by),
            _reason(review, proposal, reason),
            seats_today(review),
            guidelines_on(review, review.today),
            by=by,
            on=review.today,
        )
        return {"proposal_id": proposal_id, "version": proposal.version}

    @command(*SEATS, "administrator")
    def name_deputy(
        self,
        review: Deciding,
        by: Actor,
        *,
        first: str,
        last: str,
        deputy: str | None,
        seat: str | None = None,
    ) -> Body:
        """Let *deputy* (a person, or nobody) stand in for a seat from *first* to *last*."""
        committee = review.edit(Committee, COMMITTEE)
        committee.name_deputy(
            person_meant(seat, by),
            None if deputy is None else parsing.uuid("deputy", deputy),
            parsing.day("first", first),
            parsing.day("last", last),
            by=by,
            on=review.today,
        )
        return {"version": committee.version}

    @command("project_manager", "case_manager")
    def decide(
        self, review: Deciding, by: Actor, *, proposal_id: str, expected_version: int | None = None
    ) -> Body:
        """Close the vote on a proposal: what the seats said is the decision."""
        which = parsing.uuid("proposal_id", proposal_id)
        proposal = review.edit(ProposalReview, which, expected_version)
        guidelines = guidelines_on(review, review.today)
        proposal.decide(seats_today(review), guidelines, by=by, on=review.today)
        outcome = proposal.decisions[-1].outcome.value
        return {"proposal_id": proposal_id, "outcome": outcome, "version": proposal.version}

    @command("project_manager")
    def correct_decision(
        self,
        review: Deciding,
        by: Actor,
        *,
        proposal_id: str,
        reason: str,
        expected_version: int | None = None,
    ) -> Body:
        """Open the vote again because of a mistake; the next decision is linked to this one."""
        which = parsing.uuid("proposal_id", proposal_id)
        proposal = review.edit(ProposalReview, which, expected_version)
        proposal.open_correction(_reason(review, proposal, reason), by=by, on=review.today)
        let_the_present_lead_present(proposal, review)
        return {"proposal_id": proposal_id, "version": proposal.version}

    @command("project_manager", "case_manager", "work_placement_head", "legal_representative")
    def answer_second_look(
        self,
        review: Deciding,
        by: Actor,
        *,
        proposal_id: str,
        outcome: str,
        reason: str,
        expected_version: int | None = None,
    ) -> Body:
        """Confirm a decision, or reopen it, for a family that asked; by who did not decide."""
        which = parsing.uuid("proposal_id", proposal_id)
        proposal = review.edit(ProposalReview, which, expected_version)
        proposal.answer_second_look(
            parsing.word("outcome", outcome, SecondLook),
            _reason(review, proposal, reason),
            by=by,
            on=review.today,
        )
        let_the_present_lead_present(proposal, review)
        return {"proposal_id": proposal_id, "version": proposal.version}

    @query(*READERS, *VOTERS)
    def proposal(self, reading: Deciding, by: Actor, *, proposal_id: str) -> Body:
        """One proposal: what was sent, seats and their conflicts, votes, decisions."""
        must_read(reading, by)
        review = reading.get(ProposalReview, parsing.uuid("proposal_id", proposal_id))
        sent = review.sent
        seats = sent.seats(seats_today(reading), guidelines_on(reading, reading.today))
        return {
            "proposal_id": proposal_id,
            "version": review.version,
            "pact": str(sent.pact),
            "proposal": sent.number,
            "amends": sent.amends,
            "family": sent.family,
            "organisation": sent.organisation,
            "sent_on": str(sent.sent_on),
            "cycle": review.cycle,
            "late": review.late,
            "decide_by": str(review.decide_by),
            "docket": review.docket,
            "goals": sent.goals,
            "capacities_linked": sent.capacities_linked,
            "community_resources": sent.community_resources,
            "actions": [
                {
                    "dimension": action.dimension,
                    "area": action.area,
                    "provider": action.provider,
                    "quantity_eur": text_of(action.quantity_eur),
                    "quantity_hours": text_of(action.quantity_hours),
                    "from": text_of(action.starts),
                    "until": text_of(action.ends),
                    "description": words_of(reading, action.description),
                }
                for action in sent.actions
            ],
            "seats": [
                {**shown_seat(seat), "conflicts": list(sent.conflicts(seat))}
                | {"recused": seat.person in review.recused}
                for seat in seats
            ],
            "votes": [
                {"seat": str(b.seat), "vote": b.choice.value, "reason": words_of(reading, b.reason)}
                | {
                    "deputy": text_of(review.deputies.get(b.seat)),
                    "spoken": b.seat in review.spoken,
                }
                for b in review.ballots.values()
            ],
            "decisions": [
                {"number": each.number, "outcome": each.outcome.value, "on": str(each.on)}
                for each in review.decisions
            ],
            "correcting": review.correcting,
            "set_aside_on": text_of(review.set_aside_on),
            "isee_until": text_of(review.isee_until),
            "isee_runs_out": runs_out(review.isee_until, review.decide_by),
            "second_look": {"decision": look.decision, "asked_on": str(look.asked_on)}
            if (look := review.look)
            else None,
        }

    @query(*READERS)
    def seats(self, reading: Deciding, by: Actor, *, day: str) -> Body:
        """The seats of the committee on *day*, and who is appointed and waits for one."""
        on = parsing.day("day", day)
        committee = reading.find(Committee, COMMITTEE)
        held = committee.seats_on(on) if committee else ()
        waiting = committee.waiting_on(on) if committee else ()
        return {
            "day": day,
            "seats": [shown_seat(seat) for seat in held],
            "waiting": [shown_seat(seat) for seat in waiting],
        }


def _reason(deciding: Deciding, proposal: ProposalReview, text: str) -> Sealed:
    proposal.must_not_be_set_aside()
    subject = stream_id("family", proposal.sent.family)
    return deciding.seal(subject, "reason", parsing.text("reason", text))
