"""Looking again at what was decided: corrections of a mistake, and second looks for the family."""

from datetime import date, timedelta
from enum import StrEnum

from services.kernel.actor import Actor
from services.kernel.aggregate import Aggregate
from services.kernel.refusal import Refused
from services.kernel.sealed import Sealed
from services.review.standing import Look, Standing


class NotDecided(Refused):
    """Only what was decided can be corrected [6]."""


class AlreadyBeingCorrected(Refused):
    """A correction is under way; it ends with a new decision [6]."""


class LookedAgainAlready(Refused):
    """The family has one second look at a decision [6]."""


class NoSecondLook(Refused):
    """Only a second look that a family asked for, and that is open, is answered [6]."""


class TookPart(Refused):
    """A second look is taken by who did not decide and has no part in the proposal [6]."""


class SecondLook(StrEnum):
    """What comes of a second look; values are stored."""

    CONFIRMED = "confirmed"
    REOPENED = "reopened"


class LookingAgain(Standing):
    """The chapter after the decision."""

    class CorrectionOpened(Aggregate.Event):
        """A mistake was found in decision *corrects*: votes may change until a new decision."""

        TOPIC = "review.CorrectionOpened"
        corrects: int
        reason: Sealed
        on: date

        def apply(self, review: Standing) -> None:
            review.correcting = True

    class SecondLookOpened(Aggregate.Event):
        """The family asked that somebody who did not decide looks again at *decision*.

        Attributes:
            asked_on: civil day on which the family asked.
        """

        TOPIC = "review.SecondLookOpened"
        decision: int
        asked_on: date
        on: date

        def apply(self, review: Standing) -> None:
            review.look = Look(self.decision, self.asked_on)

    class SecondLookAnswered(Aggregate.Event):
        """Somebody who did not decide looked again at *decision*."""

        TOPIC = "review.SecondLookAnswered"
        decision: int
        outcome: SecondLook
        reason: Sealed
        on: date

        def apply(self, review: Standing) -> None:
            review.look = None
            review.looked_at.add(self.decision)

    class SecondLookOverdue(Aggregate.Event):
        """A second look was not answered within the days that the guidelines give."""

        TOPIC = "review.SecondLookOverdue"
        decision: int
        asked_on: date
        on: date

        def apply(self, review: Standing) -> None:
            review.look = Look(self.decision, self.asked_on, noted=True)

    def open_correction(self, reason: Sealed, by: Actor, on: date) -> None:
        """Let mistaken votes be recorded anew; the decision stands until the next one is taken.

        Raises:
            NotDecided, AlreadyBeingCorrected.
        """
        if not self.decisions:
            raise NotDecided(decide_by=self.decide_by)
        if self.correcting:
            raise AlreadyBeingCorrected(decision=len(self.decisions))
        self.trigger_event(
            self.CorrectionOpened, by=by, corrects=len(self.decisions), reason=reason, on=on
        )

    def open_second_look(self, asked_on: date, by: Actor, on: date) -> None:
        """Let somebody look again at the decision that stands; open already, nothing is added.

        Raises:
            NotDecided, LookedAgainAlready.
        """
        number = len(self.decisions)
        if not number:
            raise NotDecided(decide_by=self.decide_by)
        if number in self.looked_at:
            raise LookedAgainAlready(decision=number)
        if self.look is None or self.look.decision != number:
            self.trigger_event(
                self.SecondLookOpened, by=by, decision=number, asked_on=asked_on, on=on
            )

    def answer_second_look(self, outcome: SecondLook, reason: Sealed, by: Actor, on: date) -> None:
        """Confirm what was decided, or let the committee vote again.

        Args:
            outcome: confirmed, or reopened: then a correction is opened, unless one is.
            reason: why.
            by: somebody who neither voted nor recorded a vote nor closed it, did not abstain, and
                neither leads nor assists the microequipe that sent the proposal.
            on: civil day.

        Raises:
            NoSecondLook, TookPart.
        """
        if self.look is None:
            raise NoSecondLook(decisions=len(self.decisions))
        person = by.person or by.id
        parts = {str(self.sent.lead): "sent", str(self.sent.case_manager): "assisted"} | self.hands
        if person in parts:
            raise TookPart(person=person, how=parts[person])
        self.trigger_event(
            self.SecondLookAnswered,
            by=by,
            decision=self.look.decision,
            outcome=outcome,
            reason=reason,
            on=on,
        )
        if outcome is SecondLook.REOPENED and not self.correcting:
            self.open_correction(reason, by=by, on=on)

    def note_overdue_second_look(self, days: int, by: Actor, on: date) -> None:
        """Note, once, that the family has waited for longer than *days* since it asked."""
        look = self.look
        if look is not None and not look.noted and on > look.asked_on + timedelta(days=days):
            self.trigger_event(
                self.SecondLookOverdue,
                by=by,
                decision=look.decision,
                asked_on=look.asked_on,
                on=on,
            )
