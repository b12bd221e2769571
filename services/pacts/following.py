"""Following the way: actions, help received, and times of rest."""

from datetime import date
from decimal import Decimal

from services.kernel.actor import Actor
from services.kernel.aggregate import Aggregate
from services.pacts.aiding import Ceiling
from services.pacts.content import (
    ActionArea,
    Dimension,
    DropReason,
    Progress,
    Received,
    SuspensionReason,
)
from services.pacts.life import State
from services.pacts.refusals import (
    ActionNotPlanned,
    ActionNotStarted,
    ActionOver,
    NotAssistance,
    NothingLogged,
)
from services.pacts.standing import Standing, above_zero


class Following(Standing):
    """*Accompagnamento*: the chapter while the pact is active."""

    # Stored, for ever: topics, field names and the values of enumerations.

    class ActionStarted(Aggregate.Event):
        """The action has begun."""

        TOPIC = "pacts.ActionStarted"
        action: int
        on: date

        def apply(self, pact: Standing) -> None:
            pact.progress[self.action] = Progress.STARTED

    class ActionCompleted(Aggregate.Event):
        """The action was carried out."""

        TOPIC = "pacts.ActionCompleted"
        action: int
        on: date

        def apply(self, pact: Standing) -> None:
            pact.progress[self.action] = Progress.COMPLETED

    class ActionDropped(Aggregate.Event):
        """The action will not be carried out, or not to its end."""

        TOPIC = "pacts.ActionDropped"
        action: int
        reason: DropReason
        on: date

        def apply(self, pact: Standing) -> None:
            pact.progress[self.action] = Progress.DROPPED

    class HelpLogged(Aggregate.Event):
        """The family received help."""

        TOPIC = "pacts.HelpLogged"
        received: Received

        def apply(self, pact: Standing) -> None:
            pact.received += (self.received,)
            action = pact.actions[self.received.action]
            if action.area is ActionArea.EMERGENCY_AID:
                pact.emergency_aid += (self.received,)

    class Suspended(Aggregate.Event):
        """The pact rests; nothing is due while it does."""

        TOPIC = "pacts.Suspended"
        reason: SuspensionReason
        on: date

        def apply(self, pact: Standing) -> None:
            pact.state = State.SUSPENDED
            pact.suspended_on = self.on

    class Resumed(Aggregate.Event):
        """The pact runs again; the next verification moved by the days of rest that touched it."""

        TOPIC = "pacts.Resumed"
        on: date
        verify_by: date

        def apply(self, pact: Standing) -> None:
            pact.state = State.ACTIVE
            pact.suspended_on = None
            pact.verify_by = self.verify_by

    def start_action(self, action: int, by: Actor, on: date) -> None:
        """Record that a planned action has begun.

        Raises:
            ActionNotPlanned: it has begun before, or is over.
        """
        self._may("start_action", by)
        if (progress := self._progress(action)) is not Progress.PLANNED:
            raise ActionNotPlanned(action=action, progress=progress)
        self.trigger_event(self.ActionStarted, by=by, action=action, on=on)

    def complete_action(self, action: int, by: Actor, on: date) -> None:
        """Record that an action was carried out.

        Raises:
            ActionNotStarted: it has not begun, or is over.
        """
        self._may("complete_action", by)
        if (progress := self._progress(action)) is not Progress.STARTED:
            raise ActionNotStarted(action=action, progress=progress)
        self.trigger_event(self.ActionCompleted, by=by, action=action, on=on)

    def drop_action(self, action: int, reason: DropReason, by: Actor, on: date) -> None:
        """Record that an action will not be carried out, or not to its end.

        Raises:
            ActionOver: it was completed or dropped before.
        """
        self._may("drop_action", by)
        progress = self._progress(action)
        if progress in (Progress.COMPLETED, Progress.DROPPED):
            raise ActionOver(action=action, progress=progress)
        self.trigger_event(self.ActionDropped, by=by, action=action, reason=reason, on=on)

    def log_help(
        self,
        action: int,
        received_on: date,
        by: Actor,
        on: date,
        *,
        eur: Decimal | None = None,
        hours: Decimal | None = None,
        ceiling: Ceiling | None = None,
    ) -> None:
        """Log help that the family received on an action of assistance.

        Args:
            action: number of the action.
            received_on: day on which it was received.
            by: of the microequipe.
            on: today.
            eur: what it was worth, EUR.
            hours: how long it took.
            ceiling: of emergency aid, for the calendar year of *received_on*.

        Raises:
            EmergencyAidCeiling: it is emergency aid that does not fit below *ceiling*.
            NotAssistance: the action is promotion or restitution.
            NothingLogged: neither EUR nor hours.
            QuantityNotPositive: EUR or hours are stated and not above zero.
            NotInThePact: *received_on* is before the pact became active, or in the future.
        """
        self._may("log_help", by)
        dimension = self._action(action).dimension
        if dimension is not Dimension.ASSISTANCE:
            raise NotAssistance(action=action, dimension=dimension)
        if eur is None and hours is None:
            raise NothingLogged(action=action)
        above_zero(eur=eur, hours=hours)
        self._within(received_on, on)
        if self._action(action).area is ActionArea.EMERGENCY_AID and ceiling and eur:
            ceiling.must_hold(eur)
        self.trigger_event(
            self.HelpLogged, by=by, received=Received(action, received_on, eur, hours)
        )

    def suspend(self, reason: SuspensionReason, by: Actor, on: date) -> None:
        """Let the pact rest: nothing is due while it does."""
        self._may("suspend", by)
        self.trigger_event(self.Suspended, by=by, reason=reason, on=on)

    def resume(self, by: Actor, on: date) -> None:
        """Let the pact run again; the days of rest do not count towards the verification."""
        self._may("resume", by)
        assert self.verify_by is not None
        assert self.suspended_on is not None
        since = max([self.suspended_on, *(each.on for each in self.verifications[-1:])])
        verify_by = self.verify_by + (on - since)
        self.trigger_event(self.Resumed, by=by, on=on, verify_by=verify_by)

    def _progress(self, action: int) -> Progress:
        self._action(action)
        return self.progress[action]
