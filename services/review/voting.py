"""Voting: the seats for a proposal, or their deputies, vote with a reason or abstain."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from services.kernel.actor import Actor
from services.kernel.aggregate import Aggregate
from services.kernel.refusal import Refused
from services.kernel.sealed import Sealed
from services.review.committee import SECRETARIES, Seat
from services.review.guidelines import Guidelines
from services.review.standing import Standing
from services.review.tally import Ballot, Choice


class NoSeat(Refused):
    """Only who holds a seat for this proposal on this day votes or abstains [1, 6]."""


class SpeaksForAnother(Refused):
    """A seat votes by itself; only a secretary records what it said in the meeting [6]."""


class SeatRecused(Refused):
    """The seat abstained (astensione per conflitto) and is out of this proposal [6]."""


class NotTheDeputy(Refused):
    """Only who is deputy of a seat on the day votes for it in the holder's stead [6]."""


class HolderVoted(Refused):
    """The deputy votes only when the holder of the seat does not [6]."""


class VotedAlready(Refused):
    """One person votes once for one proposal, for whichever seat [6]."""


class Voting(Standing):
    """The chapter between the docket and the decision."""

    class Voted(Aggregate.Event):
        """A seat voted.

        Attributes:
            spoken: recorded by a secretary, as said in the meeting.
        """

        TOPIC = "review.Voted"
        ballot: Ballot
        spoken: bool
        on: date

        def apply(self, review: Standing) -> None:
            _count(review, self.ballot, None, self.spoken, self.by)

    class VoteChanged(Aggregate.Event):
        """A seat changed its vote before the decision."""

        TOPIC = "review.VoteChanged"
        ballot: Ballot
        spoken: bool
        on: date

        def apply(self, review: Standing) -> None:
            _count(review, self.ballot, None, self.spoken, self.by)

    class DeputyVoted(Aggregate.Event):
        """A deputy voted in the stead of the seat's holder, or changed that vote."""

        TOPIC = "review.DeputyVoted"
        ballot: Ballot
        deputy: UUID
        spoken: bool
        on: date

        def apply(self, review: Standing) -> None:
            _count(review, self.ballot, self.deputy, self.spoken, self.by)

    class Recused(Aggregate.Event):
        """A seat abstained because of a conflict; its vote, if any, no longer counts."""

        TOPIC = "review.Recused"
        seat: UUID
        role: str
        conflicts: tuple[str, ...]
        reason: Sealed
        spoken: bool
        on: date

        def apply(self, review: Standing) -> None:
            review.note_hand(self.seat, "abstained")
            review.note_hand(self.by.person, "recorded")
            review.recused.add(self.seat)
            review.ballots.pop(self.seat, None)
            review.deputies.pop(self.seat, None)
            review.spoken.discard(self.seat)

    def vote(
        self,
        person: UUID,
        choice: Choice,
        reason: Sealed,
        committee: tuple[Seat, ...],
        guidelines: Guidelines,
        by: Actor,
        on: date,
        deputy: UUID | None = None,
    ) -> None:
        """Record the vote of the seat of *person*, or its change until the decision.

        The holder's vote takes the place of the deputy's, and is not replaced by it.

        Args:
            person: who holds the seat.
            choice: what is voted.
            reason: why; for approve with conditions, the conditions.
            committee: the seats held on *on*.
            guidelines: in force on *on*.
            by: who records it: the person, its deputy, or a secretary.
            on: civil day.
            deputy: who voted in the holder's stead; a deputy who is no secretary need not say so.

        Raises:
            ProposalIsSetAside, AlreadyDecided, NotOnADocket, NoSeat, SpeaksForAnother, SeatRecused,
            NotTheDeputy, HolderVoted, VotedAlready.
        """
        self.must_be_open()
        seat = self._seat_of(person, committee, guidelines, by)
        voter = deputy or (person if _may_speak_for(person, by) else seat.deputy) or person
        self._must_be_free(seat, voter, by)
        everyone = self.sent.seats(committee, guidelines)
        ballot = self._flagged(
            Ballot(person, seat.role, seat.proposer, choice, reason, ()), seat, voter, everyone
        )
        spoken = by.person != str(voter)
        if voter != person:
            self.trigger_event(
                self.DeputyVoted, by=by, ballot=ballot, deputy=voter, spoken=spoken, on=on
            )
            return
        event = self.VoteChanged if person in self.ballots else self.Voted
        self.trigger_event(event, by=by, ballot=ballot, spoken=spoken, on=on)

    def recuse(
        self,
        person: UUID,
        reason: Sealed,
        committee: tuple[Seat, ...],
        guidelines: Guidelines,
        by: Actor,
        on: date,
    ) -> None:
        """Take the seat of *person* out of this proposal, and out of its quorum.

        Raises:
            ProposalIsSetAside, AlreadyDecided, NotOnADocket, NoSeat, SpeaksForAnother, SeatRecused.
        """
        self.must_be_open()
        if not _may_speak_for(person, by):
            raise SpeaksForAnother(seat=person)
        seat = self._seat_of(person, committee, guidelines, by)
        if person in self.recused:
            raise SeatRecused(seat=person)
        self.trigger_event(
            self.Recused,
            by=by,
            seat=person,
            role=seat.role,
            conflicts=self.sent.conflicts(seat),
            reason=reason,
            spoken=by.person != str(person),
            on=on,
        )

    def flagged(self, ballot: Ballot, seat: Seat, everyone: tuple[Seat, ...]) -> Ballot:
        """*ballot*, as cast for *seat*, with the conflicts that have become known since."""
        voter = self.deputies.get(seat.person, seat.person)
        return self._flagged(ballot, seat, voter, everyone)

    def _flagged(
        self, ballot: Ballot, seat: Seat, voter: UUID, everyone: tuple[Seat, ...]
    ) -> Ballot:
        """*ballot* with the conflicts of the seat and of who votes for it."""
        own = [each for each in everyone if each.person == voter]
        faces = (seat, *(own or [replace(seat, person=voter)]))
        found = [conflict for face in faces for conflict in self.sent.conflicts(face)]
        return replace(
            ballot,
            proposer=ballot.proposer or voter == self.sent.lead,
            conflicts=tuple(dict.fromkeys((*ballot.conflicts, *found))),
        )

    def _must_be_free(self, seat: Seat, voter: UUID, by: Actor) -> None:
        """Go on only if *voter* may vote for *seat*, and votes for no other."""
        for person in (seat.person, voter):
            if person in self.recused:
                raise SeatRecused(seat=person)
        if voter != seat.person:
            if not _may_speak_for(voter, by):
                raise SpeaksForAnother(seat=voter)
            if voter != seat.deputy:
                raise NotTheDeputy(seat=seat.person, deputy=voter)
            if seat.person in self.ballots and seat.person not in self.deputies:
                raise HolderVoted(seat=seat.person)
        for other in self.ballots:
            if other != seat.person and self.deputies.get(other, other) == voter:
                raise VotedAlready(person=voter, seat=other)

    def _seat_of(
        self, person: UUID, committee: tuple[Seat, ...], guidelines: Guidelines, by: Actor
    ) -> Seat:
        seats = self.sent.seats(committee, guidelines)
        seat = next((each for each in seats if each.person == person), None)
        deputy = seat and seat.deputy
        if not _may_speak_for(person, by) and (deputy is None or by.person != str(deputy)):
            raise SpeaksForAnother(seat=person)
        if seat is None:
            raise NoSeat(seat=person, pact=self.sent.pact, proposal=self.sent.number)
        return seat


def _may_speak_for(person: UUID, by: Actor) -> bool:
    """Whether *by* is that person, or a secretary who records what they said."""
    return by.person == str(person) or bool(by.roles & SECRETARIES)


def _count(review: Standing, ballot: Ballot, deputy: UUID | None, spoken: bool, by: Actor) -> None:
    review.note_hand(deputy or ballot.seat, "voted")
    review.note_hand(by.person, "recorded")
    review.ballots[ballot.seat] = ballot
    review.deputies.pop(ballot.seat, None)
    review.spoken.discard(ballot.seat)
    if deputy is not None:
        review.deputies[ballot.seat] = deputy
    if spoken:
        review.spoken.add(ballot.seat)
