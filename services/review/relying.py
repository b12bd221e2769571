"""Relying: whether the ISEE that was verified still counts on the day of the decision."""

from datetime import date

from services.kernel.actor import Actor
from services.kernel.aggregate import Aggregate
from services.kernel.refusal import Refused
from services.review.standing import Standing
from services.review.tally import Outcome


class IseeRunOut(Refused):
    """Who is approved has an ISEE that is valid, or expired since and is still tolerated [3].

    A new certificate that is verified lifts it; to return or not to approve is always possible.
    """


class Relying(Standing):
    """The chapter of the family's certificate, of which only its last day is known here."""

    class IseeReliedOn(Aggregate.Event):
        """It may be approved until this day, the tolerance included."""

        TOPIC = "review.IseeReliedOn"
        until: date
        on: date

        def apply(self, review: Standing) -> None:
            review.isee_until = self.until

    def rely_on_isee(self, until: date, by: Actor, on: date) -> None:
        """Know until when it may be approved; known already, or decided, nothing is added."""
        if until != self.isee_until and (self.correcting or self.awaits_decision):
            self.trigger_event(self.IseeReliedOn, by=by, until=until, on=on)

    def must_rely_on_isee(self, outcome: Outcome, on: date) -> None:
        """Go on only if *outcome* is no approval, or the certificate counts.

        A corrected decision goes by the day of the first one: a mistake of the committee, or the
        time that a second look took, is not the family's to bear. Of a pact in force, and of a
        proposal about which nobody told, nothing is asked.

        Args:
            outcome: that the votes would give.
            on: today, Europe/Rome.

        Raises:
            IseeRunOut.
        """
        approves = outcome in (Outcome.APPROVED, Outcome.APPROVED_WITH_CONDITIONS)
        day = self.decisions[0].on if self.decisions else on
        if approves and self.isee_until is not None and day > self.isee_until:
            raise IseeRunOut(until=self.isee_until)
