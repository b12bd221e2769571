"""Commands and questions of review, as nameko offers them inside the lead organisation."""

from typing import Any
from uuid import UUID

from services.kernel import parsing
from services.kernel.actor import Actor
from services.kernel.deciding import Deciding
from services.kernel.hosting import Hosted, command, query
from services.kernel.ids import stream_id
from services.kernel.sealed import Sealed
from services.kernel.vault import Erased
from services.kernel.words import Body
from services.review.acknowledgements import Acknowledgements, acknowledgements_id
from services.review.board_members import BOARD_MEMBERS, BoardMembers, Member
from services.review.committee import COMMITTEE, Committee, Seat
from services.review.cycle import Month, ReviewCycle, cycle_id, is_closed
from services.review.looking_again import SecondLook
from services.review.meeting import gather
from services.review.minutes import Minutes, minutes_id
from services.review.policies import calendar_on, guidelines_on
from services.review.proposal_review import ProposalReview
from services.review.published import minuted
from services.review.steering_board import BOARD, SteeringBoard
from services.review.tally import Choice
from services.review.views import proposals, urgent_aid

SEATS = ("project_manager", "case_manager", "work_placement_head", "microequipe_lead")
VOTERS = (
    *SEATS,
    "administrator",
    "legal_representative",
    "microequipe_member",
    "access_point_operator",
    "verifier",
)
"""Whoever may vote: seats, their deputies, and who records what was said in the meeting."""

READERS = (
    "project_manager",
    "case_manager",
    "work_placement_head",
    "legal_representative",
    "auditor",
)


