"""What one proposal before the committee is at any moment; all chapters share it."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.kernel.aggregate import Aggregate
from services.kernel.refusal import Refused
from services.review.proposal import Proposal
from services.review.tally import Ballot, Outcome


class AlreadyDecided(Refused):
    """A decision never changes; a mistake is corrected by a new, linked decision [6]."""


class NotOnADocket(Refused):
    """The committee votes and decides on what was put on a docket [6]."""


class ProposalIsSetAside(Refused):
    """What was set aside undecided is neither voted on nor decided any more [6, our reading]."""


@dataclass(frozen=True)
class Decision:
    """One decision, as it stands for ever.

    Attributes:
        number: of the decision on this proposal, from 1.
        corrects: number of the decision that this one corrects, or None.
        ballots: the votes that counted.
        recused: persons who abstained.
        tie: whether the project manager's vote decided between two halves.
        guidelines: version in force on the day.
        deputies: seats whose deputy voted, with that person.
        spoken: seats whose vote a secretary recorded.
    """

    number: int
    outcome: Outcome
    on: date
    corrects: int | None
    ballots: tuple[Ballot, ...]
    recused: tuple[UUID, ...]
    tie: bool
    guidelines: int
    deputies: dict[UUID, UUID]
    spoken: frozenset[UUID]


@dataclass(frozen=True)
class Look:
    """A second look that is open.

    Attributes:
        decision: number of the decision that is looked at again.
        noted: whether it was noted that the family waits for too long.
    """

    decision: int
    asked_on: date
    noted: bool = False


class Standing(Aggregate):
    """The state of one proposal, without its events: those are in the chapters.

    Attributes:
        deputies: seats whose vote a deputy cast, with that person.
        spoken: seats whose vote a secretary recorded, as said in the meeting.
        hands: persons who had a hand in a decision, with what they did first.
        look: the second look that is open, or None.
        looked_at: numbers of the decisions whose second look was answered.
        isee_until: last day on which it may be approved on the family's ISEE; None if not known.
        set_aside_on: the day on which it was set aside undecided, or None.
    """

    def __init__(self) -> None:
        self.proposal: Proposal | None = None
        self.cycle = ""
        self.late = False
        self.docket_on = date.min
        self.decide_by = date.min
        self.docket: str | None = None
        self.ballots: dict[UUID, Ballot] = {}
        self.deputies: dict[UUID, UUID] = {}
        self.spoken: set[UUID] = set()
        self.recused: set[UUID] = set()
        self.decisions: list[Decision] = []
        self.correcting = False
        self.hands: dict[str, str] = {}
        self.look: Look | None = None
        self.looked_at: set[int] = set()
        self.texts_erased_on: date | None = None
        self.isee_until: date | None = None
        self.set_aside_on: date | None = None

    @property
    def sent(self) -> Proposal:
        """The proposal; a review begins with it."""
        assert self.proposal is not None
        return self.proposal

    @property
    def awaits_decision(self) -> bool:
        """Whether it is still to be decided: neither decided nor set aside."""
        return not self.decisions and self.set_aside_on is None

    @property
    def outcome(self) -> Outcome | None:
        """What the decision that stands says, if there is one."""
        return self.decisions[-1].outcome if self.decisions else None

    def note_hand(self, person: UUID | str | None, how: str) -> None:
        """Remember that *person* had a hand in a decision; what they did first counts."""
        if person is not None:
            self.hands.setdefault(str(person), how)

    def must_be_open(self) -> None:
        """Go on only if it may be voted on and decided.

        Raises:
            ProposalIsSetAside, AlreadyDecided, NotOnADocket.
        """
        self.must_not_be_set_aside()
        if self.decisions and not self.correcting:
            last = self.decisions[-1]
            raise AlreadyDecided(decision=last.number, outcome=last.outcome.value, on=last.on)
        if self.docket is None:
            raise NotOnADocket(cycle=self.cycle, docket_on=self.docket_on)

    def must_not_be_set_aside(self) -> None:
        """Go on only if it was not set aside.

        Raises:
            ProposalIsSetAside.
        """
        if self.set_aside_on is not None:
            raise ProposalIsSetAside(on=self.set_aside_on)
