"""The committee: who holds which seat on which day, as the organisations assign roles."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from services.kernel.actor import Actor
from services.kernel.aggregate import Aggregate, Birth, birth
from services.kernel.ids import stream_id
from services.kernel.refusal import Refused

COMMITTEE = stream_id("committee")
"""The one stream of the committee."""

PROJECT_MANAGER = "project_manager"
CASE_MANAGER = "case_manager"
WORK_PLACEMENT_HEAD = "work_placement_head"
MICROEQUIPE_LEAD = "microequipe_lead"

SITTING = (PROJECT_MANAGER, CASE_MANAGER, WORK_PLACEMENT_HEAD)
"""Roles that hold a seat, in the order of precedence: "resp. di progetto, i 2 case manager, resp.
enti inserimento lavorativo" [1]."""

SECRETARIES = frozenset({"project_manager", "administrator"})
"""Roles that may record what somebody else said in the meeting [6; which roles: our reading]."""

MOST = {PROJECT_MANAGER: 1, CASE_MANAGER: 2}
"""Seats of a role on one day [1]; the heads of the work-placement bodies are one for each body."""

EVERY_BODY = "*"
"""Stored in place of a body: the seats that the person held for any body, or for none."""


class HeadWithoutBody(Refused):
    """The head of a work-placement body sits for a body, which must be named [1]."""


class AppointedElsewhere(Refused):
    """The project manager is appointed by the lead organisation [1, our reading]."""


class NotSeated(Refused):
    """Only a seat that is held has a deputy [6]."""


class OwnDeputy(Refused):
    """The deputy of a seat is somebody else than its holder [6]."""


class DeputyEndsBefore(Refused):
    """The last day of a deputy is not before the first [6]."""


class DeputyInThePast(Refused):
    """A deputy is named from today on: who could vote on a day that is past stays known [6]."""


class NamesForAnother(Refused):
    """Who holds the seat names its deputy; a secretary may record it [6, our reading]."""


class NotOfTheCommittee(Refused):
    """Only who holds a seat, or is deputy of one, on this day [6]."""


@dataclass(frozen=True)
class Seat:
    """One seat, held by one person.

    Attributes:
        role: what it is held as.
        organisation: which organisation assigned the role.
        body: code of the work-placement body, or None.
        proposer: whether its holder leads the microequipe that sends the proposal at hand.
        deputy: who may vote in the holder's stead on the day at hand, or None.
    """

    person: UUID
    role: str
    organisation: str
    body: str | None = None
    proposer: bool = False
    deputy: UUID | None = None


@dataclass(frozen=True)
class Tenure:
    """The days for which a person is appointed to a seat.

    Attributes:
        first: first day.
        last: last day, or None while open.
    """

    seat: Seat
    first: date
    last: date | None

    def on(self, day: date) -> bool:
        """Whether *day* is one of them."""
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True)
class Deputation:
    """Who stands in for the seat of a person on which days.

    Attributes:
        deputy: a person, or None: nobody.
        first: first day.
        last: last day.
    """

    seat: UUID
    deputy: UUID | None
    first: date
    last: date


