"""Two referrals that may concern one person: proposed to a person, who says what they are."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from services.intake.standing import VerifierNotNamed
from services.kernel.actor import Actor
from services.kernel.aggregate import Aggregate, Birth, birth
from services.kernel.ids import stream_id
from services.kernel.refusal import Refused


class PairState(StrEnum):
    """What a person said of a pair; the values are stored in a view only."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


class PairDecided(Refused):
    """Somebody said already what the pair is; that is undone first [2]."""


class PairNotDecided(Refused):
    """Nobody said anything that could be undone [2]."""


class NotOfThePair(Refused):
    """One of the two families goes on, not another one [2]."""


def pair_id(one: str, other: str) -> UUID:
    """The stream of a pair of families, in any order."""
    return stream_id("pair", *sorted((one, other)))


class Pair(Aggregate):
    """Two families in which somebody has one tax code."""

    TOPIC = "intake.Pair"

    def __init__(self) -> None:
        self.first = self.second = ""
        self.state = PairState.OPEN
        self.goes_on: str | None = None

    # Stored, for ever: topics and field names.

    class Proposed(Birth):
        """``second`` was told of somebody who was known of ``first``."""

        TOPIC = "intake.DuplicateProposed"
        first: str
        second: str
        on: date

        def apply(self, pair: "Pair") -> None:
            """A person is to say what it is."""
            pair.first, pair.second = self.first, self.second

    class Confirmed(Aggregate.Event):
        """They are one family; ``goes_on`` is the code under which it is followed."""

        TOPIC = "intake.DuplicateConfirmed"
        goes_on: str
        on: date

        def apply(self, pair: "Pair") -> None:
            """One family."""
            pair.state, pair.goes_on = PairState.CONFIRMED, self.goes_on

    class NotTheSame(Aggregate.Event):
        """They are two families."""

        TOPIC = "intake.DuplicateRefused"
        on: date

        def apply(self, pair: "Pair") -> None:
            """Two families; the pair is not proposed again."""
            pair.state = PairState.REFUSED

    class Undone(Aggregate.Event):
        """What was said of the pair does not hold; a person is to say what it is."""

        TOPIC = "intake.DuplicateUndone"
        on: date

        def apply(self, pair: "Pair") -> None:
            """Open again."""
            pair.state, pair.goes_on = PairState.OPEN, None

    @classmethod
    def propose(cls, first: str, second: str, *, on: date, by: Actor) -> "Pair":
        """Somebody of *second* was known of *first*."""
        return birth(
            cls, cls.Proposed, pair_id(first, second), by=by, first=first, second=second, on=on
        )

    def confirm(self, goes_on: str, *, on: date, by: Actor) -> None:
        """Record that both are one family, followed as *goes_on* [2].

        Raises:
            VerifierNotNamed: *by* is not a person.
            PairDecided: it was said already what the pair is.
            NotOfThePair: *goes_on* is neither.
        """
        self._must_be_open(by)
        if goes_on not in (self.first, self.second):
            raise NotOfThePair(family=goes_on)
        self.trigger_event(self.Confirmed, by=by, goes_on=goes_on, on=on)

    def refuse(self, *, on: date, by: Actor) -> None:
        """Record that they are two families [2].

        Raises:
            VerifierNotNamed: *by* is not a person.
            PairDecided: it was said already what the pair is.
        """
        self._must_be_open(by)
        self.trigger_event(self.NotTheSame, by=by, on=on)

    def undo(self, *, on: date, by: Actor) -> None:
        """Take back what was said [2].

        Raises:
            VerifierNotNamed: *by* is not a person.
            PairNotDecided: nothing was.
        """
        if by.person is None:
            raise VerifierNotNamed()
        if self.state is PairState.OPEN:
            raise PairNotDecided(first=self.first, second=self.second)
        self.trigger_event(self.Undone, by=by, on=on)

    def other_than(self, family: str) -> str:
        """The other family of the pair."""
        return self.second if family == self.first else self.first

    def _must_be_open(self, by: Actor) -> None:
        if by.person is None:
            raise VerifierNotNamed()
        if self.state is not PairState.OPEN:
            raise PairDecided(state=self.state)
