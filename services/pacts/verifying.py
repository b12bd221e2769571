"""Verifying: the periodic check of the personalised project, and the end of the pact."""

from collections.abc import Mapping
from datetime import date

from services.kernel.actor import Actor
from services.kernel.aggregate import Aggregate
from services.kernel.sealed import Sealed
from services.pacts.content import (
    ConclusionReason,
    GoalRating,
    InterruptionReason,
    Verification,
)
from services.pacts.guidelines import Terms
from services.pacts.life import State
from services.pacts.refusals import GoalsNotRated, NoFinalVerification, RatingOutOfRange
from services.pacts.standing import Standing

LEAST, MOST = -2, 2
"""Bounds of a goal's rating; 0 is the expected result [2]."""


class Verifying(Standing):
    """*Verifica*: the chapter of the checks, to the last one."""

    # Stored, for ever: topics, field names and the values of enumerations.

    class Verified(Aggregate.Event):
        """The microequipe looked at the project; the next verification is due by *next_by*."""

        TOPIC = "pacts.Verified"
        verification: Verification
        next_by: date
        guidelines: int

        def apply(self, pact: Standing) -> None:
            pact.verifications += (self.verification,)
            pact.verify_by = self.next_by

    class VerificationOverdue(Aggregate.Event):
        """Nobody verified by *due*; noted once for each due day."""

        TOPIC = "pacts.VerificationOverdue"
        due: date
        on: date

        def apply(self, pact: Standing) -> None:
            pact.overdue_noted = self.due

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

    def verify(
        self,
        ratings: Mapping[int, int],
        terms: Terms,
        by: Actor,
        on: date,
        *,
        family_present: bool,
        final: bool = False,
        changes: Sealed | None = None,
    ) -> None:
        """Record a verification held *on* this day, and by when the next one is due.

        Args:
            ratings: for each goal's number, from -2 to +2.
            terms: in force today.
            by: of the microequipe.
            on: day of the verification, Europe/Rome.
            family_present: whether the family took part, as it should.
            final: whether it was held to end the pact.
            changes: what changes from now on, in words.

        Raises:
            GoalsNotRated: a goal has no rating, or a rating no goal.
            RatingOutOfRange: a rating is below -2 or above +2.
        """
        self._may("verify", by)
        if ratings.keys() != self.goals.keys():
            raise GoalsNotRated(
                missing=sorted(self.goals.keys() - ratings.keys()),
                unknown=sorted(ratings.keys() - self.goals.keys()),
            )
        rated = tuple(GoalRating(goal, rating) for goal, rating in sorted(ratings.items()))
        for each in rated:
            if not LEAST <= each.rating <= MOST:
                raise RatingOutOfRange(goal=each.goal, rating=each.rating)
        self.trigger_event(
            self.Verified,
            by=by,
            verification=Verification(on, family_present, final, rated, changes),
            next_by=terms.verify_by(on),
            guidelines=terms.number,
        )

    def note_overdue_verification(self, by: Actor, on: date) -> None:
        """Note, once, that the verification due before *on* was not held; else add nothing."""
        if self.overdue(on) and self.overdue_noted != self.verify_by:
            self.trigger_event(self.VerificationOverdue, by=by, due=self.verify_by, on=on)

    def overdue(self, day: date) -> bool:
        """Whether a verification was due before *day*; a suspended pact owes none."""
        return self.state is State.ACTIVE and self.verify_by is not None and day > self.verify_by

    def conclude(self, reason: ConclusionReason, by: Actor, on: date) -> None:
        """End the pact at the end of its way.

        Raises:
            NoFinalVerification: the last verification was not a final one.
        """
        self._may("conclude", by)
        self._finally_verified()
        self.trigger_event(self.Concluded, by=by, reason=reason, on=on)

    def interrupt(self, reason: InterruptionReason, by: Actor, on: date) -> None:
        """End the pact before its time.

        Raises:
            NoFinalVerification: the last verification was not a final one; if the family cannot be
                there, it is held without it.
        """
        self._may("interrupt", by)
        self._finally_verified()
        self.trigger_event(self.Interrupted, by=by, reason=reason, on=on)

    def _finally_verified(self) -> None:
        if not self.verifications or not self.verifications[-1].final:
            raise NoFinalVerification(verifications=len(self.verifications))
