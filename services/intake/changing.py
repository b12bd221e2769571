"""Changing: births, deaths, moves and splits of a household, each on its day.

They are told by the numbers of members. The day of a birth is a birth date, and so it is sealed
with the child: its event says when it was told.
"""

from datetime import date

from services.intake.codes import Coming, Going
from services.intake.days import must_have_come
from services.intake.household import Arrival, Departure
from services.intake.standing import NoSuchMember, Standing
from services.kernel.actor import Actor
from services.kernel.aggregate import Aggregate
from services.kernel.refusal import Refused
from services.kernel.sealed import Sealed


class HouseholdNotRecorded(Refused):
    """A change is one of a household that was recorded before."""


class GoneBeforeComing(Refused):
    """Nobody leaves a household before coming to it; ``since`` is the first day possible."""


class NobodyStays(Refused):
    """A split leaves somebody in each of both households; if all go, the family moves [2]."""


class NobodyGoes(Refused):
    """A split is one of a household from which somebody goes [2]."""


class Changing(Standing):
    """The chapter of the household as it changes between two records of it."""

    # stored: rename a class at will, never its topic; values of the codes are for ever

    class MemberCame(Aggregate.Event):
        """Somebody is of the household.

        Attributes:
            number: the member's own, never that of another one.
            member: :meth:`HouseholdFacts.text` of that one member, sealed.
            on: day of the move; of a birth: day on which it was told.
        """

        TOPIC = "intake.MemberCame"
        number: int
        came: Coming
        member: Sealed
        on: date

        def apply(self, family: Standing) -> None:
            """One more."""
            family.changes.append(Arrival(len(family.records), self.number, self.member, self.on))
            family.members += (self.number,)
            family.numbered = self.number

    class MemberGone(Aggregate.Event):
        """``on`` was the first day without that member."""

        TOPIC = "intake.MemberGone"
        number: int
        gone: Going
        on: date

        def apply(self, family: Standing) -> None:
            """One less; what was told of them stays in the history."""
            family.leave(Departure(len(family.records), (self.number,), self.on))

    class HouseholdSplit(Aggregate.Event):
        """Those members are a household of their own from ``on``; where is not said here.

        Who sees this family must not find the other one by it.
        """

        TOPIC = "intake.HouseholdSplit"
        members: tuple[int, ...]
        on: date

        def apply(self, family: Standing) -> None:
            """They are of another household."""
            family.leave(Departure(len(family.records), self.members, self.on))

    class CameFromSplit(Aggregate.Event):
        """This family was part of the family ``origin`` until ``on``."""

        TOPIC = "intake.CameFromSplit"
        origin: str
        on: date

        def apply(self, family: Standing) -> None:
            """Where it comes from."""
            family.origin = self.origin

    def record_birth(self, member: Sealed, born: date, *, today: date, by: Actor) -> None:
        """Record that a child was born to the household; its number is :attr:`next_number` [2].

        Args:
            member: the child, sealed.
            born: birth date; looked at, and not kept outside *member*.
            today: civil day on which it is told.
            by: who records.

        Raises:
            HouseholdNotRecorded: there is no household yet.
            DayToCome: *born* lies after *today*.
        """
        must_have_come(born, today)
        self._come(Coming.BORN, member, on=today, by=by)

    def record_arrival(self, member: Sealed, *, on: date, today: date, by: Actor) -> None:
        """Record that somebody moved in; the number is :attr:`next_number` [2].

        Raises:
            HouseholdNotRecorded: there is no household yet.
            DayToCome: *on* lies after *today*.
        """
        must_have_come(on, today)
        self._come(Coming.MOVED_IN, member, on=on, by=by)

    def record_departure(
        self, number: int, gone: Going, *, on: date, today: date, by: Actor
    ) -> None:
        """Record that a member died or moved out; *on* is the first day without them [2].

        Raises:
            NoSuchMember: the household has no such member.
            DayToCome: *on* lies after *today*.
            GoneBeforeComing: the member moved in after *on*.
        """
        self.must_be_processable()
        self._must_be_able_to_go((number,), on, today)
        self.trigger_event(self.MemberGone, by=by, number=number, gone=gone, on=on)

    def split(self, members: tuple[int, ...], *, on: date, today: date, by: Actor) -> None:
        """Record that *members* are a household of their own from *on* [2].

        Raises:
            NobodyGoes: *members* are none.
            NoSuchMember: the household has no such member.
            NobodyStays: they are all of it.
            DayToCome: *on* lies after *today*.
            GoneBeforeComing: one of them moved in after *on*.
        """
        self.must_be_processable()
        if not members:
            raise NobodyGoes(family=self.code)
        self._must_be_able_to_go(members, on, today)
        if set(members) == set(self.members):
            raise NobodyStays(family=self.code)
        self.trigger_event(self.HouseholdSplit, by=by, members=members, on=on)

    def come_from_split(self, origin: str, *, on: date, by: Actor) -> None:
        """Record that the family was part of *origin* until *on*."""
        self.trigger_event(self.CameFromSplit, by=by, origin=origin, on=on)

    def _come(self, came: Coming, member: Sealed, *, on: date, by: Actor) -> None:
        self.must_be_processable()
        if not self.records:
            raise HouseholdNotRecorded(family=self.code)
        self.trigger_event(
            self.MemberCame, by=by, number=self.next_number, came=came, member=member, on=on
        )

    def _must_be_able_to_go(self, members: tuple[int, ...], on: date, today: date) -> None:
        for number in members:
            if number not in self.members:
                raise NoSuchMember(family=self.code, number=number)
        must_have_come(on, today)
        for change in self.changes:
            if isinstance(change, Arrival) and change.number in members and change.on > on:
                raise GoneBeforeComing(number=change.number, on=on, since=change.on)
