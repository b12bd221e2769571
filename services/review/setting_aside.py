"""Setting aside: a proposal on which nobody can decide any more leaves the committee's table."""

from datetime import date
from enum import StrEnum

from services.kernel.actor import Actor
from services.kernel.aggregate import Aggregate
from services.review.standing import Standing


class SetAsideBecause(StrEnum):
    """Why nobody can decide any more; values are stored."""

    FAMILY_ERASED = "family_erased"


class SettingAside(Standing):
    """The chapter of the proposals that end without a decision."""

    class SetAside(Aggregate.Event):
        """Nobody votes or decides on it any more: it is neither overdue nor on a next docket."""

        TOPIC = "review.ProposalSetAside"
        because: SetAsideBecause
        on: date

        def apply(self, review: Standing) -> None:
            review.set_aside_on = self.on

    class Withdrawn(Aggregate.Event):
        """Its microequipe took it back undecided: nobody votes or decides on it any more."""

        TOPIC = "review.ProposalWithdrawn"
        on: date

        def apply(self, review: Standing) -> None:
            review.set_aside_on = self.on

    def set_aside(self, because: SetAsideBecause, by: Actor, on: date) -> None:
        """Take it from the table; decided or set aside already, nothing is added."""
        if self.awaits_decision:
            self.trigger_event(self.SetAside, by=by, because=because, on=on)

    def withdraw(self, by: Actor, on: date) -> None:
        """Let who sent it take it from the table; decided or set aside already, nothing is added.

        Args:
            by: the service.
            on: day on which it was withdrawn, Europe/Rome.
        """
        if self.awaits_decision:
            self.trigger_event(self.Withdrawn, by=by, on=on)
