"""Single services that are away for some days: stopped by SIGTERM, and started again later."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from services.console.processes import Process, Processes
from services.console.season import Away

OFTEN = 26
"""About how many days pass from one absence to the next, in a year of which nobody says it."""
WAIT_SECONDS = 90.0


@dataclass(frozen=True)
class Absence:
    """Processes of one service of one organisation that do not run from *first* to *last*."""

    organisation: str
    service: str
    kinds: tuple[str, ...]
    first: date
    last: date

    def __str__(self) -> str:
        days = (self.last - self.first).days + 1
        return f"{self.organisation}/{self.service} {'+'.join(self.kinds)}, {days} days"


def absences(
    processes: Processes, first: date, last: date, every: int, chance: Random
) -> list[Absence]:
    """What will be away when: in turn a courier, a service's RPC, the letters, a whole service.

    Args:
        every: about how many days from one to the next; 0: none.
    """
    if not every:
        return []
    kinds: dict[tuple[str, str], list[str]] = {}
    for process in processes.all:
        kinds.setdefault((process.organisation, process.service), []).append(process.kind)
    planned = []
    begins = first + timedelta(days=every // 2 + chance.randint(0, 7))
    turn = 0
    while begins + timedelta(days=6) < last:
        (organisation, service), all_kinds = chance.choice(sorted(kinds.items()))
        chosen: tuple[str, ...]
        match turn % 4:
            case 0:
                service, chosen = "pacts", ("courier",)
                begins = _last_of_month(begins)
                if begins + timedelta(days=6) >= last:
                    break
            case 1:
                chosen = ("serve",)
            case 2:
                service, chosen = "notify", ("post_out",)
            case _:
                chosen = tuple(all_kinds)
        ends = begins + timedelta(days=chance.randint(1, 4))
        planned.append(Absence(organisation, service, chosen, begins, ends))
        begins = ends + timedelta(days=chance.randint(every // 2, every * 3 // 2))
        turn += 1
    return planned


def _last_of_month(day: date) -> date:
    """What is proposed on it is heard when the next month's docket is set already."""
    first: date = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
    return first - timedelta(days=1)


class Absent:
    """Stops and starts processes by plan; ``away`` holds those that do not run just now."""

    def __init__(self, processes: Processes, planned: list[Absence]) -> None:
        self.away: Away = set()
        self._processes = processes
        self._planned = planned
        self._begun: list[Absence] = []

    def go(self, day: date) -> list[str]:
        """Stop what is planned to be away from *day* on, before it begins; what, in words."""
        gone = [each for each in self._planned if each.first <= day]
        for absence in gone:
            self._planned.remove(absence)
            self._begun.append(absence)
            for process in self._of(absence):
                process.stop()
            self.away.update(_names(absence))
        return [f"fuori servizio: {each}" for each in gone]

    def come_back(self, day: date) -> list[str]:
        """Start what was away until the day before *day*, which has begun; what, in words.

        What it left undone it does on *day*: it was not there on the days before.
        """
        back = [each for each in self._begun if each.last < day]
        for absence in back:
            self._begun.remove(absence)
            for process in self._of(absence):
                if process.pid is None:
                    process.start()
        for absence in back:
            self._processes.wait_ready(WAIT_SECONDS, only=self._of(absence))
            self.away.difference_update(_names(absence))
        return [f"di nuovo in servizio: {each}" for each in back]

    def serves(self, organisation: str, service: str) -> bool:
        """Whether *service* answers to questions."""
        return (organisation, service, "serve") not in self.away

    def _of(self, absence: Absence) -> list[Process]:
        names = _names(absence)
        return [
            each
            for each in self._processes.all
            if (each.organisation, each.service, each.kind) in names
        ]


def _names(absence: Absence) -> Away:
    return {(absence.organisation, absence.service, kind) for kind in absence.kinds}
