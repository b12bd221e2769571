"""Commands and questions of the steering board: sessions, guidelines, acknowledgements."""

from typing import Any
from uuid import UUID

from services.kernel import parsing
from services.kernel.actor import Actor
from services.kernel.deciding import Deciding
from services.kernel.hosting import command, query
from services.kernel.sealed import Sealed
from services.kernel.words import Body
from services.review.acknowledgements import Acknowledgements, acknowledgements_id
from services.review.board_members import BOARD_MEMBERS, BoardMembers, Member
from services.review.door import READERS, person_meant, seats_today, shown_seat, text_of, words_of
from services.review.steering_board import BOARD, SteeringBoard


class BoardCommands:
    """The steering board's office."""

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
        given.acknowledge(person_meant(None, by), seats_today(review), by=by, on=review.today)
        return {"number": which, "version": given.version}

    @query(*READERS, "administrator")
    def acknowledgements(self, reading: Deciding, by: Actor, *, number: int) -> Body:
        """Who in the committee acknowledged version *number*, and whose seat has not yet."""
        which = _version(reading, number)
        given = reading.find(Acknowledgements, acknowledgements_id(which))
        seats = seats_today(reading)
        return {
            "number": which,
            "acknowledged": [
                {"person": str(person), "role": role, "on": str(on)}
                for person, (role, on) in (given.given.items() if given else ())
            ],
            "missing": [shown_seat(seat) for seat in (given.missing(seats) if given else seats)],
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
            "text": None if text is None else words_of(reading, text),
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
            "next_due": text_of(board.next_due),
            "missed": board.next_due is not None and board.missed == board.next_due,
        }


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


def _sealed(
    deciding: Deciding, subject: UUID, kind: str, name: str, text: str | None
) -> Sealed | None:
    return None if text is None else deciding.seal(subject, kind, parsing.text(name, text, 20_000))
