"""Ending: the pact is concluded or interrupted, and some months later somebody looks back."""

from datetime import date

from services.kernel.actor import Actor
from services.kernel.aggregate import Aggregate
from services.kernel.sealed import Sealed
from services.pacts.along import LookBackOutcome, NotVerifiedBecause
from services.pacts.amending import Amending
from services.pacts.content import ConclusionReason, InterruptionReason
from services.pacts.guidelines import Terms
from services.pacts.life import State
from services.pacts.refusals import (
    AlreadyLookedBack,
    FinallyVerified,
    LookBackNotDue,
    NoFinalVerification,
)
from services.pacts.standing import Standing


class Ending(Amending):
    """The last chapter."""

    # Stored, for ever: topics, field names and the values of enumerations.

    class Concluded(Aggregate.Event):
        """The pact came to the end of its way."""

        TOPIC = "pacts.Concluded"
        reason: ConclusionReason
        on: date

        def apply(self, pact: Standing) -> None:
            pact.state = State.CONCLUDED
            pact.ended_on, pact.ended_because = self.on, self.reason

    class Interrupted(Aggregate.Event):
        """The pact ended before its time."""

        TOPIC = "pacts.Interrupted"
        reason: InterruptionReason
        on: date

        def apply(self, pact: Standing) -> None:
            pact.state = State.INTERRUPTED
            pact.ended_on, pact.ended_because = self.on, self.reason

    class FinalVerificationNotHeld(Aggregate.Event):
        """The pact is interrupted without a final verification, which could not be held."""

        TOPIC = "pacts.FinalVerificationNotHeld"
        reason: NotVerifiedBecause
        on: date

        def apply(self, pact: Standing) -> None:
            pact.not_verified_because = self.reason

    class LookBackSet(Aggregate.Event):
        """Somebody is to look back from *due* on, and at the latest on *until*."""

        TOPIC = "pacts.LookBackSet"
        due: date
        until: date
        guidelines: int
        on: date

        def apply(self, pact: Standing) -> None:
            pact.look_back_due, pact.look_back_until = self.due, self.until

    class LookBackDue(Aggregate.Event):
        """The day to look back has come."""

        TOPIC = "pacts.LookBackDue"
        due: date
        on: date

        def apply(self, pact: Standing) -> None:
            pact.look_back_noted = True

    class LookBackOverdue(Aggregate.Event):
        """Nobody looked back until the last day for it; that is still to be done."""

        TOPIC = "pacts.LookBackOverdue"
        until: date
        on: date

        def apply(self, pact: Standing) -> None:
            pact.look_back_late_noted = True

    class LookedBack(Aggregate.Event):
        """Somebody asked how the family is, some months after the end."""

        TOPIC = "pacts.LookedBack"
        outcome: LookBackOutcome
        note: Sealed | None
        on: date

        def apply(self, pact: Standing) -> None:
            pact.looked_back_on, pact.looked_back = self.on, self.outcome
            pact.look_back_note = self.note

    def conclude(self, reason: ConclusionReason, terms: Terms, by: Actor, on: date) -> None:
        """End the pact at the end of its way; an amendment that waits is withdrawn.

        Raises:
            NoFinalVerification: the last verification was not a final one.
        """
        self._may("conclude", by)
        if not self._finally_verified:
            raise NoFinalVerification(verifications=len(self.verifications))
        self._withdraw_what_waits(by, on)
        self.trigger_event(self.Concluded, by=by, reason=reason, on=on)
        self._set_look_back(terms, by, on)

    def interrupt(
        self,
        reason: InterruptionReason,
        terms: Terms,
        by: Actor,
        on: date,
        *,
        not_verified_because: NotVerifiedBecause | None = None,
    ) -> None:
        """End the pact before its time; an amendment that waits is withdrawn.

        Args:
            reason: for the end.
            terms: in force today.
            by: the lead of the microequipe.
            on: today, Europe/Rome.
            not_verified_because: why no final verification could be held, not even without the
                family.

        Raises:
            NoFinalVerification: the last verification was not a final one, and nothing is said why
                it could not be held.
            FinallyVerified: it was held, and something is said why it could not be.
        """
        self._may("interrupt", by)
        if not self._finally_verified and not_verified_because is None:
            raise NoFinalVerification(verifications=len(self.verifications))
        if self._finally_verified and not_verified_because is not None:
            raise FinallyVerified(verifications=len(self.verifications))
        if not_verified_because is not None:
            self.trigger_event(
                self.FinalVerificationNotHeld, by=by, reason=not_verified_because, on=on
            )
        self._withdraw_what_waits(by, on)
        self.trigger_event(self.Interrupted, by=by, reason=reason, on=on)
        self._set_look_back(terms, by, on)

    def look_back(
        self, outcome: LookBackOutcome, by: Actor, on: date, note: Sealed | None = None
    ) -> None:
        """Record how the family is, some months after the end.

        Raises:
            AlreadyLookedBack: somebody did.
            LookBackNotDue: its day has not come; or the pact ended before there was one.
        """
        self._may("look_back", by)
        if self.looked_back_on is not None:
            raise AlreadyLookedBack(on=self.looked_back_on)
        if self.look_back_due is None or on < self.look_back_due:
            raise LookBackNotDue(due=self.look_back_due)
        self.trigger_event(self.LookedBack, by=by, outcome=outcome, note=note, on=on)

    def note_look_back(self, by: Actor, on: date) -> None:
        """Note once that the day to look back has come, and once that the last one is over."""
        if self.looked_back_on is not None or self.texts_erased_on is not None:
            return
        due, until = self.look_back_due, self.look_back_until
        if due is not None and on >= due and not self.look_back_noted:
            self.trigger_event(self.LookBackDue, by=by, due=due, on=on)
        if until is not None and on > until and not self.look_back_late_noted:
            self.trigger_event(self.LookBackOverdue, by=by, until=until, on=on)

    @property
    def _finally_verified(self) -> bool:
        return bool(self.verifications) and self.verifications[-1].final

    def _set_look_back(self, terms: Terms, by: Actor, on: date) -> None:
        """Say when to look back; of a family whose data was erased nobody can ask."""
        if self.texts_erased_on is not None:
            return
        due = terms.look_back_due(on)
        self.trigger_event(
            self.LookBackSet,
            by=by,
            due=due,
            until=terms.look_back_until(due),
            guidelines=terms.number,
            on=on,
        )
