"""Relying: until when the committee may approve a proposal on the ISEE that was verified."""

from datetime import date

from services.kernel.actor import Actor
from services.kernel.aggregate import Aggregate
from services.pacts.life import State
from services.pacts.standing import Standing


class Relying(Standing):
    """The chapter of the certificate behind a proposal; whether it still counts is review's."""

    # Stored, for ever: topics and field names.

    class IseeReliedOn(Aggregate.Event):
        """The proposal may be approved until this day, the tolerance included [7]."""

        TOPIC = "pacts.IseeReliedOn"
        proposal: int
        until: date
        on: date

        def apply(self, pact: Standing) -> None:
            pact.relied_on = (self.proposal, self.until)

    def rely_on_isee(self, until: date | None, by: Actor, on: date) -> None:
        """Tell the committee, once for each proposal and day, until when it may approve.

        A pact in force is amended whatever its family's ISEE is by then; so of an amendment nothing
        is told [7].

        Args:
            until: the last day; None if it is not known.
            by: who proposes, or the service.
            on: today, Europe/Rome.
        """
        if (
            until is not None
            and self.state is State.PROPOSED
            and self.relied_on != (self.proposal, until)
        ):
            self.trigger_event(self.IseeReliedOn, by=by, proposal=self.proposal, until=until, on=on)