class ReviewService:
    """The committee's office and the steering board's."""

    name = "review"
    hosted = Hosted()

    @command("project_manager", "legal_representative")
    def hold_session(self, review: Deciding, by: Actor, *, on: str, present: list[str]) -> Body:
        """Record a session of the steering board on day *on*; *present* are persons."""
        held_on = parsing.day("on", on)
        persons = tuple(parsing.uuid("present", person) for person in present)
        board = review.find(SteeringBoard, BOARD) or review.add(SteeringBoard.open(by=by))
        members = review.find(BoardMembers, BOARD_MEMBERS)
        there = members.on(held_on) if members else ()
        session = board.hold_session(held_on, persons, by=by, on=review.today, members=there)
        return {"session": session, "next_due": str(board.next_due), "version": board.version}

    @command("project_manager", "legal_representative")
    def issue_guidelines(
        self,
        review: Deciding,
        by: Actor,
        *,
        number: int,
        in_force_from: str,
        parameters: dict[str, Any],
        session: int,
        text: str | None = None,
        agreement: str | None = None,
    ) -> Body:
        """Issue version *number*; *parameters* are those that change from the version before."""
        board = review.find(SteeringBoard, BOARD) or review.add(SteeringBoard.open(by=by))
        board.issue(
            number=parsing.number("number", number, 1, 10_000),
            in_force_from=parsing.day("in_force_from", in_force_from),
            changes=dict(parameters),
            session=parsing.number("session", session, 1, 10_000),
            text=_sealed(review, BOARD, "guidelines", "text", text),
            agreement=None if agreement is None else parsing.text("agreement", agreement, 80),
            by=by,
            on=review.today,
        )
        return {"number": number, "version": board.version}

    @command("project_manager", "case_manager", "work_placement_head")
    def acknowledge_guidelines(self, review: Deciding, by: Actor, *, number: int) -> Body:
        """Say, once and for one's own seat, that one knows version *number*."""
        which = _version(review, number)
        given = review.find(Acknowledgements, acknowledgements_id(which)) or review.add(
            Acknowledgements.open(which, by=by)
        )
        given.acknowledge(_person(None, by), _seats(review), by=by, on=review.today)
        return {"number": which, "version": given.version}

    @query(*READERS, "administrator")
    def acknowledgements(self, reading: Deciding, by: Actor, *, number: int) -> Body:
        """Who in the committee acknowledged version *number*, and whose seat has not yet."""
        which = _version(reading, number)
        given = reading.find(Acknowledgements, acknowledgements_id(which))
        seats = _seats(reading)
        return {
            "number": which,
            "acknowledged": [
                {"person": str(person), "role": role, "on": str(on)}
                for person, (role, on) in (given.given.items() if given else ())
            ],
            "missing": [_seat(seat) for seat in (given.missing(seats) if given else seats)],
        }

    @query(*READERS, "administrator")
    def guidelines(self, reading: Deciding, by: Actor, *, number: int) -> Body:
        """Version *number*: its parameters, what changed from the one before, and its text."""
        which = _version(reading, number)
        board = reading.get(SteeringBoard, BOARD)
        in_force_from, parameters = board.versions[which - 1]
        text = board.texts[which - 1]
        return {
            "number": which,
            "in_force_from": str(in_force_from),
            "parameters": parameters,
            "changes": [
                {"parameter": each.parameter, "before": each.before, "after": each.after}
                for each in board.changes(which)
            ],
            "text": None if text is None else _words(reading, text),
        }

    @query(*READERS, "administrator")
    def sessions(self, reading: Deciding, by: Actor) -> Body:
        """The board's sessions, who was there in which role and who was missing; the next date."""
        board = reading.get(SteeringBoard, BOARD)
        return {
            "sessions": [
                {
                    "session": number,
                    "on": str(held.on),
                    "present": [str(person) for person in held.present],
                    "members_present": [_member(each) for each in held.there],
                    "members_missing": [_member(each) for each in held.missing],
                }
                for number, held in enumerate(board.sessions, start=1)
            ],
            "next_due": _text(board.next_due),
            "missed": board.next_due is not None and board.missed == board.next_due,
        }

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
        proposal = review.edit(ProposalReview, parsing.uuid("proposal_id", proposal_id))
        proposal.vote(
            _person(seat, by),
            parsing.word("vote", vote, Choice),
            _reason(review, proposal, reason),
            _seats(review),
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
            _person(seat, by),
            _reason(review, proposal, reason),
            _seats(review),
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
            _person(seat, by),
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
        proposal.decide(_seats(review), guidelines, by=by, on=review.today)
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
        return {"proposal_id": proposal_id, "version": proposal.version}

    @command("project_manager", "administrator")
    def draw_up_minutes(
        self,
        review: Deciding,
        by: Actor,
        *,
        cycle: str,
        held_on: str,
        present: list[str],
        corrects: int | None = None,
    ) -> Body:
        """Draw up, from the facts, the minutes of a meeting; *present* are persons.

        With *corrects* they take the place of minutes that have a mistake.
        """
        name = _cycle(cycle)
        persons = [parsing.uuid("present", person) for person in present]
        record = gather(review, name, parsing.day("held_on", held_on), persons)
        minutes = review.find(Minutes, minutes_id(name)) or review.add(Minutes.open(name, by=by))
        mended = None if corrects is None else parsing.number("corrects", corrects, 1, 10_000)
        number = minutes.draw_up(record, mended, by=by, on=review.today)
        return {"number": number, "version": minutes.version}

    @command("project_manager")
    def approve_minutes(
        self,
        review: Deciding,
        by: Actor,
        *,
        cycle: str,
        number: int,
        expected_version: int | None = None,
    ) -> Body:
        """Approve minutes *number* of *cycle*, and with them the votes that were spoken."""
        minutes = review.edit(Minutes, minutes_id(_cycle(cycle)), expected_version)
        which = parsing.number("number", number, 1, 10_000)
        minutes.approve(which, by=by, on=review.today)
        return {"number": number, "version": minutes.version}

    @query(*READERS, "administrator")
    def minutes(self, reading: Deciding, by: Actor, *, cycle: str) -> Body:
        """The minutes of *cycle*, with those that were corrected."""
        name = _cycle(cycle)
        minutes = reading.find(Minutes, minutes_id(name))
        return {
            "cycle": name,
            "version": minutes.version if minutes else 0,
            "minutes": [
                minuted(minutes, number)
                | {"approved_on": _text(minutes.approved.get(number))}
                | {"stands": number in minutes.standing()}
                for number in minutes.records
            ]
            if minutes
            else [],
        }

    @query(*READERS, *VOTERS)
    def docket(self, reading: Deciding, by: Actor, *, cycle: str) -> Body:
        """The docket of *cycle* (``2026-07``), and what waits to be put on it."""
        name = _cycle(cycle)
        _must_read(reading, by)
        docket = reading.find(ReviewCycle, cycle_id(name))
        waiting = proposals.waiting_for_docket(reading.connection, cycle_id(name))
        listed = proposals.these(reading.connection, docket.proposals if docket else ())
        return {
            "cycle": name,
            "closed": is_closed(name, calendar_on(reading, reading.today)),
            "on": str(docket.set_on) if docket else None,
            "decide_by": str(docket.decide_by) if docket else None,
            "proposals": [_line(row) for row in listed],
            "waiting": [_line(row) for row in waiting],
            "urgent_aid": _aids(reading, name),
            "urgent_aid_waiting": _aids(reading, None),
        }

    @query(*READERS, *VOTERS)
    def proposal(self, reading: Deciding, by: Actor, *, proposal_id: str) -> Body:
        """One proposal: what was sent, seats and their conflicts, votes, decisions."""
        review = reading.get(ProposalReview, parsing.uuid("proposal_id", proposal_id))
        _must_read(reading, by)
        sent = review.sent
        seats = sent.seats(_seats(reading), guidelines_on(reading, reading.today))
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
                    "quantity_eur": _text(action.quantity_eur),
                    "quantity_hours": _text(action.quantity_hours),
                    "from": _text(action.starts),
                    "until": _text(action.ends),
                    "description": _words(reading, action.description),
                }
                for action in sent.actions
            ],
            "seats": [
                {**_seat(seat), "conflicts": list(sent.conflicts(seat))}
                | {"recused": seat.person in review.recused}
                for seat in seats
            ],
            "votes": [
                {"seat": str(b.seat), "vote": b.choice.value, "reason": _words(reading, b.reason)}
                | {"deputy": _text(review.deputies.get(b.seat)), "spoken": b.seat in review.spoken}
                for b in review.ballots.values()
            ],
            "decisions": [
                {"number": each.number, "outcome": each.outcome.value, "on": str(each.on)}
                for each in review.decisions
            ],
            "correcting": review.correcting,
            "set_aside_on": _text(review.set_aside_on),
            "second_look": {"decision": look.decision, "asked_on": str(look.asked_on)}
            if (look := review.look)
            else None,
        }

    @query(*READERS)
    def seats(self, reading: Deciding, by: Actor, *, day: str) -> Body:
        """The seats of the committee on *day*."""
        on = parsing.day("day", day)
        committee = reading.find(Committee, COMMITTEE)
        held = committee.seats_on(on) if committee else ()
        return {"day": day, "seats": [_seat(seat) for seat in held]}


