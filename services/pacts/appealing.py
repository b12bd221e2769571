"""Appealing: the family asks that somebody who did not decide looks at a decision again."""

from dataclasses import replace
from datetime import date

from services.kernel.actor import Actor
from services.kernel.aggregate import Aggregate
from services.kernel.sealed import Sealed
from services.pacts.along import SecondLook, SecondLookOutcome
from services.pacts.guidelines import Terms
from services.pacts.refusals import (
    NothingDecided,
    SecondLookAsked,
    SecondLookNotAsked,
    SecondLookNotInTime,
)
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

    class SecondLookAnswered(Aggregate.Event):
        """Somebody who did not decide confirmed the decision, or had it voted again."""

        TOPIC = "pacts.SecondLookAnswered"
        proposal: int
        outcome: SecondLookOutcome
        reason: Sealed
        on: date

        def apply(self, pact: Standing) -> None:
            pact.second_looks[self.proposal] = replace(
                pact.second_looks[self.proposal],
                outcome=self.outcome,
                reason=self.reason,
                answered_on=self.on,
            )

    def ask_second_look(
        self,
        asked_on: date,
        terms: Terms,
        by: Actor,
        on: date,
        *,
        proposal: int | None = None,
        words: Sealed | None = None,
    ) -> int:
        """Record that the family asked for a second look; give the number of the proposal.

        Args:
            asked_on: the day on which it asked, Europe/Rome.
            terms: in force on the day on which the decision was heard.
            by: of the microequipe.
            on: today.
            proposal: which one was decided on, also an amendment; None is the last.
            words: what it said, as far as it should be kept.

        Raises:
            NothingDecided: the committee has not decided on this pact, or on that proposal.
            SecondLookAsked: the family asked before about the same proposal.
            SecondLookNotInTime: it asked before the decision was heard, too late, or tomorrow.
        """
        self._may("ask_second_look", by)
        decisions = self.every_decision
        decision = self.last_decision if proposal is None else decisions.get(proposal)
        if decision is None:
            raise NothingDecided(state=self.state)
        heard = self.heard[decision.proposal]
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

    def hear_second_look(
        self, proposal: int, outcome: SecondLookOutcome, reason: Sealed, by: Actor, on: date
    ) -> None:
        """Record what became of a second look; what was heard already adds nothing.

        One that reopens changes nothing by itself: the committee's next decision corrects the
        first.

        Args:
            proposal: whose decision was looked at again.
            outcome: confirmed or reopened.
            reason: in words.
            by: the service.
            on: day of the answer, Europe/Rome.

        Raises:
            SecondLookNotAsked: the family did not ask for one.
        """
        if proposal not in self.second_looks:
            raise SecondLookNotAsked(proposal=proposal)
        if self.second_looks[proposal].answered_on is None:
            self.trigger_event(
                self.SecondLookAnswered,
                by=by,
                proposal=proposal,
                outcome=outcome,
                reason=reason,
                on=on,
            )
