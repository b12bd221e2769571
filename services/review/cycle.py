"""The committee's calendar: which month a proposal belongs to, and that month's docket.

Every day here is a civil day in Europe/Rome; an instant becomes one by ``civil.civil_day``.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.kernel.actor import Actor
from services.kernel.aggregate import Aggregate, Birth, birth
from services.kernel.ids import stream_id
from services.review.guidelines import Evaluates, Guidelines, Late


@dataclass(frozen=True, order=True)
class Month:
    """One calendar month; its name is the cycle's: ``2026-07``."""

    year: int
    month: int

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"

    @classmethod
    def of(cls, day: date) -> "Month":
        """The month in which *day* lies."""
        return cls(day.year, day.month)

    @classmethod
    def named(cls, name: str) -> "Month":
        """The month called *name*, as stored: ``2026-07``."""
        return cls.of(date.fromisoformat(f"{name}-01"))

    def plus(self, months: int) -> "Month":
        """The month that comes *months* later."""
        years, index = divmod(self.year * 12 + self.month - 1 + months, 12)
        return Month(years, index + 1)

    def day(self, number: int) -> date:
        """Its day *number*."""
        return date(self.year, self.month, number)


@dataclass(frozen=True)
class Place:
    """Where a proposal stands in the committee's calendar.

    Attributes:
        cycle: the month in which it is evaluated, as ``2026-07``.
        late: sent after the day by which proposals are on time.
        docket_on: day on which that month's docket is set.
        decide_by: last day for the decision.
    """

    cycle: str
    late: bool
    docket_on: date
    decide_by: date


def place(sent_on: date, heard_on: date, guidelines: Guidelines) -> Place:
    """Where a proposal belongs that was sent on *sent_on* and reached us on *heard_on* [6].

    The day of sending alone makes it late; where the committee does not meet, it is on time for the
    next month that is open until the last day on which a proposal is. A month whose last day for
    decisions went by before the proposal reached us, or in which the committee does not meet, is
    closed for it: it goes to the first one that is open.
    """
    after = sent_on.day > guidelines.proposals_by_day
    match guidelines.evaluates:
        case Evaluates.PREVIOUS_MONTH:
            months = 1
        case Evaluates.SAME_MONTH:
            months = 0
        case Evaluates.ELEVENTH_TO_TENTH:
            months = 1 if after else 0
    month = Month.of(sent_on).plus(months)
    together = _open(month, guidelines) == _open(month.plus(1), guidelines)
    late = after and not together and guidelines.evaluates is not Evaluates.ELEVENTH_TO_TENTH
    if late and guidelines.late is Late.NEXT_CYCLE:
        month = month.plus(1)
    return _placed(month, heard_on, late, guidelines)


def carry(cycle: str, late: bool, on: date, guidelines: Guidelines) -> Place:
    """Where a proposal goes that *cycle* left undecided, as known on *on* [6]."""
    return _placed(Month.named(cycle).plus(1), on, late, guidelines)


def is_closed(cycle: str, guidelines: Guidelines) -> bool:
    """Whether the committee does not meet in the month of *cycle* [6]."""
    return Month.named(cycle).month in guidelines.closed_months


def _open(month: Month, guidelines: Guidelines) -> Month:
    """The first month, from *month* on, in which the committee meets."""
    while month.month in guidelines.closed_months:
        month = month.plus(1)
    return month


def _placed(month: Month, on: date, late: bool, guidelines: Guidelines) -> Place:
    month = _open(month, guidelines)
    while month.day(guidelines.decided_by_day) < on:
        month = _open(month.plus(1), guidelines)
    complete = guidelines.evaluates is Evaluates.PREVIOUS_MONTH
    return Place(
        cycle=str(month),
        late=late,
        docket_on=month.day(1 if complete else guidelines.proposals_by_day + 1),
        decide_by=month.day(guidelines.decided_by_day),
    )


def months_later(day: date, months: int) -> date:
    """The same day *months* later, or that month's last day if it is shorter."""
    month = Month.of(day).plus(months)
    return month.day(min(day.day, monthrange(month.year, month.month)[1]))


def cycle_id(cycle: str) -> UUID:
    """The stream of *cycle*."""
    return stream_id("cycle", cycle)


class ReviewCycle(Aggregate):
    """One month of the committee (ciclo di valutazione) and its docket (ordine del giorno) [6].

    Attributes:
        since: for each proposal, the day from which it is on the docket.
    """

    TOPIC = "review.ReviewCycle"

    def __init__(self) -> None:
        self.cycle = ""
        self.proposals: tuple[UUID, ...] = ()
        self.since: dict[UUID, date] = {}
        self.set_on = date.min
        self.decide_by = date.min

    class DocketSet(Birth):
        """The docket was set, and is frozen.

        Attributes:
            proposals: streams of the proposals' reviews, in the order of the docket.
        """

        TOPIC = "review.DocketSet"
        cycle: str
        proposals: tuple[UUID, ...]
        decide_by: date
        on: date

        def apply(self, cycle: "ReviewCycle") -> None:
            cycle.cycle = self.cycle
            cycle.proposals = self.proposals
            cycle.since = dict.fromkeys(self.proposals, self.on)
            cycle.decide_by = self.decide_by
            cycle.set_on = self.on

    class DocketSupplemented(Aggregate.Event):
        """Proposals that reached us after the docket was set were added at its end."""

        TOPIC = "review.DocketSupplemented"
        proposals: tuple[UUID, ...]
        on: date

        def apply(self, cycle: "ReviewCycle") -> None:
            cycle.proposals = cycle.proposals + self.proposals
            cycle.since |= dict.fromkeys(self.proposals, self.on)

    @classmethod
    def set_docket(
        cls, cycle: str, proposals: tuple[UUID, ...], decide_by: date, by: Actor, on: date
    ) -> "ReviewCycle":
        """The docket of *cycle*, frozen: what is on it stays on it."""
        return birth(
            cls,
            cls.DocketSet,
            cycle_id(cycle),
            by=by,
            cycle=cycle,
            proposals=proposals,
            decide_by=decide_by,
            on=on,
        )

    def supplement(self, proposals: tuple[UUID, ...], by: Actor, on: date) -> None:
        """Add those of *proposals* that are not on the docket; if all are, nothing is added."""
        missing = tuple(each for each in proposals if each not in self.proposals)
        if missing:
            self.trigger_event(self.DocketSupplemented, by=by, proposals=missing, on=on)