class Committee(Aggregate):
    """The restricted project committee (comitato ristretto di progetto) [1, 6].

    Organisations assign roles without each other, and their words come in any order. So who finds
    no seat waits, and has one on every day on which fewer than :data:`MOST` of those who were heard
    of before are appointed: also when it is heard afterwards that one of them has left.

    Attributes:
        tenures: of who was appointed, in the order in which it was heard.
    """

    TOPIC = "review.Committee"

    def __init__(self) -> None:
        self.tenures: tuple[Tenure, ...] = ()
        self.deputies: tuple[Deputation, ...] = ()

    class Opened(Birth):
        """The stream of the committee begins."""

        TOPIC = "review.CommitteeOpened"

    class Seated(Aggregate.Event):
        """A person holds a seat from *first* to *last*, both included."""

        TOPIC = "review.Seated"
        person: UUID
        role: str
        organisation: str
        body: str | None
        first: date
        last: date | None

        def apply(self, committee: "Committee") -> None:
            seat = Seat(self.person, self.role, self.organisation, self.body)
            committee.tenures = (*committee.tenures, Tenure(seat, self.first, self.last))

    class SeatAwaited(Aggregate.Event):
        """A person is appointed from *first* to *last*, and has a seat on the days with room only.

        When it was heard, every seat was taken on one of these days at least.
        """

        TOPIC = "review.SeatAwaited"
        person: UUID
        role: str
        organisation: str
        body: str | None
        first: date
        last: date | None

        def apply(self, committee: "Committee") -> None:
            seat = Seat(self.person, self.role, self.organisation, self.body)
            committee.tenures = (*committee.tenures, Tenure(seat, self.first, self.last))

    class Unseated(Aggregate.Event):
        """A person holds the seat, or waits for it, for the last time on *last*.

        Attributes:
            body: for which it was held, None, or :data:`EVERY_BODY`.
        """

        TOPIC = "review.Unseated"
        class_version = 2
        person: UUID
        role: str
        organisation: str
        body: str | None
        last: date

        def apply(self, committee: "Committee") -> None:
            committee.tenures = tuple(
                replace(each, last=self.last) if _outlasts(each, self.seat, self.last) else each
                for each in committee.tenures
            )

        @property
        def seat(self) -> Seat:
            """The seat that ends."""
            return Seat(self.person, self.role, self.organisation, self.body)

        @staticmethod
        def upcast_v1_v2(state: dict[str, Any]) -> None:
            """Until version 2 the end of a role did not name its body, and ended it for all."""
            state["body"] = EVERY_BODY

    class DeputyNamed(Aggregate.Event):
        """The seat of *seat* has *deputy*, or nobody, as its deputy from *first* to *last*.

        What was named before for these days no longer counts.
        """

        TOPIC = "review.DeputyNamed"
        seat: UUID
        deputy: UUID | None
        first: date
        last: date
        on: date

        def apply(self, committee: "Committee") -> None:
            named = Deputation(self.seat, self.deputy, self.first, self.last)
            committee.deputies = (named, *committee.deputies)

    @classmethod
    def open(cls, by: Actor) -> "Committee":
        """The committee before anybody sits."""
        return birth(cls, cls.Opened, COMMITTEE, by=by)

    def seat(self, seat: Seat, first: date, last: date | None, lead: str, by: Actor) -> None:
        """Give *seat* to its person, or let them wait for it while it is taken.

        A role that does not sit, or a tenure known, adds nothing.

        Args:
            seat: with who holds it.
            first: first day.
            last: last day, or None.
            lead: the lead organisation.
            by: who seats.

        Raises:
            AppointedElsewhere: a project manager whom the lead did not appoint.
            HeadWithoutBody: a head of no body.
        """
        wanted = Tenure(seat, first, last)
        if seat.role not in SITTING or any(
            each.seat == seat and each.on(first) for each in self.tenures
        ):
            return
        if seat.role == PROJECT_MANAGER and seat.organisation != lead:
            raise AppointedElsewhere(role=seat.role, organisation=seat.organisation)
        if seat.role == WORK_PLACEMENT_HEAD and seat.body is None:
            raise HeadWithoutBody(person=seat.person)
        self.trigger_event(
            self.Seated if self._has_room(wanted) else self.SeatAwaited,
            by=by,
            person=seat.person,
            role=seat.role,
            organisation=seat.organisation,
            body=seat.body,
            first=first,
            last=last,
        )

    def unseat(self, seat: Seat, last: date, by: Actor) -> None:
        """Let *seat*, held or waited for on *last*, end with that day; known, it adds nothing.

        Who waits for it has it from the next day on.
        """
        if any(_outlasts(each, seat, last) for each in self.tenures):
            self.trigger_event(
                self.Unseated,
                by=by,
                person=seat.person,
                role=seat.role,
                organisation=seat.organisation,
                body=seat.body,
                last=last,
            )

    def name_deputy(
        self, seat: UUID, deputy: UUID | None, first: date, last: date, by: Actor, on: date
    ) -> None:
        """Let *deputy*, or nobody, stand in for the seat of *seat* from *first* to *last*.

        Args:
            seat: the person who holds the seat.
            deputy: another person, or None.
            first: first day, included.
            last: last day, included.
            by: the holder, or a secretary.
            on: the present civil day.

        Raises:
            NamesForAnother, OwnDeputy, DeputyEndsBefore, DeputyInThePast.
            NotSeated: the person holds no seat on *first*.
        """
        if by.person != str(seat) and not by.roles & SECRETARIES:
            raise NamesForAnother(seat=seat)
        if deputy == seat:
            raise OwnDeputy(seat=seat)
        if last < first:
            raise DeputyEndsBefore(first=first, last=last)
        if first < on:
            raise DeputyInThePast(first=first, on=on)
        if not any(held.person == seat for held in self._shared_out(first)[0]):
            raise NotSeated(seat=seat, on=first)
        self.trigger_event(
            self.DeputyNamed, by=by, seat=seat, deputy=deputy, first=first, last=last, on=on
        )

    def must_sit(self, person: UUID, day: date) -> None:
        """Go on only if *person* holds a seat on *day*, or is deputy of one.

        Raises:
            NotOfTheCommittee.
        """
        if not any(person in (seat.person, seat.deputy) for seat in self.seats_on(day)):
            raise NotOfTheCommittee(person=person, on=day)

    def seats_on(self, day: date) -> tuple[Seat, ...]:
        """The seats held on *day* with their deputies; a person sits once, in their first role."""
        seats: dict[UUID, Seat] = {}
        held, _ = self._shared_out(day)
        for seat in sorted(held, key=lambda seat: SITTING.index(seat.role)):
            seats.setdefault(seat.person, replace(seat, deputy=self._deputy_of(seat.person, day)))
        return tuple(seats.values())

    def waiting_on(self, day: date) -> tuple[Seat, ...]:
        """The seats to which somebody is appointed on *day* and that others hold, by precedence."""
        _, waiting = self._shared_out(day)
        return tuple(sorted(waiting, key=lambda seat: SITTING.index(seat.role)))

    def _shared_out(self, day: date, *last: Tenure) -> tuple[list[Seat], list[Seat]]:
        """Who is appointed on *day*, *last* after all others: those with a seat, those who wait."""
        held: list[Seat] = []
        waiting: list[Seat] = []
        for seat in (each.seat for each in (*self.tenures, *last) if each.on(day)):
            rivals = sum(_compete(other, seat) for other in held)
            (held if rivals < MOST.get(seat.role, 1) else waiting).append(seat)
        return held, waiting

    def _deputy_of(self, person: UUID, day: date) -> UUID | None:
        named = (
            each.deputy
            for each in self.deputies
            if each.seat == person and each.first <= day <= each.last
        )
        return next(named, None)

    def _has_room(self, wanted: Tenure) -> bool:
        days = {wanted.first, *(each.first for each in self.tenures if wanted.on(each.first))}
        return all(wanted.seat in self._shared_out(day, wanted)[0] for day in days)


def _compete(held: Seat, wanted: Seat) -> bool:
    per_body = wanted.role == WORK_PLACEMENT_HEAD
    return held.role == wanted.role and (held.body == wanted.body or not per_body)


def _outlasts(tenure: Tenure, seat: Seat, last: date) -> bool:
    held = replace(tenure.seat, body=EVERY_BODY) if seat.body == EVERY_BODY else tenure.seat
    return held == seat and tenure.on(last) and tenure.last != last