def _seats(deciding: Deciding) -> tuple[Seat, ...]:
    return deciding.get(Committee, COMMITTEE).seats_on(deciding.today)


def _version(deciding: Deciding, number: int) -> int:
    """The number of a version that was issued."""
    which = parsing.number("number", number, 1, 10_000)
    deciding.get(SteeringBoard, BOARD).must_have_issued(which)
    return which


def _member(member: Member) -> Body:
    return {
        "person": str(member.person),
        "role": member.role,
        "organisation": member.organisation,
    }


def _cycle(name: str) -> str:
    """The cycle called *name*, if there is such a month."""
    return str(Month.of(parsing.day("cycle", f"{name}-01")))


def _must_read(reading: Deciding, by: Actor) -> None:
    """Go on for who reads by their role, and for deputies on their days."""
    if not by.roles & set(READERS):
        reading.get(Committee, COMMITTEE).must_sit(
            parsing.uuid("identity", by.person), reading.today
        )


def _person(seat: str | None, by: Actor) -> UUID:
    """Whose seat is meant: the one named, or the caller's own."""
    return parsing.uuid("seat", seat or by.person)


def _reason(deciding: Deciding, proposal: ProposalReview, text: str) -> Sealed:
    proposal.must_not_be_set_aside()
    subject = stream_id("family", proposal.sent.family)
    return deciding.seal(subject, "reason", parsing.text("reason", text))


def _sealed(
    deciding: Deciding, subject: UUID, kind: str, name: str, text: str | None
) -> Sealed | None:
    return None if text is None else deciding.seal(subject, kind, parsing.text(name, text, 20_000))


def _words(reading: Deciding, sealed: Sealed) -> str | None:
    """The words behind *sealed*, or None if they were erased."""
    try:
        return reading.open(sealed)
    except Erased:
        return None


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _seat(seat: Seat) -> Body:
    return {
        "person": str(seat.person),
        "role": seat.role,
        "organisation": seat.organisation,
        "body": seat.body,
        "proposer": seat.proposer,
        "deputy": _text(seat.deputy),
    }


def _line(row: Any) -> Body:
    return {
        "proposal_id": str(row.review_id),
        "pact": str(row.pact),
        "proposal": row.proposal,
        "family": row.family,
        "organisation": row.organisation,
        "sent_on": str(row.sent_on),
        "late": row.late,
        "cycle": row.cycle,
        "decide_by": str(row.decide_by),
        "outcome": row.outcome,
        "set_aside_on": _text(row.set_aside_on),
    }


def _aids(reading: Deciding, cycle: str | None) -> list[Body]:
    return [
        {
            "pact": str(row.pact),
            "family": row.family,
            "aid": row.aid,
            "eur": row.eur,
            "authorised_as": row.authorised_as,
            "on": str(row.authorised_on),
        }
        for row in urgent_aid.listed(reading.connection, cycle)
    ]
