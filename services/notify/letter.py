"""A letter: one mail to one person for one cause, and what became of it.

Several notices of one cause and kind may reach the same person, who holds several roles: they get
one letter. Reminders of one person on one day travel in one mail, the digest; each stays a letter
of its own. Facts carry the programme's days; the moments of tries are real ones and stand in the
ledger.
"""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from uuid import UUID

from services.kernel.actor import Actor
from services.kernel.aggregate import Aggregate, Birth, birth
from services.kernel.ids import stream_id
from services.kernel.refusal import Refused
from services.notify.notice import Kind


class NotInDoubt(Refused):
    """Only of a letter of which nobody knows can a person say that it was sent."""


class NotToBeSentAgain(Refused):
    """A letter is sent again only if it was given up, or nobody knows whether it was sent."""


class State(StrEnum):
    """What became of a letter so far; values are stored in a view and answered to questions."""

    DUE = "due"
    HELD_BACK = "held_back"
    DEFERRED = "deferred"
    SENT = "sent"
    UNCERTAIN = "uncertain"
    GIVEN_UP = "given_up"
    DROPPED = "dropped"


class Obstacle(StrEnum):
    """Why a letter cannot be sent to the person; values are stored."""

    NO_ADDRESS = "no_address"
    ADDRESS_UNUSABLE = "address_unusable"


class GivenUpBecause(StrEnum):
    """Why sending was given up; values are stored."""

    REFUSED = "refused"
    TOO_LONG = "too_long"


class DroppedBecause(StrEnum):
    """Why a reminder is not sent after all; values are stored."""

    DONE = "done"
    MOVED = "moved"
    GONE_BY = "gone_by"
    ROLE_ENDED = "role_ended"
    NOT_WANTED = "not_wanted"


def letter_id(cause: UUID, what: Kind, person: UUID) -> UUID:
    """The stream of the one letter of *cause* and kind *what* to *person* [1]."""
    return stream_id("letter", cause, what.value, person)


def digest_id(letters: Iterable[UUID]) -> UUID:
    """The name of the one mail that carries *letters*; a letter that goes alone names its own.

    It says which letters: other ones of the same day, after a database was restored, have another.
    """
    carried = sorted(set(letters))
    return carried[0] if len(carried) == 1 else stream_id("digest", *carried)


