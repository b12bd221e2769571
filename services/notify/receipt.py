"""The receipt of one proposal: which mails brought it, and by when it will be decided.

The two are heard from different services, in any order: who sent it is answered when both are
known.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from services.kernel.actor import Actor
from services.kernel.aggregate import Aggregate, Birth, birth
from services.kernel.ids import stream_id


def receipt_id(pact: UUID, number: int) -> UUID:
    """The stream of the receipt of proposal *number* of *pact*."""
    return stream_id("receipt", pact, number)


@dataclass(frozen=True)
class Place:
    """A proposal's place in the committee's calendar; *decide_by* is the last day.

    Attributes:
        by_form: whether a form that came by mail proposed it; None: the committee did not say.
    """

    cycle: str
    late: bool
    decide_by: date
    by_form: bool | None = None


class Receipt(Aggregate):
    """What is known of one proposal's arrival.

    Attributes:
        place: as its receipt says; None before that was heard.
        isee_until: last day on which it may be approved on the family's ISEE, if that is known.
        moved: whether it has another place than the one it had first: its month was closed.
        carried: its place since it was overdue, or None.
        withdrawn: whether it was taken back: nobody decides on it.
    """

    TOPIC = "notify.Receipt"

    def __init__(self) -> None:
        self.mails: tuple[UUID, ...] = ()
        self.lead: UUID | None = None
        self.place: Place | None = None
        self.moved = False
        self.carried: Place | None = None
        self.withdrawn = False
        self.isee_until: date | None = None

    # stored: rename a class at will, never its topic

    class Opened(Birth):
        """The proposal was heard of."""

        TOPIC = "notify.ReceiptOpened"
        family: str
        pact: UUID
        number: int

    class BroughtByMail(Aggregate.Event):
        """A mail brought it, or brought the same again; its sender awaits the receipt."""

        TOPIC = "notify.ProposalBroughtByMail"
        mail: UUID

        def apply(self, receipt: "Receipt") -> None:
            receipt.mails = (*receipt.mails, self.mail)

    class ProposedBy(Aggregate.Event):
        """Who leads the microequipe that proposes."""

        TOPIC = "notify.ProposingLeadKnown"
        person: UUID

        def apply(self, receipt: "Receipt") -> None:
            receipt.lead = self.person

    class Placed(Aggregate.Event):
        """The committee has it, and says by when it decides."""

        TOPIC = "notify.ProposalPlaced"
        class_version = 2
        cycle: str
        late: bool
        decide_by: date
        by_form: bool | None

        def apply(self, receipt: "Receipt") -> None:
            receipt.moved = receipt.place is not None
            receipt.place = Place(self.cycle, self.late, self.decide_by, self.by_form)
            receipt.carried = None

        @staticmethod
        def upcast_v1_v2(state: dict[str, Any]) -> None:
            """Until version 2 the committee did not say what a form proposed."""
            state["by_form"] = None

    class Carried(Aggregate.Event):
        """It was not decided in its cycle, and is carried on."""

        TOPIC = "notify.ProposalCarried"
        cycle: str
        decide_by: date

        def apply(self, receipt: "Receipt") -> None:
            if receipt.place is not None:
                receipt.carried = replace(receipt.place, cycle=self.cycle, decide_by=self.decide_by)

    class Withdrawn(Aggregate.Event):
        """Who sent it took it back."""

        TOPIC = "notify.ProposalTakenBack"

        def apply(self, receipt: "Receipt") -> None:
            receipt.withdrawn = True

    class IseeKnown(Aggregate.Event):
        """It may be approved on the family's ISEE until this day, the tolerance included."""

        TOPIC = "notify.ProposalIseeKnown"
        until: date

        def apply(self, receipt: "Receipt") -> None:
            receipt.isee_until = self.until

    @classmethod
    def open(cls, family: str, pact: UUID, number: int, by: Actor) -> "Receipt":
        """The receipt, before anything is known."""
        id = receipt_id(pact, number)
        return birth(cls, cls.Opened, id, by=by, family=family, pact=pact, number=number)

    def bring(self, mail: UUID, by: Actor) -> None:
        """Remember that *mail* brought the proposal; known already, nothing is added."""
        if mail not in self.mails:
            self.trigger_event(self.BroughtByMail, by=by, mail=mail)

    def know_lead(self, person: UUID, by: Actor) -> None:
        """Remember who leads the microequipe; known already, nothing is added."""
        if self.lead != person:
            self.trigger_event(self.ProposedBy, by=by, person=person)

    def put(self, place: Place, by: Actor) -> None:
        """Remember by when it is decided; known already, nothing is added."""
        if self.place != place:
            self.trigger_event(
                self.Placed,
                by=by,
                cycle=place.cycle,
                late=place.late,
                decide_by=place.decide_by,
                by_form=place.by_form,
            )

    @property
    def stands(self) -> Place | None:
        """Where it stands in the calendar now; None before that was heard."""
        return self.carried or self.place

    def carry(self, cycle: str, decide_by: date, by: Actor) -> None:
        """Remember that it is carried on; known already, or without a place, nothing is added."""
        now = self.stands
        if now is not None and (now.cycle, now.decide_by) != (cycle, decide_by):
            self.trigger_event(self.Carried, by=by, cycle=cycle, decide_by=decide_by)

    def withdraw(self, by: Actor) -> None:
        """Remember that it was taken back; known already, nothing is added."""
        if not self.withdrawn:
            self.trigger_event(self.Withdrawn, by=by)

    def know_isee(self, until: date, by: Actor) -> None:
        """Remember until when it may be approved; known already, nothing is added."""
        if until != self.isee_until:
            self.trigger_event(self.IseeKnown, by=by, until=until)
