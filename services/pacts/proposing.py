"""Proposing: the pact goes to the committee, and the committee's decision comes back."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from services.kernel.actor import Actor
from services.kernel.aggregate import Aggregate
from services.kernel.sealed import Sealed
from services.pacts.along import SetAsideBecause
from services.pacts.content import Action, Decision
from services.pacts.guidelines import Terms
from services.pacts.life import State
from services.pacts.refusals import (
    ActionsOutsideThePeriod,
    NotReadyToPropose,
    PactHasGoneOn,
    ProposalNotCurrent,
)
from services.pacts.relying import Relying
from services.pacts.standing import Standing


class Proposing(Relying):
    """The chapter between the draft and the signatures."""

    # Stored, for ever: topics, field names and the values of enumerations.

    class Proposed(Aggregate.Event):
        """What the draft says now is the proposal of this number."""

        TOPIC = "pacts.Proposed"
        proposal: int
        on: date

        def apply(self, pact: Standing) -> None:
            pact.state = State.PROPOSED
            pact.proposal = self.proposal
            pact.proposed = pact.content()

    class Approved(Aggregate.Event):
        """The committee approved; the pact is to be signed until *sign_by*."""

        TOPIC = "pacts.Approved"
        proposal: int
        cycle: str
        guidelines: int
        on: date
        reasons: tuple[Sealed, ...]
        signatories: tuple[UUID, ...]
        sign_by: date

        def apply(self, pact: Standing) -> None:
            decided(pact, self, State.APPROVED)
            pact.signatories, pact.sign_by = self.signatories, self.sign_by

    class ApprovedWithConditions(Aggregate.Event):
        """The committee approved on conditions; the pact is to be signed until *sign_by*."""

        TOPIC = "pacts.ApprovedWithConditions"
        proposal: int
        cycle: str
        guidelines: int
        on: date
        reasons: tuple[Sealed, ...]
        conditions: tuple[Sealed, ...]
        signatories: tuple[UUID, ...]
        sign_by: date

        def apply(self, pact: Standing) -> None:
            decided(pact, self, State.APPROVED_WITH_CONDITIONS, self.conditions)
            pact.signatories, pact.sign_by = self.signatories, self.sign_by

    class Returned(Aggregate.Event):
        """The committee wants changes; the pact is a draft again."""

        TOPIC = "pacts.Returned"
        proposal: int
        cycle: str
        guidelines: int
        on: date
        reasons: tuple[Sealed, ...]

        def apply(self, pact: Standing) -> None:
            decided(pact, self, State.RETURNED)

    class NotApproved(Aggregate.Event):
        """The committee did not approve; this pact is over."""

        TOPIC = "pacts.NotApproved"
        proposal: int
        cycle: str
        guidelines: int
        on: date
        reasons: tuple[Sealed, ...]

        def apply(self, pact: Standing) -> None:
            decided(pact, self, State.NOT_APPROVED)
            pact.ended_on = self.on

    class DecisionTakenBack(Aggregate.Event):
        """The committee made a mistake: what follows is the decision that corrects this one.

        Attributes:
            corrects: number of the committee's decision on this proposal, from 1.
        """

        TOPIC = "pacts.DecisionTakenBack"
        proposal: int
        corrects: int
        on: date

        def apply(self, pact: Standing) -> None:
            pact.state = State.PROPOSED
            pact.corrected[self.proposal] = self.corrects
            pact.signatories, pact.sign_by, pact.ended_on = (), None, None

    class DecisionHeardLater(Aggregate.Event):
        """The decision reached us after the day on which it was taken: terms run from this day."""

        TOPIC = "pacts.DecisionHeardLater"
        proposal: int
        on: date

        def apply(self, pact: Standing) -> None:
            pact.heard[self.proposal] = self.on

    class ProposalSetAside(Aggregate.Event):
        """The committee decides nothing on the proposal any more; the pact is a draft again."""

        TOPIC = "pacts.ProposalSetAside"
        proposal: int
        because: SetAsideBecause
        on: date

        def apply(self, pact: Standing) -> None:
            pact.state = State.DRAFTED
            pact.set_aside.add(self.proposal)

    def propose(self, by: Actor, on: date, isee_until: date | None = None) -> int:
        """Send what the draft says to the committee; give the proposal's number.

        Args:
            by: the lead of the microequipe.
            on: today, Europe/Rome.
            isee_until: last day on which the committee may approve on the family's ISEE, if known.

        Raises:
            NotReadyToPropose: something is missing; everything that is, is named at once.
            ActionsOutsideThePeriod: actions begin before the pact or end after it.
        """
        self._may("propose", by)
        return self._send(by, on, isee_until)

    def _send(self, by: Actor, on: date, isee_until: date | None) -> int:
        if lacking := self.missing():
            raise NotReadyToPropose(missing=lacking)
        assert self.starts is not None
        assert self.ends is not None
        must_lie_within(self.actions, self.starts, self.ends)
        proposal = self.proposal + 1
        self.trigger_event(self.Proposed, by=by, proposal=proposal, on=on)
        self.rely_on_isee(isee_until, by, on)
        return proposal

    def hear_decision(
        self, decision: Decision, terms: Terms, by: Actor, on: date, succeeded: bool = False
    ) -> None:
        """Let the committee's *decision* take effect; one that was heard already adds nothing.

        One that corrects the former one takes its place, as long as nothing rests on that.

        Args:
            decision: as the lead organisation said it.
            terms: in force on the day of the decision.
            by: the service.
            on: the day it was heard; the days to sign begin with it.
            succeeded: whether the family has another pact after this one.

        Raises:
            PactNotProposed: the pact does not await a decision.
            PactHasGoneOn: it corrects a decision on which something rests.
            ProposalNotCurrent: it is about another proposal than the last.
        """
        if self.decisions.get(decision.proposal) == decision:
            return
        if decision.corrects is None or self.state is State.PROPOSED:
            self._may("hear_decision", by)
        if decision.proposal != self.proposal:
            raise ProposalNotCurrent(proposal=decision.proposal, current=self.proposal)
        if decision.corrects is not None and self.state is not State.PROPOSED:
            self.take_back_decision(decision.corrects, succeeded, by=by, on=on)
        said = {
            "by": by,
            "proposal": decision.proposal,
            "cycle": decision.cycle,
            "guidelines": decision.guidelines,
            "on": decision.on,
            "reasons": decision.reasons,
        }
        to_sign = {
            "signatories": self.chosen_signatories or self.committed,
            "sign_by": terms.sign_by(on),
        }
        match decision.outcome:
            case State.APPROVED:
                self.trigger_event(self.Approved, **said, **to_sign)
            case State.APPROVED_WITH_CONDITIONS:
                conditions = decision.conditions
                self.trigger_event(
                    self.ApprovedWithConditions, **said, **to_sign, conditions=conditions
                )
            case State.RETURNED:
                self.trigger_event(self.Returned, **said)
            case State.NOT_APPROVED:
                self.trigger_event(self.NotApproved, **said)
        if on != decision.on:
            self.trigger_event(self.DecisionHeardLater, by=by, proposal=self.proposal, on=on)

    def take_back_decision(self, corrects: int, succeeded: bool, by: Actor, on: date) -> None:
        """Let the pact await the decision that corrects the former one [4].

        Args:
            corrects: number of the decision on the current proposal that is corrected.
            succeeded: whether the family has another pact after this one.
            by: the service.
            on: today, Europe/Rome.

        Raises:
            PactHasGoneOn: something rests on the former decision.
        """
        facts = {"proposal": self.proposal, "corrects": corrects}
        self._may("take_back_decision", by, **facts, because=["state"])
        rests = {
            "signature": bool(self.signed),
            "changes": self.content() != self.proposed,
            "next_pact": succeeded,
        }
        if because := [name for name, so in rests.items() if so]:
            raise PactHasGoneOn(state=self.state, **facts, because=because)
        self.trigger_event(self.DecisionTakenBack, by=by, on=on, **facts)

    def hear_set_aside(self, proposal: int, because: SetAsideBecause, by: Actor, on: date) -> None:
        """Let the pact be a draft again: the committee set *proposal* aside; once is enough.

        Raises:
            PactNotProposed: the pact does not await a decision.
            ProposalNotCurrent: it is about another proposal than the last.
        """
        if proposal in self.set_aside:
            return
        self._may("hear_set_aside", by)
        if proposal != self.proposal:
            raise ProposalNotCurrent(proposal=proposal, current=self.proposal)
        self.trigger_event(self.ProposalSetAside, by=by, proposal=proposal, because=because, on=on)


def must_lie_within(actions: Mapping[int, Action], starts: date, ends: date) -> None:
    """Go on only if no action begins before *starts* or ends after *ends*."""
    astray = [
        number
        for number, action in actions.items()
        if action.starts < starts or action.until > ends
    ]
    if astray:
        raise ActionsOutsideThePeriod(actions=astray, starts=starts, ends=ends)


def decided(
    pact: Standing, event: Any, outcome: State, conditions: tuple[Sealed, ...] = ()
) -> None:
    """The effect that the four decisions have in common."""
    pact.state = outcome
    pact.heard[event.proposal] = event.on
    pact.decisions[event.proposal] = Decision(
        event.proposal,
        outcome,
        event.cycle,
        event.guidelines,
        event.on,
        event.reasons,
        conditions,
        pact.corrected.get(event.proposal),
    )
