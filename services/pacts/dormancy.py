"""Dormancy: a draft that nobody proposes, and an active pact of which nothing is recorded."""

from datetime import date, timedelta

from services.kernel.actor import Actor
from services.kernel.aggregate import Aggregate
from services.pacts.along import DormantKind
from services.pacts.guidelines import Terms
from services.pacts.life import DRAFT, State
from services.pacts.standing import Standing


class Dormancy(Standing):
    """The chapter of the silences; what somebody records begins a new one."""

    # Stored, for ever: topics, field names and the values of enumerations.

    class FamilyDormant(Aggregate.Event):
        """Nothing of this kind happened from *since* to *on*; noted once for each silence."""

        TOPIC = "pacts.FamilyDormant"
        kind: DormantKind
        since: date
        on: date

        def apply(self, pact: Standing) -> None:
            pact.dormant_noted = (self.kind, self.since)

    def note_dormant(self, last_fact: date, terms: Terms, by: Actor, on: date) -> None:
        """Note, once for each silence, that a draft or an active pact has been left alone.

        Args:
            last_fact: the day on which somebody last recorded something of the pact.
            terms: in force today.
            by: the service.
            on: today, Europe/Rome.
        """
        if self.state in DRAFT:
            kind, days = DormantKind.WITHOUT_PROPOSAL, terms.dormant_without_proposal_days
            returned = self.decision_heard if self.state is State.RETURNED else None
            since = returned or self.drafted_on
        elif self.state is State.ACTIVE:
            kind, days = DormantKind.WITHOUT_FACT, terms.dormant_without_fact_days
            since = last_fact
        else:
            return
        is_long = on >= since + timedelta(days=days)
        if is_long and self.dormant_noted != (kind, since) and self.texts_erased_on is None:
            self.trigger_event(self.FamilyDormant, by=by, kind=kind, since=since, on=on)
