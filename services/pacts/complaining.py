"""Complaining: what the family is not content with is recorded, and answered by somebody else."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from services.kernel.actor import Actor
from services.kernel.aggregate import Aggregate
from services.kernel.sealed import Sealed
from services.pacts.along import Complaint, ComplaintAbout
from services.pacts.guidelines import Terms
from services.pacts.refusals import (
    ComplaintAlreadyAnswered,
    ConcernedByTheComplaint,
    NoSuchItem,
)
from services.pacts.standing import Standing

PROJECT_MANAGER = "project_manager"
"""The role that hears complaints about every family of the organisation."""


class Complaining(Standing):
    """The chapter of the complaints; one may be made at any time, whatever the state."""

    # Stored, for ever: topics, field names and the values of enumerations.

    class ComplaintRecorded(Aggregate.Event):
        """The family is not content; somebody is to answer by *answer_by*."""

        TOPIC = "pacts.ComplaintRecorded"
        complaint: int
        about: ComplaintAbout
        person: UUID | None
        words: Sealed
        answer_by: date
        guidelines: int
        on: date

        def apply(self, pact: Standing) -> None:
            pact.named["complaint"] = self.complaint
            pact.complaints[self.complaint] = Complaint(
                self.about, self.person, self.words, self.on, self.answer_by
            )

    class ComplaintAnswered(Aggregate.Event):
        """Somebody whom it is not about told the family what becomes of it."""

        TOPIC = "pacts.ComplaintAnswered"
        complaint: int
        answer: Sealed
        on: date

        def apply(self, pact: Standing) -> None:
            pact.complaints[self.complaint] = replace(
                pact.complaints[self.complaint], answer=self.answer, answered_on=self.on
            )

    class ComplaintOverdue(Aggregate.Event):
        """Nobody answered by *due*; that is still to be done."""

        TOPIC = "pacts.ComplaintOverdue"
        complaint: int
        due: date
        on: date

        def apply(self, pact: Standing) -> None:
            pact.complaints[self.complaint] = replace(
                pact.complaints[self.complaint], overdue_noted=True
            )

    def record_complaint(
        self,
        about: ComplaintAbout,
        words: Sealed,
        terms: Terms,
        by: Actor,
        on: date,
        *,
        person: UUID | None = None,
    ) -> int:
        """Record a complaint of the family; give its number.

        Args:
            about: whom or what it is about.
            words: what the family said.
            terms: in force today.
            by: of the microequipe, its case manager, or the project manager.
            on: today, Europe/Rome.
            person: whom it is about, where it is about one person.
        """
        self.must_hear_complaints(by)
        number = self._next("complaint")
        self.trigger_event(
            self.ComplaintRecorded,
            by=by,
            complaint=number,
            about=about,
            person=person,
            words=words,
            answer_by=terms.complaint_by(on),
            guidelines=terms.number,
            on=on,
        )
        return number

    def answer_complaint(self, complaint: int, answer: Sealed, by: Actor, on: date) -> None:
        """Record what the family was told.

        Raises:
            ComplaintAlreadyAnswered: somebody answered.
            ConcernedByTheComplaint: it is about who answers.
        """
        self.must_hear_complaints(by)
        if complaint not in self.complaints:
            raise NoSuchItem(complaint=complaint)
        if (answered_on := self.complaints[complaint].answered_on) is not None:
            raise ComplaintAlreadyAnswered(complaint=complaint, on=answered_on)
        if self.concerned(complaint, by):
            raise ConcernedByTheComplaint(
                complaint=complaint, about=self.complaints[complaint].about
            )
        self.trigger_event(self.ComplaintAnswered, by=by, complaint=complaint, answer=answer, on=on)

    def note_overdue_complaints(self, by: Actor, on: date) -> None:
        """Note, once each, the complaints that were to be answered before *on* and were not."""
        if self.texts_erased_on is not None:
            return
        for number, each in list(self.complaints.items()):
            if each.answered_on is None and not each.overdue_noted and on > each.answer_by:
                self.trigger_event(
                    self.ComplaintOverdue, by=by, complaint=number, due=each.answer_by, on=on
                )

    def concerned(self, complaint: int, by: Actor) -> bool:
        """Whether the complaint is about *by*, who then neither reads nor answers it."""
        about, person = self.complaints[complaint].about, self.complaints[complaint].person
        concerned = {person}
        if about is ComplaintAbout.MICROEQUIPE:
            concerned |= {self.microequipe.lead, *self.microequipe.members}
        if about is ComplaintAbout.CASE_MANAGER:
            concerned.add(self.microequipe.case_manager)
        return by.person in {str(each) for each in concerned if each is not None}

    def must_hear_complaints(self, by: Actor) -> None:
        """Go on only for the microequipe, its case manager and the project manager.

        Raises:
            NotOfTheMicroequipe, OnlyAReferenceFigure: *by* does not.
        """
        if PROJECT_MANAGER not in by.roles:
            self.must_be_entrusted_to(by)
