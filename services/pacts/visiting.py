"""Visiting: who of the microequipe met the family, when and where; planned, held or called off."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from services.kernel.actor import Actor
from services.kernel.aggregate import Aggregate
from services.kernel.sealed import Sealed
from services.pacts.along import CalledOff, Visit, VisitPlace, VisitProgress
from services.pacts.refusals import (
    NobodyPresent,
    NoSuchItem,
    VisitInThePast,
    VisitNotPlanned,
    VisitorNotOfTheMicroequipe,
)
from services.pacts.standing import Standing


class Visiting(Standing):
    """*Accompagnamento*: the chapter of the visits."""

    # Stored, for ever: topics, field names and the values of enumerations.

    class VisitPlanned(Aggregate.Event):
        """Somebody is to meet the family on *day*."""

        TOPIC = "pacts.VisitPlanned"
        visit: int
        day: date
        visitor: UUID
        place: VisitPlace
        on: date

        def apply(self, pact: Standing) -> None:
            pact.named["visit"] = self.visit
            pact.visits[self.visit] = Visit(
                self.day, self.visitor, self.place, VisitProgress.PLANNED
            )

    class VisitHeld(Aggregate.Event):
        """Somebody met the family, as planned or not."""

        TOPIC = "pacts.VisitHeld"
        visit: int
        day: date
        visitor: UUID
        place: VisitPlace
        present: tuple[UUID, ...]
        note: Sealed | None
        on: date

        def apply(self, pact: Standing) -> None:
            pact.named["visit"] = max(self.visit, pact.named.get("visit", 0))
            pact.visits[self.visit] = Visit(
                self.day, self.visitor, self.place, VisitProgress.HELD, self.present, self.note
            )

    class VisitCalledOff(Aggregate.Event):
        """The planned visit was not held, and will not be."""

        TOPIC = "pacts.VisitCalledOff"
        visit: int
        reason: CalledOff
        on: date

        def apply(self, pact: Standing) -> None:
            pact.visits[self.visit] = replace(
                pact.visits[self.visit], progress=VisitProgress.CALLED_OFF, called_off=self.reason
            )

    def plan_visit(self, day: date, visitor: UUID, place: VisitPlace, by: Actor, on: date) -> int:
        """Plan a visit of *visitor* on *day*; give its number.

        Raises:
            VisitInThePast: *day* is before *on*.
            VisitorNotOfTheMicroequipe: *visitor* is neither of it nor its case manager.
        """
        self._may("plan_visit", by)
        self._visits(visitor)
        if day < on:
            raise VisitInThePast(day=day, today=on)
        number = self._next("visit")
        self.trigger_event(
            self.VisitPlanned, by=by, visit=number, day=day, visitor=visitor, place=place, on=on
        )
        return number

    def record_visit(
        self,
        day: date,
        visitor: UUID,
        place: VisitPlace,
        present: tuple[UUID, ...],
        by: Actor,
        on: date,
        *,
        visit: int | None = None,
        note: Sealed | None = None,
    ) -> int:
        """Record that *visitor* met the family on *day*; give the visit's number.

        Args:
            day: on which it was held, Europe/Rome.
            visitor: of the microequipe, or its case manager.
            place: where.
            present: members of the family who were there.
            by: of the microequipe.
            on: today.
            visit: number of the planned visit that this was; None for one that was not planned.
            note: about it, in words.

        Raises:
            NobodyPresent: nobody of the family was there; then a planned visit is called off.
            NotInThePact: *day* is before the pact became active, or in the future.
            VisitNotPlanned: *visit* was held or called off before.
            VisitorNotOfTheMicroequipe: *visitor* is neither of it nor its case manager.
        """
        self._may("record_visit", by)
        if visit is not None:
            self._planned(visit)
        self._visits(visitor)
        if not present:
            raise NobodyPresent(day=day)
        self._within(day, on)
        number = self._next("visit") if visit is None else visit
        self.trigger_event(
            self.VisitHeld,
            by=by,
            visit=number,
            day=day,
            visitor=visitor,
            place=place,
            present=tuple(dict.fromkeys(present)),
            note=note,
            on=on,
        )
        return number

    def call_off_visit(self, visit: int, reason: CalledOff, by: Actor, on: date) -> None:
        """Record that a planned visit was not held, and why.

        Raises:
            VisitNotPlanned: it was held or called off before.
        """
        self._may("call_off_visit", by)
        self._planned(visit)
        self.trigger_event(self.VisitCalledOff, by=by, visit=visit, reason=reason, on=on)

    def _planned(self, visit: int) -> None:
        if visit not in self.visits:
            raise NoSuchItem(visit=visit)
        if (progress := self.visits[visit].progress) is not VisitProgress.PLANNED:
            raise VisitNotPlanned(visit=visit, progress=progress)

    def _visits(self, visitor: UUID) -> None:
        if visitor not in (*self.around, *self.figures):
            raise VisitorNotOfTheMicroequipe(visitor=visitor)
