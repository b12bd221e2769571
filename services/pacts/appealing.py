"""Appealing: the family asks that somebody who did not decide looks at a decision again."""

from datetime import date

from services.kernel.actor import Actor
from services.kernel.aggregate import Aggregate
from services.kernel.sealed import Sealed
from services.pacts.along import SecondLook
from services.pacts.guidelines import Terms
from services.pacts.refusals import NothingDecided, SecondLookAsked, SecondLookNotInTime
from services.pacts.standing import Standing


class Appealing(Standing):
    """The chapter of the second look; the committee's service handles what is asked here."""

    # Stored, for ever: topics, field names and the values of enumerations.

    class SecondLookAsked(Aggregate.Event):
        """The family asked, in time, for a second look at the decision on this proposal."""

        TOPIC = "pacts.SecondLookAsked"
        proposal: int
        asked_on: date
        words: Sealed | None
        on: date

        def apply(self, pact: Standing) -> None:
            pact.second_looks[self.proposal] = SecondLook(self.asked_on, self.words)

    def ask_second_look(
        self,
        asked_on: date,
        terms: Terms,
        by: Actor,
        on: date,
        *,
        words: Sealed | None = None,
    ) -> int:
        """Record that the family asked for a second look; give the number of the proposal.

        Args:
            asked_on: the day on which it asked, Europe/Rome.
            terms: in force on the day on which the decision was heard.
            by: of the microequipe.
            on: today.
            words: what it said, as far as it should be kept.

        Raises:
            NothingDecided: the committee has not decided on this pact.
            SecondLookAsked: the family asked before about the same proposal.
            SecondLookNotInTime: it asked before the decision was heard, too late, or tomorrow.
        """
        self._may("ask_second_look", by)
        decision, heard = self.decision, self.decision_heard
        if decision is None or heard is None:
            raise NothingDecided(state=self.state)
        if decision.proposal in self.second_looks:
            raise SecondLookAsked(proposal=decision.proposal)
        until = terms.second_look_until(heard)
        if not heard <= asked_on <= min(until, on):
            raise SecondLookNotInTime(asked_on=asked_on, heard=heard, until=until, today=on)
        self.trigger_event(
            self.SecondLookAsked,
            by=by,
            proposal=decision.proposal,
            asked_on=asked_on,
            words=words,
            on=on,
        )
        return decision.proposal