class Letter(Aggregate):
    """One letter; ``round`` counts how often a person asked for it to be sent, from 1."""

    TOPIC = "notify.Letter"

    def __init__(self) -> None:
        self.notice = UUID(int=0)
        self.person = UUID(int=0)
        self.state = State.DUE
        self.round = 1
        self.digest: UUID | None = None

    # stored: rename a class at will, never its topic

    class Due(Birth):
        """Somebody is to get a letter.

        Attributes:
            notice: the first of its cause, kind and person.
            family: its code, if the letter is about one: so it stands in that family's history.
        """

        TOPIC = "notify.LetterDue"
        notice: UUID
        cause: UUID
        what: Kind
        person: UUID
        family: str | None
        on: date

        def apply(self, letter: "Letter") -> None:
            letter.notice = self.notice
            letter.person = self.person

    class HeldBack(Aggregate.Event):
        """It waits for an address of the person."""

        TOPIC = "notify.LetterHeldBack"
        because: Obstacle
        on: date

        def apply(self, letter: "Letter") -> None:
            letter.state = State.HELD_BACK

    class Gathered(Aggregate.Event):
        """A reminder goes in this mail, with the others of the day to the same person.

        Attributes:
            digest: :func:`digest_id` of all that are in it.
        """

        TOPIC = "notify.LetterGathered"
        digest: UUID
        on: date

        def apply(self, letter: "Letter") -> None:
            letter.digest = self.digest

    class Dropped(Aggregate.Event):
        """A reminder is not sent: there is nothing to remind this person of any more."""

        TOPIC = "notify.LetterDropped"
        because: DroppedBecause
        on: date

        def apply(self, letter: "Letter") -> None:
            letter.state = State.DROPPED

    class Deferred(Aggregate.Event):
        """A try failed, surely without sending it; it is tried again.

        Attributes:
            attempt: of this round, from 1.
            code: of the server's answer, or the kind of failure; nothing that names anybody.
        """

        TOPIC = "notify.LetterDeferred"
        round: int
        attempt: int
        code: str
        on: date

        def apply(self, letter: "Letter") -> None:
            letter.state = State.DEFERRED

    class Sent(Aggregate.Event):
        """The server took it over, with this code."""

        TOPIC = "notify.LetterSent"
        round: int
        code: str
        on: date

        def apply(self, letter: "Letter") -> None:
            letter.state = State.SENT

    class Uncertain(Aggregate.Event):
        """It was handed over and no answer came: nobody knows; a person finds out."""

        TOPIC = "notify.LetterUncertain"
        round: int
        on: date

        def apply(self, letter: "Letter") -> None:
            letter.state = State.UNCERTAIN

    class GivenUp(Aggregate.Event):
        """It was not sent and is not tried any more; a person sees to it."""

        TOPIC = "notify.LetterGivenUp"
        round: int
        because: GivenUpBecause
        code: str
        on: date

        def apply(self, letter: "Letter") -> None:
            letter.state = State.GIVEN_UP

    class FoundSent(Aggregate.Event):
        """A person found out that it had been sent."""

        TOPIC = "notify.LetterFoundSent"
        on: date

        def apply(self, letter: "Letter") -> None:
            letter.state = State.SENT

    class SendAgainAsked(Aggregate.Event):
        """A person wants it sent again: round *round* begins."""

        TOPIC = "notify.LetterSendAgainAsked"
        round: int
        on: date

        def apply(self, letter: "Letter") -> None:
            letter.state = State.DUE
            letter.round = self.round

    @classmethod
    def due(
        cls,
        notice: UUID,
        cause: UUID,
        what: Kind,
        person: UUID,
        family: str | None,
        by: Actor,
        on: date,
    ) -> "Letter":
        """The letter; its stream can begin only once."""
        id = letter_id(cause, what, person)
        return birth(
            cls,
            cls.Due,
            id,
            by=by,
            notice=notice,
            cause=cause,
            what=what,
            person=person,
            family=family,
            on=on,
        )

    @property
    def open(self) -> bool:
        """Whether it is still to be sent."""
        return self.state in (State.DUE, State.HELD_BACK, State.DEFERRED)

    def hold_back(self, because: Obstacle, by: Actor, on: date) -> None:
        """Record what keeps it from being sent, again for each address that is no better."""
        if self.open:
            self.trigger_event(self.HeldBack, by=by, because=because, on=on)

    def gather(self, digest: UUID, by: Actor, on: date) -> None:
        """Record in which mail it goes; gathered already, nothing is added."""
        if self.open and self.digest is None:
            self.trigger_event(self.Gathered, by=by, digest=digest, on=on)

    def drop(self, because: DroppedBecause, by: Actor, on: date) -> None:
        """Record that it is not to be sent any more; sent, or dropped, already adds nothing."""
        if self.open:
            self.trigger_event(self.Dropped, by=by, because=because, on=on)

    def defer(self, round: int, attempt: int, code: str, by: Actor, on: date) -> None:
        """Record that a try of *round* failed; of another round, nothing is added."""
        if self.open and round == self.round:
            self.trigger_event(self.Deferred, by=by, round=round, attempt=attempt, code=code, on=on)

    def sent(self, round: int, code: str, by: Actor, on: date) -> None:
        """Record that the server took it; recorded already, nothing is added."""
        if self.open and round == self.round:
            self.trigger_event(self.Sent, by=by, round=round, code=code, on=on)

    def doubt(self, round: int, by: Actor, on: date) -> None:
        """Record that nobody knows whether it was sent; recorded already, nothing is added."""
        if self.open and round == self.round:
            self.trigger_event(self.Uncertain, by=by, round=round, on=on)

    def give_up(self, round: int, because: GivenUpBecause, code: str, by: Actor, on: date) -> None:
        """Record that it is not tried any more; recorded already, nothing is added."""
        if self.open and round == self.round:
            self.trigger_event(self.GivenUp, by=by, round=round, because=because, code=code, on=on)

    def find_sent(self, by: Actor, on: date) -> None:
        """Record a person's finding that the letter had been sent.

        Raises:
            NotInDoubt: it is known what became of it.
        """
        if self.state is not State.UNCERTAIN:
            raise NotInDoubt(letter=self.id, state=self.state)
        self.trigger_event(self.FoundSent, by=by, on=on)

    def send_again(self, by: Actor, on: date) -> None:
        """Let it be sent once more.

        Raises:
            NotToBeSentAgain: it is still being sent, or was.
        """
        if self.state not in (State.UNCERTAIN, State.GIVEN_UP):
            raise NotToBeSentAgain(letter=self.id, state=self.state)
        self.trigger_event(self.SendAgainAsked, by=by, round=self.round + 1, on=on)
