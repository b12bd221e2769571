"""The year passes: day after day the clock moves, services go and come back, people act."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from random import Random

from services.console.season import Season, Stores
from services.console.stage import Stage
from services.console.year.absences import OFTEN, Absent, absences
from services.console.year.asking import Asking
from services.console.year.board import Board
from services.console.year.cast import register
from services.console.year.committee import Meeting, meeting_day
from services.console.year.living import Living, families
from services.console.year.office import Office
from services.console.year.troubles import TroubledSink
from services.console.year.witness import Witness, chosen_days
from services.kernel.clock import SimulatedClock

PATIENCE = 180.0
"""Seconds of real time in which the services must become quiet; a machine may be busy."""
ACTING_HOUR = 9
SATURDAY = 5
"""Nobody works at weekends; the days are closed all the same, each on its day."""


@dataclass(frozen=True)
class Plan:
    """What is simulated.

    Attributes:
        many: families.
        by_mail: of a hundred first proposals, how many are sent on the form, by mail.
        outages: about how many days from one absence of a service to the next; 0: nobody is away.
        stride: days from one on which people act to the next; those between pass at once, and each
            is closed all the same.
        eager: how many times more likely something is until it has happened once in the year.
        arrived: when the last family is intercepted; None: at the end.
    """

    many: int
    first: date
    last: date
    seed: str
    by_mail: int = 5
    outages: int = OFTEN
    stride: int = 1
    eager: float = 20
    arrived: date | None = None

    def days(self) -> Iterator[date]:
        """Those at which the clock stops, *first* and *last* among them."""
        day = self.first
        while day < self.last:
            yield day
            day += timedelta(days=self.stride)
        yield self.last


@dataclass(frozen=True)
class Past:
    """What passed, counted, and what was witnessed."""

    asked: int
    happened: dict[str, int]
    refused: dict[str, int]
    outages: int
    witness: Witness


class Year:
    """Lets the year of *plan* pass on *stage*."""

    def __init__(
        self,
        plan: Plan,
        stage: Stage,
        stores: Stores,
        asking: Asking,
        report: Callable[[date, list[str]], None],
    ) -> None:
        """Nothing has passed yet.

        Args:
            report: is told each day that passed, with what is worth a line.
        """
        self._plan = plan
        self._asking = asking
        self._report = report
        planned = absences(
            stage.processes, plan.first, plan.last, plan.outages, self._chance("outages")
        )
        self._outages = len(planned)
        self._absent = Absent(stage.processes, planned)
        clock = SimulatedClock(stage.directory / "clock", ticking=True)
        self._season = Season(clock, stores, PATIENCE, mailing=True, away=self._absent.away)
        cast = register(asking, plan.first, self._chance("cast"))
        self._board = Board(asking, cast, plan.first, self._chance("board"))
        days = chosen_days(plan.first, plan.last, self._chance("witness"))
        self._witness = Witness(days, stores, asking, cast, self._absent)
        self._living = Living(
            asking, cast, stage.mailing, self._season, self._absent, plan.by_mail, plan.eager
        )
        assert isinstance(stage.sink, TroubledSink)
        self._office = Office(
            asking,
            cast,
            self._absent,
            self._chance("office"),
            stage.sink,
            lambda sender: stage.mailing.send(sender, {}, self._season.now, automatic=True),
        )
        self._everybody = families(plan.many, plan.first, plan.arrived or plan.last, plan.seed)
        self._cast = cast
        self._met = ""
        self._turns = count()

    def pass_by(self) -> Past:
        """Let every day pass, and what follows from it happen.

        Raises:
            StandsStill: a service did not become quiet.
        """
        plan = self._plan
        self._season.settle()
        for day in plan.days():
            words = self._absent.go(day)
            self._season.reach(day, ACTING_HOUR)
            words += self._absent.come_back(day)
            self._season.settle()
            if day.weekday() < SATURDAY:
                words += self._committee_and_board(day)
                self._office.a_day(day)
                self._season.settle()
                self._living.a_day(self._everybody, day)
            if self._witness.looks_on(day):
                self._witness.look(day, self._everybody)
            self._report(day, words)
        return Past(
            asked=sum(self._asking.asked.values()),
            happened=dict(self._living.happened),
            refused=dict(self._asking.refused),
            outages=self._outages,
            witness=self._witness,
        )

    def _committee_and_board(self, day: date) -> list[str]:
        words: list[str] = []
        if not self._absent.serves("lead", "review"):
            return words
        if self._board.due(day):
            self._board.hold(day)
            self._season.settle()
            self._asking.each(lambda board: board.acknowledge(), [self._board])
            words.append("si riunisce la cabina di regia")
        month = f"{day:%Y-%m}"
        if month != self._met and day >= meeting_day(day, self._chance(f"meeting {month}")):
            self._met = month
            numbers = {each.code: each.number for each in self._everybody if each.code}
            Meeting(self._asking, self._cast, day, self._plan.seed, numbers, self._turns).hold()
            words.append("si riunisce il comitato")
        return words

    def _chance(self, what: str) -> Random:
        return Random(f"{self._plan.seed}/{what}")
