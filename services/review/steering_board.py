"""The steering board: its sessions, and the guidelines that it issues, version after version."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from services.kernel.actor import Actor
from services.kernel.aggregate import Aggregate, Birth, birth
from services.kernel.ids import stream_id
from services.kernel.refusal import Refused
from services.kernel.sealed import Sealed
from services.review.board_members import Member
from services.review.cycle import months_later
from services.review.guidelines import INITIAL, revised

BOARD = stream_id("guidelines")
"""The one stream of the steering board."""

NOTICE = timedelta(days=14)
"""How long before its date a session is announced; our reading, to be confirmed [7]."""


class NobodyThere(Refused):
    """A session without anybody present is none [7]."""


class InTheFuture(Refused):
    """A session is recorded when it was held, not before [7]."""


class NoSuchSession(Refused):
    """Guidelines are issued by a session of the board that was held [7]."""


class NoSuchVersion(Refused):
    """Only guidelines that were issued are shown or acknowledged [2, 7]."""


class NumberNotNext(Refused):
    """Guidelines are numbered without gaps, and each number is issued once [2]."""


class InForceInThePast(Refused):
    """Guidelines come into force on the day of issue or later; what was decided stays [2]."""


class InForceTooEarly(Refused):
    """A later version does not come into force before an earlier one; two would claim a day [2]."""


@dataclass(frozen=True)
class Session:
    """One session of the board.

    Attributes:
        on: civil day.
        present: persons who were there.
        there: of the members known, those who were.
        missing: of the members known, those who were not.
    """

    on: date
    present: tuple[UUID, ...]
    there: tuple[Member, ...] = ()
    missing: tuple[Member, ...] = ()


@dataclass(frozen=True)
class Change:
    """How one parameter differs from the version before."""

    parameter: str
    before: Any
    after: Any


class SteeringBoard(Aggregate):
    """Legal representatives of the partners and the project manager (cabina di regia) [1]."""

    TOPIC = "review.SteeringBoard"

    def __init__(self) -> None:
        self.sessions: list[Session] = []
        self.next_due: date | None = None
        self.announced: date | None = None
        self.missed: date | None = None
        self.versions: list[tuple[date, dict[str, Any]]] = []
        self.texts: list[Sealed | None] = []

    class Opened(Birth):
        """The stream of the board begins."""

        TOPIC = "review.SteeringBoardOpened"

    class SessionHeld(Aggregate.Event):
        """The board met.

        Attributes:
            number: of the session, from 1.
            present: persons who were there.
            next_due: last day for the next session.
        """

        TOPIC = "review.SessionHeld"
        number: int
        on: date
        present: tuple[UUID, ...]
        next_due: date

        def apply(self, board: "SteeringBoard") -> None:
            board.sessions.append(Session(self.on, self.present))
            board.next_due = self.next_due

    class AttendanceRecorded(Aggregate.Event):
        """Which members of the board were at a session, and who was missing.

        Attributes:
            session: its number.
            present: members who were there, with the roles in which they sit.
            missing: members who were not.
            others: persons who were there and are no members.
        """

        TOPIC = "review.AttendanceRecorded"
        session: int
        present: tuple[Member, ...]
        missing: tuple[Member, ...]
        others: tuple[UUID, ...]

        def apply(self, board: "SteeringBoard") -> None:
            held = board.sessions[self.session - 1]
            board.sessions[self.session - 1] = replace(
                held, there=self.present, missing=self.missing
            )

    class Issued(Aggregate.Event):
        """The board gave the committee and the services a new version of the guidelines.

        Attributes:
            parameters: every one, not only the changed.
            changed: names of those that differ from the version before, sorted.
            session: number of the session that decided it.
            agreement: reference of the funding agreement that allowed a change, if any.
            text: the directions in words, if any.
        """

        TOPIC = "review.GuidelinesIssued"
        number: int
        in_force_from: date
        parameters: dict[str, Any]
        changed: tuple[str, ...]
        session: int
        agreement: str | None
        text: Sealed | None
        on: date

        def apply(self, board: "SteeringBoard") -> None:
            board.versions.append((self.in_force_from, self.parameters))
            board.texts.append(self.text)

    class SessionAnnounced(Aggregate.Event):
        """The next session falls due soon."""

        TOPIC = "review.SessionAnnounced"
        due: date
        on: date

        def apply(self, board: "SteeringBoard") -> None:
            board.announced = self.due

    class SessionMissed(Aggregate.Event):
        """The day by which the board had to meet went by without a session."""

        TOPIC = "review.SessionMissed"
        due: date
        on: date

        def apply(self, board: "SteeringBoard") -> None:
            board.missed = self.due

    @classmethod
    def open(cls, by: Actor) -> "SteeringBoard":
        """The board before its first session."""
        return birth(cls, cls.Opened, BOARD, by=by)

    def hold_session(
        self,
        held_on: date,
        present: tuple[UUID, ...],
        by: Actor,
        on: date,
        members: tuple[Member, ...] = (),
    ) -> int:
        """Record a session, and which of the members known were there; return its number.

        Args:
            held_on: civil day of the session.
            present: persons who were there.
            by: who records it.
            on: the present civil day.
            members: of the board on *held_on*, as far as known.

        Raises:
            NobodyThere: *present* is empty.
            InTheFuture: *held_on* is after *on*.
        """
        if not present:
            raise NobodyThere(on=held_on)
        if held_on > on:
            raise InTheFuture(held_on=held_on, on=on)
        due = months_later(
            max([held_on, *(each.on for each in self.sessions)]),
            self._in_force(held_on)["board_months"],
        )
        number = len(self.sessions) + 1
        self.trigger_event(
            self.SessionHeld,
            by=by,
            number=number,
            on=held_on,
            present=tuple(sorted(set(present))),
            next_due=due,
        )
        if members:
            self.trigger_event(
                self.AttendanceRecorded,
                by=by,
                session=number,
                present=tuple(each for each in members if each.person in present),
                missing=tuple(each for each in members if each.person not in present),
                others=tuple(sorted(set(present) - {each.person for each in members})),
            )
        return number

    def issue(
        self,
        number: int,
        in_force_from: date,
        changes: dict[str, Any],
        session: int,
        text: Sealed | None,
        agreement: str | None,
        by: Actor,
        on: date,
    ) -> None:
        """Issue version *number*: the version before (or :data:`INITIAL`) with *changes*.

        Raises:
            NoSuchSession: no session with this number was held.
            NumberNotNext: *number* does not follow the last one.
            InForceInThePast: *in_force_from* is before *on*.
            InForceTooEarly: the version before comes into force after *in_force_from*.
            UnknownParameter, OutOfRange, FixedByAgreement, Disordered: see ``guidelines.revised``.
        """
        if not 1 <= session <= len(self.sessions):
            raise NoSuchSession(session=session, held=len(self.sessions))
        if number != len(self.versions) + 1:
            raise NumberNotNext(number=number, next=len(self.versions) + 1)
        if in_force_from < on:
            raise InForceInThePast(in_force_from=in_force_from, on=on)
        begins, previous = self.versions[-1] if self.versions else (in_force_from, dict(INITIAL))
        if in_force_from < begins:
            raise InForceTooEarly(in_force_from=in_force_from, previous=begins)
        values = revised(previous, changes, agreement)
        before = {**INITIAL, **previous}
        self.trigger_event(
            self.Issued,
            by=by,
            number=number,
            in_force_from=in_force_from,
            parameters=values,
            changed=tuple(sorted(name for name in values if values[name] != before[name])),
            session=session,
            agreement=agreement,
            text=text,
            on=on,
        )

    def must_have_issued(self, number: int) -> None:
        """Go on only if version *number* was issued.

        Raises:
            NoSuchVersion.
        """
        if not 1 <= number <= len(self.versions):
            raise NoSuchVersion(number=number, issued=len(self.versions))

    def changes(self, number: int) -> tuple[Change, ...]:
        """How version *number*, which was issued, differs from the one before, by parameter.

        The first differs from :data:`INITIAL`.
        """
        _, after = self.versions[number - 1]
        before = {**INITIAL, **(self.versions[number - 2][1] if number > 1 else {})}
        return tuple(
            Change(name, before[name], after[name])
            for name in sorted(after)
            if after[name] != before[name]
        )

    def announce_session(self, by: Actor, on: date) -> None:
        """Note once, from :data:`NOTICE` before, that the next session falls due."""
        due = self.next_due
        if due is not None and self.announced != due and due - NOTICE <= on <= due:
            self.trigger_event(self.SessionAnnounced, by=by, due=due, on=on)

    def note_missed_session(self, by: Actor, on: date) -> None:
        """Note once, after the due day, that the session was not held."""
        due = self.next_due
        if due is not None and self.missed != due and on > due:
            self.trigger_event(self.SessionMissed, by=by, due=due, on=on)

    def _in_force(self, day: date) -> dict[str, Any]:
        begun = [values for begins, values in self.versions if begins <= day]
        return begun[-1] if begun else dict(INITIAL)
