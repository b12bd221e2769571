"""Directing: a family that is sent elsewhere before anybody verified anything."""

from datetime import date

from services.intake.codes import Direction
from services.intake.standing import Standing
from services.kernel.actor import Actor
from services.kernel.aggregate import Aggregate
from services.kernel.refusal import Refused


class VerifiedAlready(Refused):
    """Where a family that was verified is sent is said by its verification [2]."""


class Directing(Standing):
    """The chapter of a referral that does not come to a verification, or not yet."""

    # stored: rename a class at will, never its topic; values of the codes are for ever

    class DirectedElsewhere(Aggregate.Event):
        """The family was sent to ``to``, and may come back."""

        TOPIC = "intake.DirectedElsewhere"
        to: Direction
        on: date

        def apply(self, family: Standing) -> None:
            """The last direction counts."""
            family.directed_elsewhere = self.to

    def direct_elsewhere(self, to: Direction, *, on: date, by: Actor) -> None:
        """Record that the family was sent to *to*; the referral may be as incomplete as it is [2].

        It needs no information notice: nothing of what was told is looked at.

        Raises:
            FamilyErased: its data is gone.
            JoinedIntoAnother: it is followed under another code.
            VerifiedAlready: it was verified.
        """
        self.must_be_followed_here()
        if self.verified:
            raise VerifiedAlready(family=self.code)
        self.trigger_event(self.DirectedElsewhere, by=by, to=to, on=on)
