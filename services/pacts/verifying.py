"""Verifying: the periodic check of the personalised project."""

from collections.abc import Collection, Mapping
from datetime import date

from services.kernel.actor import Actor
from services.kernel.aggregate import Aggregate
from services.kernel.sealed import Sealed
from services.pacts.along import TieKind
from services.pacts.content import GoalRating, Verification
from services.pacts.guidelines import Terms
from services.pacts.life import State
from services.pacts.proximity import Proximity
from services.pacts.refusals import GoalsNotRated, RatingOutOfRange
from services.pacts.standing import Standing

LEAST, MOST = -2, 2
"""Bounds of a goal's rating; 0 is the expected result [2]."""


class Verifying(Proximity):
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
        capacities_used: Collection[int] | None = None,
        ties: Mapping[TieKind, int] | None = None,
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
            capacities_used: numbers of the pact's capacities that were used; None if not asked.
            ties: how many the family has now, by kind, one left out being none; None if not
                counted. Without a count at the activation, the first one is the baseline.

        Raises:
            NoSuchItem: a capacity is not the pact's.
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
        used = None if capacities_used is None else self._used(capacities_used)
        self.trigger_event(
            self.Verified,
            by=by,
            verification=Verification(on, family_present, final, rated, changes),
            next_by=terms.verify_by(on),
            guidelines=terms.number,
        )
        number = len(self.verifications)
        if used is not None:
            self.trigger_event(
                self.CapacitiesUsed, by=by, verification=number, capacities=used, on=on
            )
        if ties is not None:
            self._count_ties(ties, number, by, on)

    def note_overdue_verification(self, by: Actor, on: date) -> None:
        """Note, once, that the verification due before *on* was not held; else add nothing."""
        if self.overdue(on) and self.overdue_noted != self.verify_by:
            self.trigger_event(self.VerificationOverdue, by=by, due=self.verify_by, on=on)

    def overdue(self, day: date) -> bool:
        """Whether a verification was due before *day*; a suspended pact owes none."""
        return self.state is State.ACTIVE and self.verify_by is not None and day > self.verify_by
