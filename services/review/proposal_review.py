"""One proposal before the committee: received, put on a docket, voted on, decided; never lost.

Its state is in ``standing.py``, the votes are in ``voting.py``, corrections and second looks in
``looking_again.py``, the family's certificate in ``relying.py``, the end without a decision in
``setting_aside.py``.
"""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from services.kernel.actor import Actor
from services.kernel.aggregate import Aggregate, Birth, birth
from services.kernel.ids import stream_id
from services.kernel.refusal import Refused
from services.review.committee import Seat
from services.review.cycle import Place
from services.review.guidelines import Guidelines
from services.review.looking_again import LookingAgain
from services.review.proposal import Proposal
from services.review.relying import Relying
from services.review.setting_aside import SettingAside
from services.review.standing import Decision, Standing
from services.review.tally import Ballot, Outcome, count, needed
from services.review.voting import Voting


class NoQuorum(Refused):
    """More than half of the seats for the proposal must have voted (numero legale) [6]."""


def review_id(pact: UUID, number: int) -> UUID:
    """The stream of proposal *number* of *pact*."""
    return stream_id("proposal", pact, number)


class ProposalReview(Voting, LookingAgain, Relying, SettingAside):
    """The committee's work on one proposal (proposta di patto) [6]."""

    TOPIC = "review.ProposalReview"

    def __init__(self) -> None:
        Standing.__init__(self)

    class Received(Birth):
        """A proposal reached the committee and has its place in the calendar.

        Attributes:
            received_on: civil day on which it reached us.
            guidelines: version by which it was placed.
        """

        TOPIC = "review.ProposalReceived"
        proposal: Proposal
        received_on: date
        cycle: str
        late: bool
        docket_on: date
        decide_by: date
        guidelines: int
        class_version = 3

        @staticmethod
        def upcast_v1_v2(state: dict[str, Any]) -> None:
            """Before there were amendments, a proposal was for a pact not yet in force."""
            state["proposal"]["amends"] = None

        @staticmethod
        def upcast_v2_v3(state: dict[str, Any]) -> None:
            """Until version 3 it was not known here what a form proposed."""
            state["proposal"]["by_form"] = False

        def apply(self, review: Standing) -> None:
            review.proposal = self.proposal
            review.cycle = self.cycle
            review.late = self.late
            review.docket_on = self.docket_on
            review.decide_by = self.decide_by

    class PutOnDocket(Aggregate.Event):
        """It stands on the docket of *cycle*."""

        TOPIC = "review.PutOnDocket"
        cycle: str
        on: date

        def apply(self, review: Standing) -> None:
            review.docket = self.cycle

    class Decided(Aggregate.Event):
        """The committee decided.

        Attributes:
            number: of the decision on this proposal, from 1.
            corrects: number of the decision that this one corrects, or None.
            cycle: in which it was decided.
            ballots: the votes that counted.
            seats: how many there were, without those that abstained because of a conflict.
            recused: persons who abstained.
            tie: whether the project manager's vote decided between two halves.
            guidelines: version in force on the day.
        """

        TOPIC = "review.ProposalDecided"
        number: int
        corrects: int | None
        cycle: str
        outcome: Outcome
        ballots: tuple[Ballot, ...]
        seats: int
        recused: tuple[UUID, ...]
        tie: bool
        guidelines: int
        on: date

        def apply(self, review: Standing) -> None:
            review.decisions.append(
                Decision(
                    number=self.number,
                    outcome=self.outcome,
                    on=self.on,
                    corrects=self.corrects,
                    ballots=self.ballots,
                    recused=self.recused,
                    tie=self.tie,
                    guidelines=self.guidelines,
                    deputies=dict(review.deputies),
                    spoken=frozenset(review.spoken),
                )
            )
            review.correcting = False
            review.note_hand(self.by.person, "closed")

    class Overdue(Aggregate.Event):
        """It was not decided by the last day of its cycle, and goes on to the next."""

        TOPIC = "review.ProposalOverdue"
        cycle: str
        carried_to: str
        docket_on: date
        decide_by: date
        on: date

        def apply(self, review: Standing) -> None:
            review.cycle = self.carried_to
            review.docket_on = self.docket_on
            review.decide_by = self.decide_by

    class Postponed(Aggregate.Event):
        """Its month was closed after it had its place there: it goes on to the next open one."""

        TOPIC = "review.ProposalPostponed"
        cycle: str
        postponed_to: str
        docket_on: date
        decide_by: date
        guidelines: int
        on: date

        def apply(self, review: Standing) -> None:
            review.cycle = self.postponed_to
            review.docket_on = self.docket_on
            review.decide_by = self.decide_by

    class MicroequipeChanged(Aggregate.Event):
        """Another lead presents the proposal, or another case manager assists its microequipe."""

        TOPIC = "review.MicroequipeChanged"
        lead: UUID
        case_manager: UUID | None
        on: date

        def apply(self, review: Standing) -> None:
            review.proposal = replace(review.sent, lead=self.lead, case_manager=self.case_manager)

    class TextsErased(Aggregate.Event):
        """What was written about the family is destroyed: descriptions, reasons, conditions."""

        TOPIC = "review.TextsErased"
        on: date

        def apply(self, review: Standing) -> None:
            review.texts_erased_on = self.on

    @classmethod
    def receive(
        cls, proposal: Proposal, place: Place, guidelines: int, by: Actor, on: date
    ) -> "ProposalReview":
        """The review of *proposal*, at its *place* in the calendar."""
        return birth(
            cls,
            cls.Received,
            review_id(proposal.pact, proposal.number),
            by=by,
            proposal=proposal,
            received_on=on,
            cycle=place.cycle,
            late=place.late,
            docket_on=place.docket_on,
            decide_by=place.decide_by,
            guidelines=guidelines,
        )

    def put_on_docket(self, cycle: str, by: Actor, on: date) -> None:
        """Put it on the docket of *cycle*, once, while it awaits a decision."""
        if self.awaits_decision and self.docket != cycle:
            self.trigger_event(self.PutOnDocket, by=by, cycle=cycle, on=on)

    def decide(
        self, committee: tuple[Seat, ...], guidelines: Guidelines, by: Actor, on: date
    ) -> None:
        """Close the vote: what the seats of this day said is the decision.

        Args:
            committee: the seats held on *on*; votes of seats no longer held do not count.
            guidelines: in force on *on*.
            by: who closes.
            on: civil day.

        Raises:
            ProposalIsSetAside, AlreadyDecided, NotOnADocket, NoQuorum, IseeRunOut.
        """
        self.must_be_open()
        everyone = self.sent.seats(committee, guidelines)
        seats = [seat for seat in everyone if seat.person not in self.recused]
        ballots = tuple(
            self.flagged(self.ballots[seat.person], seat, everyone)
            for seat in seats
            if seat.person in self.ballots
        )
        if len(ballots) < needed(len(seats)):
            raise NoQuorum(cast=len(ballots), seats=len(seats), needed=needed(len(seats)))
        tally = count(ballots)
        self.must_rely_on_isee(tally.outcome, on)
        self.trigger_event(
            self.Decided,
            by=by,
            number=len(self.decisions) + 1,
            corrects=len(self.decisions) or None,
            cycle=self.cycle,
            outcome=tally.outcome,
            ballots=ballots,
            seats=len(seats),
            recused=tuple(seat.person for seat in everyone if seat.person in self.recused),
            tie=tally.tie,
            guidelines=guidelines.number,
            on=on,
        )

    def fall_overdue(self, place: Place, by: Actor, on: date) -> None:
        """Note that the last day went by undecided, and carry it to *place*.

        Decided, set aside, or on time, nothing is added.
        """
        if self.awaits_decision and on > self.decide_by:
            self.trigger_event(
                self.Overdue,
                by=by,
                cycle=self.cycle,
                carried_to=place.cycle,
                docket_on=place.docket_on,
                decide_by=place.decide_by,
                on=on,
            )

    def postpone(self, place: Place, guidelines: int, by: Actor, on: date) -> None:
        """Move it to *place*, since its month was closed before its docket was set.

        On a docket, decided, set aside, or there already, nothing is added.
        """
        if self.docket != self.cycle and self.awaits_decision and place.cycle != self.cycle:
            self.trigger_event(
                self.Postponed,
                by=by,
                cycle=self.cycle,
                postponed_to=place.cycle,
                docket_on=place.docket_on,
                decide_by=place.decide_by,
                guidelines=guidelines,
                on=on,
            )

    def follow(self, lead: UUID, case_manager: UUID | None, by: Actor, on: date) -> None:
        """Let *lead* present it, and *case_manager* be the one in conflict.

        Known already, set aside, or decided and not being corrected, nothing is added.
        """
        known = (self.sent.lead, self.sent.case_manager) == (lead, case_manager)
        if not known and (self.correcting or self.awaits_decision):
            self.trigger_event(
                self.MicroequipeChanged, by=by, lead=lead, case_manager=case_manager, on=on
            )

    def note_erased_texts(self, by: Actor, on: date) -> None:
        """Note, once, that the texts about the family are gone; who calls destroys them."""
        if self.texts_erased_on is None:
            self.trigger_event(self.TextsErased, by=by, on=on)
