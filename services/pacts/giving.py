"""Giving: the active commitment of the family, in promotion and in restitution."""

from datetime import date
from decimal import Decimal
from enum import StrEnum

from services.kernel.actor import Actor
from services.kernel.aggregate import Aggregate
from services.kernel.sealed import Sealed
from services.pacts.content import ACTIVE_COMMITMENT, Dimension, Given
from services.pacts.guidelines import Limits
from services.pacts.reciprocity import total
from services.pacts.refusals import (
    NotAnActiveCommitment,
    NothingLogged,
    RelationalWithoutHealthLimits,
    ReplacesWork,
    RestitutionCeiling,
    RestitutionInMoney,
)
from services.pacts.standing import Standing, above_zero


class RestitutionKind(StrEnum):
    """How the family gives to the community; in place of work it never does [2].

    The values are stored, for ever.
    """

    COMMUNITY_SERVICE = "community_service"
    SKILLS_SHARED = "skills_shared"
    RELATIONAL = "relational"
    IN_PLACE_OF_WORK = "in_place_of_work"


class Giving(Standing):
    """The chapter of what the family does, beside what it receives."""

    # Stored, for ever: topics, field names and the values of enumerations.

    class CommitmentLogged(Aggregate.Event):
        """Somebody of the family did something for promotion; at first, for restitution too."""

        TOPIC = "pacts.CommitmentLogged"
        given: Given

        def apply(self, pact: Standing) -> None:
            pact.given += (self.given,)
            action = pact.actions.get(self.given.action)
            if action is not None and action.dimension is Dimension.RESTITUTION:
                pact.restitution += (self.given,)

    class RestitutionLogged(Aggregate.Event):
        """Somebody of the family did something for the community.

        Attributes:
            health_limits: whether health leaves room for no other kind.
        """

        TOPIC = "pacts.RestitutionLogged"
        given: Given
        kind: RestitutionKind
        health_limits: bool

        def apply(self, pact: Standing) -> None:
            pact.given += (self.given,)
            pact.restitution += (self.given,)

    def log_restitution(
        self,
        action: int,
        done_on: date,
        by: Actor,
        on: date,
        *,
        hours: Decimal | None = None,
        eur: Decimal | None = None,
        works: Sealed | None = None,
        kind: RestitutionKind = RestitutionKind.COMMUNITY_SERVICE,
        health_limits: bool = False,
        limits: Limits | None = None,
    ) -> None:
        """Log what the family did: its active commitment, on promotion as on restitution.

        Args:
            action: number of the action.
            done_on: day on which it was done.
            by: of the microequipe.
            on: today.
            hours: spent.
            eur: contributed by the family itself, to promotion.
            works: what was made or done, where hours do not say it.
            kind: how restitution was given.
            health_limits: whether health leaves room for no other kind of restitution.
            limits: in force today; without any, hours of restitution have no ceiling.

        Raises:
            NotAnActiveCommitment: the action is assistance.
            NothingLogged: neither hours nor EUR nor works.
            QuantityNotPositive: hours or EUR are stated and not above zero.
            NotInThePact: *done_on* is before the pact became active, or in the future.
            RestitutionInMoney, ReplacesWork, RelationalWithoutHealthLimits: it is no restitution.
            RestitutionCeiling: there would be too many hours of restitution in the month.
        """
        self._may("log_restitution", by)
        dimension = self._action(action).dimension
        if dimension not in ACTIVE_COMMITMENT:
            raise NotAnActiveCommitment(action=action, dimension=dimension)
        if hours is None and eur is None and works is None:
            raise NothingLogged(action=action)
        above_zero(hours=hours, eur=eur)
        self._within(done_on, on)
        given = Given(action, done_on, eur, hours, works)
        if dimension is not Dimension.RESTITUTION:
            self.trigger_event(self.CommitmentLogged, by=by, given=given)
            return
        must_serve_the_community(given, kind, health_limits)
        if limits is not None:
            self._must_stay_below(given, limits)
        self.trigger_event(
            self.RestitutionLogged, by=by, given=given, kind=kind, health_limits=health_limits
        )

    def _must_stay_below(self, given: Given, limits: Limits) -> None:
        month = f"{given.on:%Y-%m}"
        done = total(each.hours for each in self.restitution if f"{each.on:%Y-%m}" == month)
        if given.hours is not None and done + given.hours > limits.restitution_month_hours:
            raise RestitutionCeiling(
                month=month,
                ceiling=limits.restitution_month_hours,
                done=done,
                asked=given.hours,
                guidelines=limits.number,
            )


def must_serve_the_community(given: Given, kind: RestitutionKind, health_limits: bool) -> None:
    """Go on only if it is hours or works, in place of nobody's work, and relational with a reason.

    Raises:
        RestitutionInMoney: the family gave money.
        ReplacesWork: it stood in for work.
        RelationalWithoutHealthLimits: it was relational, and health leaves room for other kinds.
    """
    if given.eur is not None:
        raise RestitutionInMoney(action=given.action)
    if kind is RestitutionKind.IN_PLACE_OF_WORK:
        raise ReplacesWork(action=given.action)
    if kind is RestitutionKind.RELATIONAL and not health_limits:
        raise RelationalWithoutHealthLimits(action=given.action)
