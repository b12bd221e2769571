"""Single services that are away for some days: stopped by SIGTERM, and started again later."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from services.console.processes import Process, Processes
from services.console.season import Away

EVERY = 26
"""About how many days pass from one absence to the next."""
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


def absences(processes: Processes, first: date, last: date, chance: Random) -> list[Absence]:
    """What will be away when: in turn a whole service, its RPC, its courier, its letters."""
    kinds: dict[tuple[str, str], list[str]] = {}
    for process in processes.all:
        kinds.setdefault((process.organisation, process.service), []).append(process.kind)
    planned = []
    begins = first + timedelta(days=EVERY // 2 + chance.randint(0, 7))
    turn = chance.randint(0, 3)
    while begins + timedelta(days=6) < last:
        (organisation, service), all_kinds = chance.choice(sorted(kinds.items()))
        match turn % 4:
            case 0:
                chosen = tuple(all_kinds)
            case 1:
                chosen = ("courier",)
            case 2:
                chosen = ("serve",)
            case _:
                organisation, service, chosen = organisation, "notify", ("post_out",)
        ends = begins + timedelta(days=chance.randint(0, 4))
        planned.append(Absence(organisation, service, chosen, begins, ends))
        begins = ends + timedelta(days=chance.randint(EVERY // 2, EVERY * 3 // 2))
        turn += 1
    return planned


class Absent:
    """Stops and starts processes by plan; ``away`` holds those that do not run just now."""

    def __init__(self, processes: Processes, planned: list[Absence]) -> None:
        self.away: Away = set()
        self._processes = processes
        self._planned = planned

    def on(self, day: date) -> list[str]:
        """Bring about what is planned for *day*, at its very beginning; what changed, in words."""
        back = [each for each in self._planned if each.last < day]
        gone = [each for each in self._planned if each.first == day]
        for absence in back:
            for process in self._of(absence):
                process.start()
        for absence in back:
            self._processes.wait_ready(WAIT_SECONDS, only=self._of(absence))
            self.away.difference_update(_names(absence))
            self._planned.remove(absence)
        for absence in gone:
            for process in self._of(absence):
                process.stop()
            self.away.update(_names(absence))
        return [f"di nuovo in servizio: {each}" for each in back] + [
            f"fuori servizio: {each}" for each in gone
        ]

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
