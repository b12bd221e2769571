"""Legal hold: what is known of a family must be kept for now, whoever asks for its erasure."""

from datetime import date

from services.intake.codes import LegalHold
from services.intake.standing import Standing
from services.kernel.actor import Actor
from services.kernel.aggregate import Aggregate
from services.kernel.refusal import Refused


class HoldStandsAlready(Refused):
    """A hold for the same reason stands already; it is lifted once."""


class HoldDoesNotStand(Refused):
    """A hold that does not stand is not lifted."""


class HeldByLaw(Refused):
    """The family's personal data is not erased as long as a hold stands [14]."""


class Holding(Standing):
    """The chapter of the holds; each stands for a reason of its own, until it is lifted."""

    # stored: rename a class at will, never its topic; values of the codes are for ever

    class LegalHoldPlaced(Aggregate.Event):
        """From ``on`` nothing of the family is erased."""

        TOPIC = "intake.LegalHoldPlaced"
        hold: LegalHold
        on: date

        def apply(self, family: Standing) -> None:
            """One more stands."""
            family.holds = (*family.holds, self.hold)

    class LegalHoldLifted(Aggregate.Event):
        """From ``on`` this reason no longer holds."""

        TOPIC = "intake.LegalHoldLifted"
        hold: LegalHold
        on: date

        def apply(self, family: Standing) -> None:
            """The others stand as before."""
            family.holds = tuple(each for each in family.holds if each != self.hold)

    def place_legal_hold(self, hold: LegalHold, *, on: date, by: Actor) -> None:
        """Keep what is known of the family from *on*, also of one that was joined into another.

        Raises:
            FamilyErased: there is nothing to keep any more.
            HoldStandsAlready: one for the same reason does.
        """
        self.must_not_be_erased()
        if hold in self.holds:
            raise HoldStandsAlready(family=self.code, hold=hold)
        self.trigger_event(self.LegalHoldPlaced, by=by, hold=hold, on=on)

    def lift_legal_hold(self, hold: LegalHold, *, on: date, by: Actor) -> None:
        """Let the reason *hold* no longer stand from *on*.

        Raises:
            HoldDoesNotStand: none does for this reason.
        """
        if hold not in self.holds:
            raise HoldDoesNotStand(family=self.code, hold=hold)
        self.trigger_event(self.LegalHoldLifted, by=by, hold=hold, on=on)

    def must_not_be_held(self) -> None:
        """Refuse if a hold stands [14].

        Raises:
            HeldByLaw: some do.
        """
        if self.holds:
            raise HeldByLaw(family=self.code, holds=self.holds)
